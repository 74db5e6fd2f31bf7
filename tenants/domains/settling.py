"""What follows from a look into the DNS: a claim is proven, loses its proof, or stays as it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.domains.contests import (
    answer_contest,
    begin_contest,
    end_silent_holder,
    end_suspended_holder,
    is_answer_awaited,
    leave_contest,
)
from wardship.tenants.domains.directory import LockedDomain, free_domain, hold_domain, lock_domain
from wardship.tenants.domains.notices import DOMAIN_LOST, DOMAIN_VERIFIED
from wardship.tenants.domains.proof import Look
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.records import ClaimRecord, ClaimScope, ClaimState, Finding
from wardship.tenants.domains.telling import tell_of_domain
from wardship.tenants.domains.write import ClaimClocks, schedule_check, transition_claim
from wardship.tenants.organisations.states import is_suspended

HEALTHY: Final = timedelta(days=7)
AFTER_A_MISS: Final = timedelta(hours=12)
IN_GRACE: Final = timedelta(days=1)
AFTER_AN_OUTAGE: Final = timedelta(hours=1)
MISSES: Final = 3
MISSED_FOR: Final = timedelta(hours=24)
"""A proof is lost when it was definitely missed so many times, over so long a time at least."""
GRACE: Final = timedelta(days=7)
GRACE_WHILE_SUSPENDED: Final = timedelta(days=30)
"""How long the grace period lasts at most while the organisation is suspended, so that nobody there can end it."""
REMINDED_AFTER: Final = timedelta(days=3)
QUARANTINE: Final = timedelta(days=14)
"""How long a domain that somebody else held before is in quarantine."""
_JITTER: Final = 0.1
_STEPS: Final = 10_000
_S = ClaimState
_MISSED: Final = frozenset({Finding.ABSENT, Finding.OLD, Finding.WILDCARD, Finding.NO_MAIL})

_NOTE: Final = (
    "update domain_claim set finding = $3, checked_at = $4, is_asked = false, check_at = $5, misses = $6,"
    " missed_since = $7 where organisation_id = $1 and id = $2"
)
_PROVE: Final = (
    "update domain_claim set token_hash = case when fresh_hash = $3 then fresh_hash else token_hash end,"
    " token_issued_at = case when fresh_hash = $3 then fresh_issued_at else token_issued_at end,"
    " fresh_issued_at = case when fresh_hash = $3 then null else fresh_issued_at end,"
    " fresh_hash = case when fresh_hash = $3 then null else fresh_hash end, proven_at = $4"
    " where organisation_id = $1 and id = $2"
)
_HOLD: Final = "update domain_claim set epoch = $3, quarantined_until = $4 where organisation_id = $1 and id = $2"


@dataclass(frozen=True, slots=True)
class LeasedCheck:
    """A claim that one worker looks up.

    Attributes:
        is_contested: whether it waits for another's answer.
        leased_until: until when nobody else does; what was written to the claim meanwhile makes the look void.
    """

    organisation_id: UUID
    id: UUID
    name: str
    scope: ClaimScope
    wanted: tuple[bytes, ...]
    is_contested: bool
    leased_until: datetime


async def settle_look(access: Access, check: LeasedCheck, look: Look) -> bool:
    """Write what a look has found, and what follows from it.

    Args:
        access: the system's own, in the claim's organisation.
        check: what was looked up.
        look: what was found.

    Returns:
        False where the claim was changed meanwhile, so that the look says nothing about it.
    """
    touches_others = look.finding is Finding.PROVEN or check.is_contested
    domain = await lock_domain(access.transaction, check.name, access.now) if touches_others else None
    claim = await find_claim(access, check.id, lock="for no key update")
    if claim is None or claim.check_at != check.leased_until:
        return False
    if domain is None:
        await _not_proven(access, claim, look.finding)
    elif look.found is not None:
        await _proven(access, claim, domain, look.found)
    elif claim.state is _S.CONTESTED and look.finding in _MISSED:
        await _give_up(access, claim, domain, look.finding)
    else:
        await _not_proven(access, claim, look.finding)
    return True


async def _proven(access: Access, claim: ClaimRecord, domain: LockedDomain, found: bytes) -> None:
    is_fresh = found == claim.fresh_hash
    if claim.state in {_S.GRACE, _S.SUSPENDED} and not is_fresh:
        await _not_proven(access, claim, Finding.OLD)
        return
    await _note(access, claim, Finding.PROVEN, None)
    await access.execute(_PROVE, claim.id, found, access.now)
    rival = domain.rival_of(access.organisation_id)
    match claim.state:
        case _S.VERIFIED:
            await schedule_check(access, claim.id, access.now + _about(HEALTHY))
        case _S.DISPUTED:
            pass  # the provider wants to know, and decides
        case _S.CONTESTED if await is_suspended(access):
            # Held by it, the domain would be out of everybody's reach: it could not be made to answer.
            await schedule_check(access, claim.id, access.now + _about(HEALTHY))
        case _S.CONTESTED if rival is not None and rival.claim_id == claim.against_id:
            if await is_answer_awaited(access, claim, rival):
                return
            await end_silent_holder(access, claim, rival)
            await _hold(access, claim, domain, is_from_another=True)
        case _ if rival is not None and claim.state is not _S.GRACE:
            await begin_contest(access, claim, rival)
        case _:
            await _hold(access, claim, domain)
    if is_fresh and claim.contested_at is not None:
        await answer_contest(access, claim)


async def hold_from_another(access: Access, claim: ClaimRecord, domain: LockedDomain) -> None:
    """Let the organisation hold a domain that was another's, as the provider has decided: in a new epoch."""
    await _hold(access, claim, domain, is_from_another=True)


async def _hold(access: Access, claim: ClaimRecord, domain: LockedDomain, *, is_from_another: bool = False) -> None:
    """Let the organisation hold a domain that nobody else holds now."""
    own = domain.own
    is_back = own.claim_id == claim.id
    if own.state == "suspended" and not is_back:
        await end_suspended_holder(access, own)
    epoch = own.epoch if is_back else own.epoch + 1
    is_new_to_all = epoch == 1 and not is_from_another
    quarantined_until = own.quarantined_until if is_back else None if is_new_to_all else access.now + QUARANTINE
    clocks = ClaimClocks(check_at=access.now + _about(HEALTHY))
    await transition_claim(access, claim, _S.VERIFIED, clocks, epoch=epoch)
    await access.execute(_HOLD, claim.id, epoch, quarantined_until)
    await hold_domain(access, own, claim, epoch, quarantined_until)
    await tell_of_domain(access, DOMAIN_VERIFIED, claim, quarantined_until=quarantined_until)


async def _not_proven(access: Access, claim: ClaimRecord, finding: Finding) -> None:
    is_missed = finding in _MISSED
    match claim.state:
        case _S.VERIFIED if is_missed:
            await _miss(access, claim, finding)
        case _S.GRACE if is_missed:
            await _note(access, claim, finding, access.now + _about(IN_GRACE))
        case _S.VERIFIED | _S.CONTESTED | _S.GRACE:
            missed = claim.misses, claim.missed_since
            await _note(access, claim, finding, access.now + _about(AFTER_AN_OUTAGE), missed)
        case _:
            await _note(access, claim, finding, None)


async def _give_up(access: Access, claim: ClaimRecord, domain: LockedDomain, finding: Finding) -> None:
    """End a claim that waited for another's answer, and can't be proven any more itself."""
    await _note(access, claim, finding, None)
    await leave_contest(access, claim)
    await transition_claim(access, claim, _S.EXPIRED)
    await free_domain(access, domain.own, claim.id)


async def _miss(access: Access, claim: ClaimRecord, finding: Finding) -> None:
    """Count a record that is definitely not there; after several over a day, the grace period begins."""
    misses, since = claim.misses + 1, claim.missed_since or access.now
    await _note(access, claim, finding, access.now + AFTER_A_MISS, (misses, since))
    if misses < MISSES or access.now - since < MISSED_FOR:
        return
    until = access.now + (GRACE_WHILE_SUSPENDED if await is_suspended(access) else GRACE)
    remind_at = access.now + REMINDED_AFTER
    clocks = ClaimClocks(until=until, remind_at=remind_at, check_at=access.now + _about(IN_GRACE))
    await transition_claim(access, claim, _S.GRACE, clocks)
    await tell_lost(access, claim, until, "0")


async def tell_lost(access: Access, claim: ClaimRecord, until: datetime | None, day: str) -> None:
    """Tell that a domain has to be proven again; once for each of the days."""
    once = f"{until:%Y-%m-%d} {day}" if until else day
    is_out = await is_suspended(access)
    await tell_of_domain(
        access, DOMAIN_LOST, claim, once=once, until=until, record=claim.record_name, is_suspended=is_out
    )


async def _note(
    access: Access,
    claim: ClaimRecord,
    finding: Finding,
    check_at: datetime | None,
    missed: tuple[int, datetime | None] = (0, None),
) -> None:
    """Keep what a look has found, when the next is due, and how often in a row, since when, it was missed."""
    await access.execute(_NOTE, claim.id, finding.value, access.now, check_at, *missed)


def _about(span: timedelta) -> timedelta:
    """Return a span that is up to a tenth longer or shorter, so that not everything is looked up at once."""
    return span * (1 + _JITTER * (2 * secrets.randbelow(_STEPS) / _STEPS - 1))
