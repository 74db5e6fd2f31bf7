"""See remote integrations: a vendor its own, operators all of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.core.errors import PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission
from wardship.tenants.remote_integrations.records import (
    COLUMNS,
    RemoteIntegrationRecord,
    remote_integration_not_found,
)

_READ: Final = "select "
_FROM: Final = " from remote_integration"
_SELECT: Final = _READ + COLUMNS + _FROM
_BY_ID: Final = " where organisation_id = $1 and id = $2"
_ONE: Final = _SELECT + _BY_ID
_LOCK: Final = " for no key update"
_LOCKED: Final = _ONE + _LOCK
_DOCUMENT: Final = "select id, document from remote_integration where organisation_id = $1 and id = w.id"


async def list_remote_integrations(access: Access, page: PageRequest) -> Page[RemoteIntegrationRecord]:
    """Return a page of them by the time they were registered: a vendor's own, for operators everybody's.

    Raises:
        PermissionDeniedError: the caller is neither a vendor nor an operator.
    """
    parameters = Parameters(access.organisation_id)
    conditions = ["organisation_id = $1"]
    if not access.may(Permission.REMOTE_INTEGRATIONS_MANAGE):
        access.require(Permission.REMOTE_INTEGRATIONS_OWN)
        conditions.append(f"account_id = {parameters.add(access.actor.account_id)}")
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


async def documents_of(access: Access, remote_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the documents in use, by id; the caller has checked who may see them."""
    parameters = Parameters(access.organisation_id)
    rows = await access.transaction.fetch(parameters.for_each(sorted(set(remote_ids)), _DOCUMENT), *parameters.values)
    return {row["id"]: row["document"] for row in rows if row["document"] is not None}
