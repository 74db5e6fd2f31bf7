"""Opaque cursors: the values of a row's sort columns, for keyset paging.

A cursor isn't signed: it holds nothing that its row didn't show, and what a client changes in it is only where the page
starts. Its types are checked, so that the database never meets a value of another type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias
from uuid import UUID

import orjson

from wardship.graphql.engine.errors import MalformedCursorError
from wardship.graphql.engine.schema.global_ids import decode_text, encode_ascii, encode_text

CursorValue: TypeAlias = str | int | bool | UUID | datetime | date | None

_READ: dict[str, tuple[type, Callable[[str], CursorValue]]] = {
    "s": (str, str),
    "i": (int, int),
    "b": (bool, lambda text: {"1": True, "0": False}[text]),
    "u": (UUID, UUID),
    "t": (datetime, datetime.fromisoformat),
    "d": (date, date.fromisoformat),
    "n": (type(None), lambda _text: None),
}
_BIGGEST = 2**63
_LONGEST = 8192
"""Letters of a cursor. PostgreSQL's indexes hold keys of at most 2,704 bytes, so no list is ordered by longer ones; as
JSON, every sign escaped, and in base 64 these are 7,212 letters, besides those of the identifier."""
_PAIR = 2
"""A time and an identifier: what most lists are ordered by."""


def encode_cursor(values: Sequence[CursorValue]) -> str:
    """Return the cursor of a row, from the values of its sort columns, in their order."""
    if len(values) == _PAIR and type(values[0]) is datetime and isinstance(values[1], UUID):
        # orjson writes a time several times as fast as `isoformat`, and the same where the offset is plain.
        at = orjson.dumps(values[0]).decode()[1:-1] if values[0].tzinfo is UTC else values[0].isoformat()
        return encode_ascii(f'["t{at}","u{values[1]}"]')
    return encode_text(orjson.dumps([_written(value) for value in values]).decode())


def decode_cursor(cursor: str, *types: type) -> tuple[CursorValue, ...]:
    """Return the values that a cursor holds.

    Args:
        cursor: what the client sent as `after` or `before`.
        types: the type of each value, in their order; ``type(None)`` isn't implied.

    Raises:
        MalformedCursorError: it isn't a cursor, or not of this list.
    """
    try:
        written = orjson.loads(decode_text(cursor, longest=_LONGEST))
        values = tuple(_value(item, type_) for item, type_ in zip(written, types, strict=True))
    except (ValueError, TypeError, KeyError, OverflowError):
        raise MalformedCursorError("The cursor isn't one of this list: use one from an earlier page.") from None
    return values


def _written(value: CursorValue) -> str:
    if value is None:
        return "n"
    if isinstance(value, bool):
        return f"b{int(value)}"
    if isinstance(value, datetime | date):
        return ("t" if isinstance(value, datetime) else "d") + value.isoformat()
    if isinstance(value, UUID):
        return f"u{value}"
    return f"i{value}" if isinstance(value, int) else f"s{value}"


def _value(item: str, wanted: type) -> CursorValue:
    type_, read = _READ[item[:1]]
    if type_ is not wanted:
        raise ValueError(item)
    value = read(item[1:])
    is_sound = not isinstance(value, int) or -_BIGGEST <= value < _BIGGEST
    if not is_sound or (isinstance(value, datetime) and value.tzinfo is None) or (value == "" and wanted is not str):
        raise ValueError(item)
    if isinstance(value, str) and "\0" in value:
        raise ValueError(item)
    return value
