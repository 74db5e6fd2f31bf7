"""Many at the same moment, and what was let in and is not any more: one wins, nobody is lost, nothing goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from uuid import UUID

import asyncpg
import pytest

from tests.builders import access_for
from tests.tenants.operating import commanding
from tests.tenants.scim.directory import BULK, GROUP, PATCH, USER, Directory
from wardship.tenants.organisation_lifecycle.changes import suspend_organisation
from wardship.tenants.paging import PageRequest
from wardship.tenants.provisioning.tokens import list_provisioning_tokens, revoke_provisioning_token
from wardship.tenants.scim import kinds, service

pytestmark = pytest.mark.anyio


async def _statuses(*calls):
    return Counter(answer.status_code for answer in await asyncio.gather(*calls))


def _patch(*operations):
    return {"schemas": [PATCH], "Operations": list(operations)}


@pytest.mark.parametrize("same", ["userName", "externalId", "emails"])
async def test_of_many_who_add_one_person_at_once_one_does(directory, owner, same):
    before = await owner.fetchval("select count(*) from member")

    def body(number):
        own = {"userName": f"u{number}", "externalId": f"e{number}", "emails": [{"value": f"m{number}@acme.example"}]}
        shared = {"userName": "Ada", "externalId": "e", "emails": [{"value": "ada@acme.example"}]}
        return {"schemas": [USER], **own, same: shared[same]}

    found = await _statuses(*(directory.send("POST", "/Users", body(number)) for number in range(50)))
    assert found == {201: 1, 409: 49}
    assert await owner.fetchval("select count(*) from member") == before + 1


async def test_of_many_who_change_one_person_at_once_each_sees_what_the_others_did(directory, owner):
    made = await directory.add("ada")
    names = ["title", "displayName", "preferredLanguage", "externalId", "name.givenName", "name.familyName"]
    calls = [
        directory.send("PATCH", f"/Users/{made['id']}", _patch({"op": "replace", "path": name, "value": name}))
        for name in names
    ]
    assert await _statuses(*calls) == {200: len(names)}
    row = await owner.fetchrow(
        "select job_title, m.display_name, preferred_language, external_id, first_name, last_name"
        " from member m join directory_user d on d.member_id = m.id"
    )
    assert list(row) == names


async def test_of_many_who_name_one_version_one_changes_it(directory):
    made = await directory.add("ada")
    calls = [
        directory.send(
            "PATCH",
            f"/Users/{made['id']}",
            _patch({"op": "replace", "path": "title", "value": str(number)}),
            headers={"if-match": made["meta"]["version"]},
        )
        for number in range(10)
    ]
    assert await _statuses(*calls) == {200: 1, 412: 9}


async def test_people_who_come_into_a_group_at_once_are_all_in_it(directory):
    people = [await directory.add(f"user{number}") for number in range(8)]
    group = await directory.json("POST", "/Groups", {"schemas": [GROUP], "displayName": "Team"}, 201)
    calls = [
        directory.send(
            "PATCH",
            f"/Groups/{group['id']}",
            _patch({"op": "add", "path": "members", "value": [{"value": person["id"]}]}),
        )
        for person in people
    ]
    assert await _statuses(*calls) == {200: len(people)}
    shown = await directory.json("GET", f"/Groups/{group['id']}")
    assert {each["value"] for each in shown["members"]} == {person["id"] for person in people}


async def test_group_is_emptied_while_its_people_leave_the_organisation(directory, owner):
    people = [await directory.add(f"user{number}") for number in range(5)]
    members = [{"value": person["id"]} for person in people]
    body = {"schemas": [GROUP], "displayName": "Team", "members": members}
    group = await directory.json("POST", "/Groups", body, 201)
    leaving = [directory.send("DELETE", f"/Users/{person['id']}") for person in people]
    emptied = directory.send("PATCH", f"/Groups/{group['id']}", _patch({"op": "remove", "path": "members"}))
    assert await _statuses(*leaving[:3], emptied, *leaving[3:]) == {204: 5, 200: 1}
    assert await owner.fetchval("select count(*) from group_membership where left_at is null") == 0


@pytest.fixture
def losing(monkeypatch):
    """How often a creation loses a deadlock from now on."""
    left = [0]
    create = kinds.Users.create

    async def lose(self, access, resource):
        written = await create(self, access, resource)
        if left[0]:
            left[0] -= 1
            raise asyncpg.DeadlockDetectedError("deadlock detected")
        return written

    monkeypatch.setattr(kinds.Users, "create", lose)
    return left


ADA = {"schemas": [USER], "userName": "ada"}
IN_BULK = {"schemas": [BULK], "Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": ADA}]}


async def test_what_lost_a_deadlock_is_done_again(directory, owner, losing):
    losing[0] = 1
    await directory.json("POST", "/Users", ADA, 201)
    assert await owner.fetchval("select count(*) from directory_user") == 1
    losing[0] = 1
    bulk = {**IN_BULK, "Operations": [{**IN_BULK["Operations"][0], "data": {**ADA, "userName": "bo"}}]}
    answered = await directory.json("POST", "/Bulk", bulk)
    assert [each["status"] for each in answered["Operations"]] == ["201"]
    assert await owner.fetchval("select count(*) from audit_entry where action = 'member.provisioned'") == 2


async def test_what_loses_each_deadlock_is_a_conflict_and_nothing_is_written(directory, owner, losing):
    losing[0] = 2 * service.TRIES
    refused = await directory.json("POST", "/Users", ADA, 409)
    assert "send it again" in refused["detail"]
    answered = await directory.json("POST", "/Bulk", IN_BULK)
    assert [each["status"] for each in answered["Operations"]] == ["409"]
    assert losing[0] == 0
    assert await owner.fetchval("select count(*) from directory_user") == 0


async def _revoke(services, admin, directory):
    del directory
    async with access_for(services, admin) as access:
        (token,) = (await list_provisioning_tokens(access, PageRequest())).items
        await revoke_provisioning_token(access, token.id)


async def _suspend(services, _admin, _directory):
    async with commanding(services) as access:
        await suspend_organisation(access, "acme", reason="unpaid")


@pytest.mark.parametrize("end", [_revoke, _suspend], ids=["token revoked", "organisation suspended"])
async def test_bulk_request_goes_no_further_once_its_token_opens_nothing(
    directory: Directory, owner, services, admin, monkeypatch, end
):
    created: list[UUID] = []
    create = kinds.Users.create

    async def noted(self, access, resource):
        written = await create(self, access, resource)
        created.append(written.id)
        return written

    step = service.Handler.run_bulk_step

    async def ended_after_first(self, request, plan, at):
        if created and at.index == 1:
            await end(services, admin, directory)
        return await step(self, request, plan, at)

    monkeypatch.setattr(kinds.Users, "create", noted)
    monkeypatch.setattr(service.Handler, "run_bulk_step", ended_after_first)
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": str(number), "data": {**ADA, "userName": f"user{number}"}}
        for number in range(3)
    ]
    answered = await directory.json("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    assert [each["status"] for each in answered["Operations"]] == ["201", "401", "401"]
    assert await owner.fetchval("select count(*) from directory_user") == 1
