"""What the clocks of mergers make due: offers are delivered and end, and what was announced is carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, TypeAlias
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.mergers.carrying import begin_merging, carry_on, give_up_for_now, is_overdue
from wardship.tenants.mergers.notices import MERGER_OFFERED
from wardship.tenants.mergers.offering import tell_called_off, tell_offer_over
from wardship.tenants.mergers.read import lock_merger
from wardship.tenants.mergers.records import MergerRecord, MergerState
from wardship.tenants.mergers.write import at_organisation, note_told, transition_merger
from wardship.tenants.notices import tell_permitted
from wardship.tenants.permissions import Permission

WAITED_FOR: Final = timedelta(days=90)
"""How long after its day a merger is waited for that can't be carried out."""
_MOST: Final = 100
_S = MergerState
_log = structlog.get_logger(__name__)
_DUE: Final = (
    "select id, source_id from merger where (state = 'offered' and delivered_at is null and state_until > $1)"
    " or (state in ('offered', 'announced', 'merging', 'withdrawn') and state_until <= $1)"
    " order by state_until, id limit $2"
)
_DELIVER: Final = (
    "update merger g set delivered_at = $2, target_id = (select o.id from organisation o where o.slug = g.target_slug"
    " and o.kind = 'customer' and o.state = 'active' and o.id <> g.source_id) where g.id = $1 returning target_id"
)
_ENDED: Final = (
    "select exists (select from organisation where id = any($1::uuid[]) and state in ('closing', 'closed', 'merged'))"
)

Act: TypeAlias = Callable[[Access, MergerRecord], Awaitable[None]]


async def follow_mergers(services: Services) -> None:
    """Do what is due now, each merger by itself; one that fails is logged and tried at the next run.

    Where it keeps failing, the organisation into which nobody gets meanwhile opens again.
    """
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch(_DUE, services.clock.now(), _MOST)
    for row in rows:
        # One merger's fault must not stop the others.
        for acts in (_ACTS, _AFTER_FAULT):
            act = _follow(services, row["source_id"], row["id"], acts)
            (fault,) = await asyncio.gather(act, return_exceptions=True)
            if fault is None:
                break
            _log.error("merger_failed", merger=str(row["id"]), fault=type(fault).__name__, why=_why(fault))


def _why(fault: BaseException) -> str:
    """Return what tells one fault from another, without what it says of people."""
    return str(getattr(fault, "code", "") or getattr(fault, "constraint_name", "") or "")


async def _follow(services: Services, source_id: UUID, merger_id: UUID, acts: Mapping[MergerState, Act]) -> None:
    async with services.database.tenant(source_id, directory=True) as transaction:
        here = Access(system_actor(source_id), transaction, services, "sweep-mergers")
        merger = await lock_merger(here, merger_id)
        if merger is not None and merger.state in acts:
            await acts[merger.state](here, merger)


async def _follow_offer(here: Access, merger: MergerRecord) -> None:
    if merger.state_until is not None and merger.state_until <= here.now:
        await transition_merger(here, merger, _S.EXPIRED)
        await tell_offer_over(here, merger, merger.source_id, "expired")
        if merger.target_id is not None:
            await tell_offer_over(here, merger, merger.target_id, "expired")
    elif merger.delivered_at is None:
        await _deliver(here, merger)


async def _deliver(here: Access, merger: MergerRecord) -> None:
    """Bring an offer to the owner of the organisation of that name, if there is one."""
    target_id = await here.transaction.fetchval(_DELIVER, merger.id, here.now)
    if target_id is None:
        return
    async with at_organisation(here, target_id) as there:
        await there.audit("merger.offered", "merger", merger.id)
        await tell_permitted(
            there,
            MERGER_OFFERED,
            Permission.OWNERSHIP_TRANSFER,
            target=("merger", merger.id),
            other=merger.source_name,
            slug=merger.source_slug,
            until=merger.state_until,
        )


async def _follow_withdrawn(here: Access, merger: MergerRecord) -> None:
    """Tell whom an offer had reached that it was taken back."""
    await note_told(here, merger)
    if merger.target_id is not None:
        async with at_organisation(here, merger.target_id) as there:
            await there.audit("merger.withdrawn", "merger", merger.id)
        await tell_offer_over(here, merger, merger.target_id, "withdrawn")


async def _follow_announced(here: Access, merger: MergerRecord) -> None:
    """Begin on the day; let go of what can't be begun for too long, or never."""
    if merger.state_until is None or merger.state_until > here.now:
        return
    has_ended = await here.transaction.fetchval(_ENDED, [merger.source_id, merger.target_id])
    if has_ended or (merger.day is not None and merger.day + WAITED_FOR <= here.now):
        await transition_merger(here, merger, _S.EXPIRED)
        await tell_called_off(here, merger)
    else:
        await begin_merging(here, merger)


async def _follow_merging(here: Access, merger: MergerRecord) -> None:
    if merger.state_until is None or merger.state_until <= here.now:
        await carry_on(here, merger)


async def _let_in_again(here: Access, merger: MergerRecord) -> None:
    if is_overdue(here, merger):
        await give_up_for_now(here, merger)


_ACTS: Mapping[MergerState, Act] = MappingProxyType(
    {
        _S.OFFERED: _follow_offer,
        _S.ANNOUNCED: _follow_announced,
        _S.MERGING: _follow_merging,
        _S.WITHDRAWN: _follow_withdrawn,
    }
)
_AFTER_FAULT: Mapping[MergerState, Act] = MappingProxyType({_S.MERGING: _let_in_again})
"""What is done where that has failed."""
