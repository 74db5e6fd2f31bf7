"""The files of copies: encrypted for one row, listed for their owner, destroyed when their time is over (D10)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.limitations.limits import Limitation
from wardship.tenants.paging import rows_by_parent

KEPT: Final = timedelta(days=7)
MEDIA_TYPE: Final = "application/zip"
PURPOSE: Final = "export-file"
"""What a copy is encrypted for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOrder:
    """Which copy is made: of whose data, for which right of which request.

    Attributes:
        right: the right's kind, which names the file.
        is_portable: only what the person gave or caused (GDPR article 20).
        limitation: the limitations in words; empty when there is none.
        limitations: what is withheld and why.
        is_complete: whether every recipient has answered.
        is_of_account: whether it is of the account alone, on which the provider decides.
    """

    request_id: UUID
    right_id: UUID
    member_id: UUID
    right: str
    is_portable: bool
    limitation: str
    limitations: tuple[Limitation, ...]
    is_complete: bool
    is_of_account: bool = False


class ExportRecord(Row):
    """A copy as its owner sees it: when it expires, whether it was destroyed, whether every recipient answered."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    request_id: UUID = column("request_id")
    right_id: UUID = column("right_id")
    name: str = column("name")
    media_type: str = column("media_type")
    is_complete: bool = column("is_complete")
    expires_at: datetime = column("expires_at")
    destroyed_at: datetime | None = column("destroyed_at")
    downloaded_at: datetime | None = column("downloaded_at")


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
        await asyncio.to_thread(access.encrypt, PURPOSE, file_id, content),
        hashlib.sha256(content).digest(),
        order.is_complete,
        expires_at,
    )
    await access.audit("export.made", "export_file", file_id, is_complete=order.is_complete)
    return expires_at


async def exports_of(access: Access, request_ids: Collection[UUID]) -> dict[UUID, list[ExportRecord]]:
    """Return the caller's own copies for these requests; of other people's there are none to see."""
    rows = await access.fetch_as(
        ExportRecord,
        "select id, created_at, request_id, right_id, name, media_type, is_complete, expires_at, destroyed_at,"
        " downloaded_at from export_file where organisation_id = $1 and member_id = $2"
        " and request_id = any($3::uuid[]) order by created_at, id",
        access.actor.member_id,
        list(request_ids),
    )
    return rows_by_parent(request_ids, rows, "request_id")


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
    rows = await access.fetch(
        "update export_file set destroyed_at = $3, content = null"
        " where organisation_id = $1 and member_id = $2 and destroyed_at is null returning id",
        member_id,
        access.now,
    )
    for row in rows:
        await access.audit("export.destroyed", "export_file", row["id"])
