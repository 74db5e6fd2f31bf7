"""What a vendor tells by a call of its own, about whom, and what it is answered."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, StringConstraints, model_validator
from pydantic import Field as Constraint

from wardship.plugins.api.contract import ContractModel
from wardship.plugins.api.subjects import Field, IdentifierValue, SubjectId, VendorName
from wardship.plugins.api.taxonomy import MARKETING, PurposeKey, covers

MOST_EVENTS: Final = 100
"""Events that one call may bring."""
LONGEST_VALUE: Final = 2_000
"""Characters of a value that comes in; of a list, of all of its items together."""
_SUCCESS: Final = range(200, 300)
_REFUSAL: Final = range(400, 500)
_NO_CONTENT: Final = 204


class InboundKind(StrEnum):
    """What has happened at the vendor."""

    OBJECTED = "objected"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    UNSUBSCRIBED = "unsubscribed"
    CORRECTED = "corrected"
    ERASED = "erased"
    NEW_DATA = "new_data"


CHOICES: Final = frozenset({InboundKind.OBJECTED, InboundKind.CONSENT_WITHDRAWN, InboundKind.UNSUBSCRIBED})
"""What a person has chosen there."""
BRINGS_DATA: Final = frozenset({InboundKind.CORRECTED, InboundKind.NEW_DATA})
"""What brings values of fields."""


class InboundSubject(ContractModel):
    """A person as the vendor names one: by our id, by its own name, or by an identifier; by one of them.

    Attributes:
        id: that of ``SubjectRef``.
        known_as: as an earlier ``Outcome.known_as`` told.
        identifier: of a declared type, in the declared format, that this vendor was sent.
    """

    id: SubjectId | None = None
    known_as: VendorName | None = None
    identifier: IdentifierValue | None = None

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if sum(each is not None for each in (self.id, self.known_as, self.identifier)) != 1:
            raise ValueError("name a subject by one of id, known_as and identifier")
        if self.identifier is not None and not self.identifier.value.isprintable():
            raise ValueError("an identifier holds no control or invisible characters")
        return self


class InboundEvent(ContractModel):
    """One thing that has happened at the vendor to one person.

    Attributes:
        purpose: of a choice: which purpose was objected to, or lost its consent; None for all of this integration. Of
            ``unsubscribed``, one of marketing.
        fields: of what was corrected or is new; those that the manifest says it ``provides``.
        at: when it happened there; the message's moment when None.
        sequence: a number that grows with every event about the person; goes before ``at`` where both events have one.
    """

    kind: InboundKind
    subject: InboundSubject
    purpose: PurposeKey | None = None
    fields: Annotated[tuple[Field, ...], Constraint(max_length=50)] = ()
    at: AwareDatetime | None = None
    sequence: Annotated[int, Constraint(ge=0, lt=2**63)] | None = None

    @model_validator(mode="after")
    def _holds_what_its_kind_has(self) -> Self:
        if bool(self.fields) != (self.kind in BRINGS_DATA):
            raise ValueError("fields belong to what was corrected and to new data, and are needed there")
        if self.purpose is not None and self.kind not in CHOICES:
            raise ValueError("a purpose belongs to a choice: objected, consent_withdrawn, unsubscribed")
        if self.kind is InboundKind.UNSUBSCRIBED and not covers(MARKETING, self.purpose or MARKETING):
            raise ValueError("one unsubscribes from a purpose of marketing")
        return self

    @model_validator(mode="after")
    def _values_are_short(self) -> Self:
        names = [field.name for field in self.fields]
        if len(names) != len(set(names)):
            raise ValueError("an event holds each field once")
        for field in self.fields:
            items = field.value if isinstance(field.value, tuple) else (str(field.value),)
            if any("\0" in item for item in items):
                raise ValueError(f"{field.name}: a value that comes in holds no NUL")
            if sum(map(len, items)) > LONGEST_VALUE:
                raise ValueError(f"{field.name}: a value that comes in has at most {LONGEST_VALUE} characters")
        return self


class InboundAnswer(ContractModel):
    """What the vendor is answered, where it wants a certain body: a confirmation code, a challenge of its registration.

    It is no page for people: plain text or JSON, which a browser shows as it is.

    Attributes:
        status: a success, or a refusal of 400 and above.
    """

    status: int = 200
    media_type: Literal["text/plain", "application/json"] = "text/plain"
    body: Annotated[str, StringConstraints(max_length=4096)] = ""

    @model_validator(mode="after")
    def _can_be_sent(self) -> Self:
        if self.status not in _SUCCESS and self.status not in _REFUSAL:
            raise ValueError("an answer to a vendor is a success (2xx) or a refusal (4xx)")
        if self.status == _NO_CONTENT and self.body:
            raise ValueError("an answer of 204 has no body")
        return self
