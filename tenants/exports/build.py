"""Build the copy for a right of access or portability: gather, redact, pack, store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec

from wardship.tenants.access import Access
from wardship.tenants.erasure.identifiers import identifiers_of
from wardship.tenants.exports.bundle import Contents, VendorPart, pack
from wardship.tenants.exports.export_context import Quote, changes, looks, quotes, recipients
from wardship.tenants.exports.files import CopyOrder, store_export
from wardship.tenants.exports.gather import PORTABLE, Section, gather
from wardship.tenants.exports.redact import Redactor, names_in


async def build_export(access: Access, order: CopyOrder, vendors: Sequence[VendorPart]) -> datetime:
    """Make the copy for a right and return when it expires; an earlier copy for the same right is destroyed.

    Args:
        access: the system's own, whose transaction reaches the directory, so that the account's data is in the copy.
        order: which copy.
        vendors: what recipients handed out so far.
    """
    contents = await _contents(access, order, vendors)
    return await store_export(access, order, await asyncio.to_thread(pack, contents))


async def _contents(access: Access, order: CopyOrder, vendors: Sequence[VendorPart]) -> Contents:
    member_id, is_portable = order.member_id, order.is_portable
    member = await access.fetchrow(
        "select m.account_id, o.name as organisation from member m join organisation o on o.id = m.organisation_id"
        " where m.organisation_id = $1 and m.id = $2",
        member_id,
    )
    account_id = member["account_id"] if member else None
    sections = await gather(access, member_id, account_id, PORTABLE if is_portable else None)
    quoting = [] if is_portable else await quotes(access, member_id)
    own = await identifiers_of(access, member_id)
    redactor = Redactor(member_id, own, await names_in(access, member_id, own, _texts(sections, quoting, vendors)))
    return Contents(
        organisation=member["organisation"] if member else "",
        right=order.right,
        made_at=access.now,
        sections=[_redacted(section, redactor) for section in sections],
        recipients=await recipients(access, member_id),
        looks=[] if is_portable else await looks(access, member_id),
        changes=[] if is_portable else await changes(access, member_id),
        quotes=[Quote(quote.at, redactor.text(quote.text)) for quote in quoting],
        vendors=[VendorPart(part.integration, part.status, redactor.rows(part.rows)) for part in vendors],
        redactions=redactor.count,
        limitation=order.limitation,
        is_complete=order.is_complete,
    )


def _redacted(section: Section, redactor: Redactor) -> Section:
    """Treat what people wrote; what is held about the person in columns of their own is the person's throughout."""
    written = {origin.name for origin in section.origins if origin.category.startswith("user.content")}
    rows = tuple(
        {name: redactor.value(value) if name in written else value for name, value in row.items()}
        for row in section.rows
    )
    return Section(section.table, section.origins, rows)


def _texts(sections: Sequence[Section], quoting: Sequence[Quote], vendors: Sequence[VendorPart]) -> str:
    return msgspec.json.encode([[section.rows for section in sections], quoting, vendors]).decode()
