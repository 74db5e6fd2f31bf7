"""Groups: who sees and manages them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from wardship.core.actor import CredentialKind, Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.access import InsufficientScopeError
from wardship.tenants.groups.change import (
    ContactVisibility,
    GroupArchivedError,
    GroupKind,
    GroupNameTakenError,
    GroupOpenError,
    archive_group,
    create_group,
    describe_group,
    restore_group,
    set_contact_visibility,
)
from wardship.tenants.groups.people import AlreadyInGroupError, add_to_group, remove_from_group, set_group_role
from wardship.tenants.groups.read import (
    group_by_id,
    groups_by_ids,
    groups_of_members,
    list_groups,
    memberships_of_groups,
)
from wardship.tenants.groups.visibility import GroupRole, visible_groups
from wardship.tenants.members.ranks import NotBelowYouError, YourselfError
from wardship.tenants.members.roles import NotActiveError
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio


@pytest.fixture
async def place(database, owner):
    """An admin, the group's owner and admin, two members, and one outside the group."""
    organisation = await make_organisation(database, "a")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")
    olga, gina, ann, bob, eve = [
        await make_member(database, organisation, name=name) for name in ("Olga", "Gina", "Ann", "Bob", "Eve")
    ]
    group = await make_group(database, organisation, "Team", olga, gina, ann, bob)
    for person, role in ((olga, "group_owner"), (gina, "group_admin")):
        await owner.execute("update group_membership set role = $2 where member_id = $1", person.member_id, role)
    return group, adam, olga, gina, ann, bob, eve


async def _do(services, person, action, *arguments, **more):
    async with access_for(services, person) as access:
        return await action(access, *arguments, **more)


async def _role(owner, group, person):
    return await owner.fetchval(
        "select role from group_membership where group_id = $1 and member_id = $2 and left_at is null",
        group,
        person.member_id,
    )


async def test_admin_creates_a_group_and_its_name_is_taken_then(services, place):
    _, adam, *_, eve = place
    made = await _do(services, adam, create_group, " Site 1 ", kind=GroupKind.SITE)
    assert (made.name, made.kind, made.contact_visibility) == ("Site 1", "site", "name_only")
    with pytest.raises(GroupNameTakenError):
        await _do(services, adam, create_group, "Site 1")
    with pytest.raises(PermissionDeniedError):
        await _do(services, eve, create_group, "Mine")
    with pytest.raises(InvalidInputError):
        await _do(services, adam, create_group, " ")


async def test_group_is_seen_from_inside_and_by_those_who_see_all(services, place):
    group, adam, _, _, ann, _, eve = place
    for person in (adam, ann):
        assert (await _do(services, person, group_by_id, group)).name == "Team"
    async with access_for(services, eve, read_only=True) as access:
        assert await groups_by_ids(visible_groups(access), [group]) == {}
        assert (await list_groups(visible_groups(access), PageRequest())).items == []
        assert (await memberships_of_groups(visible_groups(access), [group], PageRequest()))[group].items == []
    with pytest.raises(NotFoundError):
        await _do(services, eve, group_by_id, group)


@pytest.mark.parametrize(
    "action",
    [
        lambda access, group, _: describe_group(access, group, name="Other"),
        lambda access, group, person: add_to_group(access, group, person.member_id),
        lambda access, group, person: set_group_role(access, group, person.member_id, GroupRole.GROUP_ADMIN),
        lambda access, group, _: set_contact_visibility(access, group, ContactVisibility.CONTACT_DETAILS),
        lambda access, group, _: archive_group(access, group),
        lambda access, group, person: remove_from_group(access, group, person.member_id),
    ],
)
async def test_member_manages_nothing_and_an_outsider_finds_nothing(services, owner, place, action):
    group, _, _, _, ann, bob, eve = place
    before = await owner.fetch("select * from group_membership order by id")
    with pytest.raises(PermissionDeniedError):
        await _do(services, ann, action, group, bob)
    with pytest.raises(NotFoundError):
        await _do(services, eve, action, group, bob)
    assert await owner.fetch("select * from group_membership order by id") == before
    assert await owner.fetchval("select count(*) from audit_entry") == 0


async def test_ranks_hold_inside_the_group(services, owner, place):
    group, adam, olga, gina, ann, bob, _ = place
    with pytest.raises(NotBelowYouError):
        await _do(services, gina, remove_from_group, group, olga.member_id)
    with pytest.raises(PermissionDeniedError):
        await _do(services, gina, set_group_role, group, ann.member_id, GroupRole.GROUP_ADMIN)
    await _do(services, olga, set_group_role, group, ann.member_id, GroupRole.GROUP_ADMIN)
    with pytest.raises(NotBelowYouError):
        await _do(services, olga, set_group_role, group, bob.member_id, GroupRole.GROUP_OWNER)
    with pytest.raises(YourselfError):
        await _do(services, olga, set_group_role, group, olga.member_id, GroupRole.MEMBER)
    await _do(services, adam, set_group_role, group, bob.member_id, GroupRole.GROUP_OWNER)
    await _do(services, gina, describe_group, group, name="Crew", description="All of us")
    assert (await _role(owner, group, ann), await _role(owner, group, bob)) == ("group_admin", "group_owner")


async def test_group_owner_does_not_set_what_members_see_of_each_other(services, place):
    group, adam, olga, *_ = place
    with pytest.raises(PermissionDeniedError):
        await _do(services, olga, set_contact_visibility, group, ContactVisibility.CONTACT_DETAILS)
    shown = await _do(services, adam, set_contact_visibility, group, ContactVisibility.CONTACT_DETAILS)
    assert shown.contact_visibility == "contact_details"


async def test_group_admin_adds_only_those_whom_he_sees(services, owner, place):
    group, adam, _, gina, _, _, eve = place
    with pytest.raises(NotFoundError):
        await _do(services, gina, add_to_group, group, eve.member_id)
    await _do(services, adam, add_to_group, group, eve.member_id)
    with pytest.raises(AlreadyInGroupError):
        await _do(services, adam, add_to_group, group, eve.member_id)
    await owner.execute("update member set state = 'deactivated' where id = $1", eve.member_id)
    await _do(services, adam, remove_from_group, group, eve.member_id)
    with pytest.raises(NotActiveError):
        await _do(services, adam, add_to_group, group, eve.member_id)


async def test_member_leaves_and_comes_back_for_another_time(services, owner, clock, place):
    group, adam, _, _, ann, *_ = place
    clock.advance(timedelta(days=1))
    left = await _do(services, ann, remove_from_group, group, ann.member_id)
    assert left.left_at == clock.now()
    with pytest.raises(NotFoundError):
        await _do(services, adam, remove_from_group, group, ann.member_id)
    back = await _do(services, adam, add_to_group, group, ann.member_id)
    assert (back.id == left.id, back.left_at) == (False, None)
    with pytest.raises(AlreadyInGroupError):
        await _do(services, adam, add_to_group, group, ann.member_id)
    assert await owner.fetchval("select count(*) from group_membership where member_id = $1", ann.member_id) == 2


async def test_archived_group_has_no_admins_and_still_lets_its_members_go(services, place, owner):
    group, adam, olga, gina, ann, bob, _ = place
    await _do(services, olga, archive_group, group)
    before = await owner.fetch("select * from group_membership order by id")
    for person in (olga, adam):
        with pytest.raises(GroupArchivedError):
            await _do(services, person, set_group_role, group, gina.member_id, GroupRole.MEMBER)
    with pytest.raises(GroupArchivedError):
        await _do(services, gina, remove_from_group, group, ann.member_id)
    assert await owner.fetch("select * from group_membership order by id") == before
    await _do(services, ann, remove_from_group, group, ann.member_id)
    await _do(services, adam, remove_from_group, group, bob.member_id)
    assert (await _role(owner, group, ann), await _role(owner, group, bob)) == (None, None)


async def test_archived_group_changes_no_more(services, place):
    group, adam, olga, *_, eve = place
    archived = await _do(services, olga, archive_group, group)
    assert archived.archived_at is not None
    for action, *arguments in (
        (archive_group,),
        (add_to_group, eve.member_id),
        (set_contact_visibility, ContactVisibility.NAME_ONLY),
    ):
        with pytest.raises(GroupArchivedError):
            await _do(services, adam, action, group, *arguments)
    await _do(services, adam, create_group, "Team")  # the name is free again


async def test_token_without_write_manages_nothing(services, place):
    group, _, olga, *_ = place
    token = replace(olga.actor(), credential=CredentialKind.TOKEN, scopes=frozenset({"read"}))
    with pytest.raises(InsufficientScopeError):
        await _do(services, token, describe_group, group, name="Other")


async def test_groups_of_many_members_take_one_statement(services, place):
    _, adam, _, _, ann, bob, eve = place
    second = await _do(services, adam, create_group, "Second")
    await _do(services, adam, add_to_group, second.id, ann.member_id)
    async with access_for(services, adam, read_only=True) as access:
        before = access.transaction.statements
        found = await groups_of_members(visible_groups(access), [ann.member_id, eve.member_id], PageRequest(1))
        assert access.transaction.statements - before == 1
    assert [record.name for record in found[ann.member_id].items] == ["Team"]
    assert (found[ann.member_id].has_next, found[eve.member_id].items) == (True, [])
    (group,) = found[ann.member_id].items
    async with access_for(services, adam, read_only=True) as access:
        page = PageRequest(1, group.place)
        found = await groups_of_members(visible_groups(access), [ann.member_id], page)
    assert [record.name for record in found[ann.member_id].items] == ["Second"]
    async with access_for(services, bob, read_only=True) as access:
        found = await groups_of_members(visible_groups(access), [ann.member_id], PageRequest())
    assert [record.name for record in found[ann.member_id].items] == ["Team"]


async def test_archived_group_is_restored_with_who_was_in_it(services, place, owner):
    group, _, olga, gina, *_ = place
    await _do(services, olga, archive_group, group)
    with pytest.raises(PermissionDeniedError):
        await _do(services, gina, restore_group, group)
    before = await owner.fetch("select * from group_membership order by id")
    restored = await _do(services, olga, restore_group, group)
    assert (restored.archived_at, restored.name) == (None, "Team")
    assert await owner.fetch("select * from group_membership order by id") == before
    with pytest.raises(GroupOpenError):
        await _do(services, olga, restore_group, group)


async def test_restored_group_gets_another_name_where_its_own_was_taken(services, place):
    group, adam, olga, *_ = place
    await _do(services, olga, archive_group, group)
    await _do(services, adam, create_group, "Team")
    with pytest.raises(GroupNameTakenError):
        await _do(services, olga, restore_group, group)
    assert (await _do(services, olga, restore_group, group, name="Old team")).name == "Old team"
