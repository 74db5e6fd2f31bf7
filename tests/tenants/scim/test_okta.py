"""Okta, as it writes: it looks a person up, adds or links, replaces whole users, and pushes groups."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.tenants.scim.directory import GROUP, USER

pytestmark = pytest.mark.anyio

PERSON = {
    "schemas": [USER],
    "userName": "test.user@okta.local",
    "name": {"givenName": "Test", "familyName": "User"},
    "emails": [{"primary": True, "value": "test.user@okta.example", "type": "work"}],
    "displayName": "Test User",
    "locale": "en-US",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}


async def test_look_up_adds_nobody_and_answers_with_an_empty_list(directory, owner):
    before = await owner.fetchval("select count(*) from member")
    found = await directory.json("GET", "/Users", filter='userName eq "test.user@okta.local"', startIndex=1, count=100)
    assert (found["totalResults"], found["startIndex"], found["itemsPerPage"]) == (0, 1, 0)
    assert await owner.fetchval("select count(*) from member") == before


async def test_password_is_neither_kept_nor_answered(directory, owner):
    made = await directory.json("POST", "/Users", PERSON, 201)
    assert "password" not in made
    assert await owner.fetchval("select count(*) from password_credential") == 0


async def test_member_who_was_there_before_is_found_by_the_address_and_linked(directory, owner, ada):
    (found,) = await directory.find("/Users", f'userName eq "{ada.email.upper()}"')
    assert found["id"] == str(ada.member_id)
    linked = await directory.json("PUT", f"/Users/{found['id']}", {**PERSON, "id": found["id"], "userName": ada.email})
    assert (linked["id"], linked["externalId"]) == (str(ada.member_id), PERSON["externalId"])
    row = await owner.fetchrow("select account_id, display_name from member where id = $1", ada.member_id)
    assert tuple(row) == (ada.account_id, "Test User")


async def test_whole_user_deactivates_and_brings_back(directory, owner):
    made = await directory.json("POST", "/Users", PERSON, 201)
    path = f"/Users/{made['id']}"
    for is_active, state in ((False, "deactivated"), (True, "active")):
        answered = await directory.json("PUT", path, {**PERSON, "id": made["id"], "active": is_active})
        assert (answered["id"], answered["active"]) == (made["id"], is_active)
        assert await owner.fetchval("select state from member where id = $1", UUID(made["id"])) == state


async def test_the_same_again_changes_nothing_and_tells_nobody(directory, owner, ada):
    path = f"/Users/{ada.member_id}"
    first = await directory.json("PUT", path, {**PERSON, "userName": ada.email})
    notices = await owner.fetchval("select count(*) from notice")
    second = await directory.json("PUT", path, {**PERSON, "userName": ada.email})
    assert second["meta"]["version"] == first["meta"]["version"]
    assert await owner.fetchval("select count(*) from notice") == notices


async def test_pushed_group_is_replaced_whole(directory, owner):
    people = [(await directory.add(f"p{number}"))["id"] for number in range(3)]
    pushed = {"schemas": [GROUP], "displayName": "Test SCIMv2", "members": [{"value": people[0], "display": "p0"}]}
    group = await directory.json("POST", "/Groups", pushed, 201)
    (found,) = await directory.find("/Groups", 'displayName eq "test scimv2"')
    assert found["id"] == group["id"]
    wanted = [{"value": each} for each in people[1:]]
    await directory.json("PUT", f"/Groups/{group['id']}", {**pushed, "id": group["id"], "members": wanted})
    rows = await owner.fetch("select member_id from group_membership where left_at is null order by member_id")
    assert [str(row["member_id"]) for row in rows] == sorted(people[1:])


async def test_pushed_group_gets_people_with_the_names_that_are_shown(directory, owner):
    person = await directory.add("p")
    group = await directory.json("POST", "/Groups", {"schemas": [GROUP], "displayName": "Team"}, 201)
    entry = {"value": person["id"], "display": "test.user@okta.local"}
    await directory.patch(f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": [entry]})
    assert str(await owner.fetchval("select member_id from group_membership where left_at is null")) == person["id"]
    assert await owner.fetchval("select display_name from member where id = $1", UUID(person["id"])) == "p"
