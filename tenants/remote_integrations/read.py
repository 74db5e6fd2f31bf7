"""See remote integrations: a vendor its own, operators all of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_of_states_sql, page_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission
from wardship.tenants.remote_integrations.records import (
    COLUMNS,
    RemoteIntegrationRecord,
    RemoteIntegrationState,
    remote_integration_not_found,
)

_READ: Final = "select "
_FROM: Final = " from remote_integration"
_SELECT: Final = _READ + COLUMNS + _FROM
_BY_ID: Final = " where organisation_id = $1 and id = $2"
_ONE: Final = _SELECT + _BY_ID
_LOCK: Final = " for no key update"
_LOCKED: Final = _ONE + _LOCK
_USE: Final = "select * from use_of_integrations($1)"
_DOCUMENT: Final = "select id, document from remote_integration where organisation_id = $1 and id = w.id"


class IntegrationUse(Row):
    """How much depends on an integration: counts, and no organisation by name.

    Attributes:
        organisations: how many have it installed.
        installations: in how many places.
        awaiting: how many of these wait for somebody to approve what it declares now, which takes more.
    """

    __slots__ = ()

    integration_key: str = column("integration_key")
    organisations: int = column("organisations")
    installations: int = column("installations")
    awaiting: int = column("awaiting")


async def list_remote_integrations(
    access: Access, page: PageRequest, states: Collection[RemoteIntegrationState] = ()
) -> Page[RemoteIntegrationRecord]:
    """Return a page of them by the time they were registered: a vendor's own, for operators everybody's.

    No states means all.

    Raises:
        PermissionDeniedError: the caller is neither a vendor nor an operator.
    """
    parameters = Parameters(access.organisation_id)
    conditions = ["organisation_id = $1"]
    if not access.may(Permission.REMOTE_INTEGRATIONS_MANAGE):
        access.require(Permission.REMOTE_INTEGRATIONS_OWN)
        conditions.append(f"account_id = {parameters.add(access.actor.account_id)}")
    if states:
        sql = page_of_states_sql(_SELECT, page, parameters, conditions, states)
    else:
        sql = _SELECT + page_sql(page, parameters, conditions)
    return page_of_rows(await access.transaction.fetch_as(RemoteIntegrationRecord, sql, *parameters.values), page)


async def remote_integration_by_id(access: Access, remote_id: UUID, *, locks: bool = False) -> RemoteIntegrationRecord:
    """Return one, locked against other changes if wanted.

    Raises:
        NotFoundError: it is absent, or not the caller's to see.
    """
    sees_all = access.may(Permission.REMOTE_INTEGRATIONS_MANAGE)
    found = None
    if sees_all or access.may(Permission.REMOTE_INTEGRATIONS_OWN):
        found = await access.fetchrow_as(RemoteIntegrationRecord, _LOCKED if locks else _ONE, remote_id)
    if found is None or not (sees_all or found.account_id == access.actor.account_id):
        raise remote_integration_not_found()
    return found


def require_own(access: Access, remote: RemoteIntegrationRecord) -> None:
    """Refuse who may see one that belongs to somebody else.

    Raises:
        PermissionDeniedError: it is another account's.
    """
    access.require(Permission.REMOTE_INTEGRATIONS_OWN)
    if remote.account_id != access.actor.account_id:
        raise PermissionDeniedError("This integration belongs to a vendor: only that account can do this.")


async def use_of(access: Access, keys: Collection[str]) -> dict[str, IntegrationUse]:
    """Return how much depends on integrations, by key; the caller has checked who may see them."""
    rows = await access.transaction.fetch_as(IntegrationUse, _USE, sorted(set(keys)))
    return {row.integration_key: row for row in rows}


async def documents_of(access: Access, remote_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the documents in use, by id; the caller has checked who may see them."""
    parameters = Parameters(access.organisation_id)
    rows = await access.transaction.fetch(parameters.for_each(sorted(set(remote_ids)), _DOCUMENT), *parameters.values)
    return {row["id"]: row["document"] for row in rows if row["document"] is not None}
