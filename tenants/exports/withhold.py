"""Take what the limitations of a right name out of its copy, and count it (requirement D5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from wardship.core.database.personal_data import TableEntry
from wardship.plugins.api import STANDARD_FIELDS
from wardship.tenants.access import Access
from wardship.tenants.exports.bundle import VendorPart, Withheld
from wardship.tenants.exports.export_context import Look, Quote
from wardship.tenants.exports.gather import Section
from wardship.tenants.limitations.limits import Limitation, Limits, Passage
from wardship.tenants.members.fields import member_fields

STAND_IN: Final = "[withheld]"
_QUOTED: Final = "post"
PartT = TypeVar("PartT")


class Withholding:
    """Takes out what is named; what it can't find in a text that was changed meanwhile takes the whole text with it.

    Args:
        access: the system's own.
        limitations: of the right.
    """

    def __init__(self, access: Access, limitations: Sequence[Limitation]) -> None:
        self._limitations, self._limits = limitations, Limits(limitations)
        self._held = {entry.name: entry for entry in access.services.nouns.held}
        self._keys = access.services.keys
        self._counts = [0] * len(limitations)
        self._values = self._positions_of_values()

    def withheld(self) -> list[Withheld]:
        """Return what each limitation took out so far."""
        return [
            Withheld(item.named(), count, item.reason_code.value, item.reason, _text(item.until))
            for item, count in zip(self._limitations, self._counts, strict=True)
        ]

    def sections(self, found: Sequence[Section]) -> list[Section]:
        """Return the person's rows without the columns, rows and passages that are withheld."""
        treated = [self._section(section, self._held[section.table]) for section in found]
        return [section for section in treated if section.rows and section.origins]

    def _section(self, section: Section, entry: TableEntry) -> Section:
        positions = {name: self._limits.column(entry, name, held) for name, held in entry.personal.items()}
        named, rows, ids = self._limits.items(section.table), [], []
        for identifier, row in zip(section.ids, section.rows, strict=True):
            if self._took(named.get(identifier), 1):
                continue
            kept = {name: value for name, value in row.items() if not self._took(positions.get(name), _count(value))}
            plain = {name: self._document(value) for name, value in kept.items()}
            rows.append(self._without_passages(section.table, identifier, plain))
            ids.append(identifier)
        origins = tuple(origin for origin in section.origins if positions[origin.name] is None)
        return Section(section.table, origins, tuple(rows), tuple(ids))

    def quotes(self, found: Mapping[UUID, Quote]) -> list[Quote]:
        """Return others' texts without those that are withheld, and without passages."""
        entry = self._held[_QUOTED]
        position = self._limits.part("mentioned_in")
        if position is None:
            position = self._limits.column(entry, "body", entry.personal["body"])
        named, kept = self._limits.items(_QUOTED), []
        for identifier, quote in found.items():
            if not self._took(named.get(identifier, position), 1):
                treated = self._without_passages(_QUOTED, identifier, {"body": quote.text})
                kept.append(Quote(quote.at, treated["body"]))
        return kept

    def looks(self, found: Sequence[Look]) -> list[Look]:
        """Return who looked, without the categories that are withheld; a look at nothing else is left out."""
        kept = []
        for look in self.part("looked_at_by", found):
            shown = tuple(item for item in look.categories if not self._took(self._limits.category(item), 1))
            if shown or not look.categories:
                kept.append(Look(look.at, look.by, shown))
        return kept

    def part(self, name: str, found: Sequence[PartT]) -> list[PartT]:
        """Return a part of the copy, or nothing of it where it is withheld."""
        return [] if self._took(self._limits.part(name), len(found)) else list(found)

    def vendors(self, parts: Sequence[VendorPart]) -> list[VendorPart]:
        """Return what recipients handed out without the categories that are withheld."""
        return [
            msgspec.structs.replace(part, rows=tuple(row for row in part.rows if not self._takes(row)))
            for part in parts
        ]

    def _takes(self, row: Mapping[str, object]) -> bool:
        return self._took(self._position_of(row), 1)

    def _position_of(self, row: Mapping[str, object]) -> int | None:
        """Return the position of the limitation that covers a recipient's row.

        A field that everybody knows is of the category that it is known for, however broadly the recipient tagged it.
        Of others a tag above a withheld category counts too, because what is below it can't be told apart.
        """
        known, tag = STANDARD_FIELDS.get(str(row["name"])), str(row["category"])
        tagged = self._limits.category(tag)
        if tagged is not None:
            return tagged
        if known is not None and known.name in self._values:
            return self._values[known.name]
        return self._limits.touching(tag) if known is None else self._limits.category(known.category)

    def _positions_of_values(self) -> dict[str, int]:
        """Return what is withheld of the person's own row, by column and by the name under which it is sent."""
        entry = self._held["member"]
        columns = {name: self._limits.column(entry, name, held) for name, held in entry.personal.items()}
        sent = {item.name: columns.get(item.column) for item in member_fields().values()}
        return {name: position for name, position in (columns | sent).items() if position is not None}

    def _document(self, value: object) -> object:
        """Return a JSON value without what is withheld of the person's own row, such as an earlier correction of it."""
        if isinstance(value, list):
            return [self._document(item) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {name: item for name, item in value.items() if not self._took(self._values.get(name), _count(item))}
        return {name: self._document(item) for name, item in kept.items()}

    def _took(self, position: int | None, count: int) -> bool:
        if position is not None:
            self._counts[position] += count
        return position is not None

    def _without_passages(self, table: str, identifier: UUID, row: Mapping[str, Any]) -> dict[str, Any]:
        kept = dict(row)
        for position, passage in self._limits.passages(table, identifier):
            self._took(position, 1)
            kept = self._without(kept, passage)
        return kept

    def _without(self, row: dict[str, Any], passage: Passage) -> dict[str, Any]:
        """Return a row without a passage wherever it stands; without its texts where it stands nowhere any more."""
        texts = {name: value for name, value in row.items() if _holds_text(value) and name != "created_at"}
        cut = {name: self._cut(value, passage) for name, value in texts.items()}
        return row | (cut if cut != texts else dict.fromkeys(texts, STAND_IN))

    def _cut(self, value: object, passage: Passage) -> object:
        """Return a text, or a document with texts, without a passage."""
        if isinstance(value, str):
            return _cut(value, list(self._starts(value, passage)), passage.length)
        if isinstance(value, list):
            return [self._cut(item, passage) for item in value]
        return {name: self._cut(item, passage) for name, item in value.items()} if isinstance(value, dict) else value

    def _starts(self, text: str, passage: Passage) -> Iterator[int]:
        start = 0
        while start + passage.length <= len(text):
            words = text[start : start + passage.length]
            if any(digest.hex() == passage.digest for digest in self._keys.fingerprints("limitation-passage", words)):
                yield start
                start += passage.length
            else:
                start += 1


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _count(value: object) -> int:
    return 0 if value is None or value in ("", [], {}) else 1


def _holds_text(value: object) -> bool:
    return bool(value) and isinstance(value, (str, list, dict))


def _cut(text: str, starts: Sequence[int], length: int) -> str:
    for start in reversed(starts):
        text = f"{text[:start]}{STAND_IN}{text[start + length :]}"
    return text
