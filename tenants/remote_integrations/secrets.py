"""The secrets by which messages to an endpoint are signed: told once, kept encrypted, and rotated with an overlap."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import new_webhook_secret
from wardship.tenants.access import Access

SEALED_FOR: Final = "remote-integration-signing"
"""What signing secrets are encrypted for."""
OVERLAP: Final = timedelta(hours=24)
"""How long the secret of before still signs beside the new one."""
_FORGET: Final = "delete from remote_integration_secret where organisation_id = $1 and expires_at <= $2"
_OUTDATE: Final = (
    "update remote_integration_secret set expires_at = $3 where organisation_id = $1 and remote_id = $2"
    " and (expires_at is null or expires_at > $3)"
)
_INSERT: Final = (
    "insert into remote_integration_secret (organisation_id, id, created_at, remote_id, sealed)"
    " values ($1, $2, $3, $4, $5)"
)
_VALID: Final = (
    "select id, sealed, expires_at from remote_integration_secret where organisation_id = $1 and remote_id = $2"
    " and (expires_at is null or expires_at > $3) order by created_at desc, id desc"
)


class SigningSecret(NamedTuple):
    """A secret, and until when it signs; None for the present one."""

    value: str
    until: datetime | None


async def replace_secret(access: Access, remote_id: UUID, *, overlap: timedelta = OVERLAP) -> str:
    """Make a new secret, and let that of before sign beside it for a while; the caller has checked who may."""
    await forget_secrets(access)
    await access.execute(_OUTDATE, remote_id, access.now + overlap)
    text, identifier = new_webhook_secret(), uuid7()
    sealed = access.encrypt(SEALED_FOR, identifier, text.encode())
    await access.execute(_INSERT, identifier, access.now, remote_id, sealed)
    return text


async def forget_secrets(access: Access) -> int:
    """Forget secrets whose time is over, whosesoever."""
    return await access.execute(_FORGET, access.now)


async def signing_secrets(access: Access, remote_id: UUID) -> tuple[SigningSecret, ...]:
    """Return the secrets that sign at present, the newest first; without those whose key is gone."""
    found = []
    for row in await access.fetch(_VALID, remote_id, access.now):
        try:
            value = access.decrypt(SEALED_FOR, row["id"], row["sealed"]).decode()
        except UnreadableSecretError:
            continue
        found.append(SigningSecret(value, row["expires_at"]))
    return tuple(found)
