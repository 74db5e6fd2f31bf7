"""What is said to happen if nobody acts is what the clocks do: at that moment, and not before."""

from __future__ import annotations

from datetime import timedelta

from tests.requesting import Firm
from wardship.tenants.requests.decide import acknowledge_request
from wardship.tenants.requests.next_steps import NextStep, StepEffect, next_steps
from wardship.tenants.requests.records import LockedRequest
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, Submitted, submit_request
from wardship.tenants.requests.withdraw import withdraw_request

ACCESS, ERASURE = RightKind.ACCESS, RightKind.ERASURE
SECOND = timedelta(seconds=1)


def _said(locked: LockedRequest) -> list[NextStep]:
    return next_steps(locked.request, locked.rights)


async def _until_first(firm: Firm, submitted: Submitted, clock) -> tuple[NextStep, LockedRequest, LockedRequest]:
    """Return what is said first, and the request a second before that moment and at it."""
    first = _said(await firm.locked(submitted))[0]
    clock.advance(first.at - clock.now() - SECOND)
    await firm.run()
    before = await firm.locked(submitted)
    clock.advance(SECOND)
    await firm.run()
    return first, before, await firm.locked(submitted)


async def test_what_nobody_acknowledges_goes_to_the_privacy_team_when_it_says(firm, clock):
    submitted = await firm.submit(ACCESS)
    first, before, after = await _until_first(firm, submitted, clock)
    assert first.effect is StepEffect.GOES_TO_PRIVACY_TEAM
    assert before.rights[0].state is RightState.WITH_ADMIN
    assert after.rights[0].state is RightState.WITH_PRIVACY_TEAM
    assert [step.effect for step in _said(after)] == [StepEffect.IS_LATE]


async def test_what_nobody_decides_goes_to_the_privacy_team_when_it_says(firm, clock):
    submitted = await firm.submit(ACCESS)
    async with firm.access(firm.admin) as access:
        await acknowledge_request(access, submitted.request.id)
    first, before, after = await _until_first(firm, submitted, clock)
    assert (first.effect, first.at) == (StepEffect.GOES_TO_PRIVACY_TEAM, before.request.decide_by)
    assert before.rights[0].state is RightState.WITH_ADMIN
    assert after.rights[0].state is RightState.WITH_PRIVACY_TEAM


async def test_what_nobody_answers_is_late_when_it_says(firm, clock):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE)
    first, before, after = await _until_first(firm, submitted, clock)
    assert (first.effect, first.at) == (StepEffect.IS_LATE, before.request.due_at)
    assert (before.request.late_since, after.request.late_since) == (None, first.at)
    assert _said(after) == []


async def test_what_nobody_proves_expires_when_it_says(firm, clock):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    first, before, after = await _until_first(firm, submitted, clock)
    assert first.effect is StepEffect.EXPIRES
    assert before.rights[0].state is RightState.SUBMITTED
    assert after.rights[0].state is RightState.EXPIRED
    assert _said(after) == []


async def test_what_nobody_calls_off_is_erased_when_it_says(firm, clock):
    submitted = await firm.scheduled()
    first, before, after = await _until_first(firm, submitted, clock)
    assert (first.effect, first.right_id) == (StepEffect.IS_ERASED, before.rights[0].id)
    assert before.rights[0].state is RightState.SCHEDULED
    assert after.rights[0].state is RightState.FULFILLED


async def test_erasure_is_said_to_come_only_once_the_copy_is_there(firm, clock):
    submitted = await firm.submit(ACCESS, ERASURE)
    await firm.approve(submitted, ERASURE)
    await firm.commit(submitted)
    assert StepEffect.IS_ERASED not in {step.effect for step in _said(await firm.locked(submitted))}
    clock.advance(timedelta(days=15))
    await firm.run()
    assert await firm.states(submitted) == {ACCESS: RightState.WITH_PRIVACY_TEAM, ERASURE: RightState.SCHEDULED}
    await firm.approve(submitted, ACCESS, firm.privacy_team)
    await firm.run()
    assert (await firm.states(submitted))[ERASURE] is RightState.FULFILLED


async def test_nothing_is_said_of_a_request_that_has_ended(firm):
    submitted = await firm.submit(ACCESS)
    async with firm.access(firm.member) as access:
        await withdraw_request(access, submitted.request.id, None)
    assert _said(await firm.locked(submitted)) == []
