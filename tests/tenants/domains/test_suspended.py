"""Nobody in a suspended organisation can answer: what would end a holding stands still, and not for ever."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.tenants.closing import HOURS, let_leave, pass_time
from tests.tenants.domains.claimant import NAME
from tests.tenants.operating import commanding
from wardship.tenants.domains.clocks import SUSPENDED_FOR, check_domains
from wardship.tenants.domains.contests import ANSWERED_WITHIN, DISPUTED_FOR, LOOKED_AT_AGAIN
from wardship.tenants.domains.records import ClaimScope, ClaimState
from wardship.tenants.domains.settling import GRACE, GRACE_WHILE_SUSPENDED, QUARANTINE, REMINDED_AFTER
from wardship.tenants.organisation_lifecycle.changes import (
    reopen_organisation,
    resume_organisation,
    suspend_organisation,
)

pytestmark = pytest.mark.anyio

BELOW = f"yard.{NAME}"
A_MOMENT = timedelta(seconds=1)
A_YEAR = timedelta(days=365)


async def _suspend(claimant):
    async with commanding(claimant.services) as access:
        await suspend_organisation(access, claimant.organisation.slug)


async def _resume(claimant):
    async with commanding(claimant.services) as access:
        await resume_organisation(access, claimant.organisation.slug)


async def _holders(owner, name=NAME):
    rows = await owner.fetch(
        "select organisation_id from domain_claim where name = $1 and state in ('verified', 'grace')", name
    )
    return [row["organisation_id"] for row in rows]


# --- a contest


@pytest.mark.parametrize("begins", ["before", "during"])
async def test_contest_waits_while_the_holder_is_suspended_and_has_seven_whole_days_after(
    harbour, rival, owner, begins
):
    held = await harbour.held()
    if begins == "during":
        await _suspend(harbour)
    issued = await rival.prove()
    found = await rival.found(issued.claim.id)
    assert found.contested_until == found.check_at == found.state_since + ANSWERED_WITHIN
    if begins == "before":
        await rival.pass_time(timedelta(days=5))
        await _suspend(harbour)
    for _ in range(8):
        await rival.pass_time(ANSWERED_WITHIN)
    assert await _holders(owner) == [harbour.organisation.id]
    found = await rival.found(issued.claim.id)
    assert (found.state, found.contested_until, found.state_until) == (ClaimState.CONTESTED, None, None)
    await _resume(harbour)
    until = harbour.services.clock.now() + ANSWERED_WITHIN
    assert (await harbour.found(held.claim.id)).contested_until == until
    assert (await rival.found(issued.claim.id)).contested_until == until
    await rival.pass_time(ANSWERED_WITHIN - A_MOMENT)
    assert await _holders(owner) == [harbour.organisation.id]
    await rival.pass_time(A_MOMENT)
    assert await _holders(owner) == [rival.organisation.id]


async def test_suspension_that_begins_and_ends_within_the_seven_days_begins_them_again(harbour, rival, owner):
    await harbour.held()
    await rival.prove()
    await _suspend(harbour)
    await rival.pass_time(ANSWERED_WITHIN - A_MOMENT)
    await _resume(harbour)
    await rival.pass_time(ANSWERED_WITHIN - A_MOMENT)
    assert await _holders(owner) == [harbour.organisation.id]
    await rival.pass_time(A_MOMENT)
    assert await _holders(owner) == [rival.organisation.id]


async def test_holder_that_was_suspended_answers_after_it_is_resumed(harbour, rival, owner):
    held = await harbour.held()
    await _suspend(harbour)
    issued = await rival.prove()
    await rival.pass_time(ANSWERED_WITHIN * 2)
    await _resume(harbour)
    harbour.place(await harbour.renew(held.claim.id))
    assert (await harbour.verify(held.claim.id)).contested_at is None
    assert await rival.state(issued.claim.id) is ClaimState.DISPUTED
    await rival.pass_time(ANSWERED_WITHIN * 2)
    assert await _holders(owner) == [harbour.organisation.id]


async def test_name_below_a_suspended_holder_of_all_below_waits_too(harbour, rival, owner):
    await harbour.held(NAME, ClaimScope.SUBTREE)
    await _suspend(harbour)
    await rival.prove(BELOW)
    await rival.pass_time(ANSWERED_WITHIN * 2)
    assert await _holders(owner, BELOW) == []
    await _resume(harbour)
    await rival.pass_time(ANSWERED_WITHIN)
    assert await _holders(owner, BELOW) == [rival.organisation.id]


async def test_claimant_that_waits_for_a_suspended_holder_must_go_on_proving_it(harbour, rival, owner):
    held = await harbour.held()
    await _suspend(harbour)
    issued = await rival.prove()
    rival.remove(issued.challenge)
    harbour.place(held.challenge)
    await rival.pass_time(ANSWERED_WITHIN * 2)
    assert await rival.state(issued.claim.id) is ClaimState.EXPIRED
    assert (await harbour.found(held.claim.id)).contested_at is None
    assert await _holders(owner) == [harbour.organisation.id]


async def test_suspended_holder_that_leaves_lets_go_and_one_that_is_kept_goes_on_waiting(
    harbour, rival, owner, services
):
    await harbour.held()
    await _suspend(harbour)
    issued = await rival.prove()
    await let_leave(services, harbour.organisation)
    async with commanding(services) as access:
        await reopen_organisation(access, harbour.organisation.slug)
    await rival.pass_time(ANSWERED_WITHIN * 2)
    assert await _holders(owner) == [harbour.organisation.id]
    await let_leave(services, harbour.organisation)
    await pass_time(services, HOURS)
    await check_domains(services)
    found = await rival.found(issued.claim.id)
    assert (found.state, found.quarantined_until) == (ClaimState.VERIFIED, found.state_since + QUARANTINE)
    assert await _holders(owner) == [rival.organisation.id]


async def test_suspended_claimant_gains_nothing_until_it_is_resumed(harbour, rival, owner):
    """It could not be made to answer then, so that the domain would be out of everybody's reach."""
    held = await harbour.held()
    issued = await rival.prove()
    await _suspend(rival)
    await rival.pass_time(ANSWERED_WITHIN * 2)
    assert await _holders(owner) == [harbour.organisation.id]
    await harbour.release(held.claim.id)
    await check_domains(harbour.services)
    assert await _holders(owner) == []
    await _resume(rival)
    await check_domains(harbour.services)
    assert await rival.state(issued.claim.id) is ClaimState.VERIFIED


async def test_resumption_and_looks_at_the_same_moment_leave_seven_whole_days(harbour, rival, owner):
    held = await harbour.held()
    await _suspend(harbour)
    issued = await rival.prove()
    harbour.services.clock.advance(ANSWERED_WITHIN * 2)
    looks = (check_domains(harbour.services) for _ in range(3))
    await asyncio.gather(_resume(harbour), *looks)
    while await check_domains(harbour.services):
        pass
    until = harbour.services.clock.now() + ANSWERED_WITHIN
    found = await rival.found(issued.claim.id)
    assert (found.state, found.contested_until) == (ClaimState.CONTESTED, until)
    assert (await harbour.found(held.claim.id)).contested_until == until
    assert await _holders(owner) == [harbour.organisation.id]


async def test_contest_that_began_while_a_resumption_was_under_way_begins_its_days_at_the_next_look(
    harbour, rival, owner
):
    """The one did not see the other: no contest waits for ever by that."""
    held = await harbour.held()
    await _suspend(harbour)
    issued = await rival.prove()
    await owner.execute("update organisation set state = 'active', suspended_at = null where slug = 'harbour'")
    await rival.pass_time(LOOKED_AT_AGAIN)
    until = harbour.services.clock.now() + ANSWERED_WITHIN
    assert await _holders(owner) == [harbour.organisation.id]
    assert (await rival.found(issued.claim.id)).contested_until == until
    assert (await harbour.found(held.claim.id)).contested_until == until
    await rival.pass_time(ANSWERED_WITHIN)
    assert await _holders(owner) == [rival.organisation.id]


# --- a proof that is lost


@pytest.mark.parametrize("begins", ["before", "during"])
async def test_grace_lasts_thirty_days_while_suspended_and_then_the_domain_is_anothers(harbour, rival, owner, begins):
    """An expired domain that another has bought stays with nobody for ever."""
    held = await harbour.held()
    if begins == "during":
        await _suspend(harbour)
    await harbour.lose(held)
    if begins == "before":
        await _suspend(harbour)
    issued = await rival.prove()
    began = (await harbour.found(held.claim.id)).state_since
    end = began + GRACE_WHILE_SUSPENDED
    while (left := end - A_MOMENT - harbour.services.clock.now()) > timedelta(0):
        await rival.pass_time(min(left, timedelta(days=1)))
    found = await harbour.found(held.claim.id)
    assert (found.state, found.state_until) == (ClaimState.GRACE, end)
    assert await rival.state(issued.claim.id) is ClaimState.CONTESTED
    await rival.pass_time(A_MOMENT)
    assert await harbour.state(held.claim.id) in {ClaimState.SUSPENDED, ClaimState.RELEASED}
    assert await _holders(owner) == [rival.organisation.id]


async def test_grace_has_seven_whole_days_after_the_organisation_is_resumed(harbour, owner):
    held = await harbour.held()
    await _suspend(harbour)
    await harbour.lose(held)
    await harbour.pass_time(GRACE_WHILE_SUSPENDED - timedelta(days=1))
    await _resume(harbour)
    found = await harbour.found(held.claim.id)
    now = harbour.services.clock.now()
    assert (found.state, found.state_until, found.remind_at) == (ClaimState.GRACE, now + GRACE, now + REMINDED_AFTER)
    await harbour.pass_time(GRACE - timedelta(hours=1))
    harbour.place(await harbour.renew(held.claim.id))
    assert await harbour.state(held.claim.id) is ClaimState.GRACE
    assert (await harbour.verify(held.claim.id)).state is ClaimState.VERIFIED
    assert await _holders(owner) == [harbour.organisation.id]


async def test_new_record_that_was_issued_before_the_suspension_ends_the_grace_period_during_it(harbour):
    held = await harbour.held()
    await harbour.lose(held)
    renewed = await harbour.renew(held.claim.id)
    await _suspend(harbour)
    harbour.place(renewed)
    await harbour.pass_time(timedelta(days=2))
    assert await harbour.state(held.claim.id) is ClaimState.VERIFIED


async def test_claims_that_keep_nobody_out_expire_while_suspended(harbour, rival):
    held = await rival.held()
    disputed, pending = await harbour.prove(), await harbour.claim("waits.com")
    rival.place(await rival.renew(held.claim.id))
    await rival.verify(held.claim.id)
    assert await harbour.state(disputed.claim.id) is ClaimState.DISPUTED
    await _suspend(harbour)
    await harbour.pass_time(DISPUTED_FOR)
    states = {await harbour.state(each.claim.id) for each in (disputed, pending)}
    assert states == {ClaimState.EXPIRED}


async def test_suspended_claim_of_a_suspended_organisation_is_not_released_by_the_clock(harbour):
    """It keeps nobody out meanwhile, so that nobody waits for its end."""
    held = await harbour.held()
    await harbour.lose(held)
    await harbour.pass_time(GRACE)
    await _suspend(harbour)
    for _ in range(4):
        await harbour.pass_time(SUSPENDED_FOR)
    assert await harbour.state(held.claim.id) is ClaimState.SUSPENDED
    await _resume(harbour)
    assert (await harbour.found(held.claim.id)).state_until == harbour.services.clock.now() + SUSPENDED_FOR
    await harbour.pass_time(SUSPENDED_FOR - A_MOMENT)
    assert await harbour.state(held.claim.id) is ClaimState.SUSPENDED
    await harbour.pass_time(A_MOMENT)
    assert await harbour.state(held.claim.id) is ClaimState.RELEASED


async def test_suspended_claim_of_a_suspended_organisation_keeps_nobody_out(harbour, rival, owner):
    held = await harbour.held()
    await harbour.lose(held)
    await harbour.pass_time(GRACE)
    await _suspend(harbour)
    await rival.held()
    assert await harbour.state(held.claim.id) is ClaimState.RELEASED
    await _resume(harbour)
    assert await _holders(owner) == [rival.organisation.id]


async def test_proof_that_is_still_there_is_never_lost_by_a_suspension(harbour, owner):
    held = await harbour.held()
    await _suspend(harbour)
    await harbour.pass_time(A_YEAR)
    await _resume(harbour)
    found = await harbour.found(held.claim.id)
    assert (found.state, found.contested_at, found.state_until) == (ClaimState.VERIFIED, None, None)
    assert await _holders(owner) == [harbour.organisation.id]
