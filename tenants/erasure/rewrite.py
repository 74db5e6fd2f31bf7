"""Rewrite what names a person in an organisation's texts to the pseudonym, without overwriting what others write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias
from uuid import UUID

from wardship.core.database.engine import Record
from wardship.tenants.access import Access
from wardship.tenants.erasure.search import FoundText, candidate_rows, moment, rows_by_ids
from wardship.tenants.erasure.texts import TextColumn, TextTable
from wardship.tenants.matching.candidates import Candidates, candidates
from wardship.tenants.matching.finds import Find, rewrite
from wardship.tenants.matching.identifiers import NOTHING, Identifiers
from wardship.tenants.matching.matcher import Matcher
from wardship.tenants.matching.rules import Certainty

_WRITTEN_AT_ONCE: Final = 1000
_HELD_AT_ONCE: Final = 8_000_000
_ID_SHOWN: Final = 12

Decides: TypeAlias = Callable[[FoundText], bool]
"""Whether a find is replaced."""


def is_certain(found: FoundText) -> bool:
    """Return whether a find is replaced without anybody's decision."""
    return found.find.is_certain


def is_likely(found: FoundText) -> bool:
    """Return whether a find is replaced in a copy of a text, about which nobody is asked."""
    return found.find.certainty is not Certainty.POSSIBLE


@dataclass(frozen=True, slots=True)
class Change:
    """A row to write: each column as it was read, and as it will be."""

    id: UUID
    values: tuple[tuple[str | None, str | None], ...]

    @property
    def size(self) -> int:
        """Return how many characters it holds."""
        return sum(len(text or "") for pair in self.values for text in pair)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is to be written in a table, and the moment since which its rows have to be looked at again."""

    table: TextTable
    changes: Sequence[Change]
    since: str


@dataclass(frozen=True)
class _Sought:
    """What is sought, and what finds it, which is made when it is needed: it takes some milliseconds."""

    known: Identifiers
    pseudonym: str
    reads_all: bool

    @cached_property
    def matcher(self) -> Matcher:
        # First and last name alone are never certain: what is not sought costs nothing.
        return Matcher(self.known if self.reads_all else replace(self.known, parts=NOTHING))

    @cached_property
    def asked(self) -> Candidates:
        return candidates(self.known, is_certain=not self.reads_all)


class Rewriting:
    """Replaces one person in the texts of an organisation.

    Attributes:
        pseudonym: what stands in the person's place.

    Args:
        access: the system's own.
        known: what the person is known by.
        pseudonym: see above.
        decides: which finds are replaced.
        reads_all: whether texts are read too in which nothing is certain, because something in them was decided.
    """

    def __init__(
        self,
        access: Access,
        known: Identifiers,
        pseudonym: str,
        *,
        decides: Decides = is_certain,
        reads_all: bool = False,
    ) -> None:
        self._access = access
        self._sought = _Sought(known, pseudonym, reads_all)
        self._found: dict[str, _Found] = {}
        self.pseudonym = pseudonym
        self._decides = decides

    def of_copies(self) -> Rewriting:
        """Return what replaces the same person in copies of texts, where nobody is asked."""
        other = Rewriting(self._access, self._sought.known, self.pseudonym, decides=is_likely)
        other._sought = self._sought
        return other

    async def look_ahead(self, tables: Sequence[TextTable]) -> None:
        """Find what is to be changed before anything is locked, since that takes long; what is too much is left."""
        for table in tables:
            since, held, changes = await moment(self._access), 0, []
            async for change in self._changes(table):
                changes.append(change)
                held += change.size
                if held > _HELD_AT_ONCE:
                    break
            else:
                self._found[table.name] = _Found(table, changes, since)

    def go_on_from(self, ahead: Rewriting) -> bool:
        """Take over what another one, which decides alike, has found ahead; return whether it looked for the same."""
        is_same = ahead._sought == self._sought
        if is_same:
            self._sought, self._found = ahead._sought, ahead._found
        return is_same

    async def rewrite(self, table: TextTable) -> int:
        """Rewrite the texts of one table and return how many rows were changed.

        All rows are read before the first is written, so that they are locked no longer than the writing takes; a row
        that somebody has changed meanwhile is read again. Where it was looked ahead, only rows are read that were
        written since.
        """
        found = self._found.get(table.name)
        if found is not None and found.table == table:
            return await self._write(table, await self._brought_up(found))
        changes: list[Change] = []
        rows = held = 0
        async for change in self._changes(table):
            changes.append(change)
            held += change.size
            if held > _HELD_AT_ONCE:
                rows += await self._write(table, changes)
                changes, held = [], 0
        return rows + await self._write(table, changes)

    async def _brought_up(self, found: _Found) -> Sequence[Change]:
        later = [change async for change in self._changes(found.table, found.since)]
        ids = {change.id for change in later}
        return [*(change for change in found.changes if change.id not in ids), *later]

    async def _changes(self, table: TextTable, since: str | None = None) -> AsyncIterator[Change]:
        async for row in candidate_rows(self._access, table, self._sought.asked, since):
            change = self._changed(table, row)
            if change is not None:
                yield change

    def _changed(self, table: TextTable, row: Record) -> Change | None:
        values = tuple((row[column.name], self._value(table, column, row)) for column in table.columns)
        return Change(row["id"], values) if any(old != new for old, new in values) else None

    def _value(self, table: TextTable, column: TextColumn, row: Record) -> str | None:
        value: str | None = row[column.name]

        def is_wanted(text: str, find: Find) -> bool:
            return self._decides(FoundText(table.name, row["id"], column.name, text, find))

        def replaced(text: str) -> str:
            finds = self._sought.matcher.find(text, column.held.context)
            return rewrite(text, [find for find in finds if is_wanted(text, find)], self.pseudonym)

        return column.replaced(value, replaced) if value else value

    async def _write(self, table: TextTable, changes: Sequence[Change]) -> int:
        """Write changes; rows that others have changed since they were read are read and treated again."""
        rows, waiting = 0, list(changes)
        while waiting:
            written = await self._write_once(table, waiting)
            rows += len(written)
            missed = [change.id for change in waiting if change.id not in written]
            again = [self._changed(table, row) async for row in rows_by_ids(self._access, table, missed)]
            waiting = [change for change in again if change is not None]
        return rows

    async def _write_once(self, table: TextTable, changes: Sequence[Change]) -> set[UUID]:
        written: set[UUID] = set()
        for start in range(0, len(changes), _WRITTEN_AT_ONCE):
            part = await self._kept_apart(table, changes[start : start + _WRITTEN_AT_ONCE])
            arrays = [[change.values[n][side] for change in part] for n in range(len(table.columns)) for side in (0, 1)]
            rows = await self._access.fetch(table.write_sql, [change.id for change in part], *arrays)
            written |= {row["id"] for row in rows}
        return written

    async def _kept_apart(self, table: TextTable, changes: Sequence[Change]) -> Sequence[Change]:
        """Return the changes, with a part of the row's id where a text that must be unique would be another's too."""
        for place, column in enumerate(table.columns):
            if column.held.is_unique:
                changes = await self._unique(table, place, changes)
        return changes

    async def _unique(self, table: TextTable, place: int, changes: Sequence[Change]) -> Sequence[Change]:
        column = table.columns[place]
        texts = [change.values[place][1] for change in changes]
        ids = [change.id for change in changes]
        rows = await self._access.fetch(table.taken_sql(column), texts, ids)
        taken = {row["text"] for row in rows}
        return [
            _marked(change, place, column.held.longest) if text in taken or texts.count(text) > 1 else change
            for change, text in zip(changes, texts, strict=True)
        ]


def _marked(change: Change, place: int, longest: int | None) -> Change:
    old, new = change.values[place]
    mark = f" {str(change.id)[-_ID_SHOWN:]}"
    text = f"{(new or '')[: longest - len(mark) if longest else None]}{mark}"
    return Change(change.id, (*change.values[:place], (old, text), *change.values[place + 1 :]))
