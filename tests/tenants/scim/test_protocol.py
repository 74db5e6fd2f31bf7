"""The edges of the protocol over our own route: addresses, versions, sizes, budgets, pages, bulk."""

from __future__ import annotations

import json
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from tests.edge import make_app
from tests.tenants.scim.directory import BULK, GROUP, PATCH, USER, Directory
from wardship.core.http.budgets import Budgets
from wardship.tenants.scim.resources import LARGEST_BODY, MOST_OPERATIONS, MOST_RESULTS
from wardship.tenants.scim.routes import scim_router

pytestmark = pytest.mark.anyio


async def test_location_is_the_deployments_whatever_host_the_client_names(directory, services):
    made = await directory.add("ada")
    wanted = f"{services.settings.public_url}/scim/v2/Users/{made['id']}"
    for headers in ({"host": "evil.example"}, {"x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher"}):
        answer = await directory.send("GET", f"/Users/{made['id']}", headers=headers)
        assert answer.json()["meta"]["location"] == answer.headers["content-location"] == wanted
        assert "evil" not in answer.text + str(answer.headers)


async def test_location_is_the_deployments_behind_a_mount(directory, services):
    made = await directory.add("ada")
    app: Litestar = make_app(services.settings, scim_router(services))
    transport = httpx.ASGITransport(app=app, root_path="/behind/a/proxy")
    async with httpx.AsyncClient(transport=transport, base_url="http://inside:9") as client:
        answer = await client.get(
            f"/scim/v2/Users/{made['id']}", headers={"authorization": f"Bearer {directory.token}"}
        )
    assert answer.json()["meta"]["location"] == f"{services.settings.public_url}/scim/v2/Users/{made['id']}"


async def test_service_says_what_it_can_to_anybody_and_schemas_to_directories_alone(directory, services):
    stranger = Directory(services, "nothing")
    told = (await stranger.send("GET", "/ServiceProviderConfig")).json()
    assert told["patch"] == {"supported": True}
    assert told["bulk"] == {"supported": True, "maxOperations": MOST_OPERATIONS, "maxPayloadSize": LARGEST_BODY}
    assert (told["etag"], told["sort"]) == ({"supported": True}, {"supported": True})
    assert told["changePassword"] == {"supported": False}
    assert (await stranger.send("GET", "/Schemas")).status_code == 401
    schemas = await directory.json("GET", "/Schemas")
    assert schemas["Resources"][0]["id"] == USER
    kinds = await directory.json("GET", "/ResourceTypes")
    assert [kind["endpoint"] for kind in kinds["Resources"]] == ["/Users", "/Groups"]


async def test_version_guards_changes_and_saves_reading(directory, owner):
    made = await directory.add("ada")
    path, version = f"/Users/{made['id']}", made["meta"]["version"]
    unchanged = await directory.send("GET", path, headers={"if-none-match": version})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    change = {"Operations": [{"op": "replace", "path": "title", "value": "First"}]}
    first = await directory.send("PATCH", path, change, headers={"if-match": version})
    assert first.status_code == 200
    assert first.headers["etag"] != version
    change["Operations"][0]["value"] = "Second"
    for method, body in (("PATCH", change), ("PUT", {"userName": "x"}), ("DELETE", None)):
        stale = await directory.send(method, path, body, headers={"if-match": version})
        assert stale.status_code == 412
    row = await owner.fetchrow("select state, job_title from member where id = $1", UUID(made["id"]))
    assert tuple(row) == ("active", "First")
    assert await owner.fetchval("select count(*) from provisioning_failure") == 0


async def test_version_changes_when_somebody_else_changes_the_person(directory, owner, ada):
    path = f"/Users/{ada.member_id}"
    before = (await directory.json("GET", path))["meta"]["version"]
    await owner.execute("update member set job_title = 'New' where id = $1", ada.member_id)
    assert (await directory.json("GET", path))["meta"]["version"] != before


async def test_pages_hold_what_is_asked_for_and_all_are_counted(directory):
    for number in range(5):
        await directory.add(f"user{number}")
    page = await directory.json("GET", "/Users", filter='userName sw "user"', startIndex=2, count=2, sortBy="userName")
    assert [user["userName"] for user in page["Resources"]] == ["user1", "user2"]
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    none = await directory.json("GET", "/Users", filter='userName sw "user"', count=0)
    assert (none["totalResults"], none.get("Resources", [])) == (5, [])
    beyond = await directory.json("GET", "/Users", filter='userName sw "user"', startIndex=99)
    assert (beyond["totalResults"], beyond.get("Resources", [])) == (5, [])
    many = await directory.json("GET", "/Users", count=10**6)
    assert many["itemsPerPage"] <= MOST_RESULTS


async def test_search_by_post_and_at_the_root(directory):
    await directory.add("ada")
    await directory.json("POST", "/Groups", {"schemas": [GROUP], "displayName": "Team"}, 201)
    found = await directory.json("POST", "/Users/.search", {"filter": 'userName eq "ADA"', "attributes": ["userName"]})
    assert [set(user) for user in found["Resources"]] == [{"schemas", "id", "userName"}]
    everything = await directory.json("POST", "/.search", {"filter": 'displayName eq "team"'})
    assert [each["meta"]["resourceType"] for each in everything["Resources"]] == ["Group"]
    assert (await directory.json("GET", "/"))["totalResults"] == 4


@pytest.mark.parametrize(
    "wanted",
    [
        "userName",
        'userName eq "x',
        "nickName pr",
        'meta.version eq "x"',
        " and ".join(['title eq "x"'] * 200),
        "not (" * 40 + "title pr" + ")" * 40,
        'active gt "x"',
    ],
    ids=["no operator", "no end", "not kept", "version", "long", "deep", "boolean"],
)
async def test_filter_that_can_not_be_is_refused_in_words(directory, wanted):
    refused = await directory.json("GET", "/Users", status=400, filter=wanted)
    assert refused["scimType"] in {"invalidFilter", "invalidPath"}
    assert refused["detail"]


@pytest.mark.parametrize("value", ["a\u0000b", "\ud800", "%_\\", "'; drop table member; --"])
async def test_filter_by_any_text_finds_what_is_equal_and_breaks_nothing(directory, value):
    answer = await directory.send("POST", "/Users/.search", {"filter": f"title eq {_quoted(value)}"})
    assert answer.status_code in {200, 400}, answer.text
    assert (await directory.json("GET", "/Users"))["totalResults"] == 2


def _quoted(value):
    return json.dumps(value)


async def test_bulk_does_what_it_can_and_names_what_failed(directory, owner):
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"schemas": [USER], "userName": "ada"}},
        {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"schemas": [USER], "userName": "ADA"}},
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": "g",
            "data": {"schemas": [GROUP], "displayName": "Team", "members": [{"value": "bulkId:a"}]},
        },
    ]
    answered = await directory.json("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    assert [each["status"] for each in answered["Operations"]] == ["201", "409", "201"]
    assert await owner.fetchval("select count(*) from group_membership where left_at is null") == 1
    failure = await owner.fetchrow("select operation, resource, subject, code from provisioning_failure")
    assert tuple(failure) == ("create", "User", "ADA", "uniqueness")


async def test_bulk_is_bounded(directory, owner):
    operation = {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"schemas": [USER], "userName": "x"}}
    before = await owner.fetchval("select count(*) from member")
    many = {"schemas": [BULK], "Operations": [{**operation, "bulkId": str(n)} for n in range(MOST_OPERATIONS + 1)]}
    await directory.json("POST", "/Bulk", many, 413)
    await directory.json("POST", "/Users", {"userName": "x" * LARGEST_BODY}, 413)
    assert await owner.fetchval("select count(*) from member") == before


async def test_faults_of_the_client_are_answered_as_scim_has_them(directory, owner):
    before = await owner.fetchval("select count(*) from member")
    for method, path, body, status in (
        ("POST", "/Users", {"schemas": [USER]}, 400),
        ("POST", "/Users", [1], 400),
        ("POST", "/Users", {"schemas": [USER], "userName": " "}, 400),
        ("POST", "/Users", {"schemas": [USER], "userName": "a", "emails": [{"value": "no address"}]}, 400),
        ("GET", "/Nothing", None, 404),
        ("GET", "/Me", None, 501),
        ("PUT", "/Users", {}, 405),
        ("PATCH", "/Users/x", {"schemas": [PATCH], "Operations": []}, 400),
    ):
        answer = await directory.send(method, path, body)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/scim+json"
        assert answer.json()["status"] == str(status)
    assert await owner.fetchval("select count(*) from member") == before


async def test_one_organisation_takes_the_budget_of_no_other(services, clock, directory, rival):
    small = Budgets(30_000, 1_000_000, lambda: clock.now().timestamp())
    object.__setattr__(services, "budgets", small)
    answers = [await directory.send("GET", "/Users") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert (await rival.send("GET", "/Users")).status_code == 200
