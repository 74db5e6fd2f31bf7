"""After a membership has ended: told and warned by mail, back at one's own wish, erased only as somebody decided."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.connecting import Connections
from tests.mails import forget_told, invitation_token, subjects, told, waiting_mails
from wardship.core.errors import NotFoundError
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.members.membership import (
    StateConflictError,
    deactivate_member,
    reactivate_member,
    remove_member,
)
from wardship.tenants.requests.authority import SelfDecisionError
from wardship.tenants.requests.decide import approve_right, deny_right
from wardship.tenants.requests.ended_memberships import reactivate_my_membership
from wardship.tenants.requests.erasures import cancel_erasure, commit_erasure, preview_erasure
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind, RightState

ACCESS, ERASURE, DEACTIVATION = RightKind.ACCESS, RightKind.ERASURE, RightKind.DEACTIVATION
DAY = timedelta(days=1)
ERASURES = "select state from request_right where kind = 'erasure'"


async def _leave_at_request(firm):
    submitted = await firm.submit(DEACTIVATION)
    await firm.approve(submitted, DEACTIVATION)
    await firm.run()


async def _be_deactivated(firm):
    async with firm.access(firm.admin) as access:
        await deactivate_member(access, firm.member.member_id)


async def _be_removed(firm):
    async with firm.access(firm.admin) as access:
        await remove_member(access, firm.member.member_id)


WAYS = [_leave_at_request, _be_deactivated, _be_removed]


async def _mails(firm, owner):
    return await subjects(firm.services, owner)


async def _wait(firm, clock, days):
    """Let days pass one by one, the clocks running on each."""
    for _ in range(days):
        clock.advance(DAY)
        await firm.run()


async def _state(firm, owner):
    return await owner.fetchval("select state from member where id = $1", firm.member.member_id)


@pytest.mark.parametrize("leave", WAYS)
async def test_every_end_of_a_membership_is_told_and_warned_of_30_7_and_2_days_before(firm, owner, clock, leave):
    await leave(firm)
    assert len([mail for mail in await _mails(firm, owner) if "Your membership in" in mail]) == 1
    await forget_told(owner)
    ends = f"{clock.now() + 90 * DAY:%Y-%m-%d}"
    warned = []
    for day in range(1, 91):
        await _wait(firm, clock, 1)
        warned += [day for mail in await _mails(firm, owner) if mail.startswith(f"On {ends} the erasure")]
        await forget_told(owner)
    assert warned == [60, 83, 88]


@pytest.mark.parametrize("leave", WAYS)
async def test_end_of_the_time_asks_for_an_erasure_that_two_people_decide(firm, owner, clock, leave):
    await leave(firm)
    await _wait(firm, clock, 89)
    assert await owner.fetchval(ERASURES) is None
    await _wait(firm, clock, 1)
    row = await owner.fetchrow("select id, state, handler from request_right where kind = 'erasure'")
    assert tuple(row)[1:] == ("with_admin", "admin")
    async with firm.access(firm.admin) as access:
        await approve_right(access, row["id"])
        preview = await preview_erasure(access, row["id"])
    with pytest.raises(SelfDecisionError):
        async with firm.access(firm.admin) as access:
            await commit_erasure(access, row["id"], preview.digest)
    async with firm.access(firm.officer) as access:
        await commit_erasure(access, row["id"], preview.digest)
    await _wait(firm, clock, 13)
    assert await _state(firm, owner) != "erased"
    await _wait(firm, clock, 1)
    assert await _state(firm, owner) == "erased"
    assert await owner.fetchval("select state from grace_period") == "ended"


async def _asked(firm, clock, leave=_leave_at_request):
    await leave(firm)
    await _wait(firm, clock, 90)


async def test_reference_of_the_certificate_is_mailed_once_and_opens_it(firm, owner, clock):
    await _asked(firm, clock)
    mails = await waiting_mails(firm.services)
    (body,) = [mail.body for mail in mails if mail.subject.startswith("The erasure of your data")]
    reference = re.search(r"/certificates/(\S+)", body)[1]
    right_id = await owner.fetchval("select id from request_right where kind = 'erasure'")
    async with firm.access(firm.admin) as access:
        await approve_right(access, right_id)
        preview = await preview_erasure(access, right_id)
    async with firm.access(firm.officer) as access:
        await commit_erasure(access, right_id, preview.digest)
    await _wait(firm, clock, 14)
    async with firm.services.database.directory(read_only=True) as transaction:
        assert await certificate_of_reference(transaction, reference)
    assert [mail for mail in await told(firm.services, owner) if reference in mail.body] == []


async def test_undecided_erasure_goes_to_the_privacy_team_and_never_happens_by_itself(firm, owner, clock):
    await _asked(firm, clock)
    await _wait(firm, clock, 3)
    assert await owner.fetchval(ERASURES) == "with_privacy_team"
    await _wait(firm, clock, 60)
    assert await owner.fetchval(ERASURES) == "with_privacy_team"
    assert await _state(firm, owner) == "deactivated"


async def test_person_comes_back_to_what_was_deactivated_at_the_own_request(firm, owner, clock):
    await Connections(firm.services, firm.admin).connect("recorder")
    await _asked(firm, clock)
    async with firm.access(_outside(firm)) as access:
        member = await reactivate_my_membership(access, firm.member.member_id)
    assert (member.id, member.state) == (firm.member.member_id, "active")
    await firm.run()
    assert await owner.fetchval(ERASURES) == "withdrawn"
    assert await owner.fetchval("select state from grace_period") == "ended"
    await _wait(firm, clock, 100)
    assert await _state(firm, owner) == "active"


@pytest.mark.parametrize("leave", [_be_deactivated, _be_removed])
async def test_person_does_not_undo_what_an_administrator_ended(firm, owner, leave):
    await leave(firm)
    state = await _state(firm, owner)
    with pytest.raises(StateConflictError, match="ask an administrator"):
        async with firm.access(_outside(firm)) as access:
            await reactivate_my_membership(access, firm.member.member_id)
    assert await _state(firm, owner) == state


async def test_request_to_be_deactivated_does_not_open_a_way_around_an_administrator(firm, owner):
    submitted = await firm.submit(DEACTIVATION)
    await firm.approve(submitted, DEACTIVATION)
    await _be_deactivated(firm)
    await firm.run()
    assert await firm.states(submitted) == {DEACTIVATION: RightState.FULFILLED}
    assert await owner.fetchval("select cause from grace_period") == "suspended"


async def test_administrator_who_reactivates_ends_the_time_and_its_erasure(firm, owner, clock):
    await _asked(firm, clock, _be_deactivated)
    async with firm.access(firm.admin) as access:
        await reactivate_member(access, firm.member.member_id)
    await firm.run()
    assert await owner.fetchval(ERASURES) == "withdrawn"
    assert await owner.fetchval("select state from grace_period") == "ended"


async def test_rejoining_ends_the_time_of_a_removed_member(firm, owner, clock):
    await _be_removed(firm)
    async with firm.access(firm.owner) as access:
        await invite_member(access, firm.member.email)
    token = await invitation_token(firm.services)
    await accept_invitation(firm.services, firm.member.account_id, token, request_id="test")
    assert await owner.fetchval("select state from grace_period") == "ended"
    await _wait(firm, clock, 100)
    assert await owner.fetchval(ERASURES) is None


async def test_removal_of_a_deactivated_member_begins_the_time_anew(firm, owner, clock):
    await _be_deactivated(firm)
    await _wait(firm, clock, 80)
    await _be_removed(firm)
    row = await owner.fetchrow("select cause, ends_at, warnings from grace_period where state = 'running'")
    assert tuple(row) == ("removed", clock.now() + 90 * DAY, 0)


async def test_removal_while_the_erasure_is_asked_for_promises_no_time_and_no_way_back(firm, owner, clock):
    await _asked(firm, clock)
    ends_at = await owner.fetchval("select ends_at from grace_period")
    await forget_told(owner)
    await _be_removed(firm)
    row = await owner.fetchrow("select state, cause, ends_at from grace_period")
    assert tuple(row) == ("erasure_asked", "removed", ends_at)
    (mail,) = await told(firm.services, owner)
    assert "was ended" in mail.subject
    assert "was asked for before" in mail.body
    assert f"{clock.now() + 90 * DAY:%Y-%m-%d}" not in mail.body
    assert "invitation" in mail.body
    assert await owner.fetchval("select count(*) from audit_entry where action = 'grace.started'") == 1


async def test_end_of_a_membership_does_not_promise_to_keep_what_the_person_lets_erase(firm, owner):
    await firm.scheduled()
    await _be_removed(firm)
    (body,) = [mail.body for mail in await told(firm.services, owner) if mail.subject.startswith("Your membership")]
    assert "unless it is erased before because you asked for that" in body


async def test_erasure_that_is_called_off_or_denied_lets_the_time_run_again(firm, owner, clock):
    await _asked(firm, clock)
    right_id = await owner.fetchval("select id from request_right where kind = 'erasure'")
    await _wait(firm, clock, 3)
    async with firm.access(firm.privacy_team) as access:
        await deny_right(access, right_id, RefusalCode.LEGAL_HOLD, "A lawsuit is open.")
    await firm.run()
    row = await owner.fetchrow("select state, ends_at, warnings from grace_period")
    assert tuple(row) == ("running", clock.now() + 90 * DAY, 0)
    await _wait(firm, clock, 90)
    assert [row["state"] for row in await owner.fetch(ERASURES + " order by created_at")] == ["denied", "with_admin"]


async def test_person_cancels_the_scheduled_erasure_without_coming_back(firm, owner, clock):
    await _asked(firm, clock)
    right_id = await owner.fetchval("select id from request_right where kind = 'erasure'")
    async with firm.access(firm.admin) as access:
        await approve_right(access, right_id)
        preview = await preview_erasure(access, right_id)
    async with firm.access(firm.officer) as access:
        await commit_erasure(access, right_id, preview.digest)
    async with firm.access(_outside(firm)) as access:
        await cancel_erasure(access, right_id)
    await firm.run()
    assert (await _state(firm, owner), await owner.fetchval("select state from grace_period")) == (
        "deactivated",
        "running",
    )


async def test_erasure_that_nobody_asked_for_waits_for_the_copy_that_the_person_asked_for(firm, owner, clock):
    await _be_deactivated(firm)
    await _wait(firm, clock, 80)
    submitted = await firm.submit(ACCESS)
    await _wait(firm, clock, 10)
    right_id = await owner.fetchval("select id from request_right where kind = 'erasure'")
    async with firm.access(firm.admin) as access:
        await approve_right(access, right_id)
        preview = await preview_erasure(access, right_id)
    async with firm.access(firm.officer) as access:
        await commit_erasure(access, right_id, preview.digest)
    await _wait(firm, clock, 15)
    assert (await _state(firm, owner), await owner.fetchval(ERASURES)) == ("deactivated", "scheduled")
    event = "select reason from request_event where kind = 'postponed'"
    assert [row["reason"] for row in await owner.fetch(event)] == ["copy_pending"]
    assert (await _mails(firm, owner)).count("Your request about your data waits: Erasure") == 1
    await firm.approve(submitted, ACCESS, firm.privacy_team)
    await firm.run()
    assert await firm.states(submitted) == {ACCESS: RightState.FULFILLED}
    await _wait(firm, clock, 6)
    assert await _state(firm, owner) == "deactivated"
    await _wait(firm, clock, 1)
    assert await _state(firm, owner) == "erased"


async def test_worker_that_stood_still_warns_for_the_whole_time_before_anything_is_asked_for(firm, owner, clock):
    await _be_removed(firm)
    clock.advance(200 * DAY)
    await firm.run()
    assert await owner.fetchval(ERASURES) is None
    assert await owner.fetchval("select ends_at from grace_period") == clock.now() + 30 * DAY
    await _wait(firm, clock, 30)
    assert await owner.fetchval(ERASURES) == "with_admin"


async def test_own_open_erasure_is_not_asked_for_a_second_time(firm, owner, clock):
    await _be_deactivated(firm)
    await firm.submit(ERASURE)
    await _wait(firm, clock, 90)
    assert await owner.fetchval("select count(*) from request_right where kind = 'erasure'") == 1
    assert await owner.fetchval("select state from grace_period") == "erasure_asked"


async def test_nobody_reactivates_another(firm, owner):
    await _leave_at_request(firm)
    with pytest.raises(NotFoundError):
        async with firm.access(firm.admin) as access:
            await reactivate_my_membership(access, firm.member.member_id)
    assert await _state(firm, owner) == "deactivated"


async def test_an_active_member_has_nothing_to_reactivate(firm):
    with pytest.raises(StateConflictError):
        async with firm.access(firm.member) as access:
            await reactivate_my_membership(access, firm.member.member_id)


def _outside(firm):
    """The person as signed in after the membership has ended: without any role."""
    return firm.member.actor(roles=frozenset(), at=firm.services.clock.now())
