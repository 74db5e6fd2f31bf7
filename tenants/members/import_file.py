"""Files of people to import: CSV or JSON lines, read person by person, so that a long one takes little memory."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import ClassVar, Final, TextIO, TypeAlias

import msgspec

from wardship.core.errors import InvalidInputError
from wardship.tenants.members.add import ImportRow
from wardship.tenants.members.profile import PROFILE_FIELDS
from wardship.tenants.members.tombstones import Reassignable

MOST_PEOPLE: Final = 50_000
"""People of one file."""
_LONGEST_LINE: Final = 65_536
_EMAIL: Final = "email"
_REASSIGNED: Final = "reassigned"
_COLUMNS: Final = {name.replace("_", ""): name for name in (_EMAIL, *PROFILE_FIELDS, _REASSIGNED)}

Read: TypeAlias = ImportRow | InvalidInputError
"""A person of a file, or why a part of the file is none."""


class UnreadableFileError(InvalidInputError):
    """The file can't be read to its end as what it says it is; nothing of it was imported."""

    code: ClassVar[str] = "UNREADABLE_FILE"


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """A row as `importMembers` takes it."""

    email: str
    profile: dict[str, str] = {}
    reassigned: tuple[str, ...] = ()


def read_csv(file: TextIO) -> Iterator[Read]:
    """Yield the people of a CSV file, whose first line names the columns.

    Raises:
        UnreadableFileError: a quoted value doesn't end, or a column has no name of ours.
    """
    first = next(filter(str.strip, file), "")
    counts = {sign: first.count(sign) for sign in (",", ";", "\t")}
    rows = csv.reader(chain([first], file), delimiter=max(counts, key=counts.__getitem__), strict=True)
    try:
        columns = _columns(next(rows, []))
        yield from (_person(columns, row) for row in rows if any(map(str.strip, row)))
    except csv.Error as error:
        raise UnreadableFileError(
            f"Line {rows.line_num} is no CSV ({error}): mend it and send the file again."
        ) from None


def _columns(named: Sequence[str]) -> list[str]:
    """Return our names of the columns: capitals, blanks, hyphens and underscores make no other name."""
    unknown = [name for name in named if _plain(name) not in _COLUMNS]
    found = [_COLUMNS[_plain(name)] for name in named if not unknown]
    if unknown or _EMAIL not in found or len(set(found)) < len(found):
        fault = f"{unknown[0][:50]!r} is none" if unknown else "each once, the address among them"
        raise UnreadableFileError(f"The first line must name the columns ({', '.join(_COLUMNS.values())}): {fault}.")
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _person(columns: Sequence[str], row: Sequence[str]) -> Read:
    if len(row) != len(columns):
        return InvalidInputError(f"This row has {len(row)} values for {len(columns)} columns.")
    values = {name: value for name, value in zip(columns, row, strict=True) if value.strip()}
    reassigned = values.pop(_REASSIGNED, "").split()
    return _row(values.pop(_EMAIL, ""), values, reassigned)


def read_json_lines(file: TextIO) -> Iterator[Read]:
    """Yield the people of a file of JSON lines, each an object as a row of `importMembers`.

    Raises:
        UnreadableFileError: a line is longer than any person.
    """
    decoder = msgspec.json.Decoder(_Line)
    for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), ""), 1):
        if len(line) == _LONGEST_LINE:
            raise UnreadableFileError(f"Line {number} is longer than a person can be: write one object on each line.")
        if line.strip():
            yield _decoded(decoder, line)


def _decoded(decoder: msgspec.json.Decoder[_Line], line: str) -> Read:
    try:
        found = decoder.decode(line)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return InvalidInputError('This line is no person: write {"email": …, "profile": {"displayName": …}}.')
    profile = {_COLUMNS.get(_plain(name), name): value for name, value in found.profile.items()}
    return _row(found.email, profile, found.reassigned)


def _row(email: str, profile: Mapping[str, str], reassigned: Iterable[str]) -> Read:
    try:
        return ImportRow(email, profile, frozenset(Reassignable(name.lower()) for name in reassigned))
    except ValueError:
        return InvalidInputError(f"Reassigned can be: {', '.join(Reassignable)}.", path=(_REASSIGNED,))


READERS: Final[Mapping[str, Callable[[TextIO], Iterator[Read]]]] = MappingProxyType(
    {"text/csv": read_csv, "application/jsonl": read_json_lines}
)
"""What reads a file, by its media type."""


def count_people(file: TextIO, media_type: str) -> int:
    """Read a file to its end and return how many people it names, or tries to.

    Raises:
        UnreadableFileError: it can't be read to its end, or names more than 50,000.
    """
    try:
        file.seek(0)
        count = sum(1 for _ in READERS[media_type](file))
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"The file isn't UTF-8 at byte {error.start}: save it as UTF-8.") from None
    if count > MOST_PEOPLE:
        raise UnreadableFileError(f"The file names {count} people: send at most {MOST_PEOPLE} in one.")
    return count
