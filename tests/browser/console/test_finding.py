"""Fields that find as one types: the list is loaded when somebody comes to one, and who types goes on meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.console.looking import LOOKING
from tests.browser.console.world import HARBOUR, World, call, until, world_in

LIST = "**/assets/finding_list-*.js"
AUDIT, SETTINGS = f"{HARBOUR}/audit", f"{HARBOUR}/settings"
FORBIDDEN = "{ organisation { settings { forbiddenCountries } } }"
LOOK = """(field) => {
  const named = ["role", "type", "aria-expanded", "aria-autocomplete", "aria-invalid", "autocomplete", "autocorrect",
    "spellcheck", "placeholder", "required"].map((name) => [name, field.getAttribute(name)]);
  const { x, y, width, height } = field.getBoundingClientRect();
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  const texts = described.map((id) => document.getElementById(id).textContent);
  return { ...Object.fromEntries(named), texts, at: [x, y, width, height], page: document.body.scrollHeight };
}"""
"""How a field is seen and heard."""


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner")
        yield world


@contextmanager
def at(browser: Browser, world: World, address: str, name: str) -> Iterator[tuple[Page, Locator, list[Route]]]:
    """Open a page whose field is plain until the routes go on."""
    with world.visit(browser, "owner", address, viewport={"width": 1400, "height": 3000}) as page:
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route(LIST, hold)
        field = page.get_by_role("combobox", name=name, exact=True)
        page.wait_for_function(f"() => {LOOKING}.isSettled()")
        yield page, field, held


def let_come(page: Page, held: list[Route]) -> None:
    until(lambda: page.wait_for_timeout(20) or held)
    for route in held:
        route.continue_()


def looks(field: Locator) -> Any:
    return field.evaluate(LOOK)


@pytest.mark.parametrize(
    ("address", "name"), [(AUDIT, "Who"), (AUDIT, "What was done"), (SETTINGS, "Forbid another country")]
)
def test_plain_field_is_seen_and_heard_as_the_one_that_finds(browser, world, address, name):
    with at(browser, world, address, name) as (page, field, held):
        before = looks(field)
        assert held == []
        field.hover()
        field.evaluate("(field) => { window.plain = field; }")
        let_come(page, held)
        page.wait_for_function("() => !window.plain.isConnected")
        assert looks(field) == before
        assert page.evaluate("document.activeElement === document.body")


@pytest.mark.parametrize(
    ("address", "name", "typed", "found", "follows"),
    [
        (AUDIT, "Who", "mia", "Mia Member", "actor="),
        (AUDIT, "What was done", "signed in", None, "action="),
        (SETTINGS, "Forbid another country", "norw", "Norway", None),
    ],
)
def test_what_is_typed_before_the_list_is_there_opens_it(browser, world, address, name, typed, found, follows):
    with at(browser, world, address, name) as (page, field, held):
        field.focus()
        page.keyboard.type(typed)
        page.keyboard.press("ArrowLeft")
        let_come(page, held)
        option = page.get_by_role("option", name=found) if found else page.get_by_role("option").first
        expect(option).to_be_visible()
        expect(field).to_be_focused()
        expect(field).to_have_value(typed)
        assert field.evaluate("(field) => [field.selectionStart, field.selectionEnd]") == [len(typed) - 1] * 2
        page.keyboard.press("End")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("listbox")).to_have_count(0)
        expect(field).to_be_focused()
        if follows:
            page.wait_for_url(f"**{follows}**")
            expect(field).not_to_have_value(typed)
            expect(field).to_be_focused()
        else:
            expect(page.get_by_role("listitem").filter(has_text=found)).to_be_visible()
            expect(field).to_have_value("")


def test_arrow_that_asks_for_the_list_before_it_is_there_opens_it(browser, world):
    with at(browser, world, SETTINGS, "Forbid another country") as (page, field, held):
        field.focus()
        page.keyboard.press("ArrowDown")
        let_come(page, held)
        expect(page.get_by_role("option", name="Afghanistan")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("listitem").filter(has_text="Afghanistan")).to_be_visible()


def test_list_that_cannot_be_loaded_is_told_of_and_the_text_stays(browser, world):
    def fail(route: Route) -> None:
        route.abort()

    with at(browser, world, SETTINGS, "Forbid another country") as (page, field, held):
        page.route(LIST, fail)
        field.focus()
        page.keyboard.type("norw")
        expect(page.get_by_role("alert").filter(has_text="This could not be loaded.")).to_be_visible()
        expect(field).to_have_value("norw")
        expect(field).to_be_focused()
        page.unroute(LIST, fail)
        page.get_by_role("button", name="Try again").click()
        let_come(page, held)
        expect(page.get_by_text("This could not be loaded.")).to_have_count(0)
        expect(field).to_have_value("norw")
        field.press("End")
        page.keyboard.type("a")
        expect(page.get_by_role("option", name="Norway")).to_be_visible()


def test_focus_goes_on_to_the_next_where_one_is_taken_out(browser, world):
    with at(browser, world, SETTINGS, "Forbid another country") as (page, field, held):
        field.focus()
        let_come(page, held)
        for country in ("Poland", "Norway"):
            page.keyboard.type(country)
            expect(page.get_by_role("option", name=country)).to_be_visible()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name=f"Remove {country}")).to_be_visible()
        page.get_by_role("button", name="Remove Poland").press("Enter")
        expect(page.get_by_role("button", name="Remove Norway")).to_be_focused()
        page.keyboard.press("Enter")
        expect(field).to_be_focused()
        expect(page.get_by_text("None: every country is allowed.")).to_be_visible()


def test_countries_are_forbidden(browser, world):
    with at(browser, world, SETTINGS, "Forbid another country") as (page, field, held):
        field.focus()
        let_come(page, held)
        page.keyboard.type("norw")
        page.get_by_role("option", name="Norway").click()
        page.get_by_role("region", name="Third parties").get_by_role("button", name="Save").click()
        expect(page.get_by_text("The rules for third parties were saved.")).to_be_visible()
        assert call(page, FORBIDDEN)["organisation"]["settings"]["forbiddenCountries"] == ["NO"]


def test_filters_of_the_log_are_cleared_with_what_stands_in_the_fields(browser, world):
    with at(browser, world, AUDIT, "Who") as (page, field, held):
        field.focus()
        let_come(page, held)
        page.keyboard.type("mia")
        page.get_by_role("option", name="Mia Member").click()
        page.wait_for_url("**actor=**")
        expect(field).to_have_value("Mia Member")
        page.reload()
        expect(field).to_have_value("Mia Member")
        page.get_by_role("button", name="Clear filters").click()
        expect(field).to_have_value("")


@pytest.mark.parametrize(
    ("address", "role", "name", "parameter"),
    [(f"{HARBOUR}/members", "searchbox", None, "q"), (AUDIT, "textbox", "Whom or what (id)", "target")],
)
def test_who_types_goes_on_when_the_text_takes_effect(browser, world, address, role, name, parameter):
    with world.visit(browser, "owner", address) as page:
        field = page.get_by_role(role, name=name) if name else page.get_by_role(role)
        field.focus()
        page.keyboard.type("mi")
        page.wait_for_url(f"**?{parameter}=mi")
        page.keyboard.type("a")
        page.wait_for_url(f"**?{parameter}=mia")
        expect(field).to_be_focused()
        expect(field).to_have_value("mia")
        page.get_by_role("button", name="Clear filters").click()
        expect(field).to_have_value("")
