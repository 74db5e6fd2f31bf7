"""Whom a call is about, and the fields of one person that cross to a vendor."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator
from pydantic import Field as Constraint

from wardship.plugins.api.contract import ContractModel
from wardship.plugins.api.taxonomy import CategoryKey, PurposeKey

SubjectId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
FieldValue = str | bool | int | tuple[str, ...]


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("a name of the vendor's holds no control or invisible characters; percent-encode them")
    return name


VendorName = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_printable)]
"""What a vendor calls a person: its own id, or its address of the resource; being from outside, short and printable."""


class IdentifierType(StrEnum):
    """What a vendor may know a person by."""

    EMAIL = "email"
    PHONE = "phone"
    USERNAME = "username"


class IdentifierFormat(StrEnum):
    """How an identifier crosses: as it is, or as the hexadecimal SHA-256 of its lower-case, trimmed UTF-8 form."""

    RAW = "raw"
    SHA256 = "sha256"


class Identifier(ContractModel):
    """An identifier that the integration needs to find a person at the vendor."""

    type: IdentifierType
    format: IdentifierFormat = IdentifierFormat.RAW

    def present(self, value: str) -> IdentifierValue:
        """Return the value in the declared format, as it may cross to the vendor."""
        if self.format is IdentifierFormat.SHA256:
            value = hashlib.sha256(value.strip().lower().encode()).hexdigest()
        return IdentifierValue(type=self.type, value=value)


class IdentifierValue(ContractModel):
    """One person's identifier, already in the declared format."""

    type: IdentifierType
    value: Annotated[str, Constraint(min_length=1, max_length=320)]


class SubjectRef(ContractModel):
    """A person, by an opaque id that is unique to the installation and cannot be linked to another's.

    Attributes:
        id: safe in a path, a file name or an external id.
        identifiers: only those that the manifest declares.
        known_as: what the vendor calls the person, as an earlier ``Outcome.known_as`` told; None when none did.
        earlier: identifiers by which the vendor was told of the person before, and that are others now, until what is
            owed at the vendor has ended. For one that keys by them: what it has under one of them is the person's too.
    """

    id: SubjectId
    identifiers: tuple[IdentifierValue, ...] = ()
    known_as: VendorName | None = None
    earlier: tuple[IdentifierValue, ...] = ()

    def identifier(self, kind: IdentifierType) -> str | None:
        """Return the person's identifier of that type, or None when it was not given."""
        return next((known.value for known in self.identifiers if known.type is kind), None)


class Field(ContractModel):
    """One datum, with the category under which it was granted (or, in an export, is held).

    Attributes:
        purposes: in a record of contract 2, what the vendor may use it for: those of the declared purposes that are
            granted, consented to where that is needed, and not objected to. Where one of several ends, the datum stays
            and the record tells the others.
    """

    category: CategoryKey
    name: FieldName
    value: FieldValue
    purposes: tuple[PurposeKey, ...] = ()


class Record(ContractModel):
    """All that the vendor may hold on one person: what it replaces holds nothing more.

    Attributes:
        subject: whom it is about.
        fields: only what was declared, granted, and neither objected to nor restricted; each name once.
    """

    subject: SubjectRef
    fields: tuple[Field, ...]

    @model_validator(mode="after")
    def _each_name_once(self) -> Self:
        names = [field.name for field in self.fields]
        if len(names) != len(set(names)):
            raise ValueError("a record holds each field once")
        return self

    def get(self, name: str) -> FieldValue | None:
        """Return a field's value, or None when it was not granted."""
        return next((field.value for field in self.fields if field.name == name), None)

    def text(self, name: str) -> str:
        """Return a field's value as text, empty when it was not granted."""
        value = self.get(name)
        if value is None:
            return ""
        return ", ".join(value) if isinstance(value, tuple) else str(value)
