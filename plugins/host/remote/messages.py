"""The messages that the host sends to an endpoint: what stands in them, and by what a vendor knows one again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, SecretStr

from wardship.plugins.api import ConnectorContext, Settings, Verb, sign_webhook

LOOKS: Final = frozenset({Verb.CHECK, Verb.ATTEST, Verb.RECONCILE})
"""What only looks: each time a message of its own, since by its id a vendor might repeat what it answered before."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message, ready to be sent.

    Attributes:
        id: the same for every try of the same message.
        body: JSON, in UTF-8.
        headers: with a signature for each secret.
    """

    id: str
    body: bytes
    headers: dict[str, str]


def outgoing_message(
    context: ConnectorContext[Settings], verb: Verb, argument: BaseModel | None, signing_secrets: Sequence[str]
) -> OutgoingMessage:
    """Return the message that asks an endpoint to do a verb.

    Args:
        context: of the call.
        verb: what is asked.
        argument: of the type that the verb takes.
        signing_secrets: all that are valid at present.
    """
    said = _said(context, verb, argument)
    now = context.now()
    is_look = verb in LOOKS or context.continuation is not None
    identifier = message_id(context.obligation_id, said, now.isoformat() if is_look else "")
    data = {**said, "deadline": context.deadline.isoformat()}
    content = {"type": f"wardship.{verb.value}", "timestamp": now.isoformat(), "data": data}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers = sign_webhook(identifier, now, body, *signing_secrets)
    return OutgoingMessage(identifier, body, headers | {"content-type": "application/json"})


def message_id(obligation_id: str, said: dict[str, Any], asked_at: str) -> str:
    """Return the id of a message: derived from what it says, so that nothing has to be kept for a try in a later call.

    Args:
        obligation_id: what it is about.
        said: all but the moments, which change with every try.
        asked_at: of what only looks; empty for what does something.
    """
    content = json.dumps([obligation_id, asked_at, said], sort_keys=True, ensure_ascii=False).encode()
    return f"msg_{hashlib.sha256(content).hexdigest()[:32]}"


def _said(context: ConnectorContext[Settings], verb: Verb, argument: BaseModel | None) -> dict[str, Any]:
    continuation = context.continuation
    said: dict[str, Any] = {
        "verb": verb.value,
        "installation_id": context.installation_id,
        "obligation_id": context.obligation_id,
        "settings": context.settings.model_dump(mode="json", exclude=set(secret_fields(context.settings))),
        "continuation": None if continuation is None else continuation.model_dump(mode="json"),
        "cause": None if context.cause is None else context.cause.value,
        "callback_url": context.inbound_url,
        "argument": None if argument is None else argument.model_dump(mode="json"),
    }
    return said | ({"secrets": held} if (held := _secrets(context)) else {})


def secret_fields(settings: Settings) -> list[str]:
    """Return the names of the fields of a form that hold secrets: in a context they are there, and blank."""
    return sorted(name for name in type(settings).model_fields if isinstance(getattr(settings, name), SecretStr))


def _secrets(context: ConnectorContext[Settings]) -> dict[str, str]:
    held = {}
    for name in secret_fields(context.settings):
        try:
            held[name] = context.secret(name)
        except LookupError:  # it need not be filled in, and is not
            continue
    return held
