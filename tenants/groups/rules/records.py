"""What a rule says: conditions that all hold, each of which holds by any of its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

import idna
import msgspec

from wardship.core.database.rows import Row, column
from wardship.core.errors import InvalidInputError
from wardship.tenants.matching.folding import fold
from wardship.tenants.text import one_line

MOST_CONDITIONS: Final = 5
MOST_VALUES: Final = 20
_LONGEST: Final = 200
_LONGEST_KEY: Final = 1000


class InvalidRuleError(InvalidInputError):
    """A rule has one to five conditions, each about something else, with one to twenty values; see the message."""

    code: ClassVar[str] = "INVALID_RULE"


class RuleAttribute(StrEnum):
    """What a condition looks at."""

    EMAIL_DOMAIN = "email_domain"
    """The domain of the proven primary address of the account: one that the organisation has proven."""
    DEPARTMENT = "department"
    DIVISION = "division"
    COST_CENTER = "cost_center"
    JOB_TITLE = "job_title"
    COMPANY = "company"

    @property
    def words(self) -> str:
        """Return what it is called in a notice."""
        return _WORDS[self]


_WORDS: Final = {
    RuleAttribute.EMAIL_DOMAIN: "the domain of your e-mail address",
    RuleAttribute.DEPARTMENT: "your department",
    RuleAttribute.DIVISION: "your division",
    RuleAttribute.COST_CENTER: "your cost centre",
    RuleAttribute.JOB_TITLE: "your job title",
    RuleAttribute.COMPANY: "your company",
}


@dataclass(frozen=True, slots=True)
class RuleCondition:
    """One condition: it holds for whom the attribute has one of the values.

    Attributes:
        values: as they were typed; of a domain, in canonical form.
    """

    attribute: RuleAttribute
    values: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the forms in which the values are compared."""
        return tuple(comparable(value) for value in self.values)


class _Said(msgspec.Struct, frozen=True):
    """A value of a condition, as the table of values has it."""

    attribute: RuleAttribute
    value: str


def _conditions(text: str) -> tuple[RuleCondition, ...]:
    found: dict[RuleAttribute, list[str]] = {}
    for said in msgspec.json.decode(text, type=list[_Said]):
        found.setdefault(said.attribute, []).append(said.value)
    return tuple(RuleCondition(attribute, tuple(values)) for attribute, values in found.items())


class RuleRecord(Row):
    """The rule of a group.

    Attributes:
        missing_domains: domains that it names and the organisation does not hold now: it rests while there is one.
        rests_since: since another organisation has joined, whose people nobody has looked at: it rests until it is set.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    group_id: UUID = column("group_id")
    conditions: tuple[RuleCondition, ...] = column("said", _conditions)
    missing_domains: list[str] = column("missing_domains")
    rests_since: datetime | None = column("rests_since")

    @property
    def is_resting(self) -> bool:
        """Return whether it neither puts anybody in nor takes anybody out."""
        return bool(self.missing_domains) or self.rests_since is not None


def comparable(text: str) -> str:
    """Return the form in which two values are compared: letter case, width and spaces between words do not count."""
    return " ".join(fold(text).split())


def checked_conditions(wanted: Sequence[RuleCondition]) -> tuple[RuleCondition, ...]:
    """Return conditions as they are kept.

    Raises:
        InvalidRuleError: there are none, too many, two about the same, or a value is empty or no domain.
    """
    attributes = [condition.attribute for condition in wanted]
    if not 1 <= len(wanted) <= MOST_CONDITIONS or len({*attributes}) < len(attributes):
        raise InvalidRuleError(
            f"Give 1 to {MOST_CONDITIONS} conditions, each about something else: all of them have to hold. What holds"
            " by any of several values is one condition.",
            path=("conditions",),
        )
    return tuple(RuleCondition(each.attribute, _checked(each)) for each in wanted)


def _checked(condition: RuleCondition) -> tuple[str, ...]:
    read = _domain if condition.attribute is RuleAttribute.EMAIL_DOMAIN else _text
    values = {comparable(value): value for value in map(read, condition.values)}
    if not 1 <= len(values) <= MOST_VALUES or "" in values or max(map(len, values)) > _LONGEST_KEY:
        raise InvalidRuleError(
            f"Give 1 to {MOST_VALUES} values to each condition, each with letters or digits.", path=("conditions",)
        )
    return tuple(values.values())


def _text(value: str) -> str:
    return one_line(value, "conditions", least=1, most=_LONGEST)


def _domain(value: str) -> str:
    try:
        return idna.encode(value.strip().removeprefix("@"), uts46=True, std3_rules=True).decode().lower()
    except idna.IDNAError as error:
        raise InvalidRuleError(
            "Write a domain as example.org: one that your organisation has proven.", path=("conditions",)
        ) from error
