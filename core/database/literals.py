"""Values written into the text of a statement, for a message of several statements, which can have no parameters.

None is quoted: identifiers and texts are written in hexadecimal digits, moments and numbers as integers, so that no
value could end a literal, whatever it holds and however the server reads literals.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def identifier(value: UUID | None) -> str:
    """Return a UUID, or NULL."""
    return "null" if value is None else f"'{value.int:032x}'"


def identifiers(values: Iterable[UUID]) -> str:
    """Return an array of UUIDs."""
    return f"'{{{','.join([value.hex for value in values])}}}'::uuid[]"


def octets(value: bytes) -> str:
    """Return bytes."""
    return f"decode('{value.hex()}', 'hex')"


def microseconds(moment: datetime) -> str:
    """Return an aware moment as microseconds since 1970."""
    return f"{(moment - _EPOCH) // _MICROSECOND:d}"
