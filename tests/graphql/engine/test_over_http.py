"""GraphQL over HTTP: methods, media types, status codes and what a refusal looks like."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
import strawberry
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.graphql.engine.archive import Desk, schema
from wardship.graphql.engine import GraphQLHandler, Limits, Operation, RequestRefusedError, graphql_route
from wardship.graphql.engine.transports.over_http import GraphQLOverHttp, HttpRequest, HttpResponse

pytestmark = pytest.mark.anyio

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
QUERY = b'{"query": "{ __typename }"}'
DATA = {"data": {"__typename": "Query"}}


@asynccontextmanager
async def desk(request: Any, operation: Operation) -> AsyncIterator[Desk]:
    del operation
    if request == "nobody":
        raise RequestRefusedError("Sign in first.", code="SIGN_IN", http_status=401)
    if request == "broken":
        raise RuntimeError("no database")
    yield Desk()


async def send(
    body: bytes = QUERY,
    *,
    method: str = "POST",
    accept: str | None = RESPONSE_JSON,
    content_type: str | None = JSON,
    request: Any = None,
    limits: Limits | None = None,
    is_get_allowed: bool = True,
    **rest: str,
) -> HttpResponse:
    http = GraphQLOverHttp(GraphQLHandler(schema, context=desk, limits=limits), is_get_allowed=is_get_allowed)
    asked = HttpRequest(method, accept=accept, content_type=content_type, body=body, **rest)
    return await http.respond(asked, request)


def code_of(response: HttpResponse) -> str:
    body = orjson.loads(response.body)
    assert set(body) == {"errors"}
    code: str = body["errors"][0]["extensions"]["code"]
    return code


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (RESPONSE_JSON, RESPONSE_JSON),
        (RESPONSE_JSON.upper(), RESPONSE_JSON),
        (f"{RESPONSE_JSON}; charset=utf-8", RESPONSE_JSON),
        (f"{RESPONSE_JSON}, {JSON};q=0.9", RESPONSE_JSON),
        (f"{JSON};q=0.9, {RESPONSE_JSON}", RESPONSE_JSON),
        (f"{JSON};q=0.1, {RESPONSE_JSON};q=0.2", RESPONSE_JSON),
        (f"{RESPONSE_JSON}, {JSON}", RESPONSE_JSON),
        (f"{JSON}, {RESPONSE_JSON}", JSON),
        (f"*/*, {RESPONSE_JSON}", RESPONSE_JSON),
        (f"{JSON};q=0, */*", RESPONSE_JSON),
        (f"text/html, {JSON};q=0.5", JSON),
        (f"{RESPONSE_JSON};q=0, {JSON}", JSON),
        ("text/html", None),
        ("*/*;q=0", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=much", None),
        (f"{JSON};charset=latin-1", None),
        ("nonsense", None),
    ],
)
async def test_the_answer_is_in_a_type_that_the_client_accepts(accept: str | None, answered: str | None) -> None:
    response = await send(accept=accept)
    assert response.headers["content-type"] == f"{answered or JSON}; charset=utf-8"
    assert response.headers["vary"] == "Accept"
    assert response.headers["cache-control"] == "no-store"
    if answered is None:
        assert (response.status, code_of(response)) == (406, "NOT_ACCEPTABLE")
    else:
        assert (response.status, orjson.loads(response.body)) == (200, DATA)


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        (JSON, 200),
        ("application/json; charset=utf-8", 200),
        ('Application/JSON;charset="UTF-8"', 200),
        (None, 415),
        ("", 415),
        ("text/plain", 415),
        ("application/graphql", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data", 415),
        ("application/json; charset=utf-16", 415),
    ],
)
async def test_only_json_in_utf_8_is_read(content_type: str | None, status: int) -> None:
    assert (await send(content_type=content_type)).status == status


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "MALFORMED_JSON"),
        (b'{"query": ', "MALFORMED_JSON"),
        (b'{"query": "\xff"}', "MALFORMED_JSON"),
        (b"[" * 100_000, "MALFORMED_JSON"),
        (b"null", "BAD_REQUEST"),
        (b'"{ __typename }"', "BAD_REQUEST"),
        (b'[{"query": "{ __typename }"}]', "BATCHING_NOT_SUPPORTED"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query": 1}', "BAD_REQUEST"),
        (b'{"query": null}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": "{}"}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "operationName": 1}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "extensions": 1}', "BAD_REQUEST"),
    ],
)
@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
async def test_what_is_no_graphql_request_is_a_bad_request(body: bytes, code: str, accept: str) -> None:
    response = await send(body, accept=accept)
    assert (response.status, code_of(response)) == (400, code)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{", {}),
        ("", {}),
        ("{ nothing }", {}),
        ("query ($n: Int!) { person(id: $n) { id } }", {"n": None}),
        ("{ people(first: 1000) { __typename } }", {}),
        ("query A { __typename } query B { __typename }", {}),
    ],
)
async def test_a_refused_operation_is_400_or_for_older_clients_200(query: str, variables: dict[str, Any]) -> None:
    body = orjson.dumps({"query": query, "variables": variables})
    newer, older = await send(body), await send(body, accept=JSON)
    assert (newer.status, older.status) == (400, 200)
    assert newer.body == older.body
    assert code_of(newer)


async def test_an_executed_operation_is_200_whatever_its_errors() -> None:
    response = await send(b'{"query": "{ person(id: 5) { nick } }"}')
    assert response.status == 200
    assert orjson.loads(response.body)["data"] == {"person": {"nick": None}}
    assert len(orjson.loads(response.body)["errors"]) == 1


@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
async def test_a_host_that_refuses_or_fails_says_so_in_the_status(accept: str) -> None:
    body = b'{"query": "{ person { id } }"}'
    refused = await send(body, accept=accept, request="nobody")
    assert (refused.status, code_of(refused)) == (401, "SIGN_IN")
    failed = await send(body, accept=accept, request="broken")
    assert (failed.status, code_of(failed)) == (500, "INTERNAL")
    assert b"no database" not in failed.body


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD"])
async def test_other_methods_are_told_which_are_served(method: str) -> None:
    response = await send(method=method)
    assert (response.status, response.headers["allow"]) == (405, "GET, POST")


async def test_queries_may_come_by_get() -> None:
    query_string = (
        "query=query+Q($n:Int!)%7Bperson(id:$n)%7Bname%7D%7D&variables=%7B%22n%22:2%7D&operationName=Q&extensions="
    )
    response = await send(b"", method="GET", content_type=None, query_string=query_string)
    assert (response.status, orjson.loads(response.body)) == (200, {"data": {"person": {"name": "person 2"}}})


async def test_get_can_be_off() -> None:
    response = await send(b"", method="GET", query_string="query=%7B__typename%7D", is_get_allowed=False)
    assert (response.status, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
async def test_mutations_never_come_by_get(accept: str) -> None:
    handler = GraphQLHandler(with_mutation(), context=desk)
    http = GraphQLOverHttp(handler)
    response = await http.respond(HttpRequest("GET", accept=accept, query_string="query=mutation%7Bdo%7D"))
    assert (response.status, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert DONE == []
    body = b'{"query": "mutation { do }"}'
    response = await http.respond(HttpRequest("POST", accept=accept, content_type=JSON, body=body))
    assert (response.status, DONE) == (200, ["done"])


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
async def test_pages_of_other_sites_may_not_ask_by_get(site: str, status: int) -> None:
    response = await send(b"", method="GET", query_string="query=%7B__typename%7D", fetch_site=site)
    assert response.status == status


@pytest.mark.parametrize(
    "query_string", ["", "variables={}", "query=%7B__typename%7D&variables={", "query=%ff", "&".join(["a=1"] * 30)]
)
async def test_a_url_that_cannot_be_read_is_a_bad_request(query_string: str) -> None:
    assert (await send(b"", method="GET", query_string=query_string)).status == 400


async def test_a_long_request_is_refused() -> None:
    body = QUERY.ljust(200)
    assert (await send(body, limits=Limits(request_bytes=200))).status == 200
    response = await send(body + b" ", limits=Limits(request_bytes=200))
    assert (response.status, code_of(response)) == (413, "REQUEST_TOO_LARGE")


async def test_refusals_are_counted_by_code() -> None:
    handler = GraphQLHandler(schema)
    http = GraphQLOverHttp(handler)
    await http.respond(HttpRequest("PUT"))
    await http.respond(HttpRequest("POST", content_type=JSON, body=b'{"query": "{"}'))
    assert handler.metrics.refused == {"METHOD_NOT_ALLOWED": 1, "GRAPHQL_PARSE_FAILED": 1}


async def test_the_litestar_route_serves_it_all() -> None:
    seen: list[Any] = []

    @asynccontextmanager
    async def context(request: Any, _operation: Operation) -> AsyncIterator[Desk]:
        seen.append(request.headers["x-who"])
        yield Desk()

    handler = GraphQLHandler(schema, context=context, limits=Limits(request_bytes=1_000))
    async with AsyncTestClient(Litestar([graphql_route(handler)])) as client:
        response = await client.post("/graphql", json={"query": "{ person { id } }"}, headers={"x-who": "me"})
        assert (response.status_code, response.json(), seen) == (200, {"data": {"person": {"id": "1"}}}, ["me"])
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert int(response.headers["content-length"]) == len(response.content)
        by_get = await client.get("/graphql", params={"query": "{ __typename }"})
        assert by_get.json() == DATA
        put = await client.put("/graphql", content=b"{}")
        assert (put.status_code, put.headers["allow"]) == (405, "GET, POST")

        long = await client.post("/graphql", content=b" " * 1_001, headers={"content-type": JSON})
        assert long.status_code == 413
        assert json.loads(long.content)["errors"][0]["extensions"] == {"code": "REQUEST_TOO_LARGE"}


DONE: list[str] = []


def with_mutation() -> strawberry.Schema:
    DONE.clear()

    @strawberry.type
    class Mutation:
        @strawberry.mutation
        def do(self) -> bool:
            DONE.append("done")
            return True

    return strawberry.Schema(schema.query, Mutation)
