"""Call an installation over HTTP as its vendor would: signed, by whatever message."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from tests.fakes.calling_vendor import SECRET
from tests.fixed_clock import FixedClock
from wardship.core.identifiers import uuid7
from wardship.plugins.api import sign_webhook

_numbers = count(1)


@dataclass
class VendorCalls:
    """The vendor's hands on the address of one installation.

    Attributes:
        url: of the server, on loopback.
        subject: our id of the person whom events are about unless they say otherwise.
    """

    http: httpx.AsyncClient
    clock: FixedClock
    url: str
    installation_id: UUID
    subject: str = ""

    @property
    def address(self) -> str:
        return f"{self.url}/integrations/{self.installation_id}/inbound"

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "subject": {"id": self.subject}} | more

    async def tell(self, kind: str, **more: Any) -> list[str]:
        """Tell of one event by a message of its own, and return what became of it."""
        answer = await self.send([self.event(kind, **more)])
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def send(
        self,
        events: list[dict[str, Any]],
        *,
        message_id: str | None = None,
        sent_at: datetime | None = None,
        secrets: tuple[str, ...] = (SECRET,),
        headers: dict[str, str] | None = None,
        **said: Any,
    ) -> httpx.Response:
        body = json.dumps({"events": events} | said, default=str).encode()
        named = message_id or f"message-{next(_numbers)}"
        signed = sign_webhook(named, sent_at or self.clock.now(), body, *secrets)
        return await self.post(body, signed | (headers or {}))

    async def post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return await self.http.post(self.address, content=body, headers={"content-type": "application/json"} | headers)


def fields(**values: Any) -> list[dict[str, Any]]:
    """Fields as a vendor of ``calling_vendor`` labels them."""
    categories = {"visits": "user.behavior", "last_page": "user.behavior", "allergies": "user.health_and_medical"}
    categories |= {"phone": "user.contact.phone_number", "city": "user.contact.address.city"}
    return [{"category": categories[name], "name": name, "value": value} for name, value in values.items()]


def nobody() -> UUID:
    """The id of no installation."""
    return uuid7()
