"""What the clocks of organisations make due, in every organisation; run by the worker again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.core.notices import tell_staff
from wardship.tenants.access import Access, Services
from wardship.tenants.organisation_lifecycle.closing import begin_closing, go_on_closing
from wardship.tenants.organisation_lifecycle.ending import close_unowned, tell_provider
from wardship.tenants.organisation_lifecycle.notices import OWNER_DID_NOT_COME
from wardship.tenants.organisations.names import free_slug
from wardship.tenants.organisations.states import OrganisationState, lock_state
from wardship.tenants.requests.handing_over import escalate_undecidable
from wardship.tenants.requests.visibility import lock_request

_MOST: Final = 100
_S = OrganisationState
_log = structlog.get_logger(__name__)
_DUE: Final = (
    "select id, state from organisation where kind = 'customer' and (state = 'closing' or (state_until <= $1"
    " and state in ('awaiting_owner', 'leaving', 'closed'))) order by state_until nulls first, id limit $2"
)

Action: TypeAlias = Callable[[Services, UUID], Awaitable[None]]


async def follow_organisations(services: Services) -> None:
    """Do what is due now, each organisation by itself; one that fails is logged and tried at the next run."""
    await escalate_where_nobody_decides(services)
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch(_DUE, services.clock.now(), _MOST)
    for row in rows:
        # One organisation's fault must not stop the others.
        (fault,) = await asyncio.gather(_ACTIONS[_S(row["state"])](services, row["id"]), return_exceptions=True)
        if fault is not None:
            _log.error("organisation_action_failed", organisation=str(row["id"]), fault=type(fault).__name__)


async def escalate_where_nobody_decides(services: Services) -> None:
    """Give the privacy team the requests of organisations whose administrators can't decide them now."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from requests_without_admin($1, $2)", services.clock.now(), _MOST)
    for row in rows:
        organisation_id = row["organisation_id"]
        async with services.database.tenant(organisation_id, directory=True) as transaction:
            here = Access(system_actor(organisation_id), transaction, services, "sweep-escalate")
            await escalate_undecidable(here, await lock_request(here, row["id"]), row["reason"])


def _in_it(state: OrganisationState, act: Callable[[Access], Awaitable[object]]) -> Action:
    """Return what acts in a transaction of the organisation, once its state is seen to be still this one."""

    async def run(services: Services, organisation_id: UUID) -> None:
        async with services.database.tenant(organisation_id, directory=True) as transaction:
            here = Access(system_actor(organisation_id), transaction, services, f"sweep-{state}")
            if await lock_state(here) is state:
                await act(here)

    return run


async def _close(services: Services, organisation_id: UUID) -> None:
    """Begin to close an organisation, and go on at once: what is taken back at recipients takes long enough."""
    await _in_it(_S.LEAVING, begin_closing)(services, organisation_id)
    await go_on_closing(services, organisation_id)


async def _end_offer(here: Access) -> None:
    """Close an organisation whose owner never came, if the letter was not sent again meanwhile."""
    row = await here.fetchrow("select state_until, slug from organisation where id = $1")
    if row is not None and row["state_until"] <= here.now:
        await close_unowned(here, "the owner did not come")
        await tell_provider(here, "organisation.closed", outcome="owner_did_not_come")
        target = (here.organisation_id, "organisation", here.organisation_id)
        await tell_staff(here.transaction, here.services, OWNER_DID_NOT_COME, target=target, slug=row["slug"])


_ACTIONS: Mapping[OrganisationState, Action] = MappingProxyType(
    {
        _S.AWAITING_OWNER: _in_it(_S.AWAITING_OWNER, _end_offer),
        _S.LEAVING: _close,
        _S.CLOSING: go_on_closing,
        _S.CLOSED: _in_it(_S.CLOSED, free_slug),
    }
)
