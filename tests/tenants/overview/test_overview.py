"""What waits is counted for who can do something about it; what is set up follows from facts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, access_for, make_member, make_organisation
from tests.requesting import make_firm
from tests.rows import fill
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.tenants.obligations.states import ObligationState
from wardship.tenants.overview.read import OwedByAge, SetUpStep, WaitingKind, read_overview
from wardship.tenants.requests.decide import acknowledge_request
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio
_K = WaitingKind
_AS_OLD = """
    insert into obligation
    select (jsonb_populate_record(null::obligation, to_jsonb(o) || jsonb_build_object('id', gen_random_uuid(),
        'state', 'pending', 'dedupe_key', made, 'created_at', made))).*
    from obligation o cross join unnest($1::timestamptz[]) made
"""


@pytest.fixture
async def firm(services):
    return await make_firm(services)


async def _overview(services, who):
    async with access_for(services, who, read_only=True) as access:
        before = access.transaction.statements
        found = await read_overview(access)
        assert access.transaction.statements - before <= 1
    return found


async def _waiting(services, who):
    return [(item.kind, item.count, item.late) for item in (await _overview(services, who)).waiting]


async def _insert(owner, table, firm, **values):
    row = {"organisation_id": firm.organisation.id, "id": uuid7(), "created_at": NOW} | values
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await owner.execute(f"insert into {table} ({', '.join(row)}) values ({places})", *row.values())
    return row["id"]


async def test_requests_wait_for_those_who_decide_but_not_for_the_person(firm, services, owner):
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.submit(RightKind.ACCESS)
    both = [(_K.REQUESTS_TO_ACKNOWLEDGE, 2, 0), (_K.REQUESTS_TO_DECIDE, 2, 0)]
    for who in (firm.owner, firm.admin, firm.officer):
        assert await _waiting(services, who) == both
    assert await _waiting(services, firm.member) == []
    auditor = await make_member(services.database, firm.organisation, Role.AUDITOR)
    assert await _waiting(services, auditor) == []
    async with firm.access(firm.admin) as access:
        await acknowledge_request(access, submitted.request.id)
    await firm.approve(submitted, RightKind.ERASURE)
    assert await _waiting(services, firm.admin) == [
        (_K.REQUESTS_TO_ACKNOWLEDGE, 1, 0),
        (_K.REQUESTS_TO_DECIDE, 1, 0),
        (_K.ERASURES_TO_COMMIT, 1, 0),
    ]
    await owner.execute("update data_request set member_id = $1", firm.admin.member_id)
    assert await _waiting(services, firm.admin) == []


async def test_what_is_past_its_time_is_counted_late_and_comes_first(firm, services, owner):
    await firm.submit(RightKind.ACCESS)
    await owner.execute("update data_request set decide_by = $1", services.clock.now() - timedelta(days=1))
    assert await _waiting(services, firm.admin) == [(_K.REQUESTS_TO_DECIDE, 1, 1), (_K.REQUESTS_TO_ACKNOWLEDGE, 1, 0)]


async def test_deletions_domains_and_installations_wait_for_their_roles(firm, services, owner):
    later = services.clock.now() + timedelta(days=3)
    for kind, asked_by in (("remove_member", firm.owner), ("commit_erasure", firm.admin)):
        await _insert(
            owner, "approval", firm, kind=kind, member_id=firm.member.member_id, arguments="{}",
            asked_by=asked_by.member_id, expires_at=later, state="asked", is_with_privacy_team=False,
        )  # fmt: skip
    await _insert(
        owner, "domain_claim", firm, name="a.example", scope="name", state="grace", state_since=NOW,
        state_until=later - timedelta(days=1), token_issued_at=NOW,
    )  # fmt: skip
    waiting = [(_K.DOMAINS_AT_RISK, 1, 0), (_K.DELETIONS_TO_APPROVE, 1, 0)]
    assert await _waiting(services, firm.admin) == waiting
    assert await _waiting(services, firm.owner) == waiting
    assert await _waiting(services, firm.officer) == []


async def test_obligations_are_shown_to_those_who_see_integrations(firm, services):
    shown = {item.state: item.count for item in (await _overview(services, firm.officer)).obligations}
    assert shown == {
        ObligationState.PENDING: 0,
        ObligationState.LEASED: 0,
        ObligationState.WAITING: 0,
        ObligationState.MANUAL: 0,
    }
    assert (await _overview(services, firm.member)).obligations is None


async def test_obligations_are_told_by_age(firm, services, owner, clock):
    await fill(owner, firm.organisation.id, ["obligation"], "bravo")
    ages = [timedelta(hours=1), timedelta(days=2), timedelta(days=3), timedelta(days=20), timedelta(days=31)]
    made = [clock.now() - age for age in ages]
    first = await owner.fetchval("select id from obligation")
    await owner.execute(_AS_OLD, made)
    await owner.execute("delete from obligation where id = $1", first)
    shown = {item.state: item.ages for item in (await _overview(services, firm.officer)).obligations}
    assert shown[ObligationState.PENDING] == OwedByAge(day=1, week=2, month=1, older=1)
    assert shown[ObligationState.MANUAL] == OwedByAge(0, 0, 0, 0)


async def test_set_up_follows_from_facts(services, database, owner):
    organisation = await make_organisation(database)
    olga = await make_member(database, organisation, Role.ORG_OWNER)

    async def done():
        return {item.step for item in (await _overview(services, olga)).set_up if item.is_done}

    assert await done() == set()
    settings = '{"grievance_contact": "privacy@a.example", "legal_entity": "A GmbH"}'
    await owner.execute("update organisation set settings = $2 where id = $1", organisation.id, settings)
    assert await done() == {SetUpStep.CONTACT}
    adam = await make_member(database, organisation, Role.ORG_ADMIN)
    assert await done() == {SetUpStep.CONTACT, SetUpStep.SECOND_ADMIN}
    await owner.execute("update member set state = 'deactivated' where id = $1", adam.member_id)
    assert await done() == {SetUpStep.CONTACT}
    plain = await make_member(database, organisation)
    assert (await _overview(services, plain)).set_up is None


async def test_another_organisation_counts_nothing_of_this_one(firm, services):
    await firm.submit(RightKind.ACCESS)
    stranger = await make_member(services.database, await make_organisation(services.database), Role.ORG_OWNER)
    assert await _waiting(services, stranger) == []
    done = [item.step for item in (await _overview(services, stranger)).set_up if item.is_done]
    assert SetUpStep.REQUEST not in done
