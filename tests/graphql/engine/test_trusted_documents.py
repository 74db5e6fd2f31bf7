"""Documents that the server knows: named by an identifier, over HTTP and WebSocket, under every limit of others."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
import pytest

from tests.graphql.engine.archive import Desk, desk_of_request, schema
from tests.graphql.engine.socket_place import WATCH
from tests.graphql.engine.ticker import Board, board_of_request
from tests.graphql.engine.ticker import schema as ticking
from wardship.graphql.engine import GraphQLHandler, Limits, RequestRefusedError, TrustedDocuments, document_id
from wardship.graphql.engine.transports.over_http import GraphQLOverHttp, HttpRequest, HttpResponse

pytestmark = pytest.mark.anyio

PEOPLE = "query P($n: Int!) { people(first: $n) { edges { node { name } } } }"
TEXTS = [
    PEOPLE,
    "query A { __typename } query B { kind: __typename }",
    "mutation { __typename }",
    "{ nothing }",
    "{ one: __typename two: __typename }",
]
MANIFEST = {document_id(text): text for text in TEXTS}
JSON = "application/graphql-response+json"


def made(limits: Limits | None = None, **more: Any) -> GraphQLOverHttp:
    documents = TrustedDocuments(MANIFEST, **more)
    return GraphQLOverHttp(GraphQLHandler(schema, context=desk_of_request, limits=limits, documents=documents))


async def post(http: GraphQLOverHttp, accept: str = JSON, **body: Any) -> HttpResponse:
    request = HttpRequest("POST", accept=accept, content_type="application/json", body=orjson.dumps(body))
    return await http.respond(request, Desk())


def body_of(response: HttpResponse) -> dict[str, Any]:
    return orjson.loads(response.body)


def code_of(response: HttpResponse) -> str:
    assert set(body_of(response)) == {"errors"}
    (error,) = body_of(response)["errors"]
    return error["extensions"]["code"]


def test_identifier_is_that_of_the_specification():
    text = "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}"
    assert document_id(text) == "sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"


async def test_document_is_executed_by_its_identifier_as_by_its_text():
    http = made()
    named = await post(http, documentId=document_id(PEOPLE), variables={"n": 2})
    sent = await post(http, query=PEOPLE, variables={"n": 2})
    assert named.status == sent.status == 200
    assert named.body == sent.body
    assert len(body_of(named)["data"]["people"]["edges"]) == 2


async def test_it_is_compiled_once_whoever_names_it_and_however():
    http = made()
    for number in (1, 2, 3):
        await post(http, documentId=document_id(PEOPLE), variables={"n": number})
    await post(http, query=PEOPLE, variables={"n": 4})
    metrics = http.handler.metrics
    assert (metrics.plan_misses, metrics.plan_hits, len(http.handler.plans)) == (1, 3, 1)


async def test_operation_is_chosen_by_name():
    response = await post(made(), documentId=document_id(TEXTS[1]), operationName="B")
    assert body_of(response) == {"data": {"kind": "Query"}}


@pytest.mark.parametrize("identifier", ["sha256:" + "0" * 64, document_id(PEOPLE).upper(), "", "é", PEOPLE])
@pytest.mark.parametrize(("accept", "status"), [(JSON, 400), ("application/json", 200)])
async def test_unknown_identifier_says_to_reload_and_executes_nothing(identifier, accept, status):
    http = made()
    response = await post(http, accept, documentId=identifier, variables={"n": 1})
    assert (response.status, code_of(response)) == (status, "UNKNOWN_DOCUMENT")
    assert "reload" in body_of(response)["errors"][0]["message"]
    assert http.handler.metrics.executed == 0
    assert http.handler.metrics.refused == {"UNKNOWN_DOCUMENT": 1}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": None},
        {"documentId": None},
        {"documentId": 7},
        {"documentId": ["sha256:"]},
        {"query": PEOPLE, "documentId": document_id(PEOPLE)},
        {"query": "", "documentId": document_id(PEOPLE)},
    ],
)
async def test_request_names_exactly_one_document(body):
    response = await post(made(), **body, variables={"n": 1})
    assert (response.status, code_of(response)) == (400, "BAD_REQUEST")


async def test_limits_and_costs_hold_for_known_documents():
    http = made(Limits(aliases=1))
    assert code_of(await post(http, documentId=document_id(TEXTS[4]))) == "ALIAS_LIMIT"
    assert code_of(await post(made(), documentId=document_id(PEOPLE), variables={"n": 101})) == "PAGE_SIZE"
    assert code_of(await post(made(), documentId=document_id(PEOPLE), variables={"n": "many"})) == "BAD_USER_INPUT"
    cheap = made(Limits(cost=1))
    assert code_of(await post(cheap, documentId=document_id(PEOPLE), variables={"n": 50})) == "COST_LIMIT"
    assert code_of(await post(made(), documentId=document_id("{ nothing }"))) == "GRAPHQL_VALIDATION_FAILED"


async def test_known_documents_are_compiled_in_turns_too():
    http = made(Limits(compile_share=1e-9, compile_burst=1e-9, seconds=0.05))
    await post(http, query="{ __typename }")
    response = await post(http, documentId=document_id(PEOPLE), variables={"n": 1})
    assert (response.status, code_of(response)) == (429, "TOO_MANY_DOCUMENTS")


async def test_by_get_queries_are_named_and_mutations_refused():
    texts = ["query Q { count { value } }", "mutation M { setCount(value: 7) { value } }"]
    documents = TrustedDocuments({document_id(text): text for text in texts})
    handler = GraphQLHandler(ticking, context=board_of_request, documents=documents)
    board = Board()

    async def get(text: str, **more: str) -> HttpResponse:
        request = HttpRequest("GET", accept=JSON, query_string=f"documentId={quote(document_id(text))}", **more)
        return await GraphQLOverHttp(handler).respond(request, board)

    assert body_of(await get(texts[0])) == {"data": {"count": {"value": 0}}}
    assert ((await get(texts[1])).status, code_of(await get(texts[1]))) == (405, "METHOD_NOT_ALLOWED")
    assert code_of(await get(texts[0], fetch_site="cross-site")) == "CROSS_SITE"
    assert body_of(await get(texts[0])) == {"data": {"count": {"value": 0}}}


async def test_who_may_send_no_text_is_told_so_and_goes_on_with_identifiers():
    http = made(text_refusal=lambda _: RequestRefusedError("Name a document.", code="TRUSTED_ONLY"))
    refused = await post(http, query="{ __typename }")
    assert (refused.status, code_of(refused)) == (403, "TRUSTED_ONLY")
    assert http.handler.metrics.plan_misses == 0
    assert (await post(http, documentId=document_id(PEOPLE), variables={"n": 1})).status == 200


# --- over WebSocket


async def test_subscription_is_begun_by_its_identifier(place):
    place.handler.documents = TrustedDocuments({document_id(WATCH["query"]): WATCH["query"]})
    async with place.open(init={}) as client:
        await client.subscribe(documentId=document_id(WATCH["query"]))
        assert (await client.receive())["payload"] == {"data": {"countChanged": {"value": 0}}}
        place.board.set("a", 1)
        assert (await client.receive())["payload"] == {"data": {"countChanged": {"value": 1}}}


async def test_unknown_subscription_is_an_error_of_the_operation_alone(place):
    async with place.open(init={}) as client:
        await client.subscribe(documentId=document_id("unknown"))
        message = await client.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "UNKNOWN_DOCUMENT")
        await client.subscribe(**WATCH)
        assert (await client.receive())["type"] == "next"


@pytest.mark.parametrize("payload", [{"documentId": 1}, {"documentId": None}, {**WATCH, "documentId": "sha256:0"}])
async def test_subscribe_names_exactly_one_document(place, payload):
    async with place.open(init={}) as client:
        await client.subscribe(**payload)
        assert (await client.closed())[0] == 4400


async def test_socket_that_may_send_no_text_is_told_so(place):
    refusal = RequestRefusedError("Name a document.", code="TRUSTED_ONLY")
    place.handler.documents = TrustedDocuments({}, lambda _: refusal)
    async with place.open(init={}) as client:
        await client.subscribe(**WATCH)
        message = await client.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "TRUSTED_ONLY")
    assert place.board.opened == []
