"""What a limitation names, and whether it covers a column, a row or a category (requirement D5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from wardship.core.database.personal_data import Erasure, Personal, TableEntry
from wardship.plugins.api.taxonomy import CATEGORIES, covers


class LimitationReason(StrEnum):
    """Why something is withheld or kept: what the certificate says; the words go beside, to the person alone."""

    OTHERS_RIGHTS = "others_rights"
    CONFIDENTIALITY = "confidentiality"
    """A trade secret, or what a profession may not tell."""
    LEGAL_DUTY = "legal_duty"
    LEGAL_CLAIM = "legal_claim"
    LEGAL_HOLD = "legal_hold"
    OTHER = "other"


class Item(msgspec.Struct, frozen=True):
    """One row, such as a post or a file."""

    table: str
    id: UUID


class Passage(msgspec.Struct, frozen=True):
    """A passage in a text of one row: how many signs it has, and its keyed digest, never the text itself."""

    table: str
    id: UUID
    length: int
    digest: str


class Limitation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is withheld from a right, or kept from an erasure.

    Attributes:
        reason_code: why, as the certificate says it.
        reason: why, in words for the person.
        categories: keys of the taxonomy; each covers those below it.
        columns: ``table.column`` of the registry, or one of ``PARTS`` of a copy.
        items: rows as a whole.
        passages: of texts in the copy.
        until: when what is kept ends; None where only a decision ends it.
        keeps_at_recipients: whether recipients that hold one of the categories restrict it rather than erase.
    """

    reason_code: LimitationReason
    reason: str = ""
    categories: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    passages: tuple[Passage, ...] = ()
    until: datetime | None = None
    keeps_at_recipients: bool = False

    def named(self) -> str:
        """Return what it names, in words without personal data: keys, columns, and how many rows of which table."""
        counts: dict[str, int] = {}
        for item in self.items:
            counts[item.table] = counts.get(item.table, 0) + 1
        for passage in self.passages:
            counts[f"passage of a {passage.table}"] = counts.get(f"passage of a {passage.table}", 0) + 1
        return ", ".join([*self.categories, *self.columns, *(f"{count} {what}" for what, count in counts.items())])

    def covers_category(self, category: str) -> bool:
        """Return whether it names a category, or one above it."""
        return any(covers(named, category) for named in self.categories)

    def covers_column(self, entry: TableEntry, name: str, held: Personal) -> bool:
        """Return whether it names a column, by its name or its category."""
        return f"{entry.name}.{name}" in self.columns or self.covers_category(held.category)


PARTS = ("looked_at_by", "changes", "mentioned_in")
"""What a copy holds beside the person's rows, by the names that it has in the copy; a limitation may name one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """All limitations of one right, in their order."""

    limitations: Sequence[Limitation] = ()

    def column(self, entry: TableEntry, name: str, held: Personal) -> int | None:
        """Return the position of the first limitation that covers a column; None where none does."""
        return self._first(item.covers_column(entry, name, held) for item in self.limitations)

    def category(self, category: str) -> int | None:
        """Return the position of the first limitation that covers a category; None where none does."""
        return self._first(item.covers_category(category) for item in self.limitations)

    def touching(self, category: str) -> int | None:
        """Return the position of the first limitation that names a category, one above it, or one below it."""
        below = (any(covers(category, named) for named in item.categories) for item in self.limitations)
        covering = self.category(category)
        return covering if covering is not None else self._first(below)

    def part(self, name: str) -> int | None:
        """Return the position of the first limitation that names a part of the copy; None where none does."""
        return self._first(name in item.columns for item in self.limitations)

    def items(self, table: str) -> Mapping[UUID, int]:
        """Return the rows of a table that are named, with the position of the first limitation that names each."""
        found: dict[UUID, int] = {}
        for position, limitation in enumerate(self.limitations):
            for item in limitation.items:
                if item.table == table:
                    found.setdefault(item.id, position)
        return found

    def passages(self, table: str, identifier: UUID) -> list[tuple[int, Passage]]:
        """Return the passages of a row that are named, each with the position of its limitation."""
        return [
            (position, passage)
            for position, limitation in enumerate(self.limitations)
            for passage in limitation.passages
            if (passage.table, passage.id) == (table, identifier)
        ]

    @staticmethod
    def _first(covered: Iterable[bool]) -> int | None:
        return next((position for position, is_covered in enumerate(covered) if is_covered), None)


def categories_left(limitations: Sequence[Limitation]) -> list[str]:
    """Return the topmost categories that no limitation touches: neither named, nor below or above a named one."""
    named = [category for limitation in limitations for category in limitation.categories]
    left = [key for key in CATEGORIES if not any(covers(key, each) or covers(each, key) for each in named)]
    return [key for key in left if not any(key != other and covers(other, key) for other in left)]


def is_keepable(held: Personal) -> bool:
    """Return whether an erasure can leave a column as it is: not what only serves a copy or the tie to the account."""
    return (held.exported or held.erasure is Erasure.MODIFY) and held.retained is None
