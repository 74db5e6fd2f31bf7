"""Values of the contract that tell which of their parts a connector reads."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final, TypeVar, cast

from pydantic import BaseModel

from wardship.plugins.api import Field, IdentifierType, Record, SubjectRef
from wardship.plugins.api.subjects import FieldValue
from wardship.plugins.kit.seen import Seen

READING: Final[ContextVar[Seen | None]] = ContextVar("reading", default=None)
"""The call in which values are read; None where nobody has to be told."""

ValueT = TypeVar("ValueT")


class WatchedField(Field):
    """A datum that tells when its value is read."""

    def __getattribute__(self, name: str) -> object:
        """Return an attribute."""
        if name == "value" and (seen := READING.get()) is not None:
            seen.fields.add(str(self.__dict__["name"]))
        return super().__getattribute__(name)


class WatchedSubject(SubjectRef):
    """A person who tells which identifiers are read."""

    def __getattribute__(self, name: str) -> object:
        """Return an attribute."""
        if name == "identifiers" and (seen := READING.get()) is not None:
            seen.identifiers.update(str(known.type) for known in self.__dict__["identifiers"])
        return super().__getattribute__(name)

    def identifier(self, kind: IdentifierType) -> str | None:
        """Return the person's identifier of that type."""
        if (seen := READING.get()) is not None:
            seen.asked_identifiers.add(str(kind))
            seen.identifiers.add(str(kind))
        return next((known.value for known in self.__dict__["identifiers"] if known.type is kind), None)


class WatchedRecord(Record):
    """A record that tells which fields are asked for by name."""

    def get(self, name: str) -> FieldValue | None:
        """Return a field's value."""
        if (seen := READING.get()) is not None:
            seen.asked.add(name)
        return super().get(name)


_WATCHED: Final[dict[type, type[BaseModel]]] = {
    Field: WatchedField,
    SubjectRef: WatchedSubject,
    Record: WatchedRecord,
}


def watched(value: ValueT) -> ValueT:
    """Return the same value, of which every field, person and record tells what is read."""
    if isinstance(value, tuple):
        return cast("ValueT", tuple(map(watched, value)))
    if not isinstance(value, BaseModel):
        return value
    kind = _WATCHED.get(type(value), type(value))
    parts = {name: watched(getattr(value, name)) for name in type(value).model_fields}
    return cast("ValueT", kind.model_construct(**parts))
