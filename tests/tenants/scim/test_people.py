"""What a directory does with people, and what it can't: roles, the owner, the last administrator, accounts."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import access_for, make_member, make_organisation, system_access
from tests.tenants.scim.directory import ENTERPRISE, USER
from wardship.core.actor import Role
from wardship.core.database.scope import Scope
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.tenants.approvals.limit import ALWAYS
from wardship.tenants.approvals.records import ApprovalState
from wardship.tenants.fulfilment.second_person import approve_deletion
from wardship.tenants.members.membership import deactivate_member, remove_member, suspend_at_request
from wardship.tenants.members.tombstones import set_tombstones
from wardship.tenants.organisation_lifecycle.changes import close_own_organisation

pytestmark = pytest.mark.anyio
ADA = {
    "displayName": "Ada Lovelace",
    "name": {"givenName": "Ada", "familyName": "Lovelace", "honorificPrefix": "Dr."},
    "title": "Analyst",
    "emails": [{"value": "Ada@Example.org", "type": "work", "primary": True}],
    "phoneNumbers": [{"value": "+44 20 7946 0958", "type": "work"}],
    "externalId": "e-1",
    ENTERPRISE: {"department": "Engines", "employeeNumber": "42", "costCenter": "C1"},
}
HELD = """
    select id, account_id, state, email, display_name from member order by id
"""


async def _member(owner, user):
    return await owner.fetchrow("select * from member where id = $1", UUID(user["id"]))


async def test_user_becomes_a_member_without_account_and_roles(directory, owner):
    made = await directory.add("ada", **ADA)
    row = await _member(owner, made)
    assert (row["state"], row["account_id"], row["email"]) == ("active", None, "ada@example.org")
    assert (row["display_name"], row["first_name"], row["last_name"]) == ("Ada Lovelace", "Ada", "Lovelace")
    assert (row["title"], row["job_title"], row["phone"]) == ("Dr.", "Analyst", "+44 20 7946 0958")
    roles = await owner.fetch("select role from role_assignment where member_id = $1", row["id"])
    assert [each["role"] for each in roles] == ["member"]
    said = await owner.fetchrow("select * from directory_user where member_id = $1", row["id"])
    assert (said["department"], said["employee_number"], said["cost_center"]) == ("Engines", "42", "C1")
    assert (said["user_name"], said["external_id"]) == ("ada", "e-1")


async def test_audit_names_the_directory_and_no_person(directory, owner):
    await directory.add("ada", **ADA)
    entries = [json.loads(row["entry"]) for row in await owner.fetch("select entry from audit_entry order by sequence")]
    by_directory = [entry for entry in entries if entry["actor"]["kind"] == "directory"]
    assert [entry["action"] for entry in by_directory] == ["member.added", "member.provisioned"]
    assert "Ada" not in json.dumps(by_directory)
    assert {entry["actor"]["account"] for entry in by_directory} == {None}


async def test_account_with_the_address_is_not_taken_over(directory, database, owner):
    elsewhere = await make_member(database, await make_organisation(database), name="Ada", email="ada@example.org")
    made = await directory.add("ada", **ADA)
    assert (await _member(owner, made))["account_id"] is None
    assert await owner.fetchval("select count(*) from member where account_id = $1", elsewhere.account_id) == 1


async def test_address_of_who_has_an_account_stays_the_persons(directory, owner, ada):
    found = (await directory.find("/Users", f'userName eq "{ada.email}"'))[0]
    assert found["id"] == str(ada.member_id)
    await directory.patch(
        f"/Users/{ada.member_id}",
        {"op": "replace", "value": {"userName": "mallory@evil.example", "emails": [{"value": "mallory@evil.example"}]}},
    )
    row = await owner.fetchrow("select email, account_id from member where id = $1", ada.member_id)
    assert (row["email"], row["account_id"]) == (ada.email, ada.account_id)
    shown = await directory.json("GET", f"/Users/{ada.member_id}")
    assert shown["emails"] == [{"value": "mallory@evil.example"}]


async def test_address_of_who_has_no_account_is_corrected(directory, owner):
    made = await directory.add("ada", **ADA)
    await directory.patch(
        f"/Users/{made['id']}", {"op": "replace", "path": 'emails[type eq "work"].value', "value": "ada@new.example"}
    )
    assert (await _member(owner, made))["email"] == "ada@new.example"


async def test_roles_that_a_directory_sends_give_none(directory, owner):
    made = await directory.add("ada", **ADA, roles=[{"value": "org_admin", "primary": True}], entitlements=["owner"])
    await directory.patch(
        f"/Users/{made['id']}",
        {"op": "add", "path": "roles", "value": [{"value": "org_owner"}]},
        {"op": "replace", "path": "title", "value": "Admin"},
    )
    roles = await owner.fetch("select role from role_assignment where member_id = $1", UUID(made["id"]))
    assert [each["role"] for each in roles] == ["member"]
    assert (await _member(owner, made))["job_title"] == "Admin"


async def test_deactivated_person_can_not_act_and_comes_back_with_the_same_id(directory, owner, ada):
    path = f"/Users/{ada.member_id}"
    await directory.patch(path, {"op": "replace", "path": "active", "value": False})
    assert await owner.fetchval("select state from member where id = $1", ada.member_id) == "deactivated"
    assert (await directory.json("GET", path))["active"] is False
    back = await directory.patch(path, {"op": "replace", "path": "active", "value": True})
    assert (back["id"], back["active"]) == (str(ada.member_id), True)
    row = await owner.fetchrow("select state, account_id from member where id = $1", ada.member_id)
    assert (row["state"], row["account_id"]) == ("active", ada.account_id)


async def test_tokens_of_a_deactivated_person_end(directory, owner, services, ada):
    request = TokenRequest("program", ["read"], services.clock.now() + timedelta(days=1))
    async with services.database.transaction(Scope(ada.organisation_id, directory=True)) as transaction:
        await create_token(transaction, ada.account_id, ada.organisation_id, request, at=services.clock.now())
    await directory.patch(f"/Users/{ada.member_id}", {"op": "replace", "value": {"active": False}})
    assert await owner.fetchval("select revoked_at is not null from access_token")


@pytest.mark.parametrize("by", ["an administrator", "the person"])
async def test_directory_does_not_bring_back_whom_somebody_else_deactivated(
    directory, owner, services, acme, admin, ada, by
):
    path = f"/Users/{ada.member_id}"
    user = await directory.json("GET", path)
    await directory.json("PUT", path, user)  # the directory knows the person as active
    if by == "the person":
        async with system_access(services, acme) as access:
            await suspend_at_request(access, ada.member_id)
    else:
        async with access_for(services, admin) as access:
            await deactivate_member(access, ada.member_id)
    answered = await directory.json("PUT", path, {**user, "title": "Still here", "active": True})
    assert answered["active"] is False
    assert await owner.fetchval("select state from member where id = $1", ada.member_id) == "deactivated"


async def test_owner_is_neither_changed_nor_deactivated_nor_removed(directory, owner, olivia):
    path, before = f"/Users/{olivia.member_id}", await owner.fetch(HELD)
    await directory.patch(path, {"op": "replace", "path": "active", "value": False}, status=403)
    await directory.patch(path, {"op": "replace", "path": "displayName", "value": "Mallory"}, status=403)
    await directory.json("DELETE", path, status=403)
    assert await owner.fetch(HELD) == before
    assert await owner.fetchval("select count(*) from directory_user") == 0
    assert await owner.fetchval("select count(*) from role_assignment where role = 'org_owner'") == 1


async def test_what_the_directory_says_of_the_owner_is_kept_all_the_same(directory, owner, olivia):
    await directory.patch(f"/Users/{olivia.member_id}", {"op": "add", "path": "externalId", "value": "boss"})
    assert await owner.fetchval("select external_id from directory_user") == "boss"


async def test_last_administrator_is_neither_deactivated_nor_removed(directory, owner, admin):
    await owner.execute("delete from role_assignment where role = 'org_owner'")
    path, before = f"/Users/{admin.member_id}", await owner.fetch(HELD)
    await directory.patch(path, {"op": "replace", "path": "active", "value": False}, status=409)
    await directory.json("DELETE", path, status=409)
    assert await owner.fetch(HELD) == before


async def test_administrator_who_leaves_is_deactivated_and_not_brought_back(directory, owner, admin):
    path = f"/Users/{admin.member_id}"
    await directory.patch(path, {"op": "replace", "path": "active", "value": False})
    assert await owner.fetchval("select state from member where id = $1", admin.member_id) == "deactivated"
    await directory.patch(path, {"op": "replace", "path": "active", "value": True}, status=403)
    assert await owner.fetchval("select state from member where id = $1", admin.member_id) == "deactivated"


async def test_delete_ends_the_membership_and_erases_nothing(directory, owner, ada):
    path = f"/Users/{ada.member_id}"
    await directory.json("DELETE", path, status=204)
    await directory.json("GET", path, status=404)
    row = await owner.fetchrow("select state, display_name, email from member where id = $1", ada.member_id)
    assert tuple(row) == ("removed", "Ada Lovelace", "ada@example.org")
    assert await owner.fetchval("select count(*) from request_right") == 0


async def test_removed_person_who_is_added_again_has_the_same_membership_without_roles(
    directory, owner, database, acme
):
    auda = await make_member(database, acme, Role.AUDITOR, email="auda@example.org")
    await directory.json("DELETE", f"/Users/{auda.member_id}", status=204)
    again = await directory.add("auda@example.org")
    assert again["id"] == str(auda.member_id)
    roles = await owner.fetch("select role from role_assignment where member_id = $1", auda.member_id)
    assert [row["role"] for row in roles] == ["member"]


async def test_many_deletions_in_a_day_deactivate_at_once_and_wait_for_an_administrator(
    directory, owner, services, olivia
):
    made = [await directory.add(f"leaver{number}@example.org") for number in range(ALWAYS + 1)]
    for user in made:
        await directory.json("DELETE", f"/Users/{user['id']}", status=204)
        await directory.json("GET", f"/Users/{user['id']}", status=404)
    states = [(await _member(owner, user))["state"] for user in made]
    assert states == ["removed"] * ALWAYS + ["deactivated"]
    assert await directory.find("/Users", 'userName eq "leaver5@example.org"') == []
    approval = await owner.fetchrow("select id, state, is_with_privacy_team from approval")
    assert (approval["state"], approval["is_with_privacy_team"]) == ("asked", False)
    async with access_for(services, olivia) as access:
        await approve_deletion(access, approval["id"])
    assert (await _member(owner, made[-1]))["state"] == "removed"


async def test_person_whose_end_waits_is_added_again_and_the_wait_ends(directory, owner):
    made = [await directory.add(f"leaver{number}@example.org") for number in range(ALWAYS + 1)]
    for user in made:
        await directory.json("DELETE", f"/Users/{user['id']}", status=204)
    again = await directory.add("leaver5@example.org")
    assert again["id"] == made[-1]["id"]
    assert (await _member(owner, again))["state"] == "active"
    assert await owner.fetchval("select state from approval") == ApprovalState.WITHDRAWN


async def test_erased_person_does_not_come_back_by_the_directory(directory, owner, services, acme):
    async with system_access(services, acme) as access:
        await set_tombstones(access, emails=["ada@example.org"], phones=[], usernames=[])
    before = await owner.fetch(HELD)
    refused = await directory.json("POST", "/Users", {"schemas": [USER], "userName": "ada", **ADA}, 409)
    assert "erased" in refused["detail"]
    assert await owner.fetch(HELD) == before
    failure = await owner.fetchrow("select operation, resource, subject, code from provisioning_failure")
    assert tuple(failure) == ("create", "User", "ada", "ADDRESS_ERASED")


async def test_nobody_is_added_while_the_organisation_ends(directory, owner, services, olivia):
    async with access_for(services, olivia) as access:
        await close_own_organisation(access, "acme")
    before = await owner.fetch(HELD)
    await directory.json("POST", "/Users", {"schemas": [USER], "userName": "ada", **ADA}, 409)
    assert await owner.fetch(HELD) == before


async def test_what_the_directory_said_is_forgotten_when_an_administrator_ends_the_membership(
    directory, owner, services, admin
):
    made = await directory.add("ada", **ADA)
    async with access_for(services, admin) as access:
        await remove_member(access, UUID(made["id"]))
    assert await owner.fetchval("select count(*) from directory_user") == 0
    await directory.json("GET", f"/Users/{made['id']}", status=404)


@pytest.mark.parametrize(
    ("taken", "wanted"),
    [
        ({"userName": "ada"}, {"userName": "ADA"}),
        ({"userName": "stra\u00dfe"}, {"userName": "STRA\u00dfE"}),
        ({"userName": "cafe\u0301"}, {"userName": "CAF\u00c9"}),
        ({"userName": "a", "externalId": "x"}, {"userName": "b", "externalId": "x"}),
        ({"userName": "a@example.org"}, {"userName": "b", "emails": [{"value": "A@example.org"}]}),
    ],
    ids=["case", "sharp s", "decomposed", "external id", "address"],
)
async def test_names_and_identifiers_are_of_one_person_each(directory, owner, taken, wanted):
    await directory.json("POST", "/Users", {"schemas": [USER], **taken}, 201)
    before = await owner.fetch(HELD)
    refused = await directory.json("POST", "/Users", {"schemas": [USER], **wanted}, 409)
    assert refused["scimType"] == "uniqueness"
    assert await owner.fetch(HELD) == before


@pytest.mark.parametrize(
    "name",
    [
        "\u674e\u5c0f\u9f8d",
        "\u05d3\u05d5\u05d3 \u05dc\u05d5\u05d9",
        'O"Neil \\ Sons',
        "\u00c5sa \u00d8rsted",
        "\u0905\u092e\u093f\u0924",
    ],
)
async def test_names_in_all_scripts_are_kept_and_found(directory, name):
    made = await directory.add(f"{name}.1", displayName=name)
    assert made["displayName"] == name
    quoted = json.dumps(name, ensure_ascii=False)
    assert [user["id"] for user in await directory.find("/Users", f"displayName eq {quoted}")] == [made["id"]]


async def test_address_of_an_international_domain_is_kept_in_its_one_form(directory, owner):
    made = await directory.add("j\u00f6rg", emails=[{"value": "J\u00f6rg@xn--bcher-kva.example"}])
    assert (await _member(owner, made))["email"] == "j\u00f6rg@b\u00fccher.example"


async def test_directory_sees_of_who_is_concealed_what_administrators_see_and_changes_no_profile(directory, owner, ada):
    await owner.execute(
        "update member set concealed_at = now(), display_name = 'Ada Secret', first_name = 'Ada', last_name = 'Secret',"
        " title = 'Dr.', job_title = 'Spy', phone = '+44 20 7946 0958' where id = $1",
        ada.member_id,
    )
    group = await directory.json(
        "POST", "/Groups", {"displayName": "Team", "members": [{"value": str(ada.member_id)}]}, 201
    )
    path = f"/Users/{ada.member_id}"
    shown = [
        await directory.json("GET", path),
        await directory.json("GET", "/Users"),
        await directory.json("GET", f"/Groups/{group['id']}", attributes="members.display"),
    ]
    for hidden in ("Secret", "Dr.", "Spy", "7946"):
        assert hidden not in json.dumps(shown)
    assert (shown[0]["userName"], shown[0]["active"]) == (ada.email, True)
    for wanted in (
        'displayName sw "Ada S"',
        'name.familyName eq "Secret"',
        'title pr and title eq "Spy"',
        "phoneNumbers pr",
    ):
        assert str(ada.member_id) not in [each["id"] for each in await directory.find("/Users", wanted)], wanted
    assert await directory.find("/Groups", 'members.display co "Secret"') == []
    await directory.patch(path, {"op": "replace", "path": "externalId", "value": "e"})
    await directory.json("PUT", path, {"userName": ada.email, "displayName": "Other", "title": "Other"})
    row = await owner.fetchrow(
        "select display_name, last_name, job_title, phone from member where id = $1", ada.member_id
    )
    assert tuple(row) == ("Ada Secret", "Secret", "Spy", "+44 20 7946 0958")
