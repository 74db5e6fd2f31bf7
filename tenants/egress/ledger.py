"""Read the ledger: who received what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.egress.gate import DeliveryState
from wardship.tenants.paging import Page, PageRequest, page_of, page_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

MAY_HAVE_ARRIVED = (DeliveryState.SENDING, DeliveryState.DELIVERED, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class DisclosureRecord:
    """One delivery of one member's record: names of categories and fields, never values."""

    id: UUID
    created_at: datetime
    installation_id: UUID
    member_id: UUID
    obligation_id: UUID
    recipient: str
    categories: tuple[str, ...]
    fields: tuple[str, ...]
    purposes: tuple[str, ...]
    grant_ids: tuple[UUID, ...]
    state: DeliveryState
    settled_at: datetime | None


_SELECT = (
    "select id, created_at, installation_id, member_id, obligation_id, recipient, categories, fields, purposes,"
    " grant_ids, state, settled_at from disclosure"
)


async def fields_disclosed(access: Access, installation_id: UUID, member_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Return the names of all fields of each member that the vendor may ever have received."""
    rows = await access.transaction.fetch(
        "select member_id, array_agg(distinct field) as fields from disclosure, unnest(fields) as field"
        " where organisation_id = $1 and installation_id = $2 and member_id = any($3::uuid[])"
        " and state = any($4::text[]) group by member_id",
        access.organisation_id,
        installation_id,
        list(member_ids),
        list(MAY_HAVE_ARRIVED),
    )
    return {row["member_id"]: set(row["fields"]) for row in rows}


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
    rows = await access.transaction.fetch(
        _SELECT + page_sql(page, parameters, conditions),
        *parameters.values,
    )
    return page_of(rows, page, disclosure_record)


async def disclosures_by_parent(
    access: Access, column: str, parents: Collection[UUID], page: PageRequest
) -> dict[UUID, Page[DisclosureRecord]]:
    """Return, for each parent, a page of its deliveries, oldest first.

    Args:
        access: the caller.
        column: ``member_id``, ``installation_id`` or ``obligation_id``.
        parents: whose.
        page: which page of each.

    Raises:
        PermissionDeniedError: somebody without the right to the ledger asks for more than his or her own entries.
    """
    if column not in {"member_id", "installation_id", "obligation_id"}:
        raise ValueError(column)
    if not (column == "member_id" and set(parents) <= {access.actor.member_id}):
        access.require(Permission.LEDGER_READ)
    at, identifier = page.after or (None, None)
    rows = await access.transaction.fetch(
        "select d.* from unnest($2::uuid[]) as parent cross join lateral ("  # noqa: S608 - the column is one of three
        f" {_SELECT} where organisation_id = $1 and {column} = parent"
        " and ($3::timestamptz is null or (created_at, id) > ($3, $4::uuid))"
        " order by created_at, id limit $5) d",
        access.organisation_id,
        list(parents),
        at,
        identifier,
        page.limit,
    )
    found: dict[UUID, list[Mapping[str, Any]]] = {parent: [] for parent in parents}
    for row in rows:
        found[row[column]].append(row)
    return {parent: page_of(items, page, disclosure_record) for parent, items in found.items()}


async def disclosure_by_id(access: Access, disclosure_id: UUID) -> DisclosureRecord | None:
    """Return one entry of the ledger, or None when it is absent or not the caller's to see."""
    row = await access.transaction.fetchrow(
        _SELECT + " where organisation_id = $1 and id = $2",
        access.organisation_id,
        disclosure_id,
    )
    if row is None or not (row["member_id"] == access.actor.member_id or access.may(Permission.LEDGER_READ)):
        return None
    return disclosure_record(row)


def disclosure_record(row: Mapping[str, Any]) -> DisclosureRecord:
    """Return the record of a row of the ledger."""
    lists = {name: tuple(row[name]) for name in ("categories", "fields", "purposes", "grant_ids")}
    return DisclosureRecord(**{**dict(row), **lists, "state": DeliveryState(row["state"])})
