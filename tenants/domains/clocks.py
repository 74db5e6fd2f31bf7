"""What the clocks of domains make due, in every organisation: looks into the DNS, and states that end."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from wardship.core.actor import system_actor
from wardship.core.database.engine import Transaction
from wardship.tenants.access import Access, Services
from wardship.tenants.domains.contests import wake_claims_against
from wardship.tenants.domains.directory import DomainRow, free_domain, lock_known_domain, suspend_domain
from wardship.tenants.domains.notices import DOMAIN_RELEASED, DOMAIN_SUSPENDED
from wardship.tenants.domains.proof import look_up_proof
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.records import COLUMNS, ClaimRecord, ClaimScope, ClaimState
from wardship.tenants.domains.resolvers import configured_resolvers
from wardship.tenants.domains.settling import (
    GRACE,
    GRACE_WHILE_SUSPENDED,
    REMINDED_AFTER,
    LeasedCheck,
    settle_look,
    tell_lost,
)
from wardship.tenants.domains.telling import tell_of_domain
from wardship.tenants.domains.write import ClaimClocks, transition_claim
from wardship.tenants.organisations.states import is_suspended

SUSPENDED_FOR: Final = timedelta(days=30)
_LEASE: Final = timedelta(minutes=2)
_AT_ONCE: Final = 20
_MOST: Final = 100
_S = ClaimState
_REMINDED: Final = "update domain_claim set remind_at = $3 where organisation_id = $1 and id = $2"
_END_LATER: Final = (
    "update domain_claim set state_until = $3, remind_at = $4 where organisation_id = $1 and id = $2 returning "
)
_ENDS_LATER: Final = _END_LATER + COLUMNS
_log = structlog.get_logger(__name__)


async def check_domains(services: Services) -> int:
    """Look up the claims whose time has come, and write what was found; return how many: a sweep.

    The DNS is asked between transactions, and each claim is given to one worker for a while.
    """
    async with services.database.directory() as transaction:
        rows = await transaction.fetch(
            "select * from lease_domain_checks($1, $2, $3)", services.clock.now(), _LEASE, _AT_ONCE
        )
    checks = [
        LeasedCheck(
            row["organisation_id"],
            row["id"],
            row["name"],
            ClaimScope(row["scope"]),
            tuple(digest for digest in (row["fresh_hash"], row["token_hash"]) if digest is not None),
            row["state"] == _S.CONTESTED,
            row["leased_until"],
        )
        for row in rows
    ]
    faults = await asyncio.gather(*(_check(services, each) for each in checks), return_exceptions=True)
    for check, fault in zip(checks, faults, strict=True):
        if isinstance(fault, Exception):
            _log.error("domain_check_failed", claim=str(check.id), exc_info=fault)
    if len(checks) == _AT_ONCE:
        async with services.database.directory() as transaction:
            await transaction.execute("select pg_notify('wardship_sweeps', '')")
    return len(checks)


async def _check(services: Services, check: LeasedCheck) -> None:
    resolvers = configured_resolvers(services.settings.dns_servers)
    look = await look_up_proof(resolvers, check.name, check.scope, check.wanted)
    async with services.database.tenant(check.organisation_id) as transaction:
        await settle_look(_access(services, transaction, check.organisation_id), check, look)


async def end_domain_states(services: Services) -> int:
    """End the states whose time is over, and remind of those that are about to end; return how many: a sweep."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from domain_claims_due($1, $2)", services.clock.now(), _MOST)
    for row in rows:
        # One claim's fault must not stop the others.
        (fault,) = await asyncio.gather(
            _act(services, row["organisation_id"], row["id"], row["name"]), return_exceptions=True
        )
        if isinstance(fault, Exception):
            _log.error("domain_clock_failed", claim=str(row["id"]), exc_info=fault)
    return len(rows)


async def _act(services: Services, organisation_id: UUID, claim_id: UUID, name: str) -> None:
    async with services.database.tenant(organisation_id) as transaction:
        access = _access(services, transaction, organisation_id)
        domain = await lock_known_domain(transaction, name)
        claim = await find_claim(access, claim_id, lock="for no key update skip locked")
        if claim is None or (domain is None and claim.state is not _S.PENDING):
            return  # somebody else is at it
        if claim.state_until is not None and claim.state_until <= access.now:
            if not await _is_postponed(access, claim):
                await _end(access, claim, domain)
        elif claim.remind_at is not None and claim.remind_at <= access.now:
            await _remind(access, claim)


async def _is_postponed(access: Access, claim: ClaimRecord) -> bool:
    """Return whether a state does not end yet because the organisation is suspended, and note until when if so.

    A grace period keeps others out, so that it ends after a while; a suspended claim keeps nobody out.
    """
    if claim.state not in {_S.GRACE, _S.SUSPENDED} or not await is_suspended(access):
        return False
    if claim.state is _S.SUSPENDED:
        await end_later(access, claim, access.now + SUSPENDED_FOR, None)
        return True
    until = claim.state_since + GRACE_WHILE_SUSPENDED
    if until > access.now:
        await tell_lost(access, await end_later(access, claim, until, _last_reminder(access, until)), until, "later")
    return until > access.now


async def end_later(access: Access, claim: ClaimRecord, until: datetime, remind_at: datetime | None) -> ClaimRecord:
    """Let the clock end the state of a claim, which is locked, at another moment; return it as it is then."""
    return await access.fetchrow_as(ClaimRecord, _ENDS_LATER, claim.id, until, remind_at) or claim


async def _end(access: Access, claim: ClaimRecord, domain: DomainRow | None) -> None:
    match claim.state:
        case _S.GRACE:
            until = access.now + SUSPENDED_FOR
            await transition_claim(access, claim, _S.SUSPENDED, ClaimClocks(until=until))
            await suspend_domain(access, domain, claim.id)
            await wake_claims_against(access, claim)
            await tell_of_domain(access, DOMAIN_SUSPENDED, claim, until=until)
        case _S.SUSPENDED:
            await transition_claim(access, claim, _S.RELEASED, reason="not_proven_again")
            await free_domain(access, domain, claim.id)
            await tell_of_domain(access, DOMAIN_RELEASED, claim)
        case _:
            await transition_claim(access, claim, _S.EXPIRED)
            await free_domain(access, domain, claim.id)


async def _remind(access: Access, claim: ClaimRecord) -> None:
    """Tell on the third day of the grace period, on the sixth, and a week before the end of one that lasts longer."""
    second = claim.state_since + 2 * REMINDED_AFTER
    await tell_lost(access, claim, claim.state_until, str((access.now - claim.state_since).days))
    following = second if access.now < second else _last_reminder(access, claim.state_until)
    await access.execute(_REMINDED, claim.id, following)


def _last_reminder(access: Access, until: datetime | None) -> datetime | None:
    return until - GRACE if until is not None and until - GRACE > access.now else None


def _access(services: Services, transaction: Transaction, organisation_id: UUID) -> Access:
    return Access(system_actor(organisation_id), transaction, services, "domains")
