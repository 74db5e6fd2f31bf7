"""A connection that breaks while something is watched: the page shows how it ended, without being loaded again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.console.world import HARBOUR, World, call, command, connect, until, world_in

RESTARTS = 1012
"""The close code of a server that is started again."""
ATTEMPTS = 8
"""More than the protocol's library makes by itself."""
INSTALLATION = "{ installations(first: 1, withRemoved: true) { edges { node { id state } } } }"


@dataclass
class Line:
    """What lies between a page and the server: it can be cut, and joined again."""

    page: Page
    is_cut: bool = False
    refused: int = 0
    open: list[tuple[WebSocketRoute, WebSocketRoute]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.route_web_socket("**/graphql", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        if self.is_cut:
            self.refused += 1
            socket.close(code=RESTARTS)
        else:
            self.open.append((socket, socket.connect_to_server()))

    def cut(self) -> None:
        """Close what is open, and refuse what comes."""
        self.is_cut = True
        for ends in self.open:
            for end in ends:
                end.close(code=RESTARTS)

    def await_attempt(self) -> None:
        """Let time pass until the page has tried again."""
        before = self.refused
        self.page.clock.fast_forward("01:00")
        until(lambda: self.page.evaluate("1") and self.refused > before)


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: world.enrol("owner", page))
        world.sign_in(browser, "org admin", prepare=lambda page: connect(page, world.vendor))
        yield world


def test_page_catches_up_after_a_long_outage(browser, world):
    with world.visit(browser, "org admin") as other, world.visit(browser, "owner", "/console/certificate") as page:
        line = Line(page)
        page.clock.install()
        (edge,) = call(other, INSTALLATION)["installations"]["edges"]
        page.goto(f"{world.running.origin}{HARBOUR}/integrations/{edge['node']['id']}")
        expect(page.get_by_text("Works", exact=True)).to_be_visible()
        until(lambda: page.evaluate("globalThis.isTheSame = true") and line.open)
        line.cut()
        command(other, "uninstallIntegration", installationId=edge["node"]["id"])
        for _ in range(ATTEMPTS):
            line.await_attempt()
        expect(page.get_by_text("Works", exact=True)).to_be_visible()
        line.is_cut = False
        page.clock.fast_forward("01:00")
        expect(page.get_by_text("Works", exact=True)).to_have_count(0)
        expect(page.get_by_text(re.compile("^(Being taken|Taken) away$")).first).to_be_visible()
        assert page.evaluate("isTheSame")
