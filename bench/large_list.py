"""The list of members in a browser: its first rows among few and among very many, and how soon it answers a hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import asyncpg
from playwright.sync_api import Browser, Page, Route

from bench.browser import PATIENCE_MS, slowed
from tools.prepare.steps import say
from wardship.app.demo.process import served
from wardship.core.database.embedded import ROLE_SUPERUSER

MEMBERS: Final = "/console/o/harbour/members"
_ROW: Final = '#main [role="grid"] [role="row"][data-key]'
ROWS: Final = 200
FILL: Final = """
set session_replication_role = replica;  -- so that no reference is looked up for each row
create temporary table wanted as
    select o.id as organisation_id, n, uuidv7() as member, now() - n * interval '1 second' as at
    from organisation o, generate_series(1, {members}) n where o.slug = 'harbour';
insert into member (organisation_id, id, created_at, joined_at, display_name, first_name, last_name, email, pseudonym)
    select organisation_id, member, at, at, 'Person ' || lpad(n::text, 7, '0'), 'Person', lpad(n::text, 7, '0'),
        'person-' || n || '@harbour.example', 'Pseudonym ' || n from wanted;
insert into role_assignment (organisation_id, id, created_at, member_id, role)
    select organisation_id, uuidv7(), at, member, 'member' from wanted;
insert into group_membership (organisation_id, id, created_at, group_id, member_id, role)
    select w.organisation_id, uuidv7(), w.at, g.id, w.member, 'member' from wanted w
    join user_group g on g.organisation_id = w.organisation_id where w.n % 3 = 0;
"""
_FIRST_ROWS: Final = f"""
(() => {{
  const look = () => {{
    if (document.querySelector('{_ROW}')) requestAnimationFrame(() => (window.firstRows = performance.now()));
    else requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}})();
"""
_INTERACTIONS: Final = """
window.interactions = [];
new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries())
    if (interactionId) window.interactions.push(duration);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""


@dataclass(frozen=True, slots=True)
class Lists:
    """Milliseconds until the first rows, by the number of members; the same places were measured side by side."""

    few: int
    many: int
    rows_ms: dict[int, list[float]]
    interactions_ms: list[float]

    @property
    def growth(self) -> float:
        """Return how many times as long the many take: the median of the rounds."""
        pairs = zip(self.rows_ms[self.few], self.rows_ms[self.many], strict=True)
        return median(many / few for few, many in pairs)


def measure_lists(browser: Browser, folder: Path, *, few: int, many: int, rounds: int) -> Lists:
    """Fill two deployments, and open the list of each in turn; then use the one with the few."""
    with _filled(folder / "few", few) as small, _filled(folder / "many", many) as large:
        people = {few: (small, _signed_in(browser, small)), many: (large, _signed_in(browser, large))}
        found: dict[int, list[float]] = {few: [], many: []}
        for size, person in people.items():
            say(f"  {size} members: {_until_rows(browser, *person):.0f} ms, which is not counted")
        for number in range(rounds):
            for size in (few, many) if number % 2 == 0 else (many, few):
                found[size].append(_until_rows(browser, *people[size]))
        return Lists(few, many, found, _interactions(browser, *people[few]))


@dataclass(frozen=True, slots=True)
class _Served:
    url: str
    link: str


@contextmanager
def _filled(folder: Path, members: int) -> Iterator[_Served]:
    folder.mkdir()
    with served(folder, integrations=folder, dns_servers=[]) as wardship:
        say(f"  filling {members} members …")
        sockets = Path((folder / "data" / "postgres" / "runtime").read_text().strip()) / "socket"
        with ThreadPoolExecutor() as threads:  # this one has Playwright's loop
            threads.submit(lambda: asyncio.run(_fill(sockets, members))).result()
        yield _Served(wardship.url, wardship.links["org admin"])


async def _fill(sockets: Path, members: int) -> None:
    connection = await asyncpg.connect(host=str(sockets), user=ROLE_SUPERUSER, database="wardship")
    try:
        await connection.execute(FILL.format(members=int(members)))
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


def _signed_in(browser: Browser, wardship: _Served) -> Any:  # noqa: ANN401 - Playwright's own type is no public one
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(wardship.link)
    page.get_by_role("button").click()
    page.wait_for_url("**/console/o/*")
    state = context.storage_state()
    context.close()
    return state


def _until_rows(browser: Browser, wardship: _Served, state: Any) -> float:  # noqa: ANN401 - Playwright's own type is no public one
    with slowed(browser, script=_FIRST_ROWS, state=state) as visit:
        visit.page.goto(wardship.url + MEMBERS, wait_until="commit")
        visit.page.wait_for_function("() => window.firstRows !== undefined")
        return float(visit.page.evaluate("window.firstRows"))


def _interactions(browser: Browser, wardship: _Served, state: Any) -> list[float]:  # noqa: ANN401 - Playwright's own type is no public one
    """Return what a hand waits for in a list of 200 rows: ticks, arrows, a filter, the selection of all."""
    with slowed(browser, script=_INTERACTIONS, state=state) as visit:
        page = visit.page
        page.route("**/graphql", _with_more_rows)
        page.goto(wardship.url + MEMBERS)
        page.wait_for_function(f"() => document.querySelectorAll('{_ROW}').length >= {ROWS}")
        _use(page)
        return [float(each) for each in page.evaluate("window.interactions")]


def _use(page: Page) -> None:
    ticks = page.locator(f"{_ROW} input[data-tick]")
    for number in (0, 60, 120):
        ticks.nth(number).click()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", " "):
        page.keyboard.press(key)
    page.locator('[role="grid"] thead input[data-tick]').click()
    page.get_by_role("button", name="Select none").click()
    page.get_by_role("button", name="State").click()
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Escape")
    page.wait_for_timeout(1_000)  # what the browser has seen, it tells a moment later


def _with_more_rows(route: Route) -> None:
    """Hand on an answer with four times its rows: the console shows 200 at most, and its lists ask for 50."""
    response = route.fetch()
    answer = response.json()
    edges = ((answer.get("data") or {}).get("members") or {}).get("edges")
    if not edges:
        return route.fulfill(response=response)
    while len(edges) < ROWS:
        copies = json.loads(json.dumps(edges[: ROWS - len(edges)]))
        for place, edge in enumerate(copies, len(edges)):
            edge["node"]["id"] += f"-{place}"
        edges.extend(copies)
    return route.fulfill(response=response, json=answer)


def list_lines(lists: Lists) -> Iterator[str]:
    """Yield the lines of the table."""
    for size in (lists.few, lists.many):
        yield f"first rows of {size:>9,} members   {_told(lists.rows_ms[size])} ms"
    yield f"  {lists.growth:.2f} times as long among the many; wanted at most 1.1"
    told, count = _told(lists.interactions_ms), len(lists.interactions_ms)
    yield f"interactions with {ROWS} rows      {told} ms, of {count}; wanted at most 100, 200 the worst"


def _told(values: Sequence[float]) -> str:
    return (
        f"{median(values):.0f} ({min(values):.0f} to {max(values):.0f})"
        if values
        else "none was long enough to be told"
    )
