"""Access logs hold the looks that people took: looking around without opening is none, opening a member is one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console.conftest import Console, visiting
from tests.browser.console.world import HARBOUR, World, world_in

LOOKS = "select count(*) from data_access_person"
OF_MIA = f"{LOOKS} where member_id = (select id from member where email like 'mia@%')"


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "org admin")
        yield world


@pytest.fixture
def console(browser: Browser, world: World) -> Iterator[Console]:
    with visiting(browser, world.running, world.states["org admin"]) as console:
        yield console


def looks(console: Console, world: World, which: str = LOOKS) -> int:
    """Count the looks that are recorded once all that was asked is answered."""
    for sent in console.requests():
        sent.response()
    return world.value(which)


def test_hovering_over_everything_is_no_look(console, world):
    page = console.open(f"{HARBOUR}/members")
    before = looks(console, world)
    for part in page.locator("nav a, header button, #main button, #main [role=row]").filter(visible=True).all():
        part.hover()
    assert looks(console, world) == before > 0


def test_searching_people_in_the_palette_is_no_look(console, world):
    page = console.open(f"{HARBOUR}/members")
    before = looks(console, world)
    page.keyboard.press("Control+k")
    page.keyboard.type("mi")
    expect(page.get_by_role("menuitem", name="Mia Member")).to_be_visible()
    page.keyboard.type("a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert looks(console, world) == before


def test_changes_of_focus_are_no_look(console, world):
    page = console.open(f"{HARBOUR}/members")
    before = looks(console, world)
    for _ in range(40):
        page.keyboard.press("Tab")
    other = console.context.new_page()
    other.goto("about:blank")
    other.bring_to_front()
    page.bring_to_front()
    page.evaluate("for (const name of ['blur', 'focus', 'offline', 'online']) dispatchEvent(new Event(name))")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert looks(console, world) == before


def test_opening_a_member_is_one_look(console, world):
    page = console.open(f"{HARBOUR}/members")
    before, of_mia = looks(console, world), looks(console, world, OF_MIA)
    page.get_by_role("row", name="Mia Member").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mia Member")
    console.settle()
    assert (looks(console, world), looks(console, world, OF_MIA)) == (before + 1, of_mia + 1)
