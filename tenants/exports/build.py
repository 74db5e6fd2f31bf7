"""Build the copy for a right of access or portability, encrypt it, and let the person know."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from wardship.core.audit.log import AuditEvent
from wardship.core.database.engine import Record
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.erasure.identifiers import identifiers_of
from wardship.tenants.exports.bundle import Contents, VendorPart, pack
from wardship.tenants.exports.gather import PORTABLE, Section, gather
from wardship.tenants.exports.redact import Redactor, names_in
from wardship.tenants.exports.sealed import seal_export
from wardship.tenants.exports.surroundings import Quote, changes, looks, quotes, recipients
from wardship.tenants.exports.vendors import collected_parts, drop_parts
from wardship.tenants.requests.notify import notify
from wardship.tenants.requests.records import Case, RightRecord
from wardship.tenants.requests.states import RightKind

KEPT: Final = timedelta(days=7)
MEDIA_TYPE: Final = "application/zip"


async def build_export(access: Access, case: Case, right: RightRecord, *, is_complete: bool) -> UUID:
    """Make the copy for a right and return the file's id; an earlier copy for the same right is destroyed.

    Args:
        access: the system's own, whose transaction reaches the directory, so that the account's data is in the copy.
        case: the locked request.
        right: of access or portability.
        is_complete: whether every recipient has answered.
    """
    member = await access.transaction.fetchrow(
        "select m.account_id, o.name as organisation from member m join organisation o on o.id = m.organisation_id"
        " where m.organisation_id = $1 and m.id = $2",
        access.organisation_id,
        case.request.member_id,
    )
    contents = await _contents(access, case, right, member, is_complete=is_complete)
    content = await asyncio.to_thread(pack, contents)
    file_id = await _store(access, case, right, content, is_complete=is_complete)
    if is_complete:
        await drop_parts(access, right.id)
    expires_at = access.now + KEPT
    await notify(
        access,
        case.request.member_id,
        "export_ready",
        date=f"{expires_at:%Y-%m-%d %H:%M}",
        is_complete=is_complete,
    )
    return file_id


async def _contents(
    access: Access, case: Case, right: RightRecord, member: Record | None, *, is_complete: bool
) -> Contents:
    member_id = case.request.member_id
    is_portable = right.kind is RightKind.PORTABILITY
    account_id = member["account_id"] if member else None
    sections = await gather(access, member_id, account_id, PORTABLE if is_portable else None)
    said = [] if is_portable else await quotes(access, member_id)
    parts = await collected_parts(access, right.id)
    own = await identifiers_of(access, member_id)
    others = await names_in(access, member_id, own, _texts(sections, said, parts))
    redactor = Redactor(member_id, own, others)
    return Contents(
        organisation=member["organisation"] if member else "",
        right=right.kind.value,
        made_at=access.now,
        sections=[_redacted(section, redactor) for section in sections],
        recipients=await recipients(access, member_id),
        looks=[] if is_portable else await looks(access, member_id),
        changes=[] if is_portable else await changes(access, member_id),
        quotes=[Quote(item.at, redactor.text(item.text)) for item in said],
        vendors=[VendorPart(part.integration, part.status, tuple(redactor.value(list(part.rows)))) for part in parts],
        redactions=redactor.count,
        limitation=right.limitation,
        is_complete=is_complete,
    )


def _redacted(section: Section, redactor: Redactor) -> Section:
    """Treat what people wrote; what is held about the person in columns of their own is the person's throughout."""
    written = {origin.name for origin in section.origins if origin.category.startswith("user.content")}
    rows = tuple(
        {name: redactor.value(value) if name in written else value for name, value in row.items()}
        for row in section.rows
    )
    return Section(section.table, section.origins, rows)


def _texts(sections: Sequence[Section], said: Sequence[Quote], parts: Sequence[VendorPart]) -> str:
    values: list[Any] = [section.rows for section in sections]
    return msgspec.json.encode([values, said, parts]).decode()


async def _store(access: Access, case: Case, right: RightRecord, content: bytes, *, is_complete: bool) -> UUID:
    await access.transaction.execute(
        "update export_file set content = null, destroyed_at = $3"
        " where organisation_id = $1 and right_id = $2 and destroyed_at is null",
        access.organisation_id,
        right.id,
        access.now,
    )
    file_id = uuid7()
    await access.transaction.execute(
        "insert into export_file (organisation_id, id, created_at, request_id, right_id, member_id, media_type, name,"
        " content, content_sha256, is_complete, expires_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        access.organisation_id,
        file_id,
        access.now,
        case.request.id,
        right.id,
        case.request.member_id,
        MEDIA_TYPE,
        f"{right.kind}-{access.now:%Y-%m-%d}.zip",
        await asyncio.to_thread(seal_export, access.services.keys, access.organisation_id, file_id, content),
        hashlib.sha256(content).digest(),
        is_complete,
        access.now + KEPT,
    )
    await access.audit(AuditEvent("export.made", "export_file", file_id, details={"is_complete": is_complete}))
    return file_id
