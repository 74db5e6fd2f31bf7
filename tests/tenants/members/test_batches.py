"""An act on many members is that on each: done, or refused for the reason that refuses it alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.builders import access_for, make_member, make_organisation, system_access
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.approvals.limit import ALWAYS, HeldForApprovalError
from wardship.tenants.members.admins import OwnerLeavesError
from wardship.tenants.members.boundary import MemberFrozenError
from wardship.tenants.members.membership import (
    StateConflictError,
    deactivate_member,
    deactivate_members,
    reactivate_member,
    reactivate_members,
    remove_member,
    remove_members,
)
from wardship.tenants.members.ranks import NotBelowYouError, YourselfError
from wardship.tenants.members.roles import NotActiveError, assign_role, assign_role_to_members

pytestmark = pytest.mark.anyio

BOTH = [
    (deactivate_member, deactivate_members, ()),
    (reactivate_member, reactivate_members, ()),
    (remove_member, remove_members, ()),
    (assign_role, assign_role_to_members, (Role.AUDITOR,)),
]

JOINED_BY_A_DOMAIN_IN_DOUBT = """
    with domain as (
        insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, token_issued_at)
            values ($1, $2, now(), 'a.example', 'name', 'suspended', now(), now()) returning id
    )
    insert into account_claim
        (organisation_id, id, created_at, account_hash, domain_id, epoch, state, state_since, member_id)
        select $1, $2, now(), '', id, 1, 'managed', now(), $3 from domain
"""


@pytest.fixture
async def people(database, owner):
    organisation = await make_organisation(database, "a")
    roles = {
        "olga": [Role.ORG_OWNER],
        "adam": [Role.ORG_ADMIN],
        "abel": [Role.ORG_ADMIN],
        "audrey": [Role.AUDITOR],
        "ann": [],
        "bob": [],
        "frida": [],
        "sleeper": [],
        "gone": [],
    }
    made = {name: await make_member(database, organisation, *held, name=name) for name, held in roles.items()}
    for name, change in (
        ("sleeper", "state = 'deactivated'"),
        ("gone", "state = 'removed'"),
        ("frida", "concealed_at = now()"),
    ):
        await owner.execute(f"update member set {change} where id = $1", made[name].member_id)
    await owner.execute(JOINED_BY_A_DOMAIN_IN_DOUBT, organisation.id, uuid7(), made["frida"].member_id)
    stranger = await make_member(database, await make_organisation(database, "b"), name="Stranger")
    return made | {"stranger": stranger}


async def _outcomes(services, who, act, ids, *more):
    async with access_for(services, who) as access:
        return [type(row.refusal) for row in await act(access, ids, *more)]


async def _alone(services, who, act, member_id, *more):
    """What refuses an act on one, in a transaction that is undone."""
    with pytest.raises(ZeroDivisionError):
        async with access_for(services, who) as access:
            try:
                await act(access, member_id, *more)
            except Exception as error:  # noqa: BLE001 (any refusal is what is asked)
                outcome = type(error)
            else:
                outcome = type(None)
            raise ZeroDivisionError
    return outcome


@pytest.mark.parametrize(("one", "many", "more"), BOTH)
@pytest.mark.parametrize("who", ["olga", "adam", "audrey", "ann"])
async def test_each_is_refused_as_alone(services, people, who, one, many, more):
    ids = [person.member_id for name, person in people.items() if name != "bob"] + [uuid7()]
    alone = [await _alone(services, people[who], one, member_id, *more) for member_id in ids]
    try:
        together = await _outcomes(services, people[who], many, ids, *more)
    except PermissionDeniedError as refusal:  # of the whole call, because the caller may do it to nobody
        together = [NotFoundError if outcome is NotFoundError else type(refusal) for outcome in alone]
    assert together == alone


async def test_many_are_changed_audited_and_told_one_by_one(services, people, owner):
    ids = [people[name].member_id for name in ("ann", "bob", "adam", "olga", "sleeper")]
    done = await _outcomes(services, people["olga"], deactivate_members, ids)
    assert done == [type(None), type(None), type(None), YourselfError, StateConflictError]
    audited = "select target_id from audit_entry where action = $1 order by sequence"
    assert [row["target_id"] for row in await owner.fetch(audited, "member.deactivated")] == ids[:3]
    again = await _outcomes(services, people["olga"], deactivate_members, ids)
    assert again == [StateConflictError] * 3 + [YourselfError, StateConflictError]
    assert len(await owner.fetch(audited, "member.deactivated")) == 3
    assert set(await _outcomes(services, people["olga"], reactivate_members, ids[:2])) == {type(None)}
    told = await owner.fetch("select member_id, target_id from notice where kind = 'membership_back' order by id")
    assert {(row["member_id"], row["target_id"]) for row in told} == {(key, key) for key in ids[:2]}


async def test_removals_beyond_the_limit_of_a_day_wait(services, people, owner):
    ids = [people["ann"].member_id, people["bob"].member_id, people["sleeper"].member_id, people["audrey"].member_id]
    ids += [people["abel"].member_id, people["adam"].member_id, people["frida"].member_id]
    done = await _outcomes(services, people["olga"], remove_members, ids)
    assert done == [type(None)] * ALWAYS + [HeldForApprovalError, MemberFrozenError]
    assert await owner.fetchval("select member_id from approval where state = 'asked'") == people["adam"].member_id
    removed = "select count(*) from member where state = 'removed' and organisation_id = $1"
    assert await owner.fetchval(removed, people["ann"].organisation_id) == ALWAYS + 1
    roles = "select count(*) from role_assignment where member_id = any($1::uuid[])"
    assert await owner.fetchval(roles, ids[:ALWAYS]) == 0
    again = await _outcomes(services, people["olga"], remove_members, ids)
    assert again == [StateConflictError] * ALWAYS + [HeldForApprovalError, MemberFrozenError]
    assert await owner.fetchval("select count(*) from approval") == 1


async def test_directory_never_takes_the_owner_nor_the_last_admin(services, people):
    ids = [people[name].member_id for name in ("olga", "adam")]
    organisation = SimpleNamespace(id=people["olga"].organisation_id)
    async with system_access(services, organisation) as access:
        assert [type(row.refusal) for row in await deactivate_members(access, ids)] == [OwnerLeavesError, type(None)]


async def test_role_is_given_to_each_once(services, people, owner):
    ids = [people[name].member_id for name in ("ann", "audrey", "sleeper", "adam")]
    done = await _outcomes(services, people["olga"], assign_role_to_members, ids, Role.AUDITOR)
    assert [each.__name__ for each in done] == ["NoneType", "ConflictError", "NotActiveError", "NoneType"]
    assert done[2] is NotActiveError
    given = "select target_id from audit_entry where action = 'member.role_assigned' order by sequence"
    assert [row["target_id"] for row in await owner.fetch(given)] == [ids[0], ids[3]]
    held = "select granted_by from role_assignment where member_id = $1 and role = 'auditor'"
    assert await owner.fetchval(held, ids[0]) == people["olga"].member_id
    told = await owner.fetch("select member_id from notice where kind = 'role_given'")
    assert {row["member_id"] for row in told} == {ids[0], ids[3]}


@pytest.mark.parametrize(("one", "many", "more"), BOTH)
async def test_without_a_fresh_second_factor_nothing_is_done(services, people, owner, one, many, more):
    del one
    before = await owner.fetchval("select count(*) from audit_entry")
    with pytest.raises(StepUpRequiredError):
        async with access_for(services, people["olga"].actor(stepped_up=False)) as access:
            await many(access, [people["ann"].member_id], *more)
    assert await owner.fetchval("select count(*) from audit_entry") == before


@pytest.mark.parametrize("count", [0, 201])
async def test_batch_has_one_to_two_hundred(services, people, count):
    with pytest.raises(InvalidInputError):
        await _outcomes(services, people["olga"], deactivate_members, [uuid7() for _ in range(count)])


async def test_statements_do_not_grow_with_the_batch(services, people):
    async def statements(names):
        async with access_for(services, people["olga"]) as access:
            rows = await assign_role_to_members(
                access, [people[name].member_id for name in names], Role.BILLING_CONTACT
            )
            assert [row.refusal for row in rows] == [None] * len(names)
            return access.transaction.statements - len(names)  # each has its entry in the audit

    assert await statements(["ann"]) == await statements(["bob", "audrey", "abel"])


async def test_somebody_ranked_as_high_stays(services, people):
    ids = [people["abel"].member_id, people["ann"].member_id]
    assert await _outcomes(services, people["adam"], remove_members, ids) == [NotBelowYouError, type(None)]
