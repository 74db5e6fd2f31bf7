"""Somebody who has the console open all day: what the browser holds for it does not grow."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, WebSocket

from tests.browser.console.crowd import fill
from tests.browser.console.looking import LOOKING
from tests.browser.console.world import HARBOUR, World, world_in

ROUND = [
    "Home",
    "Members",
    "Requests",
    "Audit log",
    "Groups",
    "Third parties",
    "Obligations",
    "Domains",
    "Settings",
    "Tasks",
]
"""What the navigation calls pages of many kinds: lists, plots, forms, tabs."""
WARMING, ROUNDS = 8, 20
GROWTH = 1_500_000
"""Bytes that the browser itself takes while it learns what runs often: less each time. Rows that stay take far more."""


@dataclass(frozen=True)
class Held:
    """What a page holds once all that nobody can reach is collected."""

    listeners: int
    nodes: int
    heap: int
    sockets: int


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner")
        fill(world)
        yield world


def go_round(page: Page) -> None:
    for name in ROUND:
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True).click()
        page.wait_for_function(f"() => {LOOKING}.isSettled()")


def held(page: Page, session: CDPSession, sockets: list[WebSocket]) -> Held:
    page.wait_for_load_state("networkidle")
    session.send("HeapProfiler.collectGarbage")
    found = {each["name"]: int(each["value"]) for each in session.send("Performance.getMetrics")["metrics"]}
    open_sockets = sum(not socket.is_closed() for socket in sockets)
    return Held(found["JSEventListeners"], found["Nodes"], found["JSHeapUsedSize"], open_sockets)


def test_two_hundred_changes_of_page_leave_listeners_heap_and_sockets_as_they_were(browser, world):
    with world.visit(browser, "owner") as page:
        sockets: list[WebSocket] = []
        page.on("websocket", lambda socket: sockets.append(socket))  # noqa: PLW0108 - Playwright marks its listeners, which a built-in method forbids
        page.goto(f"{world.running.origin}{HARBOUR}")
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        for _ in range(WARMING):
            go_round(page)
        before = held(page, session, sockets)
        opened = len(sockets)
        for _ in range(ROUNDS):
            go_round(page)
        after = held(page, session, sockets)
        assert ROUNDS * len(ROUND) >= 200
        assert before.sockets == after.sockets == 1
        assert len(sockets) == opened
        assert after.listeners <= before.listeners
        assert after.nodes <= before.nodes
        assert after.heap - before.heap <= GROWTH
