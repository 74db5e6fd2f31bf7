"""What only people can do at recipients of an organisation that closes: operators do it, since nobody of it is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.organisation_lifecycle.managed import ManagedOrganisation, managed_organisation, managing
from wardship.tenants.organisations.states import OrganisationState, OrganisationStateError, lock_state
from wardship.tenants.paging import Page, PageRequest, page_of_rows
from wardship.tenants.permissions import Permission


class ClosingTask(Row):
    """A task of an organisation that closes, with its short name."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    organisation: str = column("organisation")
    instructions: str = column("instructions")
    due_at: datetime = column("due_at")


async def list_closing_tasks(access: Access, page: PageRequest, slug: str | None = None) -> Page[ClosingTask]:
    """Return the open tasks of organisations that close, or of one, by the time they are due.

    Raises:
        PermissionDeniedError: the caller does not manage organisations.
    """
    access.require(Permission.ORGANISATIONS_MANAGE)
    after_due, after_id = page.after or (None, None)
    sql = "select * from closing_tasks($1, $2, $3, $4)"
    rows = await access.transaction.fetch_as(ClosingTask, sql, slug, after_due, after_id, page.limit)
    return page_of_rows(rows, page)


async def complete_closing_task(access: Access, slug: str, task_id: UUID, evidence: str) -> ManagedOrganisation:
    """Say that a task is done, as an administrator of the organisation would, and return the organisation.

    Raises:
        PermissionDeniedError, StepUpRequiredError: the caller may not.
        NotFoundError: no such organisation, or no such task there.
        OrganisationStateError: it does not close: its own administrators have the tasks.
        TaskClosedError: it is not open any more.
        InvalidInputError: no evidence, or too much.
    """
    async with managing(access, slug) as here:
        if await lock_state(here) is not OrganisationState.CLOSING:
            raise OrganisationStateError("This organisation does not close: its own administrators have its tasks.")
        # Nobody of it is left: it acts by itself, and that an operator did stands in the provider's chain.
        await complete_manual_task(replace(here, actor=system_actor(here.organisation_id)), task_id, evidence)
    await access.audit("organisation.task_completed", "organisation", here.organisation_id, task=task_id)
    return await managed_organisation(access, slug)
