"""Organisations as the provider's operators reach them: by the short name, one at a time, and never what is in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.database.scope import Scope
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.organisations.states import OrganisationState
from wardship.tenants.paging import Page, PageRequest, page_of_rows
from wardship.tenants.permissions import Permission


class ManagedOrganisation(Row):
    """An organisation as an operator sees it.

    Attributes:
        state_since: when it came into its state.
        state_reason: why, as was said then.
        state_until: when the clock acts: the offer to the owner ends, the erasure begins, or the slug is free again.
        awaited: the address of the owner that it waits for; None in any other state.
        members: how many people are active in it.
        open_installations: recipients from which not everything has been taken back yet.
        open_tasks: what only people can do at recipients, and nobody has done yet.
        kept_remainders: what limitations of erasures keep.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    slug: str = column("slug")
    name: str = column("name")
    state: OrganisationState = column("state", OrganisationState)
    state_since: datetime = column("state_since")
    state_reason: str = column("state_reason")
    state_until: datetime | None = column("state_until")
    awaited: str | None = column("awaited")
    members: int = column("members")
    open_installations: int = column("open_installations")
    open_tasks: int = column("open_tasks")
    kept_remainders: int = column("kept_remainders")


_LIST = "select * from managed_organisations($1, $2, $3, $4, $5)"


async def list_organisations(
    access: Access, page: PageRequest, *, states: Collection[OrganisationState] = ()
) -> Page[ManagedOrganisation]:
    """Return the organisations of customers in the order in which they were made; no states means all.

    Raises:
        PermissionDeniedError: the caller does not manage organisations.
    """
    access.require(Permission.ORGANISATIONS_MANAGE)
    after_at, after_id = page.after or (None, None)
    rows = await access.transaction.fetch_as(
        ManagedOrganisation, _LIST, [state.value for state in states], None, after_at, after_id, page.limit + 1
    )
    return page_of_rows(rows, page)


async def managed_organisation(access: Access, slug: str) -> ManagedOrganisation:
    """Return one organisation.

    Raises:
        PermissionDeniedError: the caller does not manage organisations.
        NotFoundError: no customer's organisation has this short name.
    """
    access.require(Permission.ORGANISATIONS_MANAGE)
    found = await access.transaction.fetchrow_as(ManagedOrganisation, _LIST, [], slug, None, None, 1)
    if found is None:
        raise _not_found()
    return found


@asynccontextmanager
async def managing(access: Access, slug: str) -> AsyncIterator[Access]:
    """Act in an organisation, within the caller's own transaction, as somebody who manages organisations.

    What is audited with the access that is given stands in the organisation's own chain; the caller's has the
    provider's. It reaches the directory too.

    Raises:
        PermissionDeniedError: the caller does not manage organisations.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: no customer's organisation has this short name.
    """
    organisation = await managed_organisation(access, slug)
    access.require_step_up()
    async with acting_in(access, organisation.id) as here:
        yield here


@asynccontextmanager
async def acting_in(access: Access, organisation_id: UUID) -> AsyncIterator[Access]:
    """Reach one organisation's rows, and the directory's, for acts that have checked who may.

    Raises:
        PermissionDeniedError: the caller acts in an organisation of its own.
    """
    if not access.actor.is_at_provider:
        raise PermissionDeniedError("Only the provider reaches organisations by their names.")
    actor = replace(access.actor, organisation_id=organisation_id, member_id=None, roles=frozenset())
    async with access.transaction.reaching(Scope(organisation_id, directory=True)):
        yield replace(access, actor=actor)


def _not_found() -> NotFoundError:
    return NotFoundError("There is no such organisation: list them to see the short names.", path=("organisation",))
