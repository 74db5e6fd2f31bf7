"""What the clocks of domains make due, in every organisation: looks into the DNS, and states that end."""

from __future__ import annotations

import asyncio
from datetime import timedelta
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
from wardship.tenants.domains.records import ClaimRecord, ClaimScope, ClaimState
from wardship.tenants.domains.resolvers import configured_resolvers
from wardship.tenants.domains.settling import REMINDED_AFTER, LeasedCheck, settle_look, tell_lost
from wardship.tenants.domains.telling import tell_of_domain
from wardship.tenants.domains.write import ClaimClocks, transition_claim

SUSPENDED_FOR: Final = timedelta(days=30)
_LEASE: Final = timedelta(minutes=2)
_AT_ONCE: Final = 20
_MOST: Final = 100
_S = ClaimState
_REMINDED: Final = "update domain_claim set remind_at = $3 where organisation_id = $1 and id = $2"
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
            await _end(access, claim, domain)
        elif claim.remind_at is not None and claim.remind_at <= access.now:
            await _remind(access, claim)


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
    """Tell on the third day of the grace period, and on the sixth."""
    is_first = access.now < claim.state_since + 2 * REMINDED_AFTER
    await tell_lost(access, claim, claim.state_until, "3" if is_first else "6")
    await access.execute(_REMINDED, claim.id, claim.state_since + 2 * REMINDED_AFTER if is_first else None)


def _access(services: Services, transaction: Transaction, organisation_id: UUID) -> Access:
    return Access(system_actor(organisation_id), transaction, services, "domains")
