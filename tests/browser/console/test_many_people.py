"""Lists of an organisation with twenty thousand people: what one look asks and shows, and that nothing moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.console.crowd import fill
from tests.browser.console.looking import LOOKING
from tests.browser.console.world import HARBOUR, World, world_in

MOST_NODES, MOST_ROWS, PAGE = 1_500, 200, 50
LISTS = {"members": "MemberList", "audit": "AuditLog", "requests": "RequestList"}
"""The operation by which each page asks its rows, and what the shell shows beside them."""
ROUTE_CHANGES = 200
ROWS = "#main [role=grid] [role=row][data-key]"
SHIFTS = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    const moved = sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? "gone").slice(0, 150));
    shifts.push(`${value} ${moved.join(" | ")}`);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
"""What moved though nobody did anything, and by how much."""


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner")
        fill(world)
        yield world


@contextmanager
def looking(browser: Browser, world: World, path: str, **options: Any) -> Iterator[tuple[Page, list[Request]]]:
    """Open a page, and note what is asked of the API."""
    asked: list[Request] = []
    with world.visit(browser, "owner", "/console/certificate", **options) as page:
        page.add_init_script(SHIFTS)
        page.on("request", lambda sent: asked.append(sent) if is_of_api(sent) else None)
        page.goto(f"{world.running.origin}{HARBOUR}/{path}")
        page.locator(ROWS).first.wait_for()
        yield page, asked


def is_of_api(sent: Request) -> bool:
    return sent.url.endswith("/graphql") and sent.method == "POST"


def settle(page: Page) -> None:
    page.wait_for_function(f"() => {LOOKING}.isSettled()")


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("path", LISTS)
def test_first_rows_take_one_request_few_nodes_and_move_nothing(browser, world, path, width):
    with looking(browser, world, path, viewport={"width": width, "height": 900}) as (page, asked):
        assert [sent.post_data_json["operationName"] for sent in asked] == [LISTS[path]]
        settle(page)
        page.wait_for_load_state("networkidle")
        assert page.locator(ROWS).count() == PAGE
        assert page.evaluate("document.querySelectorAll('*').length") <= MOST_NODES
        assert page.evaluate("shifts") == []
        assert len(asked) == 1


@pytest.mark.parametrize("path", LISTS)
def test_paging_on_keeps_the_page_as_small(browser, world, path):
    with looking(browser, world, path) as (page, _):
        for _ in range(MOST_ROWS // PAGE + 1):
            first = page.locator(ROWS).first.get_attribute("data-key")
            page.get_by_role("button", name=f"Next {PAGE}").click()
            page.locator(f'{ROWS}:not([data-key="{first}"])').first.wait_for()
            expect(page.locator(f'{ROWS}[data-key="{first}"]')).to_have_count(0)
            settle(page)
            assert 0 < page.locator(ROWS).count() <= MOST_ROWS
            assert page.evaluate("document.querySelectorAll('*').length") <= MOST_NODES
