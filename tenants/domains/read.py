"""Find claims of an organisation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.domains.records import COLUMNS, ClaimRecord
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

_SELECT: Final = "select "
_FROM: Final = " from domain_claim"
_BY_ID: Final = " where organisation_id = $1 and id = $2 "
_FIND: Final = _SELECT + COLUMNS + _FROM


async def list_claims(access: Access, page: PageRequest) -> Page[ClaimRecord]:
    """Return a page of the organisation's claims, ended ones among them, by the time they were made.

    Raises:
        PermissionDeniedError: the caller may not see them.
    """
    access.require(Permission.DOMAINS_READ)
    parameters = Parameters(access.organisation_id)
    sql = _FIND + page_sql(page, parameters, ["organisation_id = $1"])
    return page_of_rows(await access.transaction.fetch_as(ClaimRecord, sql, *parameters.values), page)


async def claim_by_id(access: Access, claim_id: UUID) -> ClaimRecord:
    """Return one claim.

    Raises:
        NotFoundError: absent, or the caller may see none.
    """
    found = await find_claim(access, claim_id) if access.may(Permission.DOMAINS_READ) else None
    if found is None:
        raise NotFoundError("No such domain here: use the id of one that you can see.", path=("domain_id",))
    return found


async def claims_by_ids(access: Access, ids: Collection[UUID]) -> dict[UUID, ClaimRecord]:
    """Return those claims by id; none where the caller may see none."""
    if not access.may(Permission.DOMAINS_READ):
        return {}
    parameters = Parameters(access.organisation_id)
    sql = parameters.for_each(ids, _FIND + " where organisation_id = $1 and id = w.id")
    return {row.id: row for row in await access.transaction.fetch_as(ClaimRecord, sql, *parameters.values)}


async def find_claim(access: Access, claim_id: UUID, *, lock: str = "") -> ClaimRecord | None:
    """Return a claim, locked by such as ``for update``; for acts that have checked who may."""
    return await access.fetchrow_as(ClaimRecord, _FIND + _BY_ID + lock, claim_id)
