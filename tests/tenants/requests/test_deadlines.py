"""What the clocks do, with a clock that is moved by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation
from wardship.core.actor import Role
from wardship.tenants.requests.decide import acknowledge_request
from wardship.tenants.requests.identity import verify_identity
from wardship.tenants.requests.records import IdentityState
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, submit_request

ACCESS, ERASURE = RightKind.ACCESS, RightKind.ERASURE
SECOND = timedelta(seconds=1)


async def test_unacknowledged_request_goes_to_the_privacy_team_after_72_hours(firm, clock, owner):
    submitted = await firm.submit(ACCESS, ERASURE)
    clock.advance(timedelta(hours=72) - SECOND)
    await firm.run()
    assert set((await firm.states(submitted)).values()) == {RightState.WITH_ADMIN}
    clock.advance(SECOND)
    await firm.run()
    assert set((await firm.states(submitted)).values()) == {RightState.WITH_PRIVACY_TEAM}
    assert (await firm.locked(submitted)).request.escalation_reason == "not_acknowledged"
    assert await owner.fetchval("select array_agg(cause) from restriction where lifted_at is null") == ["late"]


async def test_undecided_right_goes_to_the_privacy_team_after_seven_days_and_the_decided_one_stays(firm, clock):
    submitted = await firm.submit(ACCESS, ERASURE)
    async with firm.access(firm.admin) as access:
        await acknowledge_request(access, submitted.request.id)
    await firm.approve(submitted, ERASURE)
    clock.advance(timedelta(days=7) - SECOND)
    await firm.run()
    assert await firm.states(submitted) == {ACCESS: RightState.WITH_ADMIN, ERASURE: RightState.APPROVED}
    clock.advance(SECOND)
    await firm.run()
    assert await firm.states(submitted) == {ACCESS: RightState.WITH_PRIVACY_TEAM, ERASURE: RightState.APPROVED}
    assert (await firm.locked(submitted)).request.escalation_reason == "not_decided"


async def test_deciders_clocks_start_when_the_identity_is_proven_and_the_due_date_does_not_move(firm, clock):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    due_at = (await firm.locked(submitted)).request.due_at
    clock.advance(timedelta(days=5))
    assert await firm.run() == 0
    async with firm.access(firm.member) as access:
        await verify_identity(access, submitted.request.id)
    request = (await firm.locked(submitted)).request
    assert request.acknowledge_by == clock.now() + timedelta(hours=72)
    assert request.due_at == due_at


async def test_unproven_request_expires(firm, clock):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    clock.advance(timedelta(days=14) - SECOND)
    assert await firm.run() == 0
    clock.advance(SECOND)
    await firm.run()
    locked = await firm.locked(submitted)
    assert locked.request.identity_state is IdentityState.EXPIRED
    assert locked.rights[0].state is RightState.EXPIRED
    assert locked.request.ended_at == clock.now()


async def test_late_request_restricts_the_data_and_the_end_lifts_it(firm, clock, owner):
    submitted = await firm.submit(ACCESS, country="DE")
    async with firm.access(firm.admin) as access:
        await acknowledge_request(access, submitted.request.id)
    clock.advance(timedelta(days=31))
    await firm.run()
    locked = await firm.locked(submitted)
    assert locked.request.late_since == clock.now()
    assert await owner.fetchval("select count(*) from restriction where lifted_at is null") == 1
    await firm.approve(submitted, ACCESS, firm.privacy_team)
    await firm.run()
    assert await firm.states(submitted) == {ACCESS: RightState.FULFILLED}
    assert await owner.fetchval("select count(*) from restriction where lifted_at is null") == 0


async def test_clocks_do_the_same_twice_as_once(firm, clock, owner):
    await firm.submit(ACCESS)
    clock.advance(timedelta(hours=73))
    assert await firm.run() > 0
    count = await owner.fetchval("select count(*) from request_event")
    assert await firm.run() == 0
    assert await owner.fetchval("select count(*) from request_event") == count


async def test_one_request_that_fails_does_not_hinder_the_others(firm, clock, owner):
    first = await firm.submit(ACCESS)
    second = await firm.submit(ERASURE)
    await owner.execute(f"alter table request_event add check (request_id <> '{first.request.id}') not valid")
    clock.advance(timedelta(hours=73))
    await firm.run()
    assert await firm.states(first) == {ACCESS: RightState.WITH_ADMIN}
    assert await firm.states(second) == {ERASURE: RightState.WITH_PRIVACY_TEAM}


async def test_serving_role_learns_identifiers_only(firm, services, clock):
    await firm.submit(ACCESS)
    clock.advance(timedelta(hours=73))
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from requests_due($1, $1, 10)", clock.now())
    assert {tuple(row.keys()) for row in rows} == {("organisation_id", "id", "deed")}
    assert sorted(row["deed"] for row in rows) == ["escalate", "remind"]


async def test_sweep_reaches_every_organisation(firm, services, clock):
    other = await make_organisation(services.database)
    await make_member(services.database, other, Role.ORG_OWNER)
    person = await make_member(services.database, other)
    async with access_for(services, person) as access:
        await submit_request(access, [RequestedRight(ACCESS)])
    await firm.submit(ACCESS)
    clock.advance(timedelta(hours=73))
    assert await firm.run() == 2 * 2, "in each, the privacy team takes over, and who is reminded next is looked up"


@pytest.mark.parametrize("kind", [RightKind.RESTRICTION, RightKind.DEACTIVATION, RightKind.CONSENT_WITHDRAWAL])
async def test_approved_right_is_carried_out_by_the_sweep(firm, kind):
    details = {"purpose": "marketing"} if kind is RightKind.CONSENT_WITHDRAWAL else {}
    async with firm.access(firm.member) as access:
        submitted = await submit_request(access, [RequestedRight(kind, details)])
    await firm.approve(submitted, kind)
    await firm.run()
    assert await firm.states(submitted) == {kind: RightState.FULFILLED}
