"""A recording integration whose vendor calls too: signed webhooks with events as JSON, and a challenge by GET."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from tests.fakes.recorder import RECEIVES, Recorder, RecordingConnector, manifest, plan
from wardship.plugins.api import (
    Connector,
    ConnectorContext,
    Deadlines,
    InboundAnswer,
    InboundCall,
    InboundEvent,
    Outcome,
    Provides,
    Received,
    Receives,
    Rejected,
    Settings,
    Verb,
    hookimpl,
    new_webhook_secret,
    verify_webhook,
)

KEY = "calling"
SECRET, EARLIER = new_webhook_secret(), new_webhook_secret()
MARKETING = Receives(
    category="user.contact.email",
    fields=("email",),
    purpose="marketing.communications.email",
    legal_basis="consent",
    retention_days=0,
)
PROVIDES = (
    Provides(category="user.behavior", fields=("visits", "last_page"), purpose="analytics"),
    Provides(category="user.contact", fields=("phone", "city"), purpose="functional.service"),
    Provides(category="user.health_and_medical", fields=("allergies",), purpose="functional.service"),
)


class CallingSettings(Settings):
    account: str = "main"
    webhook_secret: SecretStr
    earlier_secret: SecretStr = SecretStr("")


@dataclass
class CallingVendor(Recorder):
    """The plugin object.

    Attributes:
        calls: every call that came in, as the connector got it.
        urls: the addresses that connectors were told, by verb.
        contexts: what each connector was made with, in order.
    """

    calls: list[InboundCall] = field(default_factory=list)
    urls: dict[str, str | None] = field(default_factory=dict)
    contexts: list[ConnectorContext[Settings]] = field(default_factory=list)

    @hookimpl
    def wardship_connector(self, context: ConnectorContext[Settings]) -> Connector[Settings]:
        self.contexts.append(context)
        return CallingConnector(context, self)


class CallingConnector(RecordingConnector):
    recorder: CallingVendor

    async def check(self) -> Outcome:
        self.recorder.urls["check"] = self.context.inbound_url
        return await super().check()

    async def receive(self, call: InboundCall) -> Received:
        self.recorder.calls.append(call)
        return await self._do(Verb.RECEIVE, call, lambda: self._read(call))

    def _read(self, call: InboundCall) -> Received:
        if call.method == "GET":
            return self._challenged(call)
        names = ("webhook_secret", "earlier_secret")
        secrets = [secret for name in names if (secret := self.context.secret(name))]
        message = verify_webhook(call, *secrets, now=self.context.now())
        said: dict[str, Any] = json.loads(call.body)
        return Received(
            outcome=Outcome.completed(),
            message_id=message.id,
            sent_at=None if said.get("undated") else message.sent_at,
            events=tuple(InboundEvent.model_validate(event) for event in said["events"]),
            answer=InboundAnswer(**said["answer"]) if "answer" in said else None,
        )

    def _challenged(self, call: InboundCall) -> Received:
        if call.parameter("hub.verify_token") != self.context.secret("webhook_secret"):
            raise Rejected("not ours")
        answer = InboundAnswer(body=call.parameter("hub.challenge") or "")
        return Received(outcome=Outcome.completed(), answer=answer)


def calling_vendor(key: str = KEY, **changes: Any) -> CallingVendor:
    """Return the integration; ``changes`` replace parts of its declaration."""
    values: dict[str, Any] = {
        "supports": {"receive": True},
        "settings": CallingSettings,
        "place_settings": ("account",),
        "receives": (*RECEIVES[:1], MARKETING),
        "provides": PROVIDES,
        "contract": 2,
        "deadlines": Deadlines(acknowledge_s=4),
    }
    declared = manifest(key, **(values | changes))
    return CallingVendor(declared, plan(declared))
