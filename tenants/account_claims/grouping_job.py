"""Take groupings further, one batch in a transaction: who is killed leaves a whole number of batches behind."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.core.database.engine import Transaction
from wardship.core.notices.tell import TELL_ACCOUNTS, AccountTelling
from wardship.tenants.access import Access, Services
from wardship.tenants.account_claims.groupings import end_grouping, lock_grouping
from wardship.tenants.account_claims.notices import ACCOUNT_CLAIMED
from wardship.tenants.account_claims.records import DECIDED_WITHIN, REMINDED_BEFORE, GroupingState
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.telling import in_words
from wardship.tenants.organisations.read import own_organisation

BATCH: Final = 5_000
"""How many addresses one transaction looks at: 200,000 take forty."""
BATCHES: Final = 20
"""How many batches one sweep takes before others have their turn."""
_log = structlog.get_logger(__name__)
# One statement claims the accounts of a batch, tells their owners, and moves the mark.
_DUE: Final = """
    with due as materialized (select id, account_id from match_accounts($8, $2, $9, $6, $10, $11)),
"""
_COUNT: Final = "select count(*) from told"
_MATCH: Final = _DUE + TELL_ACCOUNTS + _COUNT
_PROGRESS: Final = "select seen, state from domain_grouping where organisation_id = $1 and id = $2"


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


async def advance(access: Access, grouping_id: UUID, *, most: int | None = None) -> bool:
    """Take a grouping one batch further, and return whether more can be done now.

    Args:
        access: the system's own, in the organisation of the grouping.
        grouping_id: which one.
        most: addresses that are looked at; a batch unless told otherwise.
    """
    grouping = await lock_grouping(access, grouping_id)
    if grouping is None or grouping.state is not GroupingState.RUNNING:
        return False
    domain = await find_claim(access, grouping.domain_id, lock="for share")
    if domain is None:
        return False
    until = access.now + DECIDED_WITHIN
    organisation = (await own_organisation(access)).name
    values = {"organisation": organisation, "domain": in_words(domain.name), "until": until}
    told = AccountTelling(ACCOUNT_CLAIMED, ("domain_grouping", grouping.id), "asked", values)
    remind_at = until - REMINDED_BEFORE[0]
    await access.execute(_MATCH, *told.arguments(access.services), grouping.id, most or BATCH, until, remind_at)
    after = await access.fetchrow(_PROGRESS, grouping.id)
    if after is not None and after["state"] == GroupingState.DONE:
        await access.audit("grouping.done", "domain_grouping", grouping.id, before=grouping.state.value)
    # In a grace period nobody is asked: nothing has moved, and the clock ends the grouping.
    return after is not None and after["state"] == GroupingState.RUNNING and after["seen"] > grouping.seen


async def _end(services: Services, organisation_id: UUID, grouping_id: UUID) -> None:
    async with services.database.tenant(organisation_id) as transaction:
        access = _access(services, transaction, organisation_id)
        grouping = await lock_grouping(access, grouping_id)
        if grouping is not None and grouping.state_until is not None and grouping.state_until <= access.now:
            await end_grouping(access, grouping, GroupingState.EXPIRED)


def _access(services: Services, transaction: Transaction, organisation_id: UUID) -> Access:
    return Access(system_actor(organisation_id), transaction, services, "grouping")
