"""Count what the limitations of an erasure keep, and read what they keep of the member's own row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wardship.core.database.personal_data import Erasure, RowErasure, TableEntry
from wardship.core.database.tables import TenantRows
from wardship.tenants.access import Access
from wardship.tenants.egress.holdings import HeldPlace, places_holding
from wardship.tenants.egress.ledger import fields_disclosed
from wardship.tenants.erasure.plan import kept_columns
from wardship.tenants.erasure.registry import select_sql
from wardship.tenants.erasure.search import count_texts
from wardship.tenants.limitations.limits import Limitation, Limits, is_keepable
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.members.fields import member_fields


async def kept_rows(access: Access, member_id: UUID, known: Identifiers, limitation: Limitation) -> dict[str, int]:
    """Return how many rows a limitation keeps from an erasure, by table: the person's, and texts that name the person.

    A value of the member's own row counts as one row of ``member``.
    """
    limits = Limits((limitation,))
    found = await _texts_kept(access, known, limits)
    for entry in access.services.nouns.held:
        if issubclass(entry.table, TenantRows) and entry.subject is not None and entry.subject != "id":
            found[entry.name] = found.get(entry.name, 0) + await _own_kept(access, member_id, entry, limits)
    found["member"] = len(await kept_values(access, member_id, limitation))
    return {table: rows for table, rows in sorted(found.items()) if rows}


async def kept_values(access: Access, member_id: UUID, limitation: Limitation) -> dict[str, Any]:
    """Return what a limitation keeps of the member's own row, by column; empty values are left out."""
    limits = Limits((limitation,))
    found: dict[str, Any] = {}
    for entry in access.services.nouns.held:
        if not issubclass(entry.table, TenantRows) or entry.subject != "id":
            continue
        names = [
            name
            for name, held in entry.personal.items()
            if is_keepable(held) and limits.column(entry, name, held) is not None
        ]
        if names:
            row = await access.fetchrow(select_sql(entry, names), member_id)
            found |= {name: _plain(value) for name, value in row.items() if value} if row else {}
    return found


async def limited_at(access: Access, member_id: UUID, place_id: UUID, limits: Limits) -> list[str]:
    """Return the categories that limitations name and that arrived of a member at a place, in order."""
    names = (await fields_disclosed(access, place_id, [member_id])).get(member_id, set())
    received = {member_fields()[name].category for name in names & member_fields().keys()}
    return sorted(category for category in received if limits.category(category) is not None)


async def kept_places(access: Access, member_id: UUID, limitations: Sequence[Limitation]) -> dict[UUID, HeldPlace]:
    """Return the places that keep what they have: those where something arrived that stays at recipients too.

    What the person connected alone ends with the person, whatever is kept elsewhere.
    """
    limits = Limits([limitation for limitation in limitations if limitation.keeps_at_recipients])
    if not limits.limitations:
        return {}
    return {
        held.place.id: held
        for held in await places_holding(access, member_id)
        if held.installation.member_id is None and await limited_at(access, member_id, held.place.id, limits)
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


async def _own_kept(access: Access, member_id: UUID, entry: TableEntry, limits: Limits) -> int:
    """Return how many of the person's rows stay that would have been deleted or emptied."""
    is_deleted = entry.rows is RowErasure.DELETE
    treated = [name for name, held in entry.personal.items() if is_deleted or held.erasure is not Erasure.MODIFY]
    is_covered = bool(kept_columns(entry, limits).intersection(treated))
    items = list(limits.items(entry.name))
    if not treated or not (is_covered or items):
        return 0
    sql = select_sql(entry, ("count(*)",), "and ($3 or id = any($4::uuid[]))")
    count: int = await access.fetchval(sql, member_id, is_covered, items)
    return count


async def _texts_kept(access: Access, known: Identifiers, limits: Limits) -> dict[str, int]:
    """Return how many texts keep naming the person: those that would be rewritten, less those that still are."""
    held = access.services.nouns.held
    if not any(kept_columns(entry, limits) or limits.items(entry.name) for entry in held):
        return {}
    all_rows, rewritten = await count_texts(access, known), await count_texts(access, known, limits)
    return {table: rows - rewritten.get(table, 0) for table, rows in all_rows.items()}
