"""Roles are given and taken by those above only, and the last administrator stays."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation, system_access
from wardship.core.actor import CredentialKind, Role
from wardship.core.errors import ConflictError, InvalidInputError, NotFoundError
from wardship.tenants.access import InsufficientScopeError, StepUpRequiredError
from wardship.tenants.members.admins import (
    LastAdminError,
    OwnerLeavesError,
    admin_capable_members,
    require_admin_without,
)
from wardship.tenants.members.membership import deactivate_member
from wardship.tenants.members.ranks import NotBelowYouError, YourselfError
from wardship.tenants.members.roles import NotActiveError, assign_role, withdraw_role

pytestmark = pytest.mark.anyio


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")
    ann = await make_member(database, organisation, name="Ann")
    return organisation, olga, adam, ann


async def _roles(owner, person):
    rows = await owner.fetch("select role from role_assignment where member_id = $1", person.member_id)
    return {row["role"] for row in rows}


async def _audited(owner):
    return [row["action"] for row in await owner.fetch("select action from audit_entry order by sequence")]


async def test_owner_makes_an_admin_and_unmakes_one(services, owner, place):
    _, olga, adam, ann = place
    async with access_for(services, olga) as access:
        await assign_role(access, ann.member_id, Role.ORG_ADMIN)
        await withdraw_role(access, adam.member_id, Role.ORG_ADMIN)
    assert await _roles(owner, ann) == {"member", "org_admin"}
    assert await _roles(owner, adam) == {"member"}
    assert await _audited(owner) == ["member.role_assigned", "member.role_withdrawn"]


@pytest.mark.parametrize("role", [Role.ORG_ADMIN, Role.ORG_OWNER])
async def test_admin_gives_no_role_as_high_as_the_own(services, owner, place, role):
    _, _, adam, ann = place
    with pytest.raises((NotBelowYouError, InvalidInputError)):
        async with access_for(services, adam) as access:
            await assign_role(access, ann.member_id, role)
    assert await _roles(owner, ann) == {"member"}
    assert await _audited(owner) == []


async def test_nobody_changes_the_own_roles(services, owner, place):
    _, olga, adam, _ = place
    for person in (olga, adam):
        with pytest.raises(YourselfError):
            async with access_for(services, person) as access:
                await assign_role(access, person.member_id, Role.AUDITOR)
    assert await _roles(owner, adam) == {"member", "org_admin"}


async def test_admin_touches_no_role_of_owner_or_fellow_admin(services, database, place):
    organisation, olga, adam, _ = place
    fellow = await make_member(database, organisation, Role.ORG_ADMIN)
    for target in (olga, fellow):
        with pytest.raises(NotBelowYouError):
            async with access_for(services, adam) as access:
                await assign_role(access, target.member_id, Role.BILLING_CONTACT)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ORG_OWNER])
async def test_membership_and_ownership_are_not_given_or_taken(services, place, role):
    _, olga, adam, ann = place
    async with access_for(services, olga) as access:
        with pytest.raises(InvalidInputError):
            await assign_role(access, ann.member_id, role)
        with pytest.raises(InvalidInputError):
            await withdraw_role(access, adam.member_id, role)


async def test_role_is_given_once_and_to_active_members_only(services, owner, place):
    _, olga, adam, ann = place
    async with access_for(services, olga) as access:
        with pytest.raises(ConflictError):
            await assign_role(access, adam.member_id, Role.ORG_ADMIN)
        with pytest.raises(NotFoundError):
            await withdraw_role(access, adam.member_id, Role.AUDITOR)
    await owner.execute("update member set state = 'deactivated' where id = $1", ann.member_id)
    async with access_for(services, olga) as access:
        with pytest.raises(NotActiveError):
            await assign_role(access, ann.member_id, Role.AUDITOR)


async def test_a_fresh_second_factor_is_needed(services, clock, place):
    _, olga, _, ann = place
    clock.advance(timedelta(minutes=11))
    async with access_for(services, olga) as access:
        with pytest.raises(StepUpRequiredError):
            await assign_role(access, ann.member_id, Role.AUDITOR)
    token = replace(olga.actor(), credential=CredentialKind.TOKEN, scopes=frozenset({"read", "write"}))
    async with access_for(services, token) as access:
        with pytest.raises(InsufficientScopeError):
            await assign_role(access, ann.member_id, Role.AUDITOR)


async def _lose_account(owner, person):
    """Leave the owner without an account, so that only admins can administer."""
    await owner.execute("update member set account_id = null where id = $1", person.member_id)


async def test_last_administrator_stays(services, owner, place):
    organisation, olga, adam, ann = place
    await _lose_account(owner, olga)
    async with system_access(services, organisation) as access:
        assert await admin_capable_members(access) == [adam.member_id]
    with pytest.raises(LastAdminError):
        async with system_access(services, organisation) as access:
            await deactivate_member(access, adam.member_id)
    with pytest.raises(LastAdminError):
        async with system_access(services, organisation) as access:
            await withdraw_role(access, adam.member_id, Role.ORG_ADMIN)
    async with system_access(services, organisation) as access:
        await deactivate_member(access, ann.member_id)  # a plain member is never kept by it
    assert await _roles(owner, adam) == {"member", "org_admin"}


async def test_fifty_at_once_do_not_remove_the_last_two(services, owner, database, place):
    organisation, olga, adam, _ = place
    bea = await make_member(database, organisation, Role.ORG_ADMIN, name="Bea")
    await _lose_account(owner, olga)

    async def deactivate(person):
        async with system_access(services, organisation) as access:
            await deactivate_member(access, person.member_id)

    async def demote(person):
        async with system_access(services, organisation) as access:
            await withdraw_role(access, person.member_id, Role.ORG_ADMIN)

    acts = [act for _ in range(25) for act in (deactivate(bea), demote(adam))]
    results = await asyncio.gather(*acts, return_exceptions=True)
    refusals = [type(result) for result in results if result is not None]
    assert refusals.count(LastAdminError) >= 25
    assert len(refusals) == 49
    left = await owner.fetchval(
        "select count(*) from member m join role_assignment r on r.member_id = m.id"
        " where m.state = 'active' and m.account_id is not null and r.role in ('org_admin', 'org_owner')"
    )
    assert left == 1


async def test_the_owner_does_not_leave_the_organisation_ownerless(services, owner, database):
    organisation = await make_organisation(database, "owned")
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")
    async with access_for(services, adam) as access:
        with pytest.raises(OwnerLeavesError):
            await require_admin_without(access, [olga.member_id])
        await require_admin_without(access, [adam.member_id])
    assert await owner.fetchval("select count(*) from role_assignment where role = 'org_owner'") == 1
