"""Deciding: by the admin first, by the privacy team after, by nobody on the own request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.builders import make_member
from tests.mails import subjects as told_subjects
from tests.mails import told, waiting_mails
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.organisations.update import update_settings
from wardship.tenants.requests.authority import NotWithYouError, SelfDecisionError
from wardship.tenants.requests.decide import (
    AlreadyAcknowledgedError,
    acknowledge_request,
    approve_right,
    deny_right,
    escalate_request,
    refuse_right,
)
from wardship.tenants.requests.extend import ExtensionRefusedError, extend_request
from wardship.tenants.requests.identity import IdentityError
from wardship.tenants.requests.lifting import object_to_restriction
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError
from wardship.tenants.requests.submit import RequestedRight, submit_request
from wardship.tenants.requests.withdraw import withdraw_request

ACCESS, ERASURE, CORRECTION = RightKind.ACCESS, RightKind.ERASURE, RightKind.CORRECTION
STATE = RightState


async def _refuse(firm, right, who=None) -> None:
    async with firm.access(who or firm.admin) as access:
        await refuse_right(access, right.id, RefusalCode.UNFOUNDED, "We see no reason.")


async def _escalated(firm, *kinds):
    submitted = await firm.submit(*kinds)
    async with firm.access(firm.admin) as access:
        await escalate_request(access, submitted.request.id, "Not ours to decide.")
    return submitted


async def test_admin_acknowledges_once(firm):
    submitted = await firm.submit(ACCESS)
    async with firm.access(firm.admin) as access:
        await acknowledge_request(access, submitted.request.id)
    assert (await firm.locked(submitted)).request.acknowledged_at == firm.services.clock.now()
    with pytest.raises(AlreadyAcknowledgedError):
        async with firm.access(firm.officer) as access:
            await acknowledge_request(access, submitted.request.id)


async def test_each_right_is_decided_on_its_own(firm):
    submitted = await firm.submit(ACCESS, ERASURE)
    await firm.approve(submitted, ACCESS, reason="Gladly.")
    await _refuse(firm, await firm.right(submitted, ERASURE))
    assert await firm.states(submitted) == {ACCESS: STATE.APPROVED, ERASURE: STATE.WITH_PRIVACY_TEAM}
    right = await firm.right(submitted, ACCESS)
    assert (right.decided_by, right.decision_code, right.decision_reason) == (
        firm.admin.member_id,
        "granted",
        "Gladly.",
    )


async def test_refusal_of_the_admin_goes_on_to_the_privacy_team_and_the_data_rests(firm, owner):
    submitted = await firm.submit(ACCESS)
    await _refuse(firm, await firm.right(submitted, ACCESS))
    locked = await firm.locked(submitted)
    assert (locked.request.handler, locked.request.escalation_reason) == ("privacy_team", "admin_refused")
    restriction = await owner.fetchrow("select cause, lifted_at, member_id from restriction")
    assert tuple(restriction) == ("disputed", None, firm.member.member_id)
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


async def test_admin_objects_to_the_restriction_with_a_reason_and_the_person_knows_before(firm, owner, clock):
    submitted = await firm.submit(ACCESS)
    await _refuse(firm, await firm.right(submitted, ACCESS))
    async with firm.access(firm.admin) as access:
        await object_to_restriction(access, submitted.request.id, "Wages could not be paid.")
    with pytest.raises(WrongStateError):
        async with firm.access(firm.admin) as access:
            await object_to_restriction(access, submitted.request.id, "Again.")
    mails = await told_subjects(firm.services, owner)
    assert "The restriction of your data ends on 2026-11-24" in mails
    clock.advance(timedelta(hours=71))
    await firm.run()
    lifted = "select lifted_at, lifted_reason from restriction where cause = 'disputed'"
    assert tuple(await owner.fetchrow(lifted)) == (None, "Wages could not be paid.")
    clock.advance(timedelta(hours=1))
    await firm.run()
    assert tuple(await owner.fetchrow(lifted)) == (clock.now(), "Wages could not be paid.")


async def test_privacy_team_denies_and_the_request_ends(firm):
    submitted = await firm.submit(ACCESS)
    right = await firm.right(submitted, ACCESS)
    await _refuse(firm, right)
    async with firm.access(firm.privacy_team) as access:
        await deny_right(access, right.id, RefusalCode.EXCESSIVE, "RequestedRight weekly.")
    locked = await firm.locked(submitted)
    assert locked.rights[0].state is STATE.DENIED
    assert locked.request.ended_at == firm.services.clock.now()


async def test_withdrawing_ends_the_request_and_the_restriction(firm, owner):
    submitted = await firm.submit(ACCESS)
    await _refuse(firm, await firm.right(submitted, ACCESS))
    async with firm.access(firm.member) as access:
        await withdraw_request(access, submitted.request.id)
    assert await firm.states(submitted) == {ACCESS: STATE.WITHDRAWN}
    assert await owner.fetchval("select count(*) from restriction where lifted_at is null") == 0
    with pytest.raises(WrongStateError):
        async with firm.access(firm.member) as access:
            await withdraw_request(access, submitted.request.id)


async def test_one_right_is_withdrawn_and_the_other_stays(firm):
    submitted = await firm.submit(ACCESS, ERASURE)
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.member) as access:
        await withdraw_request(access, submitted.request.id, right.id)
    assert await firm.states(submitted) == {ACCESS: STATE.WITH_ADMIN, ERASURE: STATE.WITHDRAWN}


async def test_nobody_else_withdraws(firm):
    submitted = await firm.submit(ACCESS)
    with pytest.raises(NotFoundError):
        async with firm.access(firm.admin) as access:
            await withdraw_request(access, submitted.request.id)


async def test_nobody_decides_on_the_own_request(firm, owner):
    submitted = await firm.submit(ACCESS, who=firm.admin)
    right = await firm.right(submitted, ACCESS)
    with pytest.raises(SelfDecisionError):
        async with firm.access(firm.admin) as access:
            await approve_right(access, right.id)
    member = await firm.submit(ACCESS)
    await owner.execute("update role_assignment set role = 'org_admin' where member_id = $1", firm.member.member_id)
    promoted = firm.member.actor(roles=frozenset({Role.MEMBER, Role.ORG_ADMIN}))
    with pytest.raises(SelfDecisionError):
        await firm.approve(member, ACCESS, promoted)
    assert await firm.states(member) == {ACCESS: STATE.WITH_ADMIN}


async def test_admin_has_lost_what_went_to_the_privacy_team(firm):
    submitted = await _escalated(firm, ACCESS)
    right = await firm.right(submitted, ACCESS)
    for command in (
        lambda access: approve_right(access, right.id),
        lambda access: refuse_right(access, right.id, RefusalCode.OTHER, "No."),
        lambda access: deny_right(access, right.id, RefusalCode.OTHER, "No."),
        lambda access: acknowledge_request(access, submitted.request.id),
    ):
        with pytest.raises(NotWithYouError):
            async with firm.access(firm.admin) as access:
                await command(access)
    assert await firm.states(submitted) == {ACCESS: STATE.WITH_PRIVACY_TEAM}


async def test_privacy_team_does_not_even_see_what_is_with_the_admin(firm):
    submitted = await firm.submit(ACCESS)
    right = await firm.right(submitted, ACCESS)
    with pytest.raises(NotFoundError):
        async with firm.access(firm.privacy_team) as access:
            await approve_right(access, right.id)
    with pytest.raises(NotFoundError):
        async with firm.access(firm.privacy_team) as access:
            await acknowledge_request(access, submitted.request.id)


async def test_roles_that_decide_nothing_are_refused(firm, services):
    submitted = await firm.submit(ACCESS)
    right = await firm.right(submitted, ACCESS)
    auditor = await make_member(services.database, firm.organisation, Role.AUDITOR)
    with pytest.raises(PermissionDeniedError):
        async with firm.access(auditor) as access:
            await approve_right(access, right.id)
    colleague = await make_member(services.database, firm.organisation)
    with pytest.raises(NotFoundError):
        async with firm.access(colleague) as access:
            await approve_right(access, right.id)
    assert await firm.states(submitted) == {ACCESS: STATE.WITH_ADMIN}


async def test_approval_needs_the_second_factor(firm):
    submitted = await firm.submit(ACCESS)
    right = await firm.right(submitted, ACCESS)
    with pytest.raises(StepUpRequiredError):
        async with firm.access(firm.admin, stepped_up=False) as access:
            await approve_right(access, right.id)


async def test_nothing_is_decided_before_the_identity_is_proven(firm):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    right = await firm.right(submitted, ACCESS)
    with pytest.raises(IdentityError):
        async with firm.access(firm.admin) as access:
            await approve_right(access, right.id)
    with pytest.raises(IdentityError):
        async with firm.access(firm.admin) as access:
            await refuse_right(access, right.id, RefusalCode.OTHER, "No.")
    assert await firm.states(submitted) == {ACCESS: STATE.SUBMITTED}


async def test_refusal_needs_a_reason(firm):
    submitted = await firm.submit(ACCESS)
    right = await firm.right(submitted, ACCESS)
    with pytest.raises(InvalidInputError):
        async with firm.access(firm.admin) as access:
            await refuse_right(access, right.id, RefusalCode.OTHER, "  ")
    assert await firm.states(submitted) == {ACCESS: STATE.WITH_ADMIN}


async def test_correction_is_granted_field_by_field(firm, owner):
    async with firm.access(firm.member) as access:
        submitted = await submit_request(
            access, [RequestedRight(CORRECTION, {"fields": {"last_name": "King", "company": "Analytical Engines"}})]
        )
    right = await firm.right(submitted, CORRECTION)
    with pytest.raises(InvalidInputError, match="Say why"):
        async with firm.access(firm.admin) as access:
            await approve_right(access, right.id, fields=["last_name"])
    with pytest.raises(InvalidInputError, match="Name fields"):
        async with firm.access(firm.admin) as access:
            await approve_right(access, right.id, fields=["phone"], limitation="x")
    async with firm.access(firm.admin) as access:
        await approve_right(access, right.id, fields=["last_name"], limitation="The company is set by contract.")
    await firm.run()
    row = await owner.fetchrow("select last_name, company from member where id = $1", firm.member.member_id)
    assert tuple(row) == ("King", "")
    done = await firm.right(submitted, CORRECTION)
    assert (done.state, done.outcome, done.decision_code) == (STATE.PARTIALLY_FULFILLED, "limited", "partly_granted")


async def test_extension_is_recorded_once_with_its_reason(firm, owner):
    submitted = await firm.submit(ACCESS, country="DE")
    original = (await firm.locked(submitted)).request.due_at
    until = original + timedelta(days=30)
    async with firm.access(firm.admin) as access:
        await extend_request(access, submitted.request.id, until, "Three archives have to be searched.")
    request = (await firm.locked(submitted)).request
    assert (request.due_at, request.original_due_at) == (until, original)
    assert request.extension_reason == "Three archives have to be searched."
    with pytest.raises(ExtensionRefusedError, match="only once"):
        async with firm.access(firm.admin) as access:
            await extend_request(access, submitted.request.id, until + timedelta(days=1), "More.")
    mails = await told_subjects(firm.services, owner)
    assert "Your request about your data takes longer" in mails


@pytest.mark.parametrize(
    ("country", "days", "message"),
    [("DE", 63, "at the latest"), ("DE", 0, "at the latest"), ("DE", -1, "at the latest"), ("BR", 1, "no extension")],
)
async def test_extension_beyond_the_law_is_refused(firm, country, days, message):
    submitted = await firm.submit(ACCESS, country=country)
    due_at = (await firm.locked(submitted)).request.due_at
    with pytest.raises(ExtensionRefusedError, match=message):
        async with firm.access(firm.admin) as access:
            await extend_request(access, submitted.request.id, due_at + timedelta(days=days), "Because.")
    assert (await firm.locked(submitted)).request.due_at == due_at


async def test_extension_is_told_within_the_first_period(firm, clock):
    submitted = await _escalated(firm, ACCESS)
    due_at = (await firm.locked(submitted)).request.due_at
    clock.advance(timedelta(days=31))
    with pytest.raises(ExtensionRefusedError, match="first period is over"):
        async with firm.access(firm.privacy_team) as access:
            await extend_request(access, submitted.request.id, due_at + timedelta(days=5), "Because.")


async def test_extension_to_the_very_day_that_the_refusal_names_is_accepted(firm):
    submitted = await firm.submit(ACCESS, country="DE")
    until = (await firm.locked(submitted)).request.due_at.replace(month=2, day=21, year=2027, hour=23)
    with pytest.raises(ExtensionRefusedError, match="at the latest 2027-02-21"):
        async with firm.access(firm.admin) as access:
            await extend_request(access, submitted.request.id, until + timedelta(hours=1), "Because.")
    async with firm.access(firm.admin) as access:
        extended = await extend_request(access, submitted.request.id, until, "Because.")
    assert extended.due_at == until == (await firm.locked(submitted)).request.due_at


async def test_extension_is_never_later_than_the_latest_day_in_utc(firm):
    submitted = await firm.submit(ACCESS, country="DE")
    west = timezone(timedelta(hours=-10))
    async with firm.access(firm.admin) as access:
        extended = await extend_request(
            access, submitted.request.id, datetime(2027, 2, 21, 20, tzinfo=west), "Because."
        )
    assert f"{extended.due_at:%Y-%m-%d %H:%M}" == "2027-02-21 23:59"


async def test_extension_without_an_offset_is_refused_with_what_to_send(firm):
    submitted = await firm.submit(ACCESS, country="DE")
    with pytest.raises(InvalidInputError, match="offset") as refusal:
        async with firm.access(firm.admin) as access:
            await extend_request(
                access, submitted.request.id, datetime.fromisoformat("2027-02-01T00:00:00"), "Because."
            )
    assert refusal.value.path == ("until",)


async def test_extension_is_told_with_the_date_in_the_persons_own_time_zone(firm, services, owner):
    submitted = await firm.submit(ACCESS, country="DE")
    await owner.execute("update account set time_zone = 'Asia/Tokyo' where id = $1", firm.member.account_id)
    async with firm.access(firm.admin) as access:
        await extend_request(access, submitted.request.id, datetime(2027, 2, 1, 20, tzinfo=UTC), "Much to do.")
    (body,) = [mail.body for mail in await waiting_mails(services) if "takes longer" in mail.subject]
    assert "answered by 2027-02-02 at the latest" in body


async def test_refusal_and_denial_name_whom_the_organisation_says_to_turn_to_and_an_approval_does_not(
    firm, services, owner
):
    async with firm.access(firm.owner) as access:
        await update_settings(access, {"grievance_contact": "Grace Grey, +44 20 7946 0001"})
    submitted = await firm.submit(ACCESS, ERASURE)
    await _refuse(firm, await firm.right(submitted, ACCESS))
    await firm.approve(submitted, ERASURE)
    await firm.deny(submitted, ACCESS)
    decided = "Your request about your data: "
    mails = {mail.subject: mail.body for mail in await told(services, owner) if mail.subject.startswith(decided)}
    named = {subject for subject, body in mails.items() if "Grace Grey, +44 20 7946 0001" in body}
    assert len(mails) == 3
    assert sorted(subject.split(": ")[1] for subject in named) == [
        "Access denied",
        "Access refused by the administrator, now with the privacy team",
    ]
