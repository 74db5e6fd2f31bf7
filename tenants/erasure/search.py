"""Find a person in all texts of an organisation: what is rewritten unasked, and what somebody has to decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wardship.core.database.engine import Record
from wardship.tenants.access import Access
from wardship.tenants.erasure.giving_way import in_turns
from wardship.tenants.erasure.plan import NOTHING_KEPT
from wardship.tenants.erasure.texts import TextTable, text_tables
from wardship.tenants.limitations.limits import Limits
from wardship.tenants.matching.candidates import Candidates, candidates
from wardship.tenants.matching.finds import Find
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.matching.listing import listed_groups, room_for
from wardship.tenants.matching.matcher import Matcher
from wardship.tenants.matching.rules import Certainty, Rule

_READ_AT_ONCE: Final = 500
_AROUND: Final = 80


@dataclass(frozen=True, slots=True)
class FoundText:
    """A find, and where it is.

    Attributes:
        table: in which table.
        row_id: in which row.
        column: in which column.
        text: the whole text; one of several where the column holds a document or a list.
        find: what was found in it.
    """

    table: str
    row_id: UUID
    column: str
    text: str
    find: Find

    @property
    def excerpt(self) -> tuple[str, str, str]:
        """Return what stands before the find, what was found, and what stands after it."""
        start, end = self.find.start, self.find.end
        return self.text[max(0, start - _AROUND) : start], self.text[start:end], self.text[end : end + _AROUND]


@dataclass(frozen=True, slots=True)
class LeftGroup:
    """Finds that look the same and are too many to be the person: they stay unless somebody decides otherwise.

    Attributes:
        rule: by which all of them were judged.
        written: how they are written.
        count: how many there are.
        sample: one of them.
    """

    rule: Rule
    written: str
    count: int
    sample: FoundText


@dataclass(frozen=True, slots=True)
class Search:
    """What was found of a person.

    Attributes:
        rows: how many rows are rewritten unasked, by table.
        listed: what somebody has to decide, one by one or by rule; in the order of tables and rows.
        left: what is shown as a group.
    """

    rows: dict[str, int]
    listed: tuple[FoundText, ...]
    left: tuple[LeftGroup, ...]


async def search_texts(access: Access, known: Identifiers, limits: Limits = NOTHING_KEPT) -> Search:
    """Return what is found of a person in the organisation's texts, but for what limitations keep."""
    rows: dict[str, int] = {}
    doubtful = _Doubtful()
    for table in text_tables(access.services.nouns.held, limits):
        doubtful.texts += await access.fetchval(table.count_sql)
        async for found in _found(access, table, known, is_certain=False):
            rows[table.name] = rows.get(table.name, 0) + any(item.find.is_certain for item in found)
            doubtful.add(item for item in found if not item.find.is_certain)
    return Search({table: count for table, count in rows.items() if count}, *doubtful.sorted_out())


async def count_texts(access: Access, known: Identifiers, limits: Limits = NOTHING_KEPT) -> dict[str, int]:
    """Return how many rows would be rewritten unasked, by table."""
    rows: dict[str, int] = {}
    for table in text_tables(access.services.nouns.held, limits):
        async for found in _found(access, table, known, is_certain=True):
            rows[table.name] = rows.get(table.name, 0) + any(item.find.is_certain for item in found)
    return {table: count for table, count in rows.items() if count}


async def rows_naming(access: Access, known: Identifiers, table: TextTable) -> list[UUID]:
    """Return the rows of a table in which something may be the person, certain or not."""
    ids = []
    async for found in _found(access, table, known, is_certain=False):
        ids += [item.row_id for item in found[:1]]
    return ids


async def found_in_rows(
    access: Access, table: TextTable, ids: Sequence[UUID], known: Identifiers
) -> AsyncIterator[FoundText]:
    """Return what is found of a person in some rows of a table as they are now."""
    matcher = Matcher(known)
    async for row in rows_by_ids(access, table, ids):
        for found in _in_row(matcher, table, row):
            yield found


async def candidate_rows(
    access: Access, table: TextTable, asked: Candidates, since: str | None = None
) -> AsyncIterator[Record]:
    """Return the rows of a table in which the person may be found, with the columns as texts; a few at once.

    Args:
        access: the system's own.
        table: where to look.
        asked: what to look for.
        since: only rows that were written after this moment (see ``moment``).
    """
    if not asked.likes:
        return
    if since is None:
        rows = await access.fetch(table.search_sql, *asked.arguments)
    else:
        rows = await access.fetch(table.search_since_sql, *asked.arguments, since)
    hidden = [row["id"] for row in rows if not row["is_shown"]]
    shown = [row for row in rows if row["is_shown"]]
    async for row in in_turns(shown):
        yield row
    async for row in rows_by_ids(access, table, hidden):
        yield row


async def moment(access: Access) -> str:
    """Return a moment of the database: what no statement has seen that began before it was written by it or later."""
    found: str = await access.transaction.fetchval("select pg_snapshot_xmin(pg_current_snapshot())::text")
    return found


async def rows_by_ids(access: Access, table: TextTable, ids: Sequence[UUID]) -> AsyncIterator[Record]:
    """Return rows of a table as they are now, with the columns as texts; those that are gone are left out."""
    for start in range(0, len(ids), _READ_AT_ONCE):
        async for row in in_turns(await access.fetch(table.read_sql, list(ids[start : start + _READ_AT_ONCE]))):
            yield row


async def _found(
    access: Access, table: TextTable, known: Identifiers, *, is_certain: bool
) -> AsyncIterator[list[FoundText]]:
    matcher = Matcher(known)
    async for row in candidate_rows(access, table, candidates(known, is_certain=is_certain)):
        yield list(_in_row(matcher, table, row))


def _in_row(matcher: Matcher, table: TextTable, row: Record) -> Iterator[FoundText]:
    for column in table.columns:
        for text in column.texts(row[column.name] or ""):
            for find in matcher.find(text, column.held.context):
                yield FoundText(table.name, row["id"], column.name, text, find)


class _Doubtful:
    """Collects what is not certain, and sorts out what is too much to be shown one by one."""

    def __init__(self) -> None:
        self.texts = 0
        self._likely: list[FoundText] = []
        self._possible: dict[tuple[Rule, str], list[FoundText]] = defaultdict(list)
        self._counts: Counter[tuple[Rule, str]] = Counter()

    def add(self, found: Iterator[FoundText]) -> None:
        for item in found:
            if item.find.certainty is not Certainty.POSSIBLE:
                self._likely.append(item)
                continue
            group = (item.find.rule, item.excerpt[1])
            self._counts[group] += 1
            if len(self._possible[group]) <= room_for(self.texts):
                self._possible[group].append(item)

    def sorted_out(self) -> tuple[tuple[FoundText, ...], tuple[LeftGroup, ...]]:
        listed = listed_groups(self._counts, self.texts)
        shown = [*self._likely, *(item for group in listed for item in self._possible[group])]
        shown.sort(key=lambda item: (item.table, item.row_id, item.column, item.find.start))
        left = (
            LeftGroup(*group, count, self._possible[group][0])
            for group, count in sorted(self._counts.items())
            if group not in listed
        )
        return tuple(shown), tuple(left)
