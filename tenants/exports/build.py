"""Build the copy for a right of access or portability: gather, redact, pack, store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from wardship.core.database.personal_data import Controller, TextContext
from wardship.tenants.access import Access
from wardship.tenants.erasure.texts import texts_in
from wardship.tenants.exports.bundle import Contents, VendorPart, pack
from wardship.tenants.exports.export_context import Quote, changes, looks, quotes, recipients
from wardship.tenants.exports.files import CopyOrder, store_export
from wardship.tenants.exports.gather import PORTABLE, Section, gather
from wardship.tenants.exports.redact import Redactor, names_in
from wardship.tenants.exports.withhold import Withholding
from wardship.tenants.members.identifiers import identifiers_of


@dataclass(frozen=True, slots=True)
class BuiltCopy:
    """A copy that was made: when it expires, and whether a limitation took anything out of it."""

    expires_at: datetime
    is_limited: bool


async def build_export(access: Access, order: CopyOrder, vendors: Sequence[VendorPart]) -> BuiltCopy:
    """Make the copy for a right; an earlier copy for the same right is destroyed.

    Args:
        access: the system's own, whose transaction reaches the directory, so that the account's data is in the copy.
        order: which copy.
        vendors: what recipients handed out so far.
    """
    contents = await _contents(access, order, vendors)
    expires_at = await store_export(access, order, await asyncio.to_thread(pack, contents))
    return BuiltCopy(expires_at, any(item.values for item in contents.withheld))


async def _contents(access: Access, order: CopyOrder, vendors: Sequence[VendorPart]) -> Contents:
    member_id, is_portable = order.member_id, order.is_portable
    member = await access.fetchrow(
        "select m.account_id, o.name as organisation from member m join organisation o on o.id = m.organisation_id"
        " where m.organisation_id = $1 and m.id = $2",
        member_id,
    )
    account_id = member["account_id"] if member else None
    withholding = Withholding(access, order.limitations)
    controller = Controller.PROVIDER if order.is_of_account else None
    found = await gather(access, member_id, account_id, PORTABLE if is_portable else None, controller)
    sections = withholding.sections(found)
    is_bare = is_portable or order.is_of_account
    quoting = withholding.quotes({} if is_bare else await quotes(access, member_id))
    looked = withholding.looks([] if is_bare else await looks(access, member_id))
    changed = withholding.part("changes", [] if is_bare else await changes(access, member_id))
    vendors = withholding.vendors(vendors)
    own = await identifiers_of(access, member_id)
    redactor = Redactor(member_id, own, await names_in(access, member_id, own, _texts(sections, quoting, vendors)))
    return Contents(
        organisation=member["organisation"] if member else "",
        right=order.right,
        made_at=access.now,
        sections=[_redacted(section, redactor, _contexts(access)) for section in sections],
        recipients=[] if order.is_of_account else await recipients(access, member_id),
        looks=looked,
        changes=changed,
        quotes=[Quote(quote.at, redactor.text(quote.text)) for quote in quoting],
        vendors=[msgspec.structs.replace(part, rows=redactor.rows(part.rows)) for part in vendors],
        redactions=redactor.count,
        limitation=order.limitation,
        withheld=withholding.withheld(),
        is_complete=order.is_complete,
    )


def _contexts(access: Access) -> dict[str, TextContext]:
    """Return what kind of text each column holds."""
    held = access.services.nouns.held
    return {f"{entry.name}.{name}": item.context for entry in held for name, item in entry.personal.items()}


def _redacted(section: Section, redactor: Redactor, contexts: Mapping[str, TextContext]) -> Section:
    """Treat what people wrote; what is held about the person in columns of their own is the person's throughout."""
    written = {
        origin.name: contexts[f"{section.table}.{origin.name}"]
        for origin in section.origins
        if origin.category.startswith("user.content")
    }
    rows = tuple(
        {name: redactor.value(value, written[name]) if name in written else value for name, value in row.items()}
        for row in section.rows
    )
    return Section(section.table, section.origins, rows, section.ids)


def _texts(sections: Sequence[Section], quoting: Sequence[Quote], vendors: Sequence[VendorPart]) -> Iterator[str]:
    yield from texts_in([row for section in sections for row in section.rows])
    yield from (quote.text for quote in quoting)
    yield from texts_in([row for part in vendors for row in part.rows])
