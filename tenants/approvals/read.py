"""Find deletions that wait for a second person, or waited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.approvals.records import SELECT, ApprovalKind, ApprovalRecord, HeldDeletion
from wardship.tenants.paging import Page, PageRequest, page_of, page_of_rows, page_sql
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


async def list_held_deletions(access: Access, page: PageRequest) -> Page[HeldDeletion]:
    """Return the deletions that wait for the privacy team, in every organisation, the oldest first.

    Raises:
        PermissionDeniedError: the caller is not of the privacy team.
    """
    access.require(Permission.REQUESTS_DECIDE_ESCALATED)
    if not access.actor.is_privacy_team:
        raise PermissionDeniedError("Only the provider's privacy team sees deletions of every organisation.")
    after: tuple[object, object] = (None, None) if page.after is None else page.after
    rows = await access.transaction.fetch(
        "select * from deletions_with_privacy_team($1, $2, $3, $4)", access.now, *after, page.limit
    )
    return page_of(rows, page, _held_deletion)


def _held_deletion(row: Mapping[str, Any]) -> HeldDeletion:
    values = dict(row)
    return HeldDeletion(kind=ApprovalKind(values.pop("kind")), **values)


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
