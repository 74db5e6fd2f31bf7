"""Who sees what of whom."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from tests.builders import NOW, access_for, make_group, make_member, make_organisation
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.groups.people import remove_from_group
from wardship.tenants.members.read import (
    MemberFilter,
    MemberOrder,
    count_members,
    list_members,
    member_by_id,
    members_by_ids,
)
from wardship.tenants.members.records import MemberState
from wardship.tenants.members.roles import roles_of
from wardship.tenants.members.visibility import COLUMNS, Detail, visible_members
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio

PROFILE = {"job_title": "Nurse", "phone": "+49 30 1", "postal_address": "Street 1"}


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    owner = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    ann = await make_member(database, organisation, name="Ann", **PROFILE)
    bob = await make_member(database, organisation, name="Bob", **PROFILE)
    eve = await make_member(database, organisation, name="Eve", **PROFILE)
    return organisation, owner, ann, bob, eve


async def _see(services, viewer, target):
    async with access_for(services, viewer, read_only=True) as access:
        return (await members_by_ids(visible_members(access), [target.member_id])).get(target.member_id)


async def test_member_sees_himself_in_full(services, place):
    _, _, ann, *_ = place
    seen = await _see(services, ann, ann)
    assert (seen.detail, seen.postal_address, seen.state) == (Detail.FULL, "Street 1", "active")


async def test_stranger_in_the_organisation_is_absent(services, place):
    _, _, ann, bob, _ = place
    assert await _see(services, ann, bob) is None
    async with access_for(services, ann, read_only=True) as access:
        with pytest.raises(NotFoundError):
            await member_by_id(access, bob.member_id)


@pytest.mark.parametrize("role", [Role.ORG_OWNER, Role.ORG_ADMIN, Role.AUDITOR, Role.PRIVACY_OFFICER])
async def test_those_who_administer_see_all_in_full(services, database, place, role):
    organisation, _, ann, *_ = place
    viewer = await make_member(database, organisation, role) if role is not Role.ORG_OWNER else place[1]
    seen = await _see(services, viewer, ann)
    assert (seen.detail, seen.postal_address, seen.state, seen.email) == (Detail.FULL, "Street 1", "active", ann.email)


@pytest.mark.parametrize("role", [Role.BILLING_CONTACT, Role.TECHNICAL_CONTACT, Role.ADMINISTRATIVE_CONTACT])
async def test_contacts_see_no_more_than_members(services, database, place, role):
    organisation, _, ann, *_ = place
    assert await _see(services, await make_member(database, organisation, role), ann) is None


async def test_shared_group_shows_the_name_only(services, database, place):
    organisation, _, ann, bob, _ = place
    await make_group(database, organisation, "Team", ann, bob)
    seen = await _see(services, ann, bob)
    assert (seen.detail, seen.display_name) == (Detail.NAME, "Bob")
    hidden = {name for name in COLUMNS if name != "display_name"}
    assert {name for name in hidden if getattr(seen, name) is not None} == set()


async def test_shared_group_shows_contact_details_where_its_policy_allows(services, database, place):
    organisation, _, ann, bob, _ = place
    await make_group(database, organisation, "Names", ann, bob)
    await make_group(database, organisation, "Contacts", ann, bob, contact_visibility="contact_details")
    seen = await _see(services, ann, bob)
    assert (seen.detail, seen.email, seen.job_title) == (Detail.CONTACT, bob.email, "Nurse")
    assert (seen.postal_address, seen.state, seen.joined_at, seen.last_seen_at) == (None, None, None, None)


async def test_contact_details_of_a_deactivated_member_are_hidden_from_the_group(services, database, place, owner):
    organisation, _, ann, bob, _ = place
    await make_group(database, organisation, "Contacts", ann, bob, contact_visibility="contact_details")
    await owner.execute("update member set state = 'deactivated' where id = $1", bob.member_id)
    assert (await _see(services, ann, bob)).detail is Detail.NAME


async def test_group_admin_sees_contact_details_in_the_own_group(services, database, place, owner):
    organisation, _, ann, bob, eve = place
    group = await make_group(database, organisation, "Team", ann, bob)
    await owner.execute(
        "update group_membership set role = 'group_admin' where group_id = $1 and member_id = $2", group, ann.member_id
    )
    assert (await _see(services, ann, bob)).detail is Detail.CONTACT
    assert (await _see(services, bob, ann)).detail is Detail.NAME
    assert await _see(services, ann, eve) is None


async def test_past_members_of_a_group_still_see_each_other(services, database, place, clock):
    organisation, _, ann, bob, eve = place
    group = await make_group(database, organisation, "Team", ann, bob)
    clock.advance(timedelta(days=1))
    async with access_for(services, ann) as access:
        await remove_from_group(access, group, ann.member_id)
    assert (await _see(services, bob, ann)).display_name == "Ann"
    assert (await _see(services, ann, bob)).display_name == "Bob"
    assert await _see(services, ann, eve) is None


async def test_those_who_were_in_a_group_at_different_times_do_not_see_each_other(services, database, place, owner):
    organisation, _, ann, bob, _ = place
    await make_group(database, organisation, "Team", ann, bob)
    await owner.execute(
        "update group_membership set left_at = $2 where member_id = $1", ann.member_id, NOW - timedelta(days=2)
    )
    await owner.execute(
        "update group_membership set created_at = $2 where member_id = $1", ann.member_id, NOW - timedelta(days=9)
    )
    assert await _see(services, ann, bob) is None


async def test_names_in_readable_content_show_without_a_shared_group(services, place):
    _, _, ann, bob, _ = place
    async with access_for(services, ann, read_only=True) as access:
        reach = visible_members(access, named_in_content=[bob.member_id])
        found = await members_by_ids(reach, [bob.member_id])
    assert (found[bob.member_id].display_name, found[bob.member_id].email) == ("Bob", None)


async def test_caller_without_a_role_sees_no_members(services, place):
    *_, eve = place
    async with access_for(services, dataclasses.replace(eve, roles=frozenset()), read_only=True) as access:
        with pytest.raises(PermissionDeniedError):
            visible_members(access)


async def test_roles_of_others_are_absent_for_a_member(services, database, place):
    organisation, olga, ann, bob, _ = place
    await make_group(database, organisation, "Team", ann, bob)
    async with access_for(services, ann, read_only=True) as access:
        found = await roles_of(visible_members(access), [ann.member_id, bob.member_id])
    assert {key: [item.role for item in roles] for key, roles in found.items()} == {ann.member_id: [Role.MEMBER]}
    async with access_for(services, olga, read_only=True) as access:
        found = await roles_of(visible_members(access), [olga.member_id, bob.member_id])
    assert {item.role for item in found[olga.member_id]} == {Role.MEMBER, Role.ORG_OWNER}


ANYBODY = MemberFilter()


async def _names(access, wanted=ANYBODY, **more):
    page = await list_members(visible_members(access), wanted, PageRequest(100), **more)
    return [member.display_name for member in page.items]


async def test_list_filters_and_orders(services, database, place, owner):
    organisation, olga, _, bob, eve = place
    group = await make_group(database, organisation, "Team", eve, bob)
    await owner.execute("update member set state = 'removed' where id = $1", eve.member_id)
    async with access_for(services, olga, read_only=True) as access:
        assert await _names(access) == ["Olga", "Ann", "Bob"]
        assert await _names(access, order=MemberOrder.NAME) == ["Ann", "Bob", "Olga"]
        assert await _names(access, MemberFilter(name_prefix="B"), order=MemberOrder.NAME) == ["Bob"]
        assert await _names(access, MemberFilter(name_prefix="%"), order=MemberOrder.NAME) == []
        with pytest.raises(InvalidInputError):
            await _names(access, MemberFilter(name_prefix="B"))
        assert await _names(access, MemberFilter(group_id=group)) == ["Bob"]
        assert await _names(access, MemberFilter(role=Role.ORG_OWNER)) == ["Olga"]
        assert await _names(access, MemberFilter(states=frozenset({MemberState.REMOVED}))) == ["Eve"]
        assert await count_members(visible_members(access), MemberFilter()) == 3
    async with access_for(services, bob, read_only=True) as access:
        assert await _names(access) == ["Bob"]
        assert await count_members(visible_members(access), MemberFilter()) == 1


async def test_member_may_not_filter_by_administrative_detail(services, place):
    _, _, ann, *_ = place
    async with access_for(services, ann, read_only=True) as access:
        for wanted in (MemberFilter(role=Role.ORG_ADMIN), MemberFilter(states=frozenset({MemberState.REMOVED}))):
            with pytest.raises(PermissionDeniedError):
                await list_members(visible_members(access), wanted, PageRequest())


async def test_group_filter_tells_nothing_of_groups_that_one_is_not_in(services, database, place):
    organisation, _, ann, bob, eve = place
    await make_group(database, organisation, "Shared", ann, bob)
    secret = await make_group(database, organisation, "Secret", bob, eve)
    async with access_for(services, ann, read_only=True) as access:
        assert await _names(access, MemberFilter(group_id=secret)) == []


@pytest.mark.parametrize("order", list(MemberOrder))
async def test_pages_hold_everybody_once_in_order(services, place, order):
    _, olga, *_ = place
    seen = []
    async with access_for(services, olga, read_only=True) as access:
        after = None
        while True:
            page = await list_members(
                visible_members(access), MemberFilter(), PageRequest(2, after), order=order, columns=["display_name"]
            )
            seen += [member.display_name for member in page.items]
            last = page.items[-1]
            after = (getattr(last, order.value), last.id)
            if not page.has_next:
                break
    assert seen == (["Olga", "Ann", "Bob", "Eve"] if order is MemberOrder.CREATED else ["Ann", "Bob", "Eve", "Olga"])


async def test_only_the_columns_asked_for_are_read(services, place):
    _, olga, ann, *_ = place
    async with access_for(services, olga, read_only=True) as access:
        found = await members_by_ids(visible_members(access), [ann.member_id], {"display_name"})
    assert found[ann.member_id].display_name == "Ann"
    assert set(found[ann.member_id].keys()) == {"id", "detail", "created_at", "display_name"}


@pytest.mark.parametrize("few", [0, 1, 100], ids=["never looked up", "one looked up", "looked up"])
async def test_filter_finds_the_same_however_many_it_looks_up(services, database, place, owner, monkeypatch, few):
    monkeypatch.setattr("wardship.tenants.members.read.FEW", few)
    organisation, olga, ann, bob, eve = place
    group = await make_group(database, organisation, "Team", eve, bob, ann)
    await owner.execute("update member set state = 'removed' where id = $1", eve.member_id)
    await owner.execute("update member set state = 'deactivated' where id = $1", bob.member_id)
    await owner.execute(
        "insert into role_assignment (organisation_id, id, created_at, member_id, role)"
        " select organisation_id, gen_random_uuid(), created_at, id, 'auditor' from member where id <> $1",
        ann.member_id,
    )
    removed, auditors = frozenset({MemberState.REMOVED}), MemberFilter(role=Role.AUDITOR)
    async with access_for(services, olga, read_only=True) as access:
        assert await _names(access, MemberFilter(group_id=group)) == ["Ann", "Bob"]
        assert await _names(access, MemberFilter(removed, group_id=group)) == ["Eve"]
        assert await _names(access, auditors) == ["Olga", "Bob"]
        assert await _names(access, auditors, order=MemberOrder.NAME) == ["Bob", "Olga"]
        both = MemberFilter(role=Role.AUDITOR, group_id=group)
        assert await _names(access, both) == ["Bob"]
        assert await _names(access, MemberFilter(name_prefix="A", group_id=group), order=MemberOrder.NAME) == ["Ann"]
        assert await _names(access, MemberFilter(role=Role.MEMBER, group_id=group)) == ["Ann", "Bob"]
        first = await list_members(visible_members(access), auditors, PageRequest(1))
        after = (first.items[0].created_at, first.items[0].id)
        rest = await list_members(visible_members(access), auditors, PageRequest(1, after))
    assert (first.has_next, rest.has_next) == (True, False)
    assert [page.items[0].display_name for page in (first, rest)] == ["Olga", "Bob"]
