"""Read the ledger: who received what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access
from wardship.tenants.egress.gate import DeliveryState
from wardship.tenants.paging import Page, PageRequest, each_page_sql, page_of_rows, page_sql, pages_by_parent
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

MAY_HAVE_ARRIVED = (DeliveryState.SENDING, DeliveryState.DELIVERED, DeliveryState.UNKNOWN)


class DisclosureRecord(Row):
    """One delivery of one member's record: names of categories and fields, never values."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    installation_id: UUID = column("installation_id")
    place_id: UUID = column("place_id")
    member_id: UUID = column("member_id")
    obligation_id: UUID = column("obligation_id")
    recipient: str = column("recipient")
    categories: tuple[str, ...] = column("categories", tuple)
    fields: tuple[str, ...] = column("fields", tuple)
    purposes: tuple[str, ...] = column("purposes", tuple)
    grant_ids: tuple[UUID, ...] = column("grant_ids", tuple)
    state: DeliveryState = column("state", DeliveryState)
    settled_at: datetime | None = column("settled_at")


_SELECT = (
    "select id, created_at, installation_id, place_id, member_id, obligation_id, recipient, categories, fields,"
    " purposes, grant_ids, state, settled_at from disclosure"
)


class ReceivedRecord(Row):
    """What may have arrived of one field of the caller's data at one recipient: when first, when last, how often."""

    __slots__ = ()

    installation_id: UUID = column("installation_id")
    name: str = column("name")
    first_at: datetime = column("first_at")
    last_at: datetime = column("last_at")
    times: int = column("times")


_RECEIVED = (
    "select installation_id, received.name, min(created_at) as first_at, max(created_at) as last_at, count(*) as times"
    " from disclosure cross join lateral unnest(fields) received (name)"
    " where organisation_id = $1 and member_id = $2 and installation_id = any($3::uuid[]) and state = any($4::text[])"
    " group by installation_id, received.name order by installation_id, received.name"
)
_DROPPED = (
    "select distinct field from disclosure d cross join lateral unnest(d.fields) field left join lateral ("
    "  select created_at, id from disclosure where organisation_id = $1 and member_id = $3 and place_id = $2"
    "  and state = 'delivered' and not is_fetched and obligation_id <> $4 order by created_at desc, id desc limit 1"
    " ) last on true where d.organisation_id = $1 and d.place_id = $2 and d.member_id = $3"
    " and d.state = any($6::text[]) and not d.is_fetched and field <> all($5::text[])"
    " and (last.id is null or (d.created_at, d.id) >= (last.created_at, last.id))"
    " and d.created_at > coalesce((select max(ended_at) from obligation where organisation_id = $1 and member_id = $3"
    "  and place_id = $2 and verb = 'erase' and state = 'completed'), '-infinity')"
)
_SELECT_EACH = each_page_sql(_SELECT, "installation_id", "($6::text is null or $6 = any(categories))")


async def fields_disclosed(access: Access, place_id: UUID, member_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Return the names of all fields of each member that may ever have arrived at a place."""
    rows = await access.fetch(
        "select member_id, array_agg(distinct field) as fields from disclosure, unnest(fields) as field"
        " where organisation_id = $1 and place_id = $2 and member_id = any($3::uuid[])"
        " and state = any($4::text[]) group by member_id",
        place_id,
        list(member_ids),
        list(MAY_HAVE_ARRIVED),
    )
    return {row["member_id"]: set(row["fields"]) for row in rows}


async def last_disclosed(
    access: Access, member_ids: Collection[UUID], *, only_fetched: bool = False
) -> dict[tuple[UUID, UUID], frozenset[str]]:
    """Return the names of the fields of the last record that may have arrived, or was fetched, by place and member."""
    rows = await access.fetch(
        "select distinct on (place_id, member_id) place_id, member_id, fields from disclosure"
        " where organisation_id = $1 and member_id = any($2::uuid[]) and state = any($3::text[])"
        " and (is_fetched or not $4) order by place_id, member_id, coalesce(settled_at, created_at) desc, id desc",
        list(member_ids),
        list(MAY_HAVE_ARRIVED),
        only_fetched,
    )
    return {(row["place_id"], row["member_id"]): frozenset(row["fields"]) for row in rows}


async def fields_dropped(
    access: Access, place_id: UUID, member_id: UUID, obligation_id: UUID, present: Collection[str]
) -> set[str]:
    """Return the fields of a member that may have arrived at a place and that the record of this delivery has no more.

    Of what went before the last delivery that arrived, and before an erasure, that was told then.
    """
    rows = await access.fetch(
        _DROPPED, place_id, member_id, obligation_id, list(present), [each.value for each in MAY_HAVE_ARRIVED]
    )
    return {row["field"] for row in rows}


async def last_grants(access: Access, place_id: UUID, member_id: UUID) -> frozenset[UUID]:
    """Return the grants by which the last record of a member was sent to a place that may have arrived."""
    found = await access.fetchval(
        "select grant_ids from disclosure"
        " where organisation_id = $1 and place_id = $2 and member_id = $3 and state = any($4::text[])"
        " order by created_at desc, id desc limit 1",
        place_id,
        member_id,
        list(MAY_HAVE_ARRIVED),
    )
    return frozenset(found or ())


async def may_hold(access: Access, place_id: UUID, member_id: UUID | None) -> bool:
    """Return whether anything of a member may ever have arrived at a place."""
    return bool(
        await access.fetchval(
            "select exists (select from disclosure where organisation_id = $1 and place_id = $2"
            " and member_id = $3 and state = any($4::text[]))",
            place_id,
            member_id,
            list(MAY_HAVE_ARRIVED),
        )
    )


async def list_disclosures(
    access: Access,
    page: PageRequest,
    *,
    member_id: UUID | None = None,
    installation_id: UUID | None = None,
) -> Page[DisclosureRecord]:
    """Return the ledger, oldest first: of a member, of an installation, of both, or all of it.

    Raises:
        PermissionDeniedError: somebody without the right to the ledger asks for more than his or her own entries.
    """
    if member_id is None or member_id != access.actor.member_id:
        access.require(Permission.LEDGER_READ)
    else:
        access.require_scope("read")
    parameters = Parameters(access.organisation_id)
    conditions = ["organisation_id = $1"]
    if member_id is not None:
        conditions.append(f"member_id = {parameters.add(member_id)}")
    if installation_id is not None:
        conditions.append(f"installation_id = {parameters.add(installation_id)}")
    sql = _SELECT + page_sql(page, parameters, conditions)
    return page_of_rows(await access.transaction.fetch_as(DisclosureRecord, sql, *parameters.values), page)


async def disclosures_by_installation(
    access: Access, installation_ids: Collection[UUID], page: PageRequest, category: str | None = None
) -> dict[UUID, Page[DisclosureRecord]]:
    """Return, for each installation, a page of its deliveries, oldest first; of one category where that is given.

    Raises:
        PermissionDeniedError: the caller has no right to the ledger.
    """
    access.require(Permission.LEDGER_READ)
    rows = await access.fetch_as(
        DisclosureRecord, _SELECT_EACH, list(installation_ids), *(page.after or (None, None)), page.limit, category
    )
    return pages_by_parent(installation_ids, rows, "installation_id", page)


async def received_of_mine(access: Access, ids: Collection[UUID]) -> dict[UUID, list[ReceivedRecord]]:
    """Return, for each installation, what may have arrived of the caller there, field by field."""
    arrived = [state.value for state in MAY_HAVE_ARRIVED]
    rows = await access.fetch_as(ReceivedRecord, _RECEIVED, access.actor.member_id, list(ids), arrived)
    found: dict[UUID, list[ReceivedRecord]] = {key: [] for key in ids}
    for row in rows:
        found[row.installation_id].append(row)
    return found


async def disclosure_by_id(access: Access, disclosure_id: UUID) -> DisclosureRecord | None:
    """Return one entry of the ledger, or None when it is absent or not the caller's to see."""
    row = await access.fetchrow_as(DisclosureRecord, _SELECT + " where organisation_id = $1 and id = $2", disclosure_id)
    may_see = row is not None and (row.member_id == access.actor.member_id or access.may(Permission.LEDGER_READ))
    return row if may_see else None
