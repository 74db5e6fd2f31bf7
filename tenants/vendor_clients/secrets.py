"""The secrets by which a client proves who it is: told once, kept hashed, and rotated with an overlap."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.vendor_clients.records import VendorClientRecord

PREFIX: Final = "wss_"
"""How a client's secret begins: by it leaked ones are recognised."""
OVERLAP: Final = timedelta(hours=24)
"""How long the secret of before still works after a rotation."""
_FORGET: Final = "delete from vendor_client_secret where organisation_id = $1 and client_id = $2 and expires_at <= $3"
_OUTDATE: Final = (
    "update vendor_client_secret set expires_at = $3 where organisation_id = $1 and client_id = $2"
    " and (expires_at is null or expires_at > $3)"
)
_INSERT: Final = (
    "insert into vendor_client_secret (organisation_id, id, created_at, client_id, secret_hash)"
    " values ($1, $2, $3, $4, $5)"
)


class PublicClientError(ConflictError):
    """The client is public and has no secret: it proves itself by PKCE."""

    code: ClassVar[str] = "PUBLIC_CLIENT"


@dataclass(frozen=True, slots=True)
class IssuedVendorClient:
    """A client, and its secret, which is told this once; None for a public one."""

    client: VendorClientRecord
    secret: str | None


def secret_hash(text: str) -> bytes:
    """Return what is kept of a secret: it is random, so that it needs no salt."""
    return hashlib.sha256(text.encode()).digest()


async def replace_secret(access: Access, client_id: UUID, *, overlap: timedelta = OVERLAP) -> str:
    """Make a new secret, and let that of before work for a while; the caller has checked who may."""
    await access.execute(_FORGET, client_id, access.now)
    await access.execute(_OUTDATE, client_id, access.now + overlap)
    text = PREFIX + secrets.token_urlsafe(32)
    await access.execute(_INSERT, uuid7(), access.now, client_id, secret_hash(text))
    return text
