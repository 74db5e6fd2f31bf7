"""Find deletions that wait for a second person, or waited."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.approvals.records import SELECT, ApprovalRecord
from wardship.tenants.paging import Page, PageRequest, page_of_rows, page_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

_BY_ID: Final = SELECT + " where organisation_id = $1 and id = $2"


async def list_approvals(access: Access, page: PageRequest, *, is_open_only: bool = False) -> Page[ApprovalRecord]:
    """Return a page of approvals, by the time they were asked for; to the privacy team those that wait for it."""
    parameters = Parameters(access.organisation_id)
    conditions = ["organisation_id = $1", *_conditions(access)]
    if is_open_only:
        conditions += ["state = 'asked'", f"expires_at > {parameters.add(access.now)}"]
    sql = SELECT + page_sql(page, parameters, conditions)
    return page_of_rows(await access.transaction.fetch_as(ApprovalRecord, sql, *parameters.values), page)


async def approval_by_id(access: Access, approval_id: UUID, *, lock: str = "") -> ApprovalRecord:
    """Return an approval, locked by such as ``for update``.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    sql = " and ".join([_BY_ID, *_conditions(access)]) + " " + lock
    found = await access.fetchrow_as(ApprovalRecord, sql, approval_id)
    if found is None:
        raise NotFoundError("No such approval: use the id of one that you can see.", path=("approval_id",))
    return found


def _conditions(access: Access) -> list[str]:
    """Return what leaves out what is not the caller's to see.

    Raises:
        PermissionDeniedError: the caller sees none.
    """
    if access.actor.is_privacy_team and Permission.MEMBERS_READ_DETAILS not in access.permissions:
        return ["is_with_privacy_team", "state = 'asked'"]
    access.require(Permission.MEMBERS_READ_DETAILS)
    return []
