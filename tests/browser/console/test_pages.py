"""Every page in all its states: what axe finds, and what it can't: keys, targets, width, language, what is asked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.console.conftest import Console, visiting
from tests.browser.console.faults import server_fault
from tests.browser.console.looking import (
    axe_findings,
    keyboard_faults,
    look,
    plain_texts,
    sideways,
    sideways_in_large_text,
    small_targets,
    wrong_title,
)
from tests.browser.console.places import VISITORS, address_of, declared_pages, fill
from tests.browser.console.world import World, world_in

STILL = "certificate"
"""It asks nothing of the API: there is nothing to wait for, and nothing that is not there."""
ENGLISH, MIRRORED = "", "?lang=ar-XB"
STATES_IN = {"light": ENGLISH}
"""In which appearance and language all states are looked at; with rows, pages are seen dark and mirrored too."""
if os.environ.get("WARDSHIP_CONSOLE_LOOKS") == "all":
    STATES_IN = {
        "light": ENGLISH,
        "dark": ENGLISH,
        "light mirrored": MIRRORED,
        "dark mirrored": MIRRORED,
    }
WIDE, NARROW, SMALL = ({"width": width, "height": 900} for width in (1400, 640, 320))


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: fill(page, world))
        world.sign_in(browser, "member")
        world.sign_in(browser, "privacy team")
        yield world


@pytest.fixture(scope="module")
def addresses(browser: Browser, world: World) -> dict[str, str]:
    with world.visit(browser, "owner") as page:
        return {pattern: address_of(pattern, page) for pattern in declared_pages()}


@contextmanager
def opened(browser: Browser, world: World, pattern: str, **options: Any) -> Iterator[Console]:
    state = world.states[VISITORS.get(pattern, "owner")]
    with visiting(browser, world.running, state, **options) as console:
        yield console


@dataclass
class Answers:
    """What becomes of what a page asks: it waits, fails, comes as it is, or comes with nothing in its lists."""

    way: str = "wait"
    waiting: list[Route] = field(default_factory=list)
    rows: int = 0

    def handle(self, route: Route) -> None:
        """Let a call of the API have this way."""
        if self.way == "wait":
            self.waiting.append(route)
        elif self.way == "fail":
            server_fault(route)
        elif self.way == "empty":
            self._empty(route)
        else:
            route.continue_()

    def _empty(self, route: Route) -> None:
        response = route.fetch()
        answer = response.json()
        self.rows += _take_rows(answer["data"])
        route.fulfill(response=response, json=answer)

    def fail(self) -> None:
        """Let fail what waits, and what comes."""
        self.way = "fail"
        while self.waiting:
            server_fault(self.waiting.pop())


def _take_rows(value: Any) -> int:
    """Take the rows out of every list of an answer, and count them."""
    if isinstance(value, list):
        return sum(map(_take_rows, value))
    if not isinstance(value, dict):
        return 0
    rows = len(value.get("edges") or ())
    if rows:
        value["edges"] = []
    return rows + sum(map(_take_rows, value.values()))


def planted(console: Console) -> Answers:
    """Let the first answer be waited for."""
    answers = Answers()
    console.page.route("**/graphql", answers.handle)
    return answers


def look_at_all_states(console: Console, address: str) -> dict[str, list[str]]:
    """Go through the states of a page as it gets into them, and end where it has its rows."""
    page, answers, found = console.page, planted(console), {}
    page.goto(f"{console.origin}{address}")
    page.locator("#main [role=status][aria-label]").first.wait_for()
    found["loading"] = axe_findings(page)
    answers.fail()
    retry = page.locator("#main [role=alert] + button")
    retry.first.wait_for()
    found["error"] = axe_findings(page)
    answers.way = "empty"
    while retry.count():
        retry.first.click()
        console.settle()
    if answers.rows:
        found["empty"] = axe_findings(page)
        answers.way = "answer"
        page.reload()
        console.settle()
    assert page.locator("#main [role=alert] + button").count() == 0
    found["rows"] = axe_findings(page)
    return found


def faults(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: what for name, what in found.items() if what}


@pytest.mark.parametrize("appearance", STATES_IN)
@pytest.mark.parametrize("pattern", sorted(declared_pages()))
def test_page_is_accessible_in_every_state_and_used_by_keys(browser, world, addresses, pattern, appearance):
    address = addresses[pattern] + STATES_IN[appearance]
    with opened(browser, world, pattern, viewport=WIDE, color_scheme=appearance.split()[0]) as console:
        if pattern == STILL:
            found = {"rows": axe_findings(console.open(address))}
        else:
            found = look_at_all_states(console, address)
        page = console.page
        found |= {"title": wrong_title(page), "targets": small_targets(page), "keys": keyboard_faults(page)}
    assert faults(found) == {}


@pytest.mark.parametrize("pattern", sorted(declared_pages()))
def test_page_is_asked_at_once_fits_and_speaks_the_language_that_is_wanted(browser, world, addresses, pattern):
    with opened(browser, world, pattern, viewport=SMALL, color_scheme="dark") as console:
        page = console.open(addresses[pattern] + MIRRORED)
        found = {"asked": [str(console.asked())] if console.asked() > 1 else []}
        found |= {"dark mirrored": axe_findings(page), "plain": plain_texts(page), "320 px": sideways(page)}
        page.set_viewport_size(NARROW)
        found["200 % text"] = sideways_in_large_text(page)
    assert faults(found) == {}


def test_planted_faults_are_found(browser, world, addresses):
    with opened(browser, world, "members", viewport=SMALL) as console:
        page = console.open(addresses["members"] + MIRRORED)
        look(page, "plantFaults")
        assert any(finding.startswith("image-alt ") for finding in axe_findings(page))
        assert any("9 × 9" in finding for finding in small_targets(page))
        assert any("no ring around <button" in finding for finding in keyboard_faults(page))
        assert plain_texts(page) == ["planted", "planted"]
        assert sideways(page) != []
