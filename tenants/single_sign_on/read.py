"""Find an organisation's providers of sign-in."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission
from wardship.tenants.single_sign_on.records import COLUMNS, ProviderRecord

_SELECT: Final = "select "
_FROM: Final = " from identity_provider"
_BY_ID: Final = " where organisation_id = $1 and id = $2 "
_FIND: Final = _SELECT + COLUMNS + _FROM
_IN_FORCE: Final = _FIND + " where organisation_id = $1 and state in ('active', 'enforced')"


async def list_providers(access: Access, page: PageRequest) -> Page[ProviderRecord]:
    """Return a page of the organisation's providers, by the time they were entered.

    Raises:
        PermissionDeniedError: the caller may not see them.
    """
    access.require(Permission.SINGLE_SIGN_ON_READ)
    parameters = Parameters(access.organisation_id)
    sql = _FIND + page_sql(page, parameters, ["organisation_id = $1"])
    return page_of_rows(await access.transaction.fetch_as(ProviderRecord, sql, *parameters.values), page)


async def provider_by_id(access: Access, provider_id: UUID) -> ProviderRecord:
    """Return one provider.

    Raises:
        NotFoundError: absent, or the caller may see none.
    """
    found = await find_provider(access, provider_id) if access.may(Permission.SINGLE_SIGN_ON_READ) else None
    if found is None:
        raise provider_not_found()
    return found


async def find_provider(access: Access, provider_id: UUID, *, lock: str = "") -> ProviderRecord | None:
    """Return a provider, locked by such as ``for update``; for acts that have checked who may."""
    return await access.fetchrow_as(ProviderRecord, _FIND + _BY_ID + lock, provider_id)


async def provider_in_force(access: Access) -> ProviderRecord | None:
    """Return the provider by which the organisation's people sign in, if there is one."""
    return await access.fetchrow_as(ProviderRecord, _IN_FORCE)


def provider_not_found() -> NotFoundError:
    """Return the refusal of a provider that is not the organisation's."""
    return NotFoundError("No such provider here: use the id of one that you can see.", path=("provider_id",))
