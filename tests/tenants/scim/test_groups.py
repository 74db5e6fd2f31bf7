"""Groups on whose people the directory decides: nobody else changes them, and people take them back."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.builders import access_for, make_group, make_member
from tests.tenants.scim.directory import GROUP
from wardship.core.errors import NotFoundError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.groups.change import GroupOfDirectoryError, archive_group, describe_group
from wardship.tenants.groups.managed import (
    GroupOfPeopleError,
    hand_group_to_directory,
    take_group_from_directory,
)
from wardship.tenants.groups.people import add_to_group, remove_from_group
from wardship.tenants.invitations.invite import invite_member

pytestmark = pytest.mark.anyio
PRESENT = "select member_id, role from group_membership where left_at is null order by member_id"


async def _pushed(directory, *members, name="Engineers"):
    body = {"schemas": [GROUP], "displayName": name, "members": [{"value": str(each)} for each in members]}
    return UUID((await directory.json("POST", "/Groups", body, 201))["id"])


async def test_people_do_not_change_a_group_of_the_directory(directory, services, owner, admin, ada):
    group_id = await _pushed(directory, ada.member_id)
    before = await owner.fetch(PRESENT)
    acts = (
        lambda access: add_to_group(access, group_id, admin.member_id),
        lambda access: remove_from_group(access, group_id, ada.member_id),
        lambda access: describe_group(access, group_id, name="Mine"),
        lambda access: archive_group(access, group_id),
        lambda access: invite_member(access, "new@example.org", group_id=group_id),
    )
    for act in acts:
        with pytest.raises(GroupOfDirectoryError):
            async with access_for(services, admin) as access:
                await act(access)
    with pytest.raises(GroupOfDirectoryError):
        async with access_for(services, ada) as access:
            await remove_from_group(access, group_id, ada.member_id)
    assert await owner.fetch(PRESENT) == before
    assert await owner.fetchval("select count(*) from invitation") == 0


async def test_group_that_is_taken_from_the_directory_is_the_peoples_and_the_directory_finds_it_no_more(
    directory, services, owner, admin, ada
):
    group_id = await _pushed(directory, ada.member_id)
    async with access_for(services, admin) as access:
        await take_group_from_directory(access, group_id)
    await directory.json("GET", f"/Groups/{group_id}", status=404)
    assert [row["member_id"] for row in await owner.fetch(PRESENT)] == [ada.member_id]
    async with access_for(services, admin) as access:
        await remove_from_group(access, group_id, ada.member_id)
    with pytest.raises(GroupOfPeopleError):
        async with access_for(services, admin) as access:
            await take_group_from_directory(access, group_id)


async def test_group_of_people_is_the_directorys_only_once_it_is_handed_over(
    directory, services, database, acme, owner, admin, ada
):
    group_id = await make_group(database, acme, "Engineers", ada)
    assert await directory.find("/Groups", 'displayName eq "Engineers"') == []
    refused = await directory.json("POST", "/Groups", {"schemas": [GROUP], "displayName": "Engineers"}, 409)
    assert refused["scimType"] == "uniqueness"
    async with access_for(services, admin) as access:
        await hand_group_to_directory(access, group_id)
    (found,) = await directory.find("/Groups", 'displayName eq "Engineers"')
    assert found["id"] == str(group_id)
    assert [member["value"] for member in found["members"]] == [str(ada.member_id)]
    assert [row["member_id"] for row in await owner.fetch(PRESENT)] == [ada.member_id]


async def test_groups_are_handed_over_with_a_fresh_second_factor_only(
    directory, services, database, acme, owner, admin
):
    group_id, pushed = await make_group(database, acme, "Team"), await _pushed(directory)
    before = await owner.fetch("select id, managed_by from user_group order by id")
    for act, wanted in ((hand_group_to_directory, group_id), (take_group_from_directory, pushed)):
        with pytest.raises(StepUpRequiredError):
            async with access_for(services, admin.actor(stepped_up=False)) as access:
                await act(access, wanted)
    assert await owner.fetch("select id, managed_by from user_group order by id") == before


async def test_ordinary_members_find_no_group_to_take(directory, services, ada):
    group_id = await _pushed(directory)
    with pytest.raises(NotFoundError):
        async with access_for(services, ada) as access:
            await take_group_from_directory(access, group_id)


async def test_unknown_people_are_left_out_and_administrators_see_it(directory, owner, ada, rival):
    stranger = await rival.add("stranger")
    group_id = await _pushed(directory, ada.member_id)
    wanted = [{"value": stranger["id"]}, {"value": "nobody"}, {"value": str(ada.member_id)}]
    answered = await directory.patch(f"/Groups/{group_id}", {"op": "add", "path": "members", "value": wanted})
    assert [member["value"] for member in answered["members"]] == [str(ada.member_id)]
    rows = await owner.fetch("select subject, code, message from provisioning_failure")
    assert {(row["subject"], row["code"]) for row in rows} == {("Engineers", "UNKNOWN_MEMBER")}


async def test_deleted_group_is_archived_and_nothing_in_it_is_lost(directory, owner, ada):
    group_id = await _pushed(directory, ada.member_id)
    await directory.json("DELETE", f"/Groups/{group_id}", status=204)
    row = await owner.fetchrow("select archived_at is not null as is_archived, managed_by, name from user_group")
    assert tuple(row) == (True, "people", "Engineers")
    assert [each["member_id"] for each in await owner.fetch(PRESENT)] == [ada.member_id]
    await _pushed(directory, name="Engineers")


async def test_role_in_a_group_stays_while_the_directory_leaves_the_person_in_it(directory, owner, ada, database, acme):
    other = await make_member(database, acme)
    group_id = await _pushed(directory, ada.member_id)
    await owner.execute("update group_membership set role = 'group_owner'")
    await directory.patch(
        f"/Groups/{group_id}", {"op": "add", "path": "members", "value": [{"value": str(other.member_id)}]}
    )
    held = {row["member_id"]: row["role"] for row in await owner.fetch(PRESENT)}
    assert held == {ada.member_id: "group_owner", other.member_id: "member"}


async def test_groups_show_on_the_user_and_nothing_of_groups_of_people(directory, database, acme, ada):
    await make_group(database, acme, "Private", ada)
    group_id = await _pushed(directory, ada.member_id)
    shown = await directory.json("GET", f"/Users/{ada.member_id}")
    assert [(each["value"], each["display"]) for each in shown["groups"]] == [(str(group_id), "Engineers")]
    assert "groups" not in await directory.json("GET", f"/Users/{ada.member_id}", excludedAttributes="groups")
