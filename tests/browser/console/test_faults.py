"""What goes wrong at an act: what was typed survives, the reason stands there, nothing is done twice, all ends well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console.acts import ACTS, begin, form_of, require_kept, send
from tests.browser.console.faults import REQUEST_ID, offline, plant, refused, server_fault, session_over
from tests.browser.console.world import HARBOUR, World, world_in

SAID = "Somebody else has changed it since: look again."


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: world.enrol("owner", page))
        world.sign_in(browser, "member")
        yield world


@pytest.mark.parametrize("name", ACTS)
def test_act_survives_whatever_goes_wrong_and_is_done_once(browser, world, name):
    act = ACTS[name]
    with world.visit(browser, act.role, f"{HARBOUR}{act.address}") as page:
        planted = plant(page, act.operation, [offline, server_fault, refused("CONFLICT", SAID), session_over])
        page.route("**/auth/sign-in", lambda route: route.fulfill(json={"step": "done", "csrf_token": "t"}))
        begin(page, act)
        before = act.count(page)
        send(page, act)
        expect(form_of(page, act).get_by_role("alert").last).to_contain_text("could not be reached")
        require_kept(page, act)
        send(page, act, again=True)
        expect(form_of(page, act).get_by_role("alert").last).to_contain_text("on our side")
        expect(form_of(page, act)).to_contain_text(REQUEST_ID)
        require_kept(page, act)
        send(page, act, again=True)
        expect(form_of(page, act)).to_contain_text(SAID)
        require_kept(page, act)
        assert act.count(page) == before == 0
        send(page, act)
        _sign_in_again(page)
        expect(page.locator("body")).to_contain_text(act.done)
        assert act.count(page) == 1
        assert planted.sent == 5


def _sign_in_again(page: Page) -> None:
    over = page.get_by_role("dialog", name="Sign in again")
    over.get_by_label("E-mail address").fill("olivia@harbour.example")
    over.get_by_label("Password").fill("a password")
    over.get_by_role("button", name="Sign in", exact=True).click()
    expect(over).to_have_count(0)
