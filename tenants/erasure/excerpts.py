"""Show the passages of finds as they stand in the texts now: bounded, and read for those who decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.data_access.record import record_access
from wardship.tenants.erasure.finds import FindRecord, digest_of, digest_of_group
from wardship.tenants.erasure.search import FoundText, found_in_rows
from wardship.tenants.erasure.texts import text_tables
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.members.identifiers import NOBODY, identifiers_of
from wardship.tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands before a find, what was found, and what stands after it."""

    before: str
    found: str
    after: str


async def excerpts_of(
    access: Access, member_id: UUID, records: Collection[FindRecord], earlier: Identifiers = NOBODY
) -> dict[UUID, Excerpt]:
    """Return the passages of finds, by their ids; those that were changed meanwhile are left out.

    That the caller saw them is recorded as every look at a person's data.
    """
    wanted: dict[str, dict[UUID, list[FindRecord]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        wanted[record.table_name][record.item_id].append(record)
    known = await identifiers_of(access, member_id, earlier)
    found: dict[UUID, Excerpt] = {}
    categories: set[str] = set()
    for table in text_tables(access.services.nouns.held):
        rows = wanted.get(table.name, {})
        async for item in found_in_rows(access, table, list(rows), known):
            matching = _matching(access, item, rows[item.row_id])
            found |= {record.id: Excerpt(*item.excerpt) for record in matching if record.id not in found}
            categories |= set(table.categories) if matching else set()
    as_staff = {member_id} if access.is_staff_without(Permission.REQUESTS_DECIDE) else ()
    record_access(access, {member_id: categories} if categories else {}, as_staff=as_staff)
    return found


def _matching(access: Access, found: FoundText, records: Collection[FindRecord]) -> list[FindRecord]:
    names = {digest_of(access, found), digest_of_group(access, found.find.rule, found.excerpt[1])}
    return [record for record in records if record.digest in names]
