"""Whatever way a right ends, it releases what it restricted; and what holds on is restricted meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.connecting import Connections
from tests.mails import subjects as told_subjects
from tests.mails import told
from wardship.tenants.members.profile import update_own_profile
from wardship.tenants.requests.erasures import cancel_erasure, waive_cooling_off
from wardship.tenants.requests.lifting import object_to_restriction
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.withdraw import withdraw_request

ACCESS, ERASURE, RESTRICTION = RightKind.ACCESS, RightKind.ERASURE, RightKind.RESTRICTION
IN_FORCE = "select array_agg(cause order by cause) from restriction where lifted_at is null"


@pytest.fixture
def connections(firm):
    return Connections(firm.services, firm.admin)


def _has(recording, name="Ada"):
    return name in {record.text("first_name") for record in recording.held.values()}


async def _lift_by_denial(firm, submitted):
    await firm.deny(submitted, ACCESS)


async def _lift_by_approval(firm, submitted):
    await firm.approve(submitted, ACCESS, firm.privacy_team)


async def _lift_by_withdrawal(firm, submitted):
    async with firm.access(firm.member) as access:
        await withdraw_request(access, submitted.request.id)


@pytest.mark.parametrize("end", [_lift_by_denial, _lift_by_approval, _lift_by_withdrawal])
async def test_end_of_a_dispute_lets_sharing_go_on(firm, connections, recording, owner, end):
    await connections.connect()
    submitted = await firm.submit(ACCESS)
    await firm.refuse(submitted, ACCESS)
    await connections.work()
    assert await owner.fetchval(IN_FORCE) == ["disputed"]
    assert not _has(recording)

    await end(firm, submitted)
    await connections.work()
    assert await owner.fetchval(IN_FORCE) is None
    assert _has(recording)
    kinds = [row["kind"] for row in await owner.fetch("select kind from request_event order by created_at, id")]
    assert kinds.count("restricted") == kinds.count("restriction_lifted") == 1


async def test_dispute_about_one_right_ends_with_its_decision_while_another_right_waits(firm, owner, clock):
    submitted = await firm.submit(ACCESS, RESTRICTION)
    await firm.refuse(submitted, ACCESS)
    clock.advance(timedelta(days=8))
    await firm.run()
    assert await owner.fetchval(IN_FORCE) == ["disputed", "late"]
    await firm.deny(submitted, ACCESS)
    assert await owner.fetchval(IN_FORCE) == ["late"]
    await firm.deny(submitted, RESTRICTION)
    assert await owner.fetchval(IN_FORCE) is None


async def test_another_refusal_keeps_what_was_to_end_and_the_person_is_told(firm, owner, clock):
    submitted = await firm.submit(ACCESS, RESTRICTION)
    await firm.refuse(submitted, ACCESS)
    async with firm.access(firm.admin) as access:
        await object_to_restriction(access, submitted.request.id, "It was unfounded.")
    clock.advance(timedelta(hours=71))
    await firm.refuse(submitted, RESTRICTION)
    clock.advance(timedelta(hours=2))
    await firm.run()
    assert await owner.fetchval(IN_FORCE) == ["disputed"]
    subjects = await told_subjects(firm.services, owner)
    assert subjects.count("The restriction of your data stays") == 1
    kinds = [row["kind"] for row in await owner.fetch("select kind from request_event order by created_at, id")]
    assert kinds.count("restriction_kept") == 1


async def test_granted_restriction_stays_in_force_after_the_request_has_ended(firm, owner):
    submitted = await firm.submit(RESTRICTION)
    await firm.approve(submitted, RESTRICTION)
    await firm.run()
    assert await firm.states(submitted) == {RESTRICTION: RightState.FULFILLED}
    assert await owner.fetchval(IN_FORCE) == ["requested"]


async def test_committed_erasure_restricts_until_it_is_called_off(firm, connections, recording, owner):
    await connections.connect()
    submitted = await firm.scheduled()
    await connections.work()
    assert await owner.fetchval(IN_FORCE) == ["erasure"]
    assert not _has(recording)

    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.member) as access:
        await cancel_erasure(access, right.id)
    await connections.work()
    assert await owner.fetchval(IN_FORCE) is None
    assert _has(recording)


async def test_decider_who_calls_an_erasure_off_lets_sharing_go_on(firm, owner):
    submitted = await firm.scheduled()
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.officer) as access:
        await cancel_erasure(access, right.id, "A contract is still open.")
    assert await owner.fetchval(IN_FORCE) is None
    mails = [mail for mail in await told(firm.services, owner) if mail.recipient == firm.member.email]
    assert mails[-1].subject == "The erasure of your data was called off"
    mail = mails[-1]
    assert "A contract is still open." in mail.body


async def test_vendor_that_is_installed_after_the_commit_receives_nothing(firm, connections, recording):
    await firm.scheduled()
    await connections.connect()
    assert not _has(recording)
    assert "share" not in {call.verb for call in recording.heard if _is_about_ada(call)}


def _is_about_ada(call):
    record = getattr(call.argument, "record", None)
    return record is not None and record.text("first_name") == "Ada"


async def test_profile_change_after_the_commit_reaches_no_vendor(firm, connections, recording):
    await connections.connect()
    await firm.scheduled()
    await connections.work()
    heard = len(recording.heard)
    await _rename(firm)
    await connections.work()
    assert not [call for call in recording.heard[heard:] if call.verb in {"share", "correct"}]


async def _rename(firm):
    async with firm.access(firm.member) as access:
        await update_own_profile(access, {"last_name": "King"})


async def test_vendor_that_received_data_after_the_commit_erases_too(firm, connections, recording, owner):
    submitted = await firm.scheduled()
    installation = await connections.connect()
    await owner.execute(
        "insert into subject_link (organisation_id, id, created_at, installation_id, place_id, member_id, subject_ref)"
        " select $1, gen_random_uuid(), now(), $2, place_id, $3, 'raced-before' from installation where id = $2",
        firm.organisation.id,
        installation.id,
        firm.member.member_id,
    )
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()
    await connections.work()
    assert [call.verb for call in recording.heard if call.verb == "erase"] == ["erase"]


async def test_erasure_leaves_no_restriction_and_says_so(firm, owner):
    asked = await firm.submit(RESTRICTION)
    await firm.approve(asked, RESTRICTION)
    await firm.run()
    other = await firm.submit(ACCESS)
    await firm.refuse(other, ACCESS)
    submitted = await firm.scheduled()
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()
    assert await owner.fetchval(IN_FORCE) is None
    told = await owner.fetch("select request_id from request_event where kind = 'restriction_lifted'")
    assert {row["request_id"] for row in told} == {asked.request.id, other.request.id, submitted.request.id}
    ended = "select kind from request_event where request_id = $1 order by created_at desc, id desc limit 2"
    assert {row["kind"] for row in await owner.fetch(ended, other.request.id)} >= {"ended"}
    withdrawn = "action = 'right.moved' and entry::jsonb -> 'details' ->> 'to' = 'withdrawn'"
    moved = f"select count(*) from audit_entry where {withdrawn}"
    assert await owner.fetchval(moved) == 1
