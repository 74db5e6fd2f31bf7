"""The console on the real application, for people of every role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.conftest import PATIENCE_MS, REPORT_VIOLATIONS, Watch
from tests.browser.console.looking import LOOKING
from tests.browser.serving import Running, running

__all__ = ["running"]

HARBOUR = "/console/o/harbour"


@dataclass
class Console:
    """One person's browser."""

    context: BrowserContext
    origin: str
    watch: Watch = field(default_factory=Watch)

    def __post_init__(self) -> None:
        self.context.add_init_script(REPORT_VIOLATIONS)
        self.context.on("request", self._sent)
        self.context.on("weberror", lambda error: self.watch.complaints.append(str(error.error)))
        self.context.on("console", self._said)
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()

    def _sent(self, request: Request) -> None:
        self.watch.requests.append(request)

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.watch.complaints.append(message.text)

    def open(self, address: str) -> Page:
        """Go to an address as if it was typed, and wait until the page has what it shows."""
        self.page.goto(f"{self.origin}{address}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until nothing is being asked."""
        self.page.wait_for_function(f"() => {LOOKING}.isSettled()")

    def requests(self) -> list[Request]:
        """What was sent to the API."""
        return [sent for sent in self.watch.requests if sent.url.endswith("/graphql") and sent.method == "POST"]

    def asked(self) -> int:
        """How often the API was asked."""
        return len(self.requests())


Visit = Callable[..., Console]


@pytest.fixture(scope="module")
def states(browser: Browser, running: Running) -> dict[str, Any]:
    """Who is signed in, by role: each printed link works once."""
    found = {}
    for role in ("owner", "org admin", "group admin", "member"):
        context = browser.new_context()
        page = context.new_page()
        page.goto(running.links[role])
        page.get_by_role("button").click()
        page.wait_for_url("**/console/o/*")
        found[role] = context.storage_state()
        context.close()
    return found


@contextmanager
def visiting(browser: Browser, running: Running, state: Any, **options: Any) -> Iterator[Console]:
    context = browser.new_context(storage_state=state, **{"viewport": {"width": 1400, "height": 900}, **options})
    expect.set_options(timeout=PATIENCE_MS)
    yield Console(context, running.origin)
    context.close()


@pytest.fixture
def visit(browser: Browser, running: Running, states: dict[str, Any]) -> Iterator[Visit]:
    """Open the browser of somebody; options are those of Playwright's contexts."""
    opened = []

    def opening(role: str = "owner", **options: Any) -> Console:
        manager = visiting(browser, running, states[role], **options)
        opened.append(manager)
        return manager.__enter__()

    yield opening
    for manager in opened:
        manager.__exit__(None, None, None)
