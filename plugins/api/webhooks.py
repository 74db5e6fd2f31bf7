"""Signed webhooks as of Standard Webhooks 1.0 (https://www.standardwebhooks.com): made and verified in one place.

Symmetric signatures, version ``v1``: HMAC-SHA256 over id, moment and body, with a secret of 24 to 64 bytes.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets as randomness
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from wardship.plugins.api.arguments import InboundCall
from wardship.plugins.api.errors import Rejected

WEBHOOK_TOLERANCE: Final = timedelta(minutes=5)
"""How far a message's moment may be from ours: what is older may be a replay."""
_PREFIX: Final = "whsec_"
_VERSION: Final = "v1,"
_SECRET_BYTES: Final = range(24, 65)
_LONGEST_ID: Final = 256
_MOST_SIGNATURES: Final = 16
_LONGEST_MOMENT: Final = 11


class WebhookRefusedError(Rejected):
    """A call that is not signed with one of the secrets, or was signed too long ago: its sender is not believed."""


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """Which message a verified call is: the same id again is the same message again.

    Attributes:
        id: the vendor's, the same for every try of one message.
        sent_at: when this try was signed.
    """

    id: str
    sent_at: datetime


def new_webhook_secret() -> str:
    """Return a new random secret in the form in which both sides keep it."""
    return _PREFIX + base64.b64encode(randomness.token_bytes(32)).decode()


def sign_webhook(message_id: str, sent_at: datetime, body: bytes, *secrets: str) -> dict[str, str]:
    """Return the headers that sign a message, with one signature for each secret: two while one is replaced.

    Raises:
        ValueError: there is no secret, one is malformed, or the id can't be signed.
    """
    if (
        not secrets
        or not 0 < len(message_id) <= _LONGEST_ID
        or not message_id.isascii()
        or not message_id.isprintable()
    ):
        raise ValueError("sign with at least one secret, under an id of up to 256 printable ASCII characters")
    moment = str(int(sent_at.timestamp()))
    signatures = [_VERSION + _signature(_key(secret), message_id, moment, body) for secret in secrets]
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": " ".join(signatures)}


def verify_webhook(
    call: InboundCall, *secrets: str, now: datetime, tolerance: timedelta = WEBHOOK_TOLERANCE
) -> SignedMessage:
    """Return which message a call is, once one of the secrets has signed exactly this body, not long ago.

    Every secret is compared with every signature in constant time, whichever fits: give the present one and, while it
    is being replaced, the one before.

    Args:
        call: as it came in.
        secrets: ``whsec_`` and base64, as the vendor shows them.
        now: ``context.now()``.
        tolerance: how far the message's moment may be from now, into either direction.

    Raises:
        WebhookRefusedError: a header is missing, twice there or malformed; the moment is too far away; nothing fits.
        ValueError: a secret is malformed: an administrator has to mend the setting.
    """
    keys = [_key(secret) for secret in secrets]
    message_id, moment, signed = (call.header(f"webhook-{name}") for name in ("id", "timestamp", "signature"))
    if not message_id or not moment or not signed or len(message_id) > _LONGEST_ID:
        raise WebhookRefusedError("the call has not the three headers of a signed webhook, each once")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= _LONGEST_MOMENT):
        raise WebhookRefusedError("the call's moment is none: it is told in seconds since 1970")
    sent_at = datetime.fromtimestamp(int(moment), UTC)
    if abs(now - sent_at) > tolerance:
        raise WebhookRefusedError("the call was signed too long ago, or by a clock that is wrong")
    given = [each.removeprefix(_VERSION) for each in signed.split(" ") if each.startswith(_VERSION)][:_MOST_SIGNATURES]
    fits = [
        hmac.compare_digest(_signature(key, message_id, moment, call.body).encode(), each.encode())
        for key in keys
        for each in given
    ]
    if not any(fits):
        raise WebhookRefusedError("the call's signature fits none of the secrets")
    return SignedMessage(message_id, sent_at)


def _signature(key: bytes, message_id: str, moment: str, body: bytes) -> str:
    content = b".".join((message_id.encode(), moment.encode(), body))
    return base64.b64encode(hmac.digest(key, content, "sha256")).decode()


def _key(secret: str) -> bytes:
    try:
        text = secret.strip().removeprefix(_PREFIX)
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) not in _SECRET_BYTES:
        raise ValueError("the secret of a webhook is `whsec_` and 24 to 64 bytes in base64: copy the whole of it")
    return key
