"""One difference between two declarations: in what respect, whether it takes more, and the words for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wardship.plugins.api.plain_words import Message, Value, say


class DifferenceKind(StrEnum):
    """In what respect declarations differ."""

    FIELDS = "fields"
    HOSTS = "hosts"
    PURPOSE = "purpose"
    LEGAL_BASIS = "legal_basis"
    AUDIENCE = "audience"
    RETENTION = "retention"
    RECIPIENTS = "recipients"
    CONTACTS = "contacts"
    IDENTIFIERS = "identifiers"
    COUNTRIES = "countries"
    VENDOR = "vendor"
    PROVIDES = "provides"
    REVOCATION = "revocation"
    CATEGORY = "category"
    DIRECTION = "direction"
    SERVICE = "service"
    ABOUT = "about"
    ACCESS = "access"


class Effect(StrEnum):
    """What a difference does: it takes more or gives less, takes less or gives more, or neither.

    Where it can't be said which of two is more, it takes more: an administrator decides.
    """

    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"

    @classmethod
    def of_sets(cls, before: Collection[object], after: Collection[object]) -> Effect:
        """Return what it does that one set has become another: whatever is new takes more."""
        was, is_now = set(before), set(after)
        if is_now - was:
            return cls.WIDER
        return cls.NARROWER if was - is_now else cls.OTHER

    @classmethod
    def of_numbers(cls, before: int, after: int) -> Effect:
        """Return what it does that one number has become another, of which less is better."""
        if after > before:
            return cls.WIDER
        return cls.NARROWER if after < before else cls.OTHER


@dataclass(frozen=True, slots=True)
class Difference:
    """One respect in which a declaration is another.

    Attributes:
        subject: what is different.
        before: what it was; None for nothing.
        after: what it is; None for nothing.
    """

    kind: DifferenceKind
    effect: Effect
    subject: Message
    before: Value | None
    after: Value | None

    @property
    def message(self) -> Message:
        """The whole of it as one message: whether it takes more, and what was and is."""
        parts = {"before": self.before, "after": self.after}
        given = {name: value for name, value in parts.items() if value is not None}
        shape = "changed" if len(given) == len(parts) else "added" if self.before is None else "removed"
        told = say(f"difference.{shape}", what=self.subject, **given)
        return say(f"effect.{self.effect}", difference=told)

    @property
    def sentence(self) -> str:
        """The whole of it in English."""
        return self.message.sentence

    @property
    def what(self) -> str:
        """What is different, in English."""
        return self.subject.sentence

    @property
    def was(self) -> str:
        """What it was, in English; empty for nothing."""
        return _text(self.before)

    @property
    def is_now(self) -> str:
        """What it is, in English; empty for nothing."""
        return _text(self.after)


def compared(
    kind: DifferenceKind, subject: Message, before: Value | None, after: Value | None, *, effect: Effect
) -> Iterator[Difference]:
    """Yield the difference between two things, if there is one; an empty list is nothing."""
    if before != after:
        yield Difference(kind, effect, subject, before or None, after or None)


def compared_sets(
    kind: DifferenceKind, subject: Message, words: Sequence[tuple[Value, ...]], sets: Sequence[Collection[object]]
) -> Iterator[Difference]:
    """Yield the difference between two lists whose order means nothing, each as words and as what is compared."""
    (before, after), (was, is_now) = words, sets
    if set(before) != set(after):
        yield from compared(kind, subject, before, after, effect=Effect.of_sets(was, is_now))


def _text(value: Value | None) -> str:
    return "" if value is None else say("value", value=value).text
