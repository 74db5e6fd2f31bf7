"""Pages of other sites get nothing by a link, faults alone count as masked, bodies are refused in words."""

from __future__ import annotations

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from tests.builders import make_member, make_organisation
from wardship.app.application import application
from wardship.core.actor import Role
from wardship.core.http.credentials import Client, require_own_page
from wardship.core.settings import Settings
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.tenants.access import Services

pytestmark = pytest.mark.anyio

OPEN = {
    "/health/live": "says nothing of anybody",
    "/health/ready": "likewise",
    "/metrics": "likewise; a proxy keeps it in",
    "/certificates/{reference:str}": "the reference, which is mailed, is the credential",
    "/.well-known/wardship-certificate-keys.json": "published",
    "/auth/link/{token:str}": "mailed; a button does the rest",
    "/invitations/{token:str}": "likewise",
    "/auth/notices/{token:str}": "mailed; a button, or the mail program for its reader, turns mails of a kind off",
    "/auth/registration": "a form",
    "/auth/forgotten": "a form",
    "/auth/lost-factor": "a form",
    "/auth/by-mail": "a form",
    "/auth/second-factor": "a form, which mailed links and providers lead to",
    "/auth/choice": "a page, which no other site can read or frame",
    "/auth/security": "a page, which no other site can read or frame",
    "/auth/providers/{key:str}/callback": "providers lead back to it; its state is the browser's own, once",
    "/auth/way": "a form",
    "/auth/o/{slug:str}": "a form, the same under every name",
    "/auth/at/{key:str}": "a form, to which intranets and the portals of providers lead",
    "/auth/provider/{provider_id:uuid}/callback": "providers lead back to it; its state is the browser's own, once",
    "/auth/provider/{provider_id:uuid}/test": "a form, which shows a manager's own name of the provider",
    "/auth/connect": "a form, which providers lead back to; a button of ours does the rest",
    "/auth/signed-out": "a page, which providers lead back to",
    "/integrations/{installation_id:uuid}/inbound": "vendors call it, some by GET; each call proves itself",
    "/scim/v2": "answers tokens in a header alone, which no page of another site sends",
    "/scim/v2/{path:path}": "likewise",
    "/oauth/connect/callback/{integration:str}": "vendors lead back to it; its state is the session's own, once",
    "/oauth/authorize": "a form, which applications lead to, and which no other site can read or frame",
    "/oauth/return/{packed:str}": "leads to that form alone",
    "/.well-known/oauth-authorization-server": "published",
    "/vendor/v1/members": "answers tokens in a header alone, which no page of another site sends",
    "/auth/passkey.js": "published",
    "/auth/enrol": "a form, which links and the first step of a sign-in lead to",
    "/": "the console's page",
    "/console": "likewise",
    "/console/{path:path}": "likewise, whichever of its own addresses it is",
    "/console/explorer": "likewise",
    "/console/assets/{name:str}": "likewise",
    "/openapi/openapi.json": "published",
    "/openapi": "published",
    "/openapi/{path:str}": "published",
}
"""Routes that pages of other sites may lead to, with the reason."""


@pytest.fixture
def app(services: Services):
    return application(services, with_worker=False)


@pytest.fixture
async def http(app, services: Services):
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as client:
        yield client


@pytest.fixture
async def ann(services):
    organisation = await make_organisation(services.database, "acme")
    return await make_member(services.database, organisation, Role.AUDITOR, name="Ann")


@pytest.fixture
async def signed_in(services, http, ann):
    async with services.database.directory() as transaction:
        opened = await open_session(transaction, ann.account_id, Stage.COMPLETE, Client(""), at=services.clock.now())
    http.cookies.set("wardship", opened.cookie)
    return http


def reading(app) -> dict[str, HTTPRouteHandler]:
    return {
        route.path: handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and "GET" in handler.http_methods
    }


def guards_of(handler: HTTPRouteHandler) -> list[object]:
    return [getattr(guard, "func", guard) for guard in handler.resolve_guards()]


async def test_every_route_that_reads_is_closed_to_other_sites_or_has_its_reason(app):
    closed = {path for path, handler in reading(app).items() if require_own_page in guards_of(handler)}
    assert {"/audit/export", "/exports/{file_id:uuid}", "/auth/session", "/auth/sessions", "/auth/tokens"} <= closed
    assert set(reading(app)) - closed == set(OPEN)


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8000"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Referer": "https://evil.example/page"},
    {"Referer": "http://localhost:8000.evil.example/"},
    {"Referer": "http://localhost:80000/"},
]


@pytest.mark.parametrize(
    "path", ["/audit/export", "/tables/members", "/exports/01900000-0000-7000-8000-000000000000", "/auth/sessions"]
)
async def test_a_page_of_another_site_gets_nothing_and_nothing_is_written_down(signed_in, owner, path):
    for headers in FOREIGN:
        answer = await signed_in.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "ORIGIN_REFUSED"), headers
    assert await owner.fetchval("select count(*) from audit_entry") == 0


OWN = [
    {},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://localhost:8000"},
    {"Referer": "http://localhost:8000"},
    {"Referer": "http://localhost:8000/console"},
]


async def test_a_page_of_ours_and_what_is_no_browser_export_the_audit(signed_in):
    for headers in OWN:
        assert (await signed_in.get("/audit/export", headers=headers)).status_code == 200, headers


_UNTOLD = {"", "'data'", "Bad Request"}
BODIES = {
    "nothing": b"",
    "blanks": b" \n",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "a text": b'"x"',
    "half of an object": b'{"email": "a',
    "no UTF-8": b'{"email": "\xff\xfe"}',
    "a lone surrogate": b'{"email": "\\ud800@example.org", "password": "x"}',
    "a huge number": b'{"email": 1' + b"0" * 400 + b', "password": "x"}',
    "no number": b'{"email": NaN}',
    "a NUL": b'{"email": "a\\u0000@example.org", "password": "x"}',
    "a deep one": b'{"email": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "a byte order mark": b'\xef\xbb\xbf{"email": "a@example.org", "password": "x"}',
    "one name twice": b'{"email": "a@example.org", "email": 5, "password": "x"}',
}


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/register", "/invitations", "/graphql"])
async def test_a_body_that_can_t_be_read_is_refused_in_words(signed_in, path):
    csrf = (await signed_in.get("/auth/session")).json()["csrf_token"]
    headers = {"Content-Type": "application/json", "X-Wardship-CSRF": csrf}
    wrong = {}
    for name, body in BODIES.items():
        answer = await signed_in.post(path, content=body, headers=headers)
        refusal = answer.json()["errors"][0] if path == "/graphql" else answer.json()
        says = refusal.get("message", "")
        if not 400 <= answer.status_code < 500 or says in _UNTOLD or (not body and "empty" not in says):
            wrong[name] = (answer.status_code, refusal)
    assert not wrong, "\n".join(f"{n}: {w}" for n, w in wrong.items())


FORMS = {
    "multipart/form-data": b"x",
    "multipart/form-data; boundary=": b"--",
    "multipart/form-data; boundary=x": b'--x\r\ncontent-disposition: form-data; name="email"\r\n\r\na',
    "multipart/form-data; boundary=\xff": b"--x--",
    "application/x-www-form-urlencoded": b"email=%ff%fe&email=b&=&%",
    "application/x-www-form-urlencoded; charset=nonsense": b"email=a",
    "text/plain": b"\xff",
    "": b"email=a@example.org",
}


@pytest.mark.parametrize("path", ["/auth/registration", "/auth/forgotten", "/auth/enrol", "/invitations/x"])
async def test_a_form_that_can_t_be_read_is_no_fault(signed_in, path):
    statuses = {
        kind: (await signed_in.post(path, content=body, headers={"Content-Type": kind.encode("latin-1")})).status_code
        for kind, body in FORMS.items()
    }
    assert {kind: status for kind, status in statuses.items() if status >= 500} == {}


async def test_what_a_client_sends_or_sees_refused_is_no_fault(signed_in):
    csrf = (await signed_in.get("/auth/session")).json()["csrf_token"]

    async def ask(query: str) -> dict:
        return (await signed_in.post("/graphql", json={"query": query}, headers={"X-Wardship-CSRF": csrf})).json()

    async def masked() -> float:
        lines = (await signed_in.get("/metrics")).text.splitlines()
        return float(next(line for line in lines if line.startswith("wardship_graphql_masked_total ")).split()[1])

    refused = await ask(
        "{ requests { edges { node { id } } } myNothing: members(first: 1000) { edges { node { id } } } }"
    )
    assert "errors" in refused
    nul = await ask('{ members(where: {namePrefix: "a\\u0000"}) { edges { node { id } } } }')
    assert nul["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert await masked() == 0


class TestWithoutIntrospection:
    """Whoever has shown no credential learns nothing of the schema, not even whether a guess was right."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"introspection": False})

    QUERIES = (
        "{ membrs { edges { node { id } } } }",
        "{ members { edges { node { secret } } } }",
        "{ members(frist: 1) { edges { node { id } } } }",
        "{ members }",
        "{ members { edges { node { id { x } } } } }",
        "query ($x: Nonsense) { organisation { id } }",
        "query ($x: [Int!]!) { members(first: $x) { edges { node { id } } } }",
        "query ($role: Role!) { organisation { id } members(first: 1) { totalCount } }",
        'mutation { assignRole(input: {memberId: "x", role: BOSS}) { errors { code } } }',
        "mutation { assignRole { errors { code } } }",
        "mutation { assignRole(input: {}) { errors { code } } }",
        "mutation { assignRole(input: {memberId: 5, role: ORG_ADMIN, more: 1}) { errors { code } } }",
        "{ ...on Membr { id } }",
        "{ organisation { ...on Organisation { id } } }",
        "fragment F on Nothing { id } query { ...F }",
        "{ organisation { ...Unknown } }",
        "{ organisation @nonsense { id } }",
        "{ __schema { types { name } } }",
        '{ __type(name: "Member") { name } }',
        "subscription { nothing }",
        "subscription { requestProgress }",
        "{ organisation { id } } query B { organisation { id } }",
        "{ organisation { id }",
        "mutation ($input: AssignRoleInput!) { assignRole(input: $input) { errors { code } } }",
        "{ members(first: 100) { edges { node { groups(first: 100) { edges { node { members(first: 100) { edges { node "  # noqa: ISC004 - one document
        "{ groups(first: 100) { edges { node { id } } } } } } } } } } } } }",
        "{ members(first: 1) { edges { node { displayName } } } }",
    )

    async def test_every_document_of_a_stranger_gets_the_same_answer(self, http):
        right = await http.post("/graphql", json={"query": "{ organisation { id } }"})
        assert right.status_code == 401
        different = []
        for query in self.QUERIES:
            for variables in ({}, {"input": {"role": "BOSS"}, "x": "five", "role": "BOSS"}):
                answers = [
                    await http.post("/graphql", json={"query": query, "variables": variables}),
                    await http.get("/graphql", params={"query": query}),
                ]
                different += [
                    (query, answer.json())
                    for answer in answers
                    if (answer.status_code, answer.json()) != (401, right.json())
                ]
        assert different == []

    async def test_a_credential_that_is_none_makes_nobody_a_member(self, http):
        made_up = {"Authorization": "Bearer wsp_nothing"}
        answer = await http.post("/graphql", json={"query": self.QUERIES[0]}, headers=made_up)
        assert (answer.status_code, "membrs" in answer.text) == (401, False)

    async def test_a_member_is_told_what_is_wrong_without_suggestions(self, signed_in):
        csrf = (await signed_in.get("/auth/session")).json()["csrf_token"]
        query = {"query": "{ membrs { edges { node { id } } } }"}
        for _ in range(2):  # also once the refusal is remembered
            answer = await signed_in.post("/graphql", json=query, headers={"X-Wardship-CSRF": csrf})
            message = answer.json()["errors"][0]["message"]
            assert "membrs" in message
            assert "Did you mean" not in message

    async def test_what_is_remembered_of_a_member_s_document_is_not_told_to_a_stranger(self, signed_in, http):
        csrf = (await signed_in.get("/auth/session")).json()["csrf_token"]
        query = {"query": "{ membrs { edges { node { id } } } }"}
        await signed_in.post("/graphql", json=query, headers={"X-Wardship-CSRF": csrf})
        http.cookies.clear()
        assert "membrs" not in (await http.post("/graphql", json=query)).text


async def test_with_introspection_a_stranger_is_told_what_is_wrong(http):
    answer = await http.post("/graphql", json={"query": "{ membrs { edges { node { id } } } }"})
    assert "membrs" in answer.json()["errors"][0]["message"]
