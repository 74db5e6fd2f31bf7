"""Take groupings further, one batch in a transaction: who is killed leaves a whole number of batches behind."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.core.database.engine import Transaction
from wardship.core.notices.tell import TELL_ACCOUNTS, AccountTelling
from wardship.core.notices.wording import ordered
from wardship.tenants.access import Access, Services
from wardship.tenants.account_claims.groupings import end_grouping, lock_grouping
from wardship.tenants.account_claims.notices import ACCOUNT_CLAIMED
from wardship.tenants.account_claims.records import DECIDED_WITHIN, REMINDED_BEFORE, GroupingRecord, GroupingState
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.records import ClaimState
from wardship.tenants.domains.telling import in_words
from wardship.tenants.organisations.read import own_organisation

BATCH: Final = 5_000
"""How many addresses one transaction looks at: 200,000 take forty."""
BATCHES: Final = 20
"""How many batches one sweep takes before others have their turn."""
_log = structlog.get_logger(__name__)
_MATCH: Final = "select seen, matched from match_accounts($1, $2, $3, $4)"
# One statement tells a batch of accounts, notes until when they may choose, and says how far it has come.
_DUE: Final = """
    with due as materialized (
        select id, account_id from account_claim
        where organisation_id = $1 and grouping_id = $8 and state = 'matched' order by account_id limit $9
        for no key update
    ),
"""
_TOLD: Final = """
    , changed as (
        update account_claim c set state = 'notified', state_since = $2, decide_until = $10, remind_at = $11
        from due, told where c.organisation_id = $1 and c.id = due.id returning 1
    )
    update domain_grouping g set notified = g.notified + n.count,
        state = case when n.count < $9 then 'done' else g.state end,
        state_since = case when n.count < $9 then $2 else g.state_since end,
        state_until = case when n.count < $9 then null else g.state_until end
    from (select count(*) from changed) n where g.organisation_id = $1 and g.id = $8
    returning n.count::integer
"""
_NOTIFY: Final = _DUE + TELL_ACCOUNTS + _TOLD


async def run_groupings(services: Services) -> int:
    """Take every grouping further that runs, and end those whose time is over; return how many: a sweep."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from groupings_due($1)", services.clock.now())
    for row in rows:
        act = _end if row["is_over"] else _run
        # One grouping's fault must not stop the others.
        (fault,) = await asyncio.gather(act(services, row["organisation_id"], row["id"]), return_exceptions=True)
        if isinstance(fault, Exception):
            _log.error("grouping_failed", grouping=str(row["id"]), exc_info=fault)
    return len(rows)


async def _run(services: Services, organisation_id: UUID, grouping_id: UUID) -> None:
    for _ in range(BATCHES):
        async with services.database.tenant(organisation_id) as transaction:
            if not await advance(_access(services, transaction, organisation_id), grouping_id):
                return
    async with services.database.directory() as transaction:
        await transaction.execute("select pg_notify('wardship_sweeps', '')")


async def advance(access: Access, grouping_id: UUID, *, most: int = BATCH) -> bool:
    """Take a grouping one batch further, and return whether more can be done now.

    Args:
        access: the system's own, in the organisation of the grouping.
        grouping_id: which one.
        most: addresses that are looked at, or accounts that are told.
    """
    grouping = await lock_grouping(access, grouping_id)
    if grouping is None:
        return False
    if grouping.state is GroupingState.MATCHING:
        row = await access.transaction.fetchrow(_MATCH, grouping_id, access.now, most, ordered())
        return row is not None
    return grouping.state is GroupingState.NOTIFYING and await _notify(access, grouping, most)


async def _notify(access: Access, grouping: GroupingRecord, most: int) -> bool:
    domain = await find_claim(access, grouping.domain_id, lock="for share")
    if domain is None or domain.state is not ClaimState.VERIFIED:
        return False  # in its grace period nobody is asked; the clock ends the grouping
    until = access.now + DECIDED_WITHIN
    organisation = (await own_organisation(access)).name
    values = {"organisation": organisation, "domain": in_words(domain.name), "until": until}
    told = AccountTelling(ACCOUNT_CLAIMED, ("domain_grouping", grouping.id), "asked", values)
    remind_at = until - REMINDED_BEFORE[0]
    asked: int = await access.fetchval(_NOTIFY, *told.arguments(access.services), grouping.id, most, until, remind_at)
    is_done = asked < most
    if is_done:
        await access.audit("grouping.done", "domain_grouping", grouping.id, before=grouping.state.value)
    return not is_done


async def _end(services: Services, organisation_id: UUID, grouping_id: UUID) -> None:
    async with services.database.tenant(organisation_id) as transaction:
        access = _access(services, transaction, organisation_id)
        grouping = await lock_grouping(access, grouping_id)
        if grouping is not None and grouping.state_until is not None and grouping.state_until <= access.now:
            await end_grouping(access, grouping, GroupingState.EXPIRED)


def _access(services: Services, transaction: Transaction, organisation_id: UUID) -> Access:
    return Access(system_actor(organisation_id), transaction, services, "grouping")
