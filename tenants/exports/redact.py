"""Take other people's data out of what is handed to a person (requirement D5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Final, TypeAlias
from uuid import UUID

from wardship.core.database.engine import Record
from wardship.core.database.personal_data import TextContext
from wardship.tenants.access import Access
from wardship.tenants.matching.addresses import canonical_address
from wardship.tenants.matching.contacts import contacts
from wardship.tenants.matching.finds import Find, rewrite
from wardship.tenants.matching.folding import fold, with_umlauts_spelt, without_marks
from wardship.tenants.matching.identifiers import NOTHING, Identifiers
from wardship.tenants.matching.matcher import Matcher
from wardship.tenants.matching.phones import SURE, digits_of, phone_forms
from wardship.tenants.matching.rules import Certainty, FindKind
from wardship.tenants.members.identifiers import full_names

_MENTION: Final = re.compile(r"<@([0-9a-fA-F-]{36})>")
_WORDS: Final = re.compile(r"\w+")

PERSON: Final = "[another person]"
ADDRESS: Final = "[address of another person]"
NUMBER: Final = "[number of another person]"

_YOU: Final = "you"

_Cut: TypeAlias = tuple[int, int, str]
"""From where to where, and what stands there instead."""


class Redactor:
    """Replaces what points at other people, and counts how often it did.

    Args:
        member_id: the person, whose own mentions stay.
        own: what the person is known by, which stays.
        others: what other members are known by who occur in the texts at hand.
    """

    def __init__(self, member_id: UUID, own: Identifiers, others: Identifiers) -> None:
        self.count = 0
        self._member_id = str(member_id)
        numbers = (form.removeprefix("+") for phone in own.phones for form in phone_forms(phone))
        self._own = {*map(canonical_address, own.emails), *numbers}
        self._others = Matcher(others)
        self._own_numbers = Matcher(Identifiers(NOTHING, own.phones, NOTHING, NOTHING))

    def text(self, text: str, context: TextContext = TextContext.TEXT) -> str:
        """Return a text without other people's mentions, addresses, telephone numbers and names."""
        cuts: list[_Cut] = []
        finds = [find for find in self._others.find(text, context) if _is_telling(find, text)]
        sought = (
            self._mentions(text),
            self._numbers(text, context, finds),
            self._contacts(text, context),
            _names(finds),
        )
        for start, end, instead in chain.from_iterable(sought):
            if all(end <= first or last <= start for first, last, _ in cuts):
                cuts.append((start, end, instead))
        self.count += sum(instead not in {_YOU, text[start:end]} for start, end, instead in cuts)
        return _replaced(text, sorted(cuts))

    def value(self, value: object, context: TextContext = TextContext.TEXT) -> object:
        """Return a JSON value with every text in it treated, the names of its fields too."""
        if isinstance(value, str):
            return self.text(value, context)
        if isinstance(value, list):
            return [self.value(item, context) for item in value]
        if isinstance(value, dict):
            return {self.text(name): self.value(item, context) for name, item in value.items()}
        return value

    def rows(self, rows: Iterable[Mapping[str, object]]) -> tuple[dict[str, object], ...]:
        """Return rows of JSON values with every text in them treated; the names of the columns stay."""
        return tuple({name: self.value(item) for name, item in row.items()} for row in rows)

    def _mentions(self, text: str) -> Iterator[_Cut]:
        for found in _MENTION.finditer(text):
            yield *found.span(), _YOU if found[1].lower() == self._member_id else PERSON

    def _contacts(self, text: str, context: TextContext) -> Iterator[_Cut]:
        for contact in contacts(text, context):
            stand_in = ADDRESS if contact.kind is FindKind.EMAIL else NUMBER
            is_own = contact.canonical in self._own
            yield contact.start, contact.end, text[contact.start : contact.end] if is_own else stand_in

    def _numbers(self, text: str, context: TextContext, finds: Iterable[Find]) -> Iterator[_Cut]:
        """Return the numbers as the person and others have typed them, which may hold what looks like another one."""
        for find in self._own_numbers.find(text, context):
            yield find.start, find.end, text[find.start : find.end]
        for find in finds:
            if find.kind is FindKind.PHONE:
                yield find.start, find.end, NUMBER


def _names(finds: Iterable[Find]) -> Iterator[_Cut]:
    for find in finds:
        if find.kind is not FindKind.PHONE:
            yield find.start, find.end, _instead(find)


def _is_telling(find: Find, text: str) -> bool:
    """Return whether a find is taken out: in doubt it is, but digits and words in small letters stay."""
    written = text[find.start : find.end]
    is_small = find.kind is FindKind.PHONE or written == written.lower() != written.upper()
    return find.certainty is not Certainty.POSSIBLE or not is_small


def _instead(find: Find) -> str:
    return rewrite("", [replace(find, start=0, end=0)], PERSON)


def _replaced(text: str, cuts: Iterable[_Cut]) -> str:
    parts, last = [], 0
    for start, end, instead in cuts:
        parts += [text[last:start], instead]
        last = end
    return "".join((*parts, text[last:]))


async def names_in(access: Access, member_id: UUID, own: Identifiers, texts: Iterable[str]) -> Identifiers:
    """Return what other members are called who may occur in texts; what the person is called too is left to him or her.

    Args:
        access: the system's own.
        member_id: the person, who is left out.
        own: what the person is known by.
        texts: as they are read, without any escapes of a document that holds them.
    """
    rows = await access.fetch(
        "select display_name, first_name, last_name, username, phone from member"
        " where organisation_id = $1 and id <> $2",
        member_id,
    )
    folded = "\n".join(map(fold, texts))
    words = {*_words(folded), *_words(without_marks(folded))}
    words |= {word.removesuffix("s") for word in words}
    occurring = [row for row in rows if _may_occur(row, folded, words)]
    digits = digits_of(folded)
    mine = {fold(text) for text in own.names | own.usernames | own.parts}
    return Identifiers(
        emails=NOTHING,
        phones=frozenset(row["phone"] for row in rows if row["phone"] and _is_dialled(row["phone"], digits)),
        usernames=_but(mine, (row["username"].lstrip("@") for row in occurring)),
        names=_but(mine, (name for row in occurring for name in full_names(row))),
        parts=_but(mine, (part for row in occurring for part in (row["first_name"], row["last_name"]))),
        others=own.names | own.parts,
    )


def _but(mine: set[str], texts: Iterable[str]) -> frozenset[str]:
    return frozenset(text for text in texts if text and fold(text) not in mine)


def _may_occur(row: Record, folded: str, words: set[str]) -> bool:
    """Return whether a word of a name is in the texts, as a word or, where its script has no spaces, at all.

    Its accents may be left out there, written as German does, and an s may follow it.
    """
    name = fold(" ".join((row["display_name"], row["first_name"], row["last_name"], row["username"])))
    spelt = (name, without_marks(name), with_umlauts_spelt(name))
    return any(word in words or (not word.isascii() and word in folded) for text in spelt for word in _words(text))


def _words(folded: str) -> list[str]:
    return _WORDS.findall(folded.replace("_", " "))


def _is_dialled(phone: str, digits: str) -> bool:
    """Return whether the last digits of a number, which are the same in all its forms, are among those of the texts."""
    return min(map(digits_of, phone_forms(phone)), key=len, default="-")[-SURE:] in digits
