"""What an erasure touches that the committed preview did not name: it appeared after the commit, and is erased too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from wardship.tenants.erasure.snapshot import ErasurePreview, IntegrationPreview, TablePreview

OF_THE_COMMIT: Final = frozenset({"restriction", "obligation", "notice"})
"""Tables that the commit itself writes about the person: while the erasure waits nothing is shared, vendors are to
restrict, and the person is told of each act."""


class Addition(msgspec.Struct, frozen=True):
    """Something of which there is more than in the committed preview.

    Attributes:
        kind: ``recipient``, ``table``, ``category`` or ``content``.
        name: of the recipient, the table or the category.
        before: how many rows, or recipients of that name, the commit was of.
        now: how many there are.
    """

    kind: str
    name: str
    before: int
    now: int


def additions(committed: ErasurePreview, now: ErasurePreview) -> tuple[Addition, ...]:
    """Return of what there is more now than in the preview that was committed; both name what they hold, no values."""
    return (
        *added_recipients(committed, now.integrations),
        *_more("table", rows_by_table(committed.tables), rows_by_table(now.tables)),
        *_more("category", _by_category(committed), _by_category(now)),
        *_more("content", _by_content(committed), _by_content(now)),
    )


def added_recipients(committed: ErasurePreview, now: Sequence[IntegrationPreview]) -> Iterator[Addition]:
    """Yield the recipients that the committed preview does not name, or names less often."""
    yield from _more("recipient", _named(committed.integrations), _named(now))


def added_rows(committed: ErasurePreview, touched: Mapping[str, int]) -> Iterator[Addition]:
    """Yield the tables of which an erasure touched more rows than the committed preview says."""
    counted = {table: rows for table, rows in touched.items() if table not in OF_THE_COMMIT}
    yield from _more("table", rows_by_table(committed.tables), counted)


def rows_by_table(tables: Iterable[TablePreview]) -> dict[str, int]:
    """Return how many rows of each table are touched, however they are treated; but for what the commit writes."""
    found: dict[str, int] = {}
    for item in tables:
        found[item.table] = found.get(item.table, 0) + item.rows
    return {table: rows for table, rows in found.items() if table not in OF_THE_COMMIT}


def _by_category(preview: ErasurePreview) -> dict[str, int]:
    found = {item.category: item.rows for item in preview.categories}
    for table in preview.tables:
        if table.table in OF_THE_COMMIT:
            found |= {category: found.get(category, 0) - table.rows for category in table.categories}
    return found


def _by_content(preview: ErasurePreview) -> dict[str, int]:
    return {item.what: item.rows for item in preview.shared}


def _named(recipients: Iterable[IntegrationPreview]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in recipients:
        name = f"{item.name} ({item.recipient})" if item.recipient else item.name
        found[name] = found.get(name, 0) + 1
    return found


def _more(kind: str, before: Mapping[str, int], now: Mapping[str, int]) -> Iterator[Addition]:
    for name, count in sorted(now.items()):
        if count > before.get(name, 0):
            yield Addition(kind, name, before.get(name, 0), count)
