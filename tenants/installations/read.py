"""Read installations: all that the caller may see, or some by id."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.installations.authority import is_ending, may_see
from wardship.tenants.installations.records import (
    SELECT,
    SELECT_PLACES,
    InstallationRecord,
    PlaceRecord,
    find_installations,
    inbound_url,
)
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_sql, rows_by_parent
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission


async def list_installations(
    access: Access, page: PageRequest, *, with_removed: bool = False
) -> Page[InstallationRecord]:
    """Return installations, oldest first: all of them by role, otherwise the caller's own, as long as they are there.

    Raises:
        InsufficientScopeError: the token does not carry the scope.
    """
    parameters = Parameters(access.organisation_id)
    conditions = ["organisation_id = $1"]
    if not access.may(Permission.INTEGRATIONS_READ):
        access.require_scope("read")
        conditions.append(f"member_id = {parameters.add(access.actor.member_id)}")
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


def shown_inbound_url(access: Access, installation: InstallationRecord) -> str | None:
    """Return where the vendor's own calls come in, to be registered there; None where the integration takes none."""
    takes_calls = installation.manifest.supports.receive and not is_ending(installation)
    return inbound_url(access.services.settings, installation.id) if takes_calls else None
