"""Messages to an endpoint that the host would not send: forged, old, repeated, or of a later version."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self

import httpx2

from wardship.core.outbound.network import NetworkPolicy, PinnedTransport
from wardship.plugins.api import sign_webhook
from wardship.plugins.kit.seen import Sent

_LONGEST_S: Final = 20.0
_SIGNED: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is to be sent."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def like(cls, sent: Sent) -> Self:
        """Return one that the host has sent, exactly."""
        kept = {name: value for name, value in sent.headers.items() if name not in {"host", "content-length"}}
        return cls(sent.url, kept, sent.body)

    @property
    def id(self) -> str:
        """By what its vendor knows it again."""
        return self.headers["webhook-id"]

    def saying(self, **data: object) -> Self:
        """Return another message, with an id of its own, in which parts of the data are others."""
        content: dict[str, Any] = json.loads(self.body)
        content["data"] = {**content["data"], **data}
        body = json.dumps(content, ensure_ascii=False).encode()
        identifier = f"msg_{secrets.token_hex(16)}"
        return replace(self, headers={**self.headers, "webhook-id": identifier}, body=body)

    def signed(self, at: datetime, *signing_secrets: str) -> Self:
        """Return the message as it is signed at a moment; unsigned without a secret."""
        bare = {name: value for name, value in self.headers.items() if name not in _SIGNED}
        if not signing_secrets:
            moment = str(int(at.timestamp()))
            return replace(self, headers={**bare, "webhook-id": self.id, "webhook-timestamp": moment})
        return replace(self, headers={**bare, **sign_webhook(self.id, at, self.body, *signing_secrets)})


async def send_message(message: Message) -> int | None:
    """Send a message past the host, and return the status of its answer; None for no answer."""
    transport = PinnedTransport(NetworkPolicy.development())
    request = httpx2.Request("POST", message.url, headers=dict(message.headers), content=message.body)
    try:
        async with asyncio.timeout(_LONGEST_S):
            answer = await transport.handle_async_request(request)
            await answer.aclose()
            return answer.status_code
    except (httpx2.HTTPError, TimeoutError):
        return None
    finally:
        await transport.aclose()
