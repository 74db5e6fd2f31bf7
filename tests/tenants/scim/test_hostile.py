"""What a hostile directory sends: answered as SCIM has it, never as a fault of ours, and nothing is changed by it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.edge import make_app
from tests.tenants.scim.directory import BULK, PATCH, USER, Directory
from wardship.tenants.scim.routes import scim_router

pytestmark = pytest.mark.anyio
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
DEEP = b"[" * 20_000 + b"]" * 20_000


async def _sent(directory: Directory, method: str, path: str, body: bytes, **headers: str) -> httpx.Response:
    app = make_app(directory.services.settings, scim_router(directory.services))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    sent = {"authorization": f"Bearer {directory.token}", "content-type": "application/scim+json", **headers}
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return await client.request(method, f"/scim/v2{path}", content=body, headers=sent)


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        b'{"userName": ' + DEEP + b"}",
        b'{"userName": "a\\ud800@acme.example"}',
        b'{"userName": "a\\u0000@acme.example"}',
        b"\xff\xfe{}",
        b'{"userName": ' + b"9" * 5000 + b"}",
        b'{"userName": "ada@acme.example", "active": 1e999}',
        b'{"userName": "ada@acme.example", "externalId": "\\udfff"}',
        b'{"userName": "ada@acme.example", "emails": [{"value": "\\udfff@acme.example"}]}',
        b'{"userName": "ada@acme.example", "externalId": "\\u0000"}',
        b"null",
        b"[]",
    ],
    ids=[
        "deep",
        "deep-value",
        "surrogate",
        "null-byte",
        "no-utf-8",
        "huge",
        "infinite",
        "id",
        "mail",
        "zero",
        "none",
        "list",
    ],
)
async def test_body_that_can_not_be_is_refused_and_adds_nobody(directory, owner, body):
    before = await owner.fetchval("select count(*) from member")
    answer = await _sent(directory, "POST", "/Users", body)
    assert (answer.status_code, answer.json()["schemas"]) == (400, [ERROR]), answer.text
    assert answer.headers["content-type"].startswith("application/scim+json")
    assert await owner.fetchval("select count(*) from member") == before


@pytest.mark.parametrize("data", [5, "text", ["members"], True, None], ids=["number", "text", "list", "true", "null"])
async def test_bulk_operation_without_an_object_fails_alone(directory, owner, data):
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "1", "data": data},
        {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"schemas": [USER], "userName": "bo@acme.example"}},
    ]
    answer = await directory.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    assert answer.status_code in {200, 400}, answer.text
    added = 0
    if answer.status_code == 200:
        assert [each["status"] for each in answer.json()["Operations"]] == ["400", "201"]
        added = 1
    assert await owner.fetchval("select count(*) from directory_user") == added


@pytest.mark.parametrize(
    "wanted",
    [
        "(" * 5000 + 'userName eq "a"' + ")" * 5000,
        "not (" * 2000 + 'userName eq "a"' + ")" * 2000,
        " and ".join(['userName eq "a"'] * 600),
        'userName eq "\\ud800"',
        'userName co "\x00"',
        "userName eq 9" + "9" * 5000,
        "meta.created gt 1e999",
        'meta.created gt "99999-01-01T00:00:00Z"',
        "emails[" * 500 + 'value eq "a"' + "]" * 500,
    ],
    ids=["brackets", "nots", "ands", "surrogate", "zero", "huge", "infinite", "year", "paths"],
)
async def test_filter_that_is_hostile_is_answered_and_no_fault(directory, wanted):
    answer = await directory.send("GET", "/Users", filter=wanted)
    assert answer.status_code in {200, 400}, answer.text
    found: Any = answer.json()
    assert found.get("totalResults", 0) == 0
    again = await directory.json("POST", "/Users/.search", {"filter": wanted}, answer.status_code)
    assert again.get("totalResults", 0) == 0


@pytest.mark.parametrize(
    "path",
    ["(" * 5000, "emails[" * 500, 'emails[value eq "\\ud800"].value', "\x00"],
    ids=["brackets", "paths", "surrogate", "zero"],
)
async def test_patch_at_a_hostile_path_changes_nothing(directory, owner, path):
    added = await directory.add("ada@acme.example")
    before = await owner.fetch("select * from directory_user")
    body = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": path, "value": "x"}]}
    answer = await directory.send("PATCH", f"/Users/{added['id']}", body)
    assert answer.status_code == 400, answer.text
    assert await owner.fetch("select * from directory_user") == before


@pytest.mark.parametrize(
    ("name", "value"), [("count", "9" * 30), ("startIndex", "9" * 30), ("startIndex", "-" + "9" * 30)]
)
async def test_page_that_is_no_page_is_answered(directory, name, value):
    answer = await directory.send("GET", "/Users", **{name: value})
    assert answer.status_code in {200, 400}, answer.text


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
async def test_id_with_a_null_byte_is_nobodys(directory, method):
    body = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    if method == "PUT":
        body = {"schemas": [USER], "userName": "ada@acme.example"}
    answer = await directory.send(method, "/Users/a%00b", None if method in {"GET", "DELETE"} else body)
    assert (answer.status_code, answer.json()["schemas"]) == (404, [ERROR]), answer.text
