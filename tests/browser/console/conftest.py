"""The console on the real application, for people of every role; and its pages, found as people find them: by links."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.conftest import PATIENCE_MS, REPORT_VIOLATIONS, Watch
from tests.browser.console.looking import LOOKING, look
from tests.browser.serving import ROOT, Running, running

__all__ = ["running"]

HARBOUR = "/console/o/harbour"
ROUTES = sorted((ROOT / "graphql" / "console" / "src" / "pages").glob("*/route*.ts"))
PATH = re.compile(r"\bpath: \"(?P<path>[^\"]*)\"")


@cache
def declared_pages() -> set[str]:
    """The pages of an organisation, as their routes declare them."""
    texts = [path.read_text("utf-8") for path in ROUTES]
    return {
        found["path"].strip("/")
        for text in texts
        for part in text.split("createRoute(")[1:]
        if "=> organisation" in part and (found := PATH.search(part))
    }


def pattern_of(address: str) -> str:
    """The page that an address leads to, as its route declares it; the address where there is none."""
    path = address.removeprefix(HARBOUR).split("?")[0].strip("/")
    fitting = [pattern for pattern in declared_pages() if re.fullmatch(re.sub(r"\$\w+", "[^/]+", pattern), path)]
    # Of `integrations/add` and `integrations/$id` the first, as the router has it.
    return min(fitting, key=lambda pattern: pattern.count("$"), default=path)


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


def linked_pages(console: Console) -> dict[str, str]:
    """An address of each page that links lead somebody to, by the page's pattern, the first page itself among them."""
    found = {"": HARBOUR}
    waiting = [HARBOUR]
    while waiting:
        page = console.open(waiting.pop())
        for link in look(page, "links"):
            address = f"/console{link}" if link.startswith("/o/") else link
            pattern = pattern_of(address)
            if address.startswith(f"{HARBOUR}/") and pattern not in found:
                found[pattern] = address.split("?")[0]
                waiting.append(address)
    # A link to a page that is not there yet leads to one that says so.
    return {pattern: address for pattern, address in found.items() if pattern in declared_pages()}


@pytest.fixture(scope="module")
def addresses(browser: Browser, running: Running, states: dict[str, Any]) -> dict[str, str]:
    """An address of each page that links lead the owner to."""
    with visiting(browser, running, states["owner"]) as console:
        return linked_pages(console)
