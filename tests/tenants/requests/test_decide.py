"""Deciding: by the admin first, by the privacy team after, by nobody on the own request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_member
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.requests.authority import NotWithYouError, SelfDecisionError
from wardship.tenants.requests.decide import (
    AlreadyAcknowledgedError,
    acknowledge_request,
    approve_right,
    deny_right,
    escalate_request,
    refuse_right,
)
from wardship.tenants.requests.disputes import object_to_restriction
from wardship.tenants.requests.extend import ExtensionRefusedError, extend_request
from wardship.tenants.requests.identity import IdentityError
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError
from wardship.tenants.requests.submit import RequestedRight, submit_request
from wardship.tenants.requests.withdraw import withdraw_request

ACCESS, ERASURE, CORRECTION = RightKind.ACCESS, RightKind.ERASURE, RightKind.CORRECTION
STATE = RightState


async def _refuse(house, right, who=None) -> None:
    async with house.access(who or house.admin) as access:
        await refuse_right(access, right.id, RefusalCode.UNFOUNDED, "We see no reason.")


async def _escalated(house, *kinds):
    submitted = await house.submit(*kinds)
    async with house.access(house.admin) as access:
        await escalate_request(access, submitted.request.id, "Not ours to decide.")
    return submitted


async def test_admin_acknowledges_once(house):
    submitted = await house.submit(ACCESS)
    async with house.access(house.admin) as access:
        await acknowledge_request(access, submitted.request.id)
    assert (await house.locked(submitted)).request.acknowledged_at == house.services.clock.now()
    with pytest.raises(AlreadyAcknowledgedError):
        async with house.access(house.officer) as access:
            await acknowledge_request(access, submitted.request.id)


async def test_each_right_is_decided_on_its_own(house):
    submitted = await house.submit(ACCESS, ERASURE)
    await house.approve(submitted, ACCESS, reason="Gladly.")
    await _refuse(house, await house.right(submitted, ERASURE))
    assert await house.states(submitted) == {ACCESS: STATE.APPROVED, ERASURE: STATE.WITH_PRIVACY_TEAM}
    right = await house.right(submitted, ACCESS)
    assert (right.decided_by, right.decision_code, right.decision_reason) == (
        house.admin.member_id,
        "granted",
        "Gladly.",
    )


async def test_refusal_of_the_admin_goes_on_to_the_privacy_team_and_the_data_rests(house, owner):
    submitted = await house.submit(ACCESS)
    await _refuse(house, await house.right(submitted, ACCESS))
    case = await house.locked(submitted)
    assert (case.request.handler, case.request.escalation_reason) == ("privacy_team", "admin_refused")
    restriction = await owner.fetchrow("select cause, lifted_at, member_id from restriction")
    assert tuple(restriction) == ("disputed", None, house.member.member_id)
    events = [row["kind"] for row in await owner.fetch("select kind from request_event order by created_at, id")]
    assert events == [
        "submitted",
        "identity_verified",
        "with_admin",
        "refused",
        "escalated",
        "with_privacy_team",
        "with_privacy_team",
        "restricted",
    ]


async def test_admin_objects_to_the_restriction_with_a_reason(house, owner):
    submitted = await house.submit(ACCESS)
    await _refuse(house, await house.right(submitted, ACCESS))
    async with house.access(house.admin) as access:
        await object_to_restriction(access, submitted.request.id, "Wages could not be paid.")
    row = await owner.fetchrow("select lifted_at, lifted_reason from restriction")
    assert tuple(row) == (house.services.clock.now(), "Wages could not be paid.")
    with pytest.raises(WrongStateError):
        async with house.access(house.admin) as access:
            await object_to_restriction(access, submitted.request.id, "Again.")


async def test_privacy_team_denies_and_the_request_ends(house):
    submitted = await house.submit(ACCESS)
    right = await house.right(submitted, ACCESS)
    await _refuse(house, right)
    async with house.access(house.privacy_team) as access:
        await deny_right(access, right.id, RefusalCode.EXCESSIVE, "RequestedRight weekly.")
    case = await house.locked(submitted)
    assert case.rights[0].state is STATE.DENIED
    assert case.request.ended_at == house.services.clock.now()


async def test_withdrawing_ends_the_request_and_the_restriction(house, owner):
    submitted = await house.submit(ACCESS)
    await _refuse(house, await house.right(submitted, ACCESS))
    async with house.access(house.member) as access:
        await withdraw_request(access, submitted.request.id)
    assert await house.states(submitted) == {ACCESS: STATE.WITHDRAWN}
    assert await owner.fetchval("select count(*) from restriction where lifted_at is null") == 0
    with pytest.raises(WrongStateError):
        async with house.access(house.member) as access:
            await withdraw_request(access, submitted.request.id)


async def test_one_right_is_withdrawn_and_the_other_stays(house):
    submitted = await house.submit(ACCESS, ERASURE)
    right = await house.right(submitted, ERASURE)
    async with house.access(house.member) as access:
        await withdraw_request(access, submitted.request.id, right.id)
    assert await house.states(submitted) == {ACCESS: STATE.WITH_ADMIN, ERASURE: STATE.WITHDRAWN}


async def test_nobody_else_withdraws(house):
    submitted = await house.submit(ACCESS)
    with pytest.raises(NotFoundError):
        async with house.access(house.admin) as access:
            await withdraw_request(access, submitted.request.id)


async def test_nobody_decides_on_the_own_request(house, owner):
    submitted = await house.submit(ACCESS, who=house.admin)
    right = await house.right(submitted, ACCESS)
    with pytest.raises(SelfDecisionError):
        async with house.access(house.admin) as access:
            await approve_right(access, right.id)
    member = await house.submit(ACCESS)
    await owner.execute("update role_assignment set role = 'org_admin' where member_id = $1", house.member.member_id)
    promoted = house.member.actor(roles=frozenset({Role.MEMBER, Role.ORG_ADMIN}))
    with pytest.raises(SelfDecisionError):
        await house.approve(member, ACCESS, promoted)
    assert await house.states(member) == {ACCESS: STATE.WITH_ADMIN}


async def test_admin_has_lost_what_went_to_the_privacy_team(house):
    submitted = await _escalated(house, ACCESS)
    right = await house.right(submitted, ACCESS)
    for command in (
        lambda access: approve_right(access, right.id),
        lambda access: refuse_right(access, right.id, RefusalCode.OTHER, "No."),
        lambda access: deny_right(access, right.id, RefusalCode.OTHER, "No."),
        lambda access: acknowledge_request(access, submitted.request.id),
    ):
        with pytest.raises(NotWithYouError):
            async with house.access(house.admin) as access:
                await command(access)
    assert await house.states(submitted) == {ACCESS: STATE.WITH_PRIVACY_TEAM}


async def test_privacy_team_does_not_even_see_what_is_with_the_admin(house):
    submitted = await house.submit(ACCESS)
    right = await house.right(submitted, ACCESS)
    with pytest.raises(NotFoundError):
        async with house.access(house.privacy_team) as access:
            await approve_right(access, right.id)
    with pytest.raises(NotFoundError):
        async with house.access(house.privacy_team) as access:
            await acknowledge_request(access, submitted.request.id)


async def test_roles_that_decide_nothing_are_refused(house, services):
    submitted = await house.submit(ACCESS)
    right = await house.right(submitted, ACCESS)
    auditor = await make_member(services.database, house.organisation, Role.AUDITOR)
    with pytest.raises(PermissionDeniedError):
        async with house.access(auditor) as access:
            await approve_right(access, right.id)
    colleague = await make_member(services.database, house.organisation)
    with pytest.raises(NotFoundError):
        async with house.access(colleague) as access:
            await approve_right(access, right.id)
    assert await house.states(submitted) == {ACCESS: STATE.WITH_ADMIN}


async def test_approval_needs_the_second_factor(house):
    submitted = await house.submit(ACCESS)
    right = await house.right(submitted, ACCESS)
    with pytest.raises(StepUpRequiredError):
        async with house.access(house.admin, stepped_up=False) as access:
            await approve_right(access, right.id)


async def test_nothing_is_decided_before_the_identity_is_proven(house):
    async with house.access(house.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    right = await house.right(submitted, ACCESS)
    with pytest.raises(IdentityError):
        async with house.access(house.admin) as access:
            await approve_right(access, right.id)
    with pytest.raises(IdentityError):
        async with house.access(house.admin) as access:
            await refuse_right(access, right.id, RefusalCode.OTHER, "No.")
    assert await house.states(submitted) == {ACCESS: STATE.SUBMITTED}


async def test_refusal_needs_a_reason(house):
    submitted = await house.submit(ACCESS)
    right = await house.right(submitted, ACCESS)
    with pytest.raises(InvalidInputError):
        async with house.access(house.admin) as access:
            await refuse_right(access, right.id, RefusalCode.OTHER, "  ")
    assert await house.states(submitted) == {ACCESS: STATE.WITH_ADMIN}


async def test_correction_is_granted_field_by_field(house, owner):
    async with house.access(house.member) as access:
        submitted = await submit_request(
            access, [RequestedRight(CORRECTION, {"fields": {"last_name": "King", "company": "Analytical Engines"}})]
        )
    right = await house.right(submitted, CORRECTION)
    with pytest.raises(InvalidInputError, match="Say why"):
        async with house.access(house.admin) as access:
            await approve_right(access, right.id, fields=["last_name"])
    with pytest.raises(InvalidInputError, match="Name fields"):
        async with house.access(house.admin) as access:
            await approve_right(access, right.id, fields=["phone"], limitation="x")
    async with house.access(house.admin) as access:
        await approve_right(access, right.id, fields=["last_name"], limitation="The company is set by contract.")
    await house.run()
    row = await owner.fetchrow("select last_name, company from member where id = $1", house.member.member_id)
    assert tuple(row) == ("King", "")
    done = await house.right(submitted, CORRECTION)
    assert (done.state, done.outcome, done.decision_code) == (STATE.PARTIALLY_FULFILLED, "limited", "partly_granted")


async def test_extension_is_recorded_once_with_its_reason(house, owner):
    submitted = await house.submit(ACCESS, country="DE")
    original = (await house.locked(submitted)).request.due_at
    until = original + timedelta(days=30)
    async with house.access(house.admin) as access:
        await extend_request(access, submitted.request.id, until, "Three archives have to be searched.")
    request = (await house.locked(submitted)).request
    assert (request.due_at, request.original_due_at) == (until, original)
    assert request.extension_reason == "Three archives have to be searched."
    with pytest.raises(ExtensionRefusedError, match="only once"):
        async with house.access(house.admin) as access:
            await extend_request(access, submitted.request.id, until + timedelta(days=1), "More.")
    mails = [row["subject"] for row in await owner.fetch("select subject from outgoing_mail")]
    assert "Your request about your data takes longer" in mails


@pytest.mark.parametrize(
    ("country", "days", "message"),
    [("DE", 63, "at the latest"), ("DE", 0, "at the latest"), ("DE", -1, "at the latest"), ("BR", 1, "no extension")],
)
async def test_extension_beyond_the_law_is_refused(house, country, days, message):
    submitted = await house.submit(ACCESS, country=country)
    due_at = (await house.locked(submitted)).request.due_at
    with pytest.raises(ExtensionRefusedError, match=message):
        async with house.access(house.admin) as access:
            await extend_request(access, submitted.request.id, due_at + timedelta(days=days), "Because.")
    assert (await house.locked(submitted)).request.due_at == due_at


async def test_extension_is_told_within_the_first_period(house, clock):
    submitted = await _escalated(house, ACCESS)
    due_at = (await house.locked(submitted)).request.due_at
    clock.advance(timedelta(days=31))
    with pytest.raises(ExtensionRefusedError, match="first period is over"):
        async with house.access(house.privacy_team) as access:
            await extend_request(access, submitted.request.id, due_at + timedelta(days=5), "Because.")
