"""The console and the explorer in a real browser, against a small server that refuses what the real one refuses."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import graphql
import pytest
import uvicorn
from litestar import Litestar, Request, Response, get, post
from litestar.params import JSONBody
from playwright.sync_api import Locator, Page, expect

from wardship.graphql.console import built_console, console_routes

SCHEMA = graphql.build_schema("""
  type Query { organisation: String!, member(email: String!): Member }
  type Member { email: String!, name: String! }
""")
ACCOUNT = {"id": "1", "email": "ada@example.org", "name": "Ada Lovelace"}
ORGANISATIONS = [{"slug": "north", "name": "North Ltd"}, {"slug": "south", "name": "South Ltd"}]
PASSWORD = "correct horse battery staple"
CODE = "123456"


@dataclass
class Site:
    """A server with one account, and what it was asked."""

    step: str = "done"
    token: str = "token-1"
    origin: str = ""
    organisations_asked: list[str | None] = field(default_factory=list)
    refused: int = 0

    def session(self) -> dict[str, Any]:
        is_signed_in = self.step == "done"
        return {
            "account": ACCOUNT if is_signed_in else None,
            "csrf_token": self.token,
            "organisations": ORGANISATIONS if is_signed_in else [],
            "organisation": "north" if is_signed_in else None,
        }

    def is_forged(self, request: Request[Any, Any, Any]) -> bool:
        forged = request.headers.get("X-Wardship-CSRF") != self.token
        self.refused += forged
        return forged


FORGED = Response({"detail": "The CSRF token is not this session's."}, status_code=403)


def sign_in_routes(site: Site) -> list[Any]:
    @get("/auth/session", sync_to_thread=False)
    def session() -> dict[str, Any]:
        return site.session()

    @post("/auth/sign-in", status_code=200, sync_to_thread=False)
    def sign_in(request: Request[Any, Any, Any], data: JSONBody[dict[str, str]]) -> Response[Any]:
        if site.is_forged(request):
            return FORGED
        if data != {"email": ACCOUNT["email"], "password": PASSWORD}:
            return Response({"detail": "The address or the password is wrong."}, status_code=401)
        site.step, site.token = "totp", "token-2"
        return Response({"step": "totp"})

    @post("/auth/second-step", status_code=200, sync_to_thread=False)
    def second_step(request: Request[Any, Any, Any], data: JSONBody[dict[str, str]]) -> Response[Any]:
        if site.is_forged(request):
            return FORGED
        if site.step != "totp" or data != {"code": CODE}:
            return Response({"detail": "The code is wrong."}, status_code=401)
        site.step, site.token = "done", "token-3"
        return Response({"step": "done"})

    @post("/auth/sign-out", status_code=204, sync_to_thread=False)
    def sign_out(request: Request[Any, Any, Any]) -> None:
        assert not site.is_forged(request)
        site.step, site.token = "password", "token-4"

    return [session, sign_in, second_step, sign_out]


def api_route(site: Site) -> Any:
    @post("/graphql", status_code=200, sync_to_thread=False)
    def api(request: Request[Any, Any, Any], data: JSONBody[dict[str, Any]]) -> Response[Any]:
        if site.is_forged(request):
            return FORGED
        organisation = request.headers.get("X-Wardship-Organisation")
        if data.get("operationName") != "IntrospectionQuery":
            site.organisations_asked.append(organisation)
        root = {"organisation": organisation, "member": lambda _info, email: {"email": email, "name": "Grace Hopper"}}
        result = graphql.graphql_sync(
            SCHEMA, data["query"], root, variable_values=data.get("variables"), operation_name=data.get("operationName")
        )
        return Response(result.formatted, media_type="application/graphql-response+json")

    return api


def application(site: Site) -> Litestar:
    return Litestar([*sign_in_routes(site), api_route(site), console_routes(built_console())], openapi_config=None)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = uvicorn.Server(uvicorn.Config(application(site), log_level="warning", lifespan="off", ws="none"))
    # Listening before the server runs: a browser that is early waits instead of being refused.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield site
        server.should_exit = True
        thread.join()


def run_query(page: Page, selection: str) -> None:
    page.get_by_label("Operation Editor").locator(".monaco-editor").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")  # else the editor puts the first bracket around what is selected
    page.keyboard.type(f"query Asked {selection}")  # as a person does: the editor closes brackets as one types
    page.keyboard.press("Escape")  # closes the list of suggestions
    expect(page.get_by_role("tab", name="Asked", selected=True)).to_be_visible()  # the editor has understood it
    page.keyboard.press("Control+Enter")


def response(page: Page) -> Locator:
    return page.locator(".graphiql-response")


def test_explorer_runs_a_query_and_loads_nothing_from_elsewhere(page, watch, site):
    page.goto(f"{site.origin}/console/explorer")
    run_query(page, '{ member(email: "grace@example.org") { name } }')
    expect(response(page)).to_contain_text("Grace Hopper")
    assert watch.origins() == {site.origin}
    assert watch.complaints == []
    assert any("graphql.worker" in request.url for request in watch.requests)


def test_explorer_knows_the_schema(page, watch, site):
    page.goto(f"{site.origin}/console/explorer")
    page.get_by_role("button", name="Show Documentation Explorer").click()
    page.get_by_role("link", name="Query").click()
    expect(page.get_by_text("member", exact=True)).to_be_visible()
    assert watch.complaints == []


def test_explorer_asks_on_behalf_of_the_chosen_organisation(page, site):
    page.goto(f"{site.origin}/console/explorer")
    run_query(page, "{ organisation }")
    expect(response(page)).to_contain_text("north")
    page.get_by_label("Organisation").select_option("South Ltd")
    page.get_by_role("button", name="Execute query").click()
    expect(response(page)).to_contain_text("south")
    page.reload()
    expect(page.get_by_label("Organisation")).to_have_value("south")
    assert site.organisations_asked == ["north", "south"]


def test_explorer_opens_a_ready_query_in_a_tab(page, site):
    page.goto(f"{site.origin}/console/explorer")
    page.get_by_role("button", name="Who am I", exact=True).click()
    expect(page.get_by_label("Operation Editor")).to_contain_text("query WhoAmI")
    expect(page.get_by_role("tab", name="WhoAmI", selected=True)).to_be_visible()


def test_explorer_asks_again_with_a_renewed_token(page, site):
    page.goto(f"{site.origin}/console/explorer")
    expect(page.get_by_label("Operation Editor").locator(".monaco-editor").first).to_be_visible()
    site.token = "token-renewed"
    run_query(page, "{ organisation }")
    expect(response(page)).to_contain_text("north")
    assert site.refused == 1


def test_explorer_keeps_what_was_typed_for_this_tab_only(page, site):
    page.goto(f"{site.origin}/console/explorer")
    run_query(page, '{ member(email: "grace@example.org") { name } }')
    expect(response(page)).to_contain_text("Grace Hopper")
    assert page.evaluate("localStorage.length") == 0
    assert "grace@example.org" in page.evaluate("JSON.stringify(sessionStorage)")


def test_explorer_sends_whoever_is_not_signed_in_to_the_console(page, site):
    site.step = "password"
    page.goto(f"{site.origin}/console/explorer")
    expect(page.get_by_text("You are not signed in.")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    page.wait_for_url("**/console#explorer")
    assert site.organisations_asked == []


def test_console_signs_in_with_both_steps_and_goes_on_to_the_explorer(page, watch, site):
    site.step = "password"
    page.goto(f"{site.origin}/console#explorer")
    page.get_by_label("E-mail address").fill(ACCOUNT["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code from your authenticator").fill(CODE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/explorer")
    expect(page.get_by_text(ACCOUNT["name"])).to_be_visible()
    assert watch.origins() == {site.origin}
    assert watch.complaints == []
    assert site.refused == 0


def test_console_says_why_a_sign_in_was_refused(page, site):
    site.step = "password"
    page.goto(f"{site.origin}/console")
    page.get_by_label("E-mail address").fill(ACCOUNT["email"])
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The address or the password is wrong.")
    assert site.step == "password"


def test_console_signs_out_and_forgets_what_was_typed(page, site):
    page.goto(f"{site.origin}/console")
    page.evaluate("sessionStorage.setItem('graphiql:query', 'grace@example.org')")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("E-mail address")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    assert site.step == "password"


def test_console_refuses_to_be_framed(page, site):
    page.route("**/frame", lambda route: route.fulfill(body=f'<iframe src="{site.origin}/console"></iframe>'))
    page.goto(f"{site.origin}/frame")
    assert page.frames[1].locator("form").count() == 0
    assert "chrome-error" in page.frames[1].url
