"""The files of copies: encrypted for one row, listed for their owner, destroyed when their time is over (D10)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.core.keys import KeyRing
from wardship.tenants.access import Access

KEPT: Final = timedelta(days=7)
MEDIA_TYPE: Final = "application/zip"
_PURPOSE: Final = "export-file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOrder:
    """Which copy is made: of whose data, for which right of which request.

    Attributes:
        right: the right's kind, which names the file.
        is_portable: only what the person gave or caused (GDPR article 20).
        limitation: what is withheld and why; empty when nothing is.
        is_complete: whether every recipient has answered.
    """

    request_id: UUID
    right_id: UUID
    member_id: UUID
    right: str
    is_portable: bool
    limitation: str
    is_complete: bool


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """A copy as its owner sees it: when it expires, whether it was destroyed, whether every recipient answered."""

    id: UUID
    created_at: datetime
    request_id: UUID
    right_id: UUID
    name: str
    media_type: str
    is_complete: bool
    expires_at: datetime
    destroyed_at: datetime | None
    downloaded_at: datetime | None


async def store_export(access: Access, order: CopyOrder, content: bytes) -> datetime:
    """Keep a copy, encrypted, in place of an earlier one for the same right; return when it expires."""
    await access.execute(
        "update export_file set content = null, destroyed_at = $3"
        " where organisation_id = $1 and right_id = $2 and destroyed_at is null",
        order.right_id,
        access.now,
    )
    file_id, expires_at = uuid7(), access.now + KEPT
    await access.execute(
        "insert into export_file (organisation_id, id, created_at, request_id, right_id, member_id, media_type, name,"
        " content, content_sha256, is_complete, expires_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        file_id,
        access.now,
        order.request_id,
        order.right_id,
        order.member_id,
        MEDIA_TYPE,
        f"{order.right}-{access.now:%Y-%m-%d}.zip",
        await asyncio.to_thread(_seal, access.services.keys, access.organisation_id, file_id, content),
        hashlib.sha256(content).digest(),
        order.is_complete,
        expires_at,
    )
    await access.audit("export.made", "export_file", file_id, is_complete=order.is_complete)
    return expires_at


async def exports_of(access: Access, request_ids: Collection[UUID]) -> dict[UUID, list[ExportRecord]]:
    """Return the caller's own copies for these requests; of other people's there are none to see."""
    rows = await access.fetch(
        "select id, created_at, request_id, right_id, name, media_type, is_complete, expires_at, destroyed_at,"
        " downloaded_at from export_file where organisation_id = $1 and member_id = $2"
        " and request_id = any($3::uuid[]) order by created_at, id",
        access.actor.member_id,
        list(request_ids),
    )
    found: dict[UUID, list[ExportRecord]] = {request_id: [] for request_id in request_ids}
    for row in rows:
        found[row["request_id"]].append(ExportRecord(**dict(row)))
    return found


async def expire_export(access: Access, file_id: UUID) -> None:
    """Destroy a copy whose time is over; the row stays, to say that there was one."""
    destroyed = await access.execute(
        "update export_file set content = null, destroyed_at = $3"
        " where organisation_id = $1 and id = $2 and destroyed_at is null and expires_at <= $3",
        file_id,
        access.now,
    )
    if destroyed:
        await access.audit("export.expired", "export_file", file_id)


async def destroy_exports(access: Access, member_id: UUID) -> None:
    """Destroy every copy of a member's data, as an erasure does; the rows stay."""
    await access.execute(
        "update export_file set destroyed_at = $3, content = null"
        " where organisation_id = $1 and member_id = $2 and destroyed_at is null",
        member_id,
        access.now,
    )


def _seal(keys: KeyRing, organisation_id: UUID, file_id: UUID, content: bytes) -> bytes:
    """Encrypt a copy under a key of the deployment, bound to its row: moved to another row it does not open."""
    return keys.encrypt(_PURPOSE, content, bound_to=organisation_id.bytes + file_id.bytes)


def open_export(keys: KeyRing, organisation_id: UUID, file_id: UUID, sealed: bytes) -> bytes:
    """Return the copy that was encrypted for this row.

    Raises:
        UnreadableSecretError: it was changed, belongs to another row, or its key is gone.
    """
    return keys.decrypt(_PURPOSE, sealed, bound_to=organisation_id.bytes + file_id.bytes)
