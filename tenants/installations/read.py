"""Read installations: all that the caller may see, or some by id."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.installations.authority import may_see
from wardship.tenants.installations.records import (
    SELECT,
    SELECT_PLACES,
    InstallationRecord,
    PlaceRecord,
    find_installations,
)
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_sql, rows_by_parent
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission


async def list_installations(
    access: Access, page: PageRequest, *, with_removed: bool = False
) -> Page[InstallationRecord]:
    """Return installations, oldest first: all of them by role, otherwise the caller's own, as long as they are there.

    Raises:
        PermissionDeniedError: the caller has no place in the organisation.
    """
    parameters = Parameters(access.organisation_id)
    conditions = ["organisation_id = $1"]
    if not access.may(Permission.INTEGRATIONS_READ):
        conditions.append(f"member_id = {parameters.add(access.require_person('read'))}")
    if not with_removed:
        conditions.append("state <> 'removed'")
    rows = await access.transaction.fetch_as(
        InstallationRecord,
        SELECT + page_sql(page, parameters, conditions),
        *parameters.values,
    )
    return page_of_rows(rows, page)


async def installations_by_ids(access: Access, ids: Collection[UUID]) -> dict[UUID, InstallationRecord]:
    """Return those of these installations that the caller may see, by id."""
    found = await find_installations(access, ids)
    return {identifier: record for identifier, record in found.items() if may_see(access, record)}


async def places_by_installation(access: Access, installation_ids: Collection[UUID]) -> dict[UUID, list[PlaceRecord]]:
    """Return all places of each installation, oldest first; the caller has checked who may see the installations."""
    rows = await access.fetch_as(
        PlaceRecord,
        SELECT_PLACES
        + " where p.organisation_id = $1 and p.installation_id = any($2::uuid[]) order by p.created_at, p.id",
        list(installation_ids),
    )
    return rows_by_parent(installation_ids, rows, "installation_id")
