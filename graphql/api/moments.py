"""Moments that a command's input holds: without an offset from UTC nobody knows which one is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from strawberry.types import get_object_definition
from strawberry.types.base import StrawberryContainer

from wardship.core.errors import InvalidInputError

Place = tuple[str, ...]


def moments_of(input_type: type) -> Sequence[Place]:
    """Return where an input holds moments, by the names of fields from the outermost; worked out once for a command."""
    return tuple(_places(input_type, frozenset()))


def _places(input_type: type, seen: frozenset[type]) -> Iterator[Place]:
    for field in get_object_definition(input_type, strict=True).fields:
        kind = field.type
        while isinstance(kind, StrawberryContainer):
            kind = kind.of_type
        if kind is datetime:
            yield (field.python_name,)
        elif isinstance(kind, type) and kind not in seen and get_object_definition(kind) is not None:
            yield from ((field.python_name, *place) for place in _places(kind, seen | {kind}))


def require_offsets(given: object, places: Sequence[Place]) -> None:
    """Refuse an input in which a moment has no offset from UTC.

    Raises:
        InvalidInputError: naming the field.
    """
    for place in places:
        if any(moment.tzinfo is None for moment in _found(given, place)):
            raise InvalidInputError("Give the offset from UTC too, such as 2027-02-01T00:00:00Z.", path=place)


def _found(given: object, place: Place) -> Iterator[datetime]:
    if given is None:
        return
    if isinstance(given, list):
        for item in given:
            yield from _found(item, place)
    elif not place:
        if isinstance(given, datetime):
            yield given
    else:
        yield from _found(getattr(given, place[0]), place[1:])
