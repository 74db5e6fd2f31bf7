"""Every restriction has its end: the person's own wish, a decision that the person was told before, its cause's end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_member
from tests.connecting import Connections
from tests.mails import subjects as told_subjects
from tests.mails import told
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.grants.restrictions import RestrictionState, find_restriction, restrictions_of
from wardship.tenants.members.membership import remove_member
from wardship.tenants.requests.authority import NotWithYouError, SelfDecisionError
from wardship.tenants.requests.lifting import announce_lift, keep_restriction, lift_my_restriction
from wardship.tenants.requests.states import RightKind, WrongStateError

ACCESS, RESTRICTION = RightKind.ACCESS, RightKind.RESTRICTION
HOUR = timedelta(hours=1)


@pytest.fixture
def connections(firm):
    return Connections(firm.services, firm.admin)


@pytest.fixture
async def restriction(firm, owner):
    """A restriction that was asked for and granted."""
    submitted = await firm.submit(RESTRICTION)
    await firm.approve(submitted, RESTRICTION)
    await firm.run()
    return await owner.fetchval("select id from restriction where lifted_at is null")


async def _state(firm, restriction):
    async with firm.access(firm.member) as access:
        return (await find_restriction(access, restriction)).state


async def _announce(firm, restriction, who=None):
    async with firm.access(who or firm.officer) as access:
        return await announce_lift(access, restriction, "The accuracy was checked.")


def _has(recording):
    return "Ada" in {record.text("first_name") for record in recording.held.values()}


async def test_person_lifts_the_own_restriction_at_once(firm, connections, recording, restriction):
    await connections.connect()
    assert not _has(recording)
    async with firm.access(firm.member, stepped_up=False) as access:
        lifted = await lift_my_restriction(access, restriction)
    assert (lifted.state, lifted.lifted_at) == (RestrictionState.LIFTED, firm.services.clock.now())
    await connections.pass_time(hours=1)
    async with firm.access(firm.admin) as access:
        assert (await restrictions_of(access, [firm.member.member_id]))[firm.member.member_id][0].state == "lifted"
    with pytest.raises(WrongStateError):
        async with firm.access(firm.member) as access:
            await lift_my_restriction(access, restriction)


async def test_vendor_that_was_told_to_restrict_is_told_of_the_lift(firm, connections, recording):
    await connections.connect()
    submitted = await firm.submit(RESTRICTION)
    await firm.approve(submitted, RESTRICTION)
    await firm.run()
    await connections.work()
    assert not _has(recording)
    async with firm.access(firm.member) as access:
        (found,) = (await restrictions_of(access, [firm.member.member_id]))[firm.member.member_id]
        await lift_my_restriction(access, found.id)
    await connections.work()
    assert _has(recording)


async def test_decider_lifts_after_the_person_was_told_for_72_hours(firm, owner, clock, restriction):
    announced = await _announce(firm, restriction)
    assert (announced.state, announced.lift_at) == (RestrictionState.LIFT_ANNOUNCED, clock.now() + 72 * HOUR)
    mail = (await told(firm.services, owner))[-1]
    assert mail.subject == "The restriction of your data ends on 2026-11-24"
    assert "The accuracy was checked." in mail.body
    clock.advance(71 * HOUR)
    await firm.run()
    assert await _state(firm, restriction) is RestrictionState.LIFT_ANNOUNCED
    clock.advance(HOUR)
    await firm.run()
    assert await _state(firm, restriction) is RestrictionState.LIFTED
    kinds = [row["kind"] for row in await owner.fetch("select kind from request_event order by created_at, id")]
    assert kinds[-2:] == ["restriction_lift_announced", "restriction_lifted"]
    actions = [row["action"] for row in await owner.fetch("select action from audit_entry order by sequence")]
    assert actions[-2:] == ["restriction.lift_announced", "restriction.lifted"]


async def test_announced_end_is_taken_back_and_the_person_is_told(firm, owner, clock, restriction):
    await _announce(firm, restriction)
    async with firm.access(firm.admin) as access:
        kept = await keep_restriction(access, restriction)
    assert (kept.state, kept.lift_at) == (RestrictionState.IN_FORCE, None)
    assert "The restriction of your data stays" in await told_subjects(firm.services, owner)
    clock.advance(73 * HOUR)
    await firm.run()
    assert await _state(firm, restriction) is RestrictionState.IN_FORCE
    with pytest.raises(WrongStateError):
        async with firm.access(firm.admin) as access:
            await keep_restriction(access, restriction)


async def test_lift_is_decided_by_those_who_decide_requests_and_never_for_oneself(firm, services, restriction):
    colleague = await make_member(services.database, firm.organisation)
    for who, refusal in (
        (colleague, NotFoundError),
        (firm.member, SelfDecisionError),
        (firm.privacy_team, NotFoundError),
    ):
        with pytest.raises(refusal):
            await _announce(firm, restriction, who)
    with pytest.raises(StepUpRequiredError):
        async with firm.access(firm.admin, stepped_up=False) as access:
            await announce_lift(access, restriction, "No step-up.")
    with pytest.raises(InvalidInputError):
        async with firm.access(firm.admin) as access:
            await announce_lift(access, restriction, " ")
    with pytest.raises(NotFoundError):
        async with firm.access(colleague) as access:
            await lift_my_restriction(access, restriction)
    assert await _state(firm, restriction) is RestrictionState.IN_FORCE


async def test_privacy_team_lifts_what_it_granted(firm, owner, clock):
    submitted = await firm.submit(RESTRICTION, who=firm.officer)
    await firm.approve(submitted, RESTRICTION, firm.privacy_team)
    await firm.run()
    restriction = await owner.fetchval("select id from restriction")
    with pytest.raises(NotWithYouError):
        await _announce(firm, restriction, firm.admin)
    await _announce(firm, restriction, firm.privacy_team)
    clock.advance(72 * HOUR)
    await firm.run()
    assert await owner.fetchval("select lifted_at from restriction") == clock.now()


async def test_restriction_of_a_scheduled_erasure_ends_with_the_erasure_only(firm, owner):
    await firm.scheduled()
    restriction = await owner.fetchval("select id from restriction")
    with pytest.raises(WrongStateError, match="call that off"):
        async with firm.access(firm.member) as access:
            await lift_my_restriction(access, restriction)
    with pytest.raises(WrongStateError, match="call that off"):
        await _announce(firm, restriction, firm.admin)


async def test_person_lifts_what_a_dispute_restricts_and_decides_nothing_else_by_it(firm, owner):
    submitted = await firm.submit(ACCESS)
    await firm.refuse(submitted, ACCESS)
    restriction = await owner.fetchval("select id from restriction")
    async with firm.access(firm.member) as access:
        await lift_my_restriction(access, restriction)
    assert await owner.fetchval("select count(*) from restriction where lifted_at is null") == 0
    assert set((await firm.states(submitted)).values()) == {"with_privacy_team"}


async def test_person_who_has_left_lifts_too(firm, restriction):
    async with firm.access(firm.owner) as access:
        await remove_member(access, firm.member.member_id)
    async with firm.access(firm.member.actor(roles=frozenset())) as access:
        assert (await lift_my_restriction(access, restriction)).state is RestrictionState.LIFTED


async def test_others_restrictions_are_for_those_who_read_requests(firm, services, restriction):
    colleague = await make_member(services.database, firm.organisation)
    async with firm.access(colleague) as access:
        assert await restrictions_of(access, [firm.member.member_id]) == {}
    for who in (firm.member, firm.admin, firm.officer):
        async with firm.access(who) as access:
            (found,) = (await restrictions_of(access, [firm.member.member_id]))[firm.member.member_id]
        assert (found.id, found.cause) == (restriction, "requested")


async def test_restriction_that_was_opened_without_a_request_is_lifted_too(firm, owner, clock):
    restriction = await owner.fetchval(
        "insert into restriction (organisation_id, id, created_at, member_id, cause)"
        " values ($1, gen_random_uuid(), $3, $2, 'requested') returning id",
        firm.organisation.id,
        firm.member.member_id,
        clock.now(),
    )
    with pytest.raises(PermissionDeniedError):
        await _announce(firm, restriction, firm.member)
    await _announce(firm, restriction)
    clock.advance(72 * HOUR)
    await firm.run()
    assert await _state(firm, restriction) is RestrictionState.LIFTED
