"""Two organisations have proven one domain: the holder is asked, and answers or is silent.

The claimant never learns who the holder is. While the holder is suspended, nobody there can answer: the contest waits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.core.database.engine import Record
from wardship.core.database.scope import Scope
from wardship.tenants.access import Access
from wardship.tenants.domains.directory import DomainRow
from wardship.tenants.domains.notices import DOMAIN_CONTESTED, DOMAIN_DISPUTED, DOMAIN_RELEASED, DOMAIN_TRANSFERRED
from wardship.tenants.domains.read import find_claim
from wardship.tenants.domains.records import HOLDING, ClaimRecord, ClaimState
from wardship.tenants.domains.telling import in_words, tell_of_domain
from wardship.tenants.domains.write import ClaimClocks, schedule_check, transition_claim
from wardship.tenants.organisations.states import is_suspended

ANSWERED_WITHIN: Final = timedelta(days=7)
"""How long the holder of a domain has to answer another's proof with a new one of its own."""
DISPUTED_FOR: Final = timedelta(days=30)
LOOKED_AT_AGAIN: Final = timedelta(days=7)
"""How often a claim is looked up that waits for somebody who is suspended."""
_S = ClaimState
_LOCK: Final = "for no key update"
_AGAINST: Final = "update domain_claim set against_id = $3, contested_until = $4 where organisation_id = $1 and id = $2"
_ASK_HOLDER: Final = (
    "update domain_claim set contested_at = coalesce(contested_at, $3),"
    " contested_until = coalesce(contested_until, $4),"
    " fresh_hash = case when contested_at is not null then fresh_hash end,"
    " fresh_issued_at = case when contested_at is not null then fresh_issued_at end"
    " where organisation_id = $1 and id = $2"
)
_ASK_AGAIN: Final = "update domain_claim set contested_until = $3 where organisation_id = $1 and id = $2"
_WAIT_AGAIN: Final = (
    "update domain_claim set contested_until = $3, check_at = $4, is_asked = false"
    " where organisation_id = $1 and id = $2 and state = 'contested'"
)
_ANSWERED: Final = (
    "update domain_claim set contested_at = null, contested_until = null where organisation_id = $1 and id = $2"
)


async def begin_contest(access: Access, claim: ClaimRecord, rival: DomainRow) -> None:
    """Keep a proven claim until the holder of the domain, or of one above it, has answered; tell the holder.

    The days of a holder that is suspended begin when it is resumed. The claimant sees the same moment in both cases:
    who is suspended may be known, and whom it waits for must not be.

    Args:
        access: the system's own, in the claimant's organisation.
        claim: the claimant's, locked.
        rival: what the holder holds, locked.
    """
    earliest = access.now + ANSWERED_WITHIN
    if claim.state is not _S.CONTESTED:
        await transition_claim(access, claim, _S.CONTESTED, ClaimClocks(check_at=earliest))
    else:
        await schedule_check(access, claim.id, earliest)
    await access.execute(_AGAINST, claim.id, rival.claim_id, earliest)
    async with _at_holder(access, rival) as (there, held):
        until = None if await is_suspended(there) else earliest
        await there.execute(_ASK_HOLDER, held.id, access.now, until)
        await there.audit("domain.contested", "domain_claim", held.id, until=until)
        await _tell_contested(there, held, claim, until)


async def is_answer_awaited(access: Access, claim: ClaimRecord, rival: DomainRow) -> bool:
    """Return whether the holder still has time to answer, and note when to look again if so.

    Args:
        access: the system's own, in the claimant's organisation.
        claim: the claimant's, contested and locked.
        rival: what the holder holds, locked.
    """
    until = claim.contested_until
    if until is not None and until > access.now:
        await schedule_check(access, claim.id, until)
        return True
    async with _at_holder(access, rival) as (there, held):
        stands_still = await is_suspended(there)
        if stands_still:
            await there.execute(_ASK_AGAIN, held.id, None)
    if stands_still:
        await access.execute(_WAIT_AGAIN, claim.id, None, access.now + LOOKED_AT_AGAIN)
    elif until is None or held.contested_until is None:
        await begin_contest(access, claim, rival)
    else:
        return False
    return True


async def ask_again(there: Access, held: ClaimRecord) -> None:
    """Give the holder of a contested domain, who was suspended and is so no more, all days to answer from now on.

    Args:
        there: in the holder's organisation.
        held: its claim, locked.
    """
    until = there.now + ANSWERED_WITHIN
    await there.execute(_ASK_AGAIN, held.id, until)
    for other in await _claims_against(there, held.id):
        async with _reaching(there, other["organisation_id"]) as access:
            claim = await find_claim(access, other["id"], lock=_LOCK)
            await access.execute(_WAIT_AGAIN, other["id"], until, until)
        if claim is not None:
            await _tell_contested(there, held, claim, until)


async def answer_contest(access: Access, claim: ClaimRecord) -> None:
    """Let the holder stay, who has answered with a record issued since: others that have proven it are in dispute."""
    await access.execute(_ANSWERED, claim.id)
    await access.audit("domain.contest_answered", "domain_claim", claim.id)
    until = access.now + DISPUTED_FOR
    for other in await _claims_against(access, claim.id):
        async with _reaching(access, other["organisation_id"]) as there:
            disputed = await find_claim(there, other["id"], lock=_LOCK)
            if disputed is not None and disputed.state is _S.CONTESTED:
                await transition_claim(there, disputed, _S.DISPUTED, ClaimClocks(until=until))
                await tell_of_domain(there, DOMAIN_DISPUTED, disputed, until=until)


async def end_silent_holder(access: Access, claim: ClaimRecord, rival: DomainRow) -> None:
    """Take a domain from its holder, who did not answer; one that holds a name above keeps that.

    Args:
        access: the system's own, in the claimant's organisation.
        claim: the claimant's, locked.
        rival: what the holder holds, locked.
    """
    async with _at_holder(access, rival) as (there, held):
        if rival.name == claim.name:
            await transition_claim(there, held, _S.TRANSFERRED)
            await wake_claims_against(there, held, but=claim.id)
        else:
            await there.audit("domain.part_transferred", "domain_claim", held.id)
            await _forget_contest(there, held, but=claim.id)
        contested = in_words(claim.name)
        await tell_of_domain(there, DOMAIN_TRANSFERRED, held, once=str(claim.id), contested=contested)


async def end_suspended_holder(access: Access, former: DomainRow) -> None:
    """Release the suspended claim of who held a domain before, because another has proven it."""
    async with _at_holder(access, former) as (there, held):
        if held.state is _S.SUSPENDED:
            await transition_claim(there, held, _S.RELEASED, reason="proven_by_another")
            await tell_of_domain(there, DOMAIN_RELEASED, held)


async def wake_claims_against(access: Access, claim: ClaimRecord, *, but: UUID | None = None) -> None:
    """Have the claims looked at again that waited for this one's holder, because it holds the domain no more."""
    for other in await _claims_against(access, claim.id):
        if other["id"] != but:
            async with _reaching(access, other["organisation_id"]) as there:
                await schedule_check(there, other["id"], access.now)


async def leave_contest(access: Access, claim: ClaimRecord) -> None:
    """Ask the holder no more, where nobody else contests: the claimant has let go, or can't prove it any more."""
    if claim.against_id is None:
        return
    row = await access.transaction.fetchrow("select * from organisation_of_claim($1)", claim.against_id)
    if row is not None:
        async with _reaching(access, row["organisation_id"]) as there:
            held = await find_claim(there, claim.against_id, lock=_LOCK)
            if held is not None and held.state in HOLDING:
                await _forget_contest(there, held, but=claim.id)


async def _tell_contested(there: Access, held: ClaimRecord, claim: ClaimRecord, until: datetime | None) -> None:
    once = f"{claim.id} {until:%Y-%m-%d %H:%M}" if until else str(claim.id)
    await tell_of_domain(there, DOMAIN_CONTESTED, held, once=once, contested=in_words(claim.name), until=until)


async def _forget_contest(there: Access, held: ClaimRecord, *, but: UUID) -> None:
    others = await _claims_against(there, held.id)
    if all(other["id"] == but for other in others):
        await there.execute(_ANSWERED, held.id)


async def _claims_against(access: Access, claim_id: UUID) -> list[Record]:
    return await access.transaction.fetch("select * from claims_against($1)", claim_id)


@asynccontextmanager
async def _at_holder(access: Access, rival: DomainRow) -> AsyncIterator[tuple[Access, ClaimRecord]]:
    """Act in the organisation of a holder, whose claim is locked.

    Raises:
        LookupError: the directory names a claim that is not there: a fault of the program.
    """
    if rival.holder_id is None or rival.claim_id is None:
        raise LookupError(f"{rival.name} has no holder")
    async with _reaching(access, rival.holder_id) as there:
        held = await find_claim(there, rival.claim_id, lock=_LOCK)
        if held is None:
            raise LookupError(f"the claim to {rival.name} is not there")
        yield there, held


@asynccontextmanager
async def _reaching(access: Access, organisation_id: UUID) -> AsyncIterator[Access]:
    """Act in another organisation as the system does, within the same transaction."""
    async with access.transaction.reaching(Scope(organisation_id, directory=access.transaction.scope.directory)):
        yield replace(access, actor=system_actor(organisation_id))
