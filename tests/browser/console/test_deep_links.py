"""What a list shows stands in its address: who opens it elsewhere sees the same, and Back leads to where one was."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.console.crowd import fill
from tests.browser.console.looking import LOOKING
from tests.browser.console.places import ROUTES
from tests.browser.console.world import HARBOUR, World, call, connect, world_in

DECLARED = re.compile(
    r"^  path: \"(?P<path>[^\"]*)\",\n  validateSearch: search\(\{(?P<search>.*?)\}\),$", re.DOTALL | re.MULTILINE
)
ROWS = "#main [role=grid] [role=row][data-key]"
SEEN = """() => {
  const of = (selector, look) => [...document.querySelectorAll(selector)].map(look);
  const text = (one) => one.innerText.trim();
  return {
    title: of("#main h1", text),
    rows: of("#main [role=row][data-key]", (row) => row.dataset.key),
    links: of("#main a[href]", (link) => link.getAttribute("href")),
    tabs: of("#main [role=tab][aria-selected=true]", text),
    filters: of("#main [role=search] [data-active]", text),
    order: of('#main [aria-sort$="cending"]', (one) => one.innerText.trim() + one.ariaSort),
    ticked: of("#main [role=search] input[type=checkbox]", (one) => one.checked),
    written: of("#main [role=search] input:not([type=checkbox], [aria-label^=Beginning])", (one) => one.value),
    dialog: of("[role=dialog] h2", text),
  };
}"""
"""What one sees: rows, links, what is chosen. Who looks, how long ago something was, and half a name are left out."""
OWNERS_ALONE = "tab=ownership"
FOUND_BY_ID = "TWVtYmVyOjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMA"
"""The id of nobody: that nothing is found by it stands in the address too."""
PEOPLE = 120
FAR, NEAR = 500, 3
"""In pixels: how far down one was at least, and how near to it one has to come back."""
FIRST = (
    '{ members(first: 1, where: {search: "Mia"}) { edges { node { id } } } groups(first: 1) { edges { node { id } } }'
)
OBJECTS = f"{FIRST} installations(first: 1) {{ edges {{ node {{ id }} }} }} }}"
OPENING = {"members/$id": "members", "groups/$id": "groups", "integrations/$id": "installations"}
"""The lists that have an object of each kind."""
TABS = {"integrations/$id": ("?tab=ledger", "?tab=deliveries")}
"""The tabs in which the object's own lists can be narrowed."""
OF_ONESELF = {"me", "me/ask", "me/choices", "me/connections", "me/requests", "me/security", "notices"}
OF_NO_ORGANISATION = {"privacy", "disputes", "vendors", "developers"}
NOT_THERE = {
    ("audit", "merger"),
    ("tasks", "task"),
    ("requests", "member"),
    ("requests", "week"),
    ("obligations", "row"),
}
"""What no control of the list itself writes: it comes by a link, by a row, or from within the calendar."""


def declared_searches() -> dict[str, set[str]]:
    """What each page of an organisation that more than one person sees takes from its address, as its route says."""
    texts = [path.read_text("utf-8") for path in ROUTES]
    found = [match for text in texts for match in DECLARED.finditer(text)]
    assert len(found) == "".join(texts).count("validateSearch:"), "a route is written in another way than this reads"
    searches = {match["path"]: set(re.findall(r"(\w+): \w+\(", match["search"])) for match in found}
    return {path: names for path, names in searches.items() if path not in OF_ONESELF | OF_NO_ORGANISATION}


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: world.enrol("owner", page))
        world.sign_in(browser, "org admin", prepare=lambda page: connect(page, world.vendor))
        fill(world, PEOPLE)
        yield world


def settle(page: Page) -> None:
    page.wait_for_function(f"() => {LOOKING}.isSettled()")


def addresses_of(page: Page, path: str) -> list[str]:
    """The addresses of the page, by its tabs: of an object, the first one's."""
    if path not in OPENING:
        return [f"{HARBOUR}/{path}"]
    (edge, *_) = call(page, OBJECTS)[OPENING[path]]["edges"]
    return [f"{HARBOUR}/{path.replace('$id', edge['node']['id'])}{tab}" for tab in TABS.get(path, ("",))]


def choosing(which: Callable[[Locator], Locator]) -> Callable[[Page, Locator], None]:
    """Choose one of what a filter offers and that is not chosen."""

    def choose(page: Page, opening: Locator) -> None:
        opening.click()
        which(page.get_by_role("option", selected=False)).click()
        page.keyboard.press("Escape")

    return choose


def write(page: Page, field: Locator) -> None:
    """Write into a field what is found by it."""
    if field.get_attribute("type") == "date":
        field.fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    elif field.get_attribute("role") == "combobox":
        name = "Olivia Owner" if field.get_attribute("placeholder") else "Member joined"
        field.fill(name)
        page.get_by_role("option", name=name, exact=True).click()
    else:
        field.fill("Person 00000" if field.get_attribute("type") == "search" else FOUND_BY_ID)


def find_person(page: Page, field: Locator) -> None:
    """Look for somebody by name, then choose among those who were found."""
    field.fill("Mia")
    page.get_by_role("button", name="Person", exact=True).click()
    page.get_by_role("option", name="Mia Member").click()
    page.keyboard.press("Escape")


def press(_: Page, control: Locator) -> None:
    control.click(force=True)


CONTROLS = [
    ("#main [role=tab][aria-selected=false]", press),
    ("#main [role=search] button[aria-haspopup=dialog]", choosing(lambda options: options.first)),
    ("#main [role=search] button[aria-haspopup=dialog]", choosing(lambda options: options.last)),
    ("#main [role=search] input:not([type=checkbox], [aria-label^='Beginning of a person'])", write),
    ("#main [role=search] input[aria-label^='Beginning of a person']", find_person),
    ("#main input[type=checkbox]:not([data-tick], form *)", press),
    ("#main [role=columnheader][aria-sort=none] button", press),
    ("#main [role=row]:nth-child(1) button:is([aria-label^='Only'], [aria-label*='only'])", press),
    ("nav[aria-label='Pages of the list'] button:not([disabled]):last-child", press),
]
"""All by which a list is narrowed, ordered, turned over or looked at in another way, and how it is used."""


def narrowed(page: Page, address: str) -> Iterator[str]:
    """Use each control of a page in turn; yields its name, once the address says what is shown."""
    for selector, use in CONTROLS:
        open_at(page, address)
        for place in range(page.locator(selector).count()):
            open_at(page, address)
            use(page, page.locator(selector).nth(place))
            page.wait_for_function("(before) => location.href !== before", arg=address)
            page.wait_for_load_state("networkidle")
            settle(page)
            yield f"{selector} {place}"


def open_at(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)


@pytest.mark.parametrize("path", declared_searches())
def test_address_shows_another_administrator_the_same(browser, world, path):
    seen: set[str] = set()
    with world.visit(browser, "owner") as page, world.visit(browser, "org admin") as other:
        addresses = [f"{world.running.origin}{address}" for address in addresses_of(page, path)]
        for name in chain.from_iterable(narrowed(page, address) for address in addresses):
            if OWNERS_ALONE in page.url:
                continue
            open_at(other, page.url)
            mine = page.evaluate(SEEN)
            assert other.evaluate(SEEN) == mine, (name, page.url)
            seen |= set(parse_qs(urlsplit(page.url).query))
    assert declared_searches()[path] - seen - {"after"} <= {name for page, name in NOT_THERE if page == path}


TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def go_to_last_row(page: Page, way: str) -> str:
    """Go to the last row of a page that is longer than the window, and return the row's key."""
    if way == "mouse":
        page.locator(ROWS).last.hover()
    else:
        for key in ("j", "End"):
            page.keyboard.press(key)
    page.evaluate(TWO_FRAMES)  # that it has moved is told to the page with its next frame, sooner than anybody goes on
    return page.locator(ROWS).last.get_attribute("data-key") or ""


def open_last_row(page: Page, way: str) -> None:
    address = page.url
    if way == "mouse":
        page.locator(ROWS).last.click()
    else:
        page.keyboard.press("Enter")
    page.wait_for_function("(before) => location.href !== before", arg=address)
    settle(page)


@pytest.mark.parametrize("way", ["mouse", "keys"])
@pytest.mark.parametrize("path", ["members?order=CREATED&state=ACTIVE", "requests?ended=yes"])
def test_back_leads_to_the_same_rows_at_the_same_place_with_the_same_focus(browser, world, path, way):
    with world.visit(browser, "owner", f"{HARBOUR}/{path}") as page:
        page.locator(ROWS).first.wait_for()
        settle(page)
        address, before = page.url, page.evaluate(SEEN)
        row = page.locator(f'{ROWS}[data-key="{go_to_last_row(page, way)}"]')
        place = page.evaluate("scrollY")
        assert place > FAR
        open_last_row(page, way)
        assert page.evaluate("scrollY") == 0
        page.go_back()
        expect(page).to_have_url(address)
        expect(row).to_be_focused()
        settle(page)
        assert page.evaluate(SEEN) == before
        assert abs(page.evaluate("scrollY") - place) <= NEAR
