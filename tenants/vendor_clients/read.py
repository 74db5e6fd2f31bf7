"""See clients: a vendor its own, operators all of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.core.errors import PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_of_states_sql, page_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission
from wardship.tenants.vendor_clients.records import (
    COLUMNS,
    VendorClientRecord,
    VendorClientState,
    vendor_client_not_found,
)

_READ: Final = "select "
_FROM: Final = " from vendor_client"
_SELECT: Final = _READ + COLUMNS + _FROM
_BY_ID: Final = " where organisation_id = $1 and id = $2"
_ONE: Final = _SELECT + _BY_ID
_LOCK: Final = " for no key update"
_LOCKED: Final = _ONE + _LOCK
_USE: Final = "select * from use_of_vendor_clients($1)"


async def list_vendor_clients(
    access: Access, page: PageRequest, states: Collection[VendorClientState] = ()
) -> Page[VendorClientRecord]:
    """Return a page of clients by the time they were made: a vendor's own, for operators everybody's.

    No states means all.

    Raises:
        PermissionDeniedError: the caller is neither a vendor nor an operator.
    """
    parameters = Parameters(access.organisation_id)
    conditions = ["organisation_id = $1"]
    if not access.may(Permission.VENDOR_CLIENTS_MANAGE):
        access.require(Permission.VENDOR_CLIENTS_OWN)
        conditions.append(f"account_id = {parameters.add(access.actor.account_id)}")
    if states:
        sql = page_of_states_sql(_SELECT, page, parameters, conditions, states)
    else:
        sql = _SELECT + page_sql(page, parameters, conditions)
    return page_of_rows(await access.transaction.fetch_as(VendorClientRecord, sql, *parameters.values), page)


async def organisations_of_clients(access: Access, client_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many organisations have let each client in, by id; the caller has checked who may see them."""
    rows = await access.transaction.fetch(_USE, sorted(set(client_ids)))
    return {row["client_id"]: row["organisations"] for row in rows}


async def vendor_client_by_id(access: Access, client_id: UUID, *, locks: bool = False) -> VendorClientRecord:
    """Return a client, locked against other changes if wanted.

    Raises:
        NotFoundError: it is absent, or not the caller's to see.
    """
    sees_all, sees_own = access.may(Permission.VENDOR_CLIENTS_MANAGE), access.may(Permission.VENDOR_CLIENTS_OWN)
    found = None
    if sees_all or sees_own:
        found = await access.fetchrow_as(VendorClientRecord, _LOCKED if locks else _ONE, client_id)
    if found is None or not (sees_all or found.account_id == access.actor.account_id):
        raise vendor_client_not_found()
    return found


def require_own(access: Access, client: VendorClientRecord) -> None:
    """Refuse who may see a client that belongs to somebody else.

    Raises:
        PermissionDeniedError: it is another account's.
    """
    access.require(Permission.VENDOR_CLIENTS_OWN)
    if client.account_id != access.actor.account_id:
        raise PermissionDeniedError("This client belongs to a vendor: only that account can do this.")
