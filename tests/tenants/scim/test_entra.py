"""Microsoft Entra, as its provisioning service writes: the shapes of its published requests, old and new."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.tenants.scim.directory import ENTERPRISE, USER

pytestmark = pytest.mark.anyio

CREATE = {
    "schemas": [USER, ENTERPRISE],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "userName": "Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1@testuser.com",
    "active": True,
    "emails": [
        {"primary": True, "type": "work", "value": "Test_User_fd0ea19b-0777-472c-9f96-4f70d2226f2e@testuser.com"}
    ],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName"},
    "roles": [],
}


@pytest.fixture
async def user(directory):
    return await directory.json("POST", "/Users", CREATE, 201)


async def test_look_up_before_creation_finds_nobody(directory):
    found = await directory.json("GET", "/Users", filter='userName eq "Test_User_dfeef4c5@testuser.com"')
    assert (found["totalResults"], found.get("Resources", [])) == (0, [])


async def test_look_up_by_external_id_finds_the_person(directory, user):
    found = await directory.find("/Users", f'externalId eq "{CREATE["externalId"]}"')
    assert [each["id"] for each in found] == [user["id"]]


@pytest.mark.parametrize("value", ["False", "false", False])
async def test_soft_delete_by_a_boolean_in_words_deactivates(directory, owner, user, value):
    answered = await directory.patch(f"/Users/{user['id']}", {"op": "Replace", "path": "active", "value": value})
    assert answered["active"] is False
    assert await owner.fetchval("select state from member where id = $1", UUID(user["id"])) == "deactivated"


async def test_soft_delete_without_a_path_deactivates_and_true_in_words_brings_back(directory, owner, user):
    path = f"/Users/{user['id']}"
    await directory.patch(path, {"op": "Replace", "value": {"active": "False"}})
    assert await owner.fetchval("select state from member where id = $1", UUID(user["id"])) == "deactivated"
    await directory.patch(path, {"op": "Replace", "value": {"active": "True"}})
    assert await owner.fetchval("select state from member where id = $1", UUID(user["id"])) == "active"


async def test_patch_of_several_attributes_in_capital_letters(directory, owner, user):
    answered = await directory.patch(
        f"/Users/{user['id']}",
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "updatedEmail@microsoft.com"},
        {"op": "Replace", "path": "name.familyName", "value": "updatedFamilyName"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Research"},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "boss"},
    )
    assert answered["emails"] == [{"primary": True, "type": "work", "value": "updatedEmail@microsoft.com"}]
    assert answered["name"]["familyName"] == "updatedFamilyName"
    assert answered[ENTERPRISE]["department"] == "Research"
    assert answered[ENTERPRISE]["manager"]["value"] == "boss"
    row = await owner.fetchrow("select email, last_name from member where id = $1", UUID(user["id"]))
    assert tuple(row) == ("updatedemail@microsoft.com", "updatedFamilyName")


async def test_patch_without_path_whose_keys_are_paths(directory, owner, user):
    answered = await directory.patch(
        f"/Users/{user['id']}",
        {
            "op": "Add",
            "value": {
                "name.givenName": "Ada",
                "displayName": "Ada L.",
                f"{ENTERPRISE}:department": "Engines",
                "nickName": "not kept",
            },
        },
    )
    assert (answered["name"]["givenName"], answered["displayName"]) == ("Ada", "Ada L.")
    assert await owner.fetchval("select department from directory_user") == "Engines"


async def test_value_that_was_not_there_is_added_by_replacing_it(directory, user):
    answered = await directory.patch(
        f"/Users/{user['id']}",
        {"op": "Replace", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+49 30 901820"},
    )
    assert answered["phoneNumbers"] == [{"type": "mobile", "value": "+49 30 901820"}]


async def test_attributes_that_are_not_kept_are_left_out(directory, user):
    answered = await directory.patch(
        f"/Users/{user['id']}",
        {"op": "Add", "path": 'addresses[type eq "work"].streetAddress', "value": "Main street 1"},
        {"op": "Add", "path": "userType", "value": "Employee"},
        {"op": "Replace", "path": "title", "value": "Engineer"},
    )
    assert answered["title"] == "Engineer"
    assert not {"addresses", "userType"} & set(answered)


async def test_creation_without_schemas_is_taken(directory):
    body = {name: value for name, value in CREATE.items() if name != "schemas"}
    made = await directory.json("POST", "/Users", body, 201)
    assert made["userName"] == CREATE["userName"]


async def test_group_is_filled_and_emptied_as_entra_does(directory, owner, user):
    group = await directory.json(
        "POST",
        "/Groups",
        {
            "schemas": [
                "urn:ietf:params:scim:schemas:core:2.0:Group",
                "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
            ],
            "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
            "displayName": "displayName",
            "meta": {"resourceType": "Group"},
        },
        201,
    )
    path = f"/Groups/{group['id']}"
    await directory.patch(path, {"op": "Add", "path": "members", "value": [{"value": user["id"]}]})
    assert await _present(owner) == [user["id"]]
    await directory.patch(path, {"op": "Remove", "path": f'members[value eq "{user["id"]}"]'})
    assert await _present(owner) == []
    await directory.patch(path, {"op": "Add", "path": "members", "value": [{"value": user["id"]}]})
    await directory.patch(path, {"op": "Remove", "path": "members", "value": [{"value": user["id"]}]})
    assert await _present(owner) == []
    await directory.patch(path, {"op": "Replace", "path": "displayName", "value": "renamed"})
    shown = await directory.json("GET", path, excludedAttributes="members")
    assert (shown["displayName"], "members" in shown) == ("renamed", False)


async def _present(owner):
    rows = await owner.fetch("select member_id from group_membership where left_at is null")
    return [str(row["member_id"]) for row in rows]
