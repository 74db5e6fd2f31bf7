"""The people of the kit: the manifest's fixtures, completed so that every declared field and identifier has a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar, cast

from pydantic import BaseModel

from wardship.plugins.api import FIRST_CONTRACT, STANDARD_FIELDS, Field, IdentifierType, Manifest, Record, SubjectRef
from wardship.plugins.api.subjects import FieldValue

ValueT = TypeVar("ValueT")

SHORTEST_TOLD: Final = 5
"""A shorter value stands in ordinary words by chance."""

_VALUES: Final = {
    "email": "kit.{}@conformance.example",
    "phone": "+49 30 5550{:03}",
    "website": "https://kit-{}.conformance.example/",
    "picture_url": "https://kit-{}.conformance.example/picture.png",
    "country": "DE",
    "language": "de",
    "postal_code": "101{:02}",
}


class People:
    """Makes records; each number is another person.

    Attributes:
        made: every record, in order.
        closed: the manifest's own person who is closed at the vendor.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self.made: list[Record] = []
        self._next = 0
        fixtures = manifest.fixtures
        self._active = fixtures.active if fixtures else None
        self._updated = fixtures.updated if fixtures else None
        self.closed = fixtures.closed if fixtures else None

    def many(self, count: int) -> tuple[Record, ...]:
        """Return the complete records of people who were not there before, for whom whoever asks looks by himself."""
        first = self._next + 1
        self._next += count
        return tuple(self._record(number, None) for number in range(first, first + count))

    def somebody(self) -> Record:
        """Return the complete record of a person who was not there before."""
        self._next += 1
        self.made.append(self._record(self._next, self._active))
        return self.made[-1]

    def changed(self, record: Record) -> Record:
        """Return a later record of the same person: other values, and one field fewer where there are several."""
        other = self._record(501 if record == self.made[0] else self._next + 501, self._updated)
        fields = other.fields[1:] if len(other.fields) > 1 else other.fields
        return Record(subject=record.subject, fields=fields)

    def _record(self, number: int, like: Record | None) -> Record:
        given = {field.name: field for field in like.fields} if like and number in {1, 501} else {}
        names = dict.fromkeys(self._manifest.field_names)
        fields = tuple(
            self._with_purposes(given[name]) if name in given else self._field(name, number) for name in names
        )
        return Record(subject=self._subject(number, fields), fields=fields)

    def _subject(self, number: int, fields: tuple[Field, ...]) -> SubjectRef:
        of_fixture = self._active.subject if self._active is not None and number == 1 else None
        known = {str(found.type): found for found in of_fixture.identifiers} if of_fixture else {}
        email = next((str(field.value) for field in fields if field.name == "email"), _value("email", number))
        values = {IdentifierType.EMAIL: email, IdentifierType.PHONE: _value("phone", number)}
        identifiers = tuple(
            known.get(str(each.type)) or each.present(values.get(each.type, _value("username", number)))
            for each in self._manifest.identifiers
        )
        return SubjectRef(id=of_fixture.id if of_fixture else f"kit-person-{number:04}", identifiers=identifiers)

    def _field(self, name: str, number: int) -> Field:
        declared = self._manifest.declaration_of(name)
        category = STANDARD_FIELDS[name].category if name in STANDARD_FIELDS else declared.category if declared else ""
        return self._with_purposes(Field(category=category, name=name, value=_value(name, number)))

    def _with_purposes(self, field: Field) -> Field:
        """Return a field that tells for what it may be used; under contract 1 none does."""
        if self._manifest.contract == FIRST_CONTRACT:
            return field
        purposes = dict.fromkeys(entry.purpose for entry in self._manifest.receives if field.name in entry.fields)
        return field.model_copy(update={"purposes": tuple(purposes)})


def _value(name: str, number: int) -> str:
    standard = STANDARD_FIELDS.get(name)
    if standard is not None and standard.date:
        return f"2024-02-{number % 28 + 1:02}"
    return _VALUES.get(name, name.replace("_", " ").title() + " {}").format(number)


def telling_values(record: Record) -> frozenset[str]:
    """Return the values of a record that are somebody's wherever they stand: no dates, and nothing short."""
    return frozenset(
        text for field in record.fields if not _is_date(field.name) for text in _texts(field.value)
    ) | frozenset(known.value for known in record.subject.identifiers)


def _is_date(name: str) -> bool:
    return name in STANDARD_FIELDS and STANDARD_FIELDS[name].date


def _texts(value: FieldValue) -> tuple[str, ...]:
    texts = value if isinstance(value, tuple) else (str(value),)
    return tuple(text for text in texts if len(text) >= SHORTEST_TOLD)


def with_names(value: ValueT, names: Mapping[str, str]) -> ValueT:
    """Return the same value, in which each person bears the name that the vendor gave them, by subject id."""
    if isinstance(value, tuple):
        return cast("ValueT", tuple(with_names(part, names) for part in value))
    if isinstance(value, SubjectRef):
        return cast("ValueT", value.model_copy(update={"known_as": names.get(value.id, value.known_as)}))
    if not isinstance(value, BaseModel):
        return value
    parts = {name: with_names(getattr(value, name), names) for name in type(value).model_fields}
    return cast("ValueT", value.model_copy(update=parts))
