"""The settings of a vendor's own form, filled in by an administrator: chosen where there is a choice, kept by type."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console.world import HARBOUR, World, call, command, until
from tests.browser.serving import serving
from wardship.app.demo import letters
from wardship.app.demo.letters_server import LettersServer, letters_server

REGIONS = ["eu", "us", "Süd\u2011Ost"]
PROPERTIES = {
    "workspace": {"type": "string", "title": "Workspace"},
    "region": {"type": "string", "title": "Region", "enum": REGIONS, "description": "Where it is kept."},
    "tone": {"type": "string", "title": "Tone", "enum": ["formal", "friendly"], "default": "formal"},
    "is_quiet": {"type": "boolean", "title": "Quiet", "default": True},
    "may_call": {"type": "boolean", "title": "May call"},
    "per_page": {"type": "integer", "title": "For each page"},
}
REMOTE = "{ remoteIntegrations(first: 5) { edges { node { id state declaration { digest } } } } }"
KEPT = "select settings from installation_place where settings ? 'workspace' order by created_at desc limit 1"


def form(**changes: Any) -> dict[str, Any]:
    return {"type": "object", "properties": PROPERTIES | changes, "required": ["workspace", "region"]}


@pytest.fixture(scope="module")
def server() -> Iterator[LettersServer]:
    with letters_server() as running, pytest.MonkeyPatch.context() as changed:
        changed.setattr(letters, "_FORM", form())
        yield running


@pytest.fixture(scope="module")
def world(browser: Browser, demonstration_data: Path, server: LettersServer) -> Iterator[World]:
    with serving(demonstration_data, WARDSHIP_DEVELOPMENT="true") as running:
        world = World(running, None, demonstration_data)
        world.sign_in(browser, "vendor", prepare=lambda page: register(page, server))
        world.sign_in(browser, "operator", prepare=let_in)
        world.sign_in(browser, "owner")
        yield world


def register(page: Page, server: LettersServer) -> None:
    done = command(page, "registerRemoteIntegration", "secret", organisation="provider", url=server.document_url)
    server.vendor.secret = done["secret"]
    until(lambda: _remote(page)["state"] == "REQUESTED")


def let_in(page: Page) -> None:
    remote = _remote(page)
    seen = {"remoteIntegrationId": remote["id"], "declarationDigest": remote["declaration"]["digest"]}
    command(page, "approveRemoteIntegration", organisation="provider", **seen)


def _remote(page: Page) -> dict[str, Any]:
    (edge,) = call(page, REMOTE, organisation="provider")["remoteIntegrations"]["edges"]
    return edge["node"]


def kept(world: World) -> dict[str, Any]:
    return json.loads(world.value(KEPT))


def offered(page: Page) -> dict[str, list[str]]:
    """What can be chosen, by the name of the setting."""
    available = call(page, "{ availableIntegrations { key settings { name choices } } }")["availableIntegrations"]
    (settings,) = [each["settings"] for each in available if each["key"] == letters.KEY]
    return {each["name"]: each["choices"] for each in settings}


def choose(page: Page, field: str, option: str) -> None:
    page.get_by_role("button", name=field).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_settings_are_chosen_and_kept_as_what_they_are(browser, world: World):
    until(lambda: world.value("select count(*) from remote_integration where state = 'active'"))
    with world.visit(browser, "owner", f"{HARBOUR}/integrations/add/letters") as page:
        page.get_by_label("Workspace").fill("true")
        choose(page, "Region", "us")
        expect(page.get_by_role("button", name="Tone")).to_contain_text("formal")
        choose(page, "May call", "No")
        expect(page.get_by_role("checkbox", name="Quiet")).to_be_checked()
        page.get_by_label("For each page").fill("50")
        page.get_by_role("button", name="Connect Letters").click()
        page.wait_for_url("**/integrations/*")
        assert kept(world) == {
            "workspace": "true",
            "region": "us",
            "tone": "formal",
            "is_quiet": True,
            "may_call": False,
            "per_page": 50,
        }

        page.goto(f"{page.url.partition('?')[0]}?tab=places")
        page.get_by_role("button", name="Change the settings").click()
        expect(page.get_by_role("checkbox", name="Quiet")).to_be_checked()
        expect(page.get_by_role("button", name="May call")).to_contain_text("No")
        choose(page, "May call", "Nothing chosen")
        page.get_by_role("dialog").get_by_text("Quiet").click()
        page.get_by_role("button", name="Save the settings").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert kept(world) | {"is_quiet": False, "may_call": None} == kept(world)


def test_what_was_chosen_and_is_offered_no_more_is_shown_and_stays(browser, world: World, monkeypatch):
    monkeypatch.setattr(letters, "_FORM", form(region=PROPERTIES["region"] | {"enum": [REGIONS[0], REGIONS[2]]}))
    world.execute("update remote_integration set fetch_at = now(); notify wardship_sweeps")
    with world.visit(browser, "owner", f"{HARBOUR}/integrations") as page:
        until(lambda: offered(page)["region"] == [REGIONS[0], REGIONS[2]])
        page.get_by_role("row", name="Letters").click()
        page.wait_for_url("**/integrations/*")
        page.goto(f"{page.url.partition('?')[0]}?tab=places")
        page.get_by_role("button", name="Change the settings").click()
        expect(page.get_by_role("button", name="Region")).to_contain_text("us (not offered any more)")
        page.get_by_label("Workspace").fill("elsewhere")
        page.get_by_role("button", name="Save the settings").click()
        expect(page.get_by_role("dialog")).to_contain_text("Input should be")
        expect(page.get_by_role("button", name="Region")).to_contain_text("us (not offered any more)")
        assert kept(world)["region"] == "us"
        choose(page, "Region", REGIONS[2])
        page.get_by_role("button", name="Save the settings").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert (kept(world)["region"], kept(world)["workspace"]) == (REGIONS[2], "elsewhere")
