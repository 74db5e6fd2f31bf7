"""Find e-mail addresses and telephone numbers in a text, no matter whose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex

from wardship.core.database.personal_data import TextContext
from wardship.tenants.matching.address_spans import MAIL
from wardship.tenants.matching.addresses import canonical_address
from wardship.tenants.matching.characters import SPACED_LETTER
from wardship.tenants.matching.phones import SURE, digits_of, is_date
from wardship.tenants.matching.reading import Reading
from wardship.tenants.matching.rules import FindKind

_NUMBER: Final = regex.compile(
    rf"(?<!{SPACED_LETTER}-?)\(?(?:\+|0)\(?\d[\d\s().\-/]{{5,24}}\d(?!-?{SPACED_LETTER})", regex.V1
)


@dataclass(frozen=True, slots=True)
class Contact:
    """An address or a number in a text.

    Attributes:
        start: where it begins, in characters of the text.
        end: where it ends.
        kind: which of the two it is.
        canonical: the form in which it is compared: of a number, its digits.
    """

    start: int
    end: int
    kind: FindKind
    canonical: str


def contacts(text: str, context: TextContext = TextContext.TEXT) -> Iterator[Contact]:
    """Return the e-mail addresses and telephone numbers in a text: first the ones, then the others.

    A number is one that begins with + or 0, has seven digits at least and is no date.
    """
    reading = Reading(text, context)
    for found in MAIL.finditer(reading.folded.text):
        yield _contact(reading, found, FindKind.EMAIL, canonical_address(found[0]))
    for found in _NUMBER.finditer(reading.folded.text):
        if len(digits_of(found[0])) >= SURE and not is_date(found[0]):
            yield _contact(reading, found, FindKind.PHONE, digits_of(found[0]))


def _contact(reading: Reading, found: regex.Match[str], kind: FindKind, canonical: str) -> Contact:
    start, end = reading.decoded.original(*reading.span(*found.span()))
    return Contact(start, end, kind, canonical)
