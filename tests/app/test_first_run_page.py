"""What somebody reads at the address of a deployment that has not begun."""

from __future__ import annotations

import httpx
import pytest

from tests.builders import make_organisation
from tests.edge import make_app
from tests.tables import digest
from tests.tenants.operating import commanding, register
from wardship.app.commands import serve
from wardship.app.first_run import FIRST_COMMAND, first_lines, first_run_page
from wardship.graphql.console import console_routes
from wardship.tenants.organisation_lifecycle.changes import close_organisation
from wardship.tenants.organisation_lifecycle.found import found_organisation
from wardship.tenants.organisations.beginning import Beginning

pytestmark = pytest.mark.anyio
PAGES = ("/", "/console", "/console/explorer")


@pytest.fixture
def console(tmp_path):
    folder = tmp_path / "console"
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "sign_in.html", "explorer.html", "assets/a.js"):
        (folder / name).write_text("the console")
    return folder


@pytest.fixture
async def http(services, console):
    app = make_app(services.settings, console_routes(console, first_run_page(services)))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as client:
        yield client


async def _found(services):
    async with commanding(services) as access:
        await found_organisation(access, slug="harbour", name="Harbour", owner_email="ada@example.org")


async def _seen(http) -> dict[str, str]:
    """Return for each page its heading, or where it leads."""
    answers = {path: await http.get(path) for path in PAGES}
    return {
        path: answer.headers.get("location") or answer.text.partition("<h1>")[2].partition("</h1>")[0] or answer.text
        for path, answer in answers.items()
    }


async def test_empty_deployment_says_what_to_do_first_wherever_it_is_opened(http):
    assert await _seen(http) == {"/": "There is no organisation here", "/console": "/", "/console/explorer": "/"}
    answer = await http.get("/console", follow_redirects=True)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"<code>{FIRST_COMMAND}</code>" in answer.text
    assert "/console" not in answer.text, "there is nobody who could sign in"


async def test_page_has_nothing_to_fill_in_and_changes_nothing(http, owner):
    before = await digest(owner)
    for method in ("GET", "POST", "PUT"):
        answer = await http.request(method, "/", data={"owner": "eve@example.org"})
        assert "<form" not in answer.text
        assert "<input" not in answer.text
        assert (answer.status_code == 405) == (method != "GET")
    assert await digest(owner) == before


async def test_organisation_that_waits_for_its_owner_is_told_without_its_name_and_address(http, services):
    await _found(services)
    assert (await _seen(http))["/"] == "An organisation waits for its owner"
    text = (await http.get("/")).text
    assert [word for word in ("harbour", "Harbour", "ada@", "/auth/link") if word in text] == []


async def test_staff_signs_in_before_there_is_an_organisation(http, services):
    await register(services, "op@example.org")
    seen = await _seen(http)
    assert (seen["/console"], seen["/console/explorer"]) == ("the console", "the console")
    assert '<a href="/console">Sign in</a>' in (await http.get("/")).text


async def test_with_an_organisation_the_console_is_there_and_the_database_is_asked_no_more(http, services, monkeypatch):
    await make_organisation(services.database)
    begun = {"/": "/console", "/console": "the console", "/console/explorer": "the console"}
    assert await _seen(http) == begun
    monkeypatch.setattr("wardship.app.first_run.beginning_of", None)  # a call would fail
    assert await _seen(http) == begun


async def test_assets_of_the_console_are_never_asked_for_in_vain(http, monkeypatch):
    monkeypatch.setattr("wardship.app.first_run.beginning_of", None)
    assert (await http.get("/console/assets/a.js")).text == "the console"


async def test_deployment_whose_only_organisation_never_began_is_empty_again(http, services):
    await _found(services)
    async with commanding(services) as access:
        await close_organisation(access, "harbour")
    assert (await _seen(http))["/"] == "There is no organisation here"


async def test_database_that_is_away_leaves_the_console_as_it_is(http, monkeypatch):
    async def away(_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("wardship.app.first_run.how_far_begun", away)
    assert await _seen(http) == {"/": "/console", "/console": "the console", "/console/explorer": "the console"}


@pytest.mark.parametrize(
    ("has_organisation", "awaits_owner", "told"),
    [
        (False, False, "There is no organisation here."),
        (False, True, "An organisation waits for its owner."),
        (True, False, None),
        (True, True, None),
    ],
)
async def test_start_says_the_command_until_there_is_an_organisation(has_organisation, awaits_owner, told):
    lines = first_lines(Beginning(has_organisation, awaits_owner, has_account=False))
    assert [line.startswith(told) for line in lines[:1]] == [True] * (told is not None)
    assert lines[1:] == [f"  {FIRST_COMMAND}"] * (told is not None)


@pytest.mark.parametrize(
    ("port", "public_url", "assignment"),
    [
        (8000, None, ""),
        (9000, None, "WARDSHIP_PUBLIC_URL=http://localhost:9000 "),
        (9000, "https://wardship.example.org", ""),
    ],
)
async def test_start_on_another_port_says_the_setting_that_makes_links_lead_to_it(
    monkeypatch, port, public_url, assignment
):
    monkeypatch.delenv("WARDSHIP_PUBLIC_URL", raising=False)
    if public_url:
        monkeypatch.setenv("WARDSHIP_PUBLIC_URL", public_url)
    assert serve._assignment(port) == assignment
    lines = first_lines(Beginning(has_organisation=False, awaits_owner=False, has_account=False), assignment)
    assert lines[1] == f"  {assignment}{FIRST_COMMAND}"
