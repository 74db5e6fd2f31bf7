"""A list as a file for spreadsheets: its rows under its filters, none of it a formula, and told by the log."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console.world import HARBOUR, World, call, command, connect, until, world_in
from wardship.app.application import api_schema
from wardship.app.spreadsheets import cell_text
from wardship.graphql.server.tables import TABLES, cells, table_document

STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, or passes over on the way to one."""
NAME_ALL = """
update member m set display_name =
    (array['=', '+', '-', '@', E'\\t', E'\\r'])[1 + p.place % 6] || 'SUM(A1:A' || p.place || ')'
    from (select id, row_number() over (order by email) as place from member where email like '%@harbour.example') p
    where m.id = p.id
"""
CORRECTED = "{ obligations(first: 50, states: [COMPLETED]) { edges { node { verb } } } }"
EXPORTED = "query($where: AuditFilterInput) { auditLog(first: 1, where: $where) { edges { node { details } } } }"


@dataclass(frozen=True)
class Filtered:
    """A list as it is filtered: in the address, and for the API."""

    address: str
    given: dict[str, Any]


LISTS = {
    "members": Filtered("members?state=ACTIVE&order=CREATED", {"where": {"states": ["ACTIVE"]}, "orderBy": "CREATED"}),
    "requests": Filtered("requests?kind=ACCESS", {"where": {"kinds": ["ACCESS"]}, "isOpen": True, "orderBy": "DUE"}),
    "auditLog": Filtered("audit?actor={member}", {"where": {"actorId": "{member}"}}),
    "disclosures": Filtered("ledger?member={member}", {"memberId": "{member}"}),
    "obligations": Filtered("obligations?state=COMPLETED", {"states": ["COMPLETED"]}),
}


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    """Somebody's data lies with a third party and was corrected there; then all have names that are formulas."""
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner")
        world.sign_in(browser, "org admin", prepare=lambda page: _share(page, world))
        world.execute(NAME_ALL)
        yield world


def _share(page: Page, world: World) -> None:
    connect(page, world.vendor, "adam@harbour.example")
    command(page, "updateMyProfile", profile={"jobTitle": "Head of IT and more"})
    until(lambda: call(page, CORRECTED)["obligations"]["edges"])


def _filled_in(value: Any, member: str) -> Any:
    if isinstance(value, dict):
        return {name: _filled_in(inner, member) for name, inner in value.items()}
    return member if value == "{member}" else value


def _said(value: Any) -> Any:
    """What something says, without what it leaves open."""
    if isinstance(value, dict):
        return {name: _said(inner) for name, inner in value.items() if inner is not None and inner is not False}
    return value


def by_api(page: Page, table: str, given: dict[str, Any]) -> list[list[str]]:
    """The rows of the list, page by page, each value in the words of a cell."""
    document, found, after = table_document(api_schema()._schema, table), [], None
    while True:
        listed = call(page, document, first=50, after=after, **given)[table]
        found += [[cell_text(cell) for cell in cells(edge["node"], table)] for edge in listed["edges"]]
        if not listed["pageInfo"]["hasNextPage"]:
            return found
        after = listed["pageInfo"]["endCursor"]


@pytest.mark.parametrize("table", LISTS)
def test_file_has_the_rows_of_the_list_and_no_formula_and_stands_in_the_log(browser, world, table):
    with world.visit(browser, "org admin") as page:
        member = call(page, "{ viewer { member { id } } }")["viewer"]["member"]["id"]
        address = LISTS[table].address.replace("{member}", quote(member))
        given = _filled_in(LISTS[table].given, member)
        page.goto(f"{world.running.origin}{HARBOUR}/{address}")
        shown = page.locator("#main [role=row][data-key]")
        expect(shown.first).to_be_visible()
        expected, count = by_api(page, table, given), shown.count()
        with page.expect_download() as download:
            page.get_by_role("link", name="Export as CSV").click()
        text = download.value.path().read_bytes().decode("utf-8-sig")
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        assert download.value.suggested_filename.startswith(f"{table}-")
        assert header == list(TABLES[table])
        assert rows == expected
        assert len(rows) == count
        guarded = [cell for row in rows for cell in row if cell.startswith(tuple(f"'{start}" for start in STARTS))]
        assert guarded
        assert [cell for row in rows for cell in row if cell.startswith(STARTS)] == []
        (entry,) = call(page, EXPORTED, where={"action": "table.exported"})["auditLog"]["edges"]
        assert _said(entry["node"]["details"]) == {"table": table, "rows": len(rows), "filter": given}
