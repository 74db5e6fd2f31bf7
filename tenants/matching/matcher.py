"""Find what points at a person in a text, and judge how surely it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

import regex

from wardship.core.database.personal_data import TextContext
from wardship.tenants.matching.address_spans import AddressKind
from wardship.tenants.matching.finds import Find
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.matching.judging import Sighting, judge_name, judge_number
from wardship.tenants.matching.names import FormKind, key_of
from wardship.tenants.matching.phones import digits_of, phone_forms
from wardship.tenants.matching.reading import Reading, Side
from wardship.tenants.matching.rules import Certainty, FindKind, Rule
from wardship.tenants.matching.spans import Spans
from wardship.tenants.matching.vocabulary import Vocabulary


class Matcher:
    """Finds one person, or several of whom it doesn't matter who is who.

    Args:
        known: what they are known by.
    """

    def __init__(self, known: Identifiers) -> None:
        self._vocabulary = Vocabulary(known)
        self._numbers = {form.removeprefix("+") for phone in known.phones for form in phone_forms(phone)}

    def find(self, text: str, context: TextContext = TextContext.TEXT) -> list[Find]:
        """Return the finds in a text, in order, none overlapping another."""
        reading = Reading(text, context)
        if not self._vocabulary.may_be_in(reading.folded.text):
            return []
        finds = [*self._emails(reading), *self._phones(reading), *self._names(reading)]
        return _in_company(_chosen(finds)) if finds else finds

    def _emails(self, reading: Reading) -> Iterator[Find]:
        for found in _matches(self._vocabulary.emails, reading):
            start, end = found.span()
            if reading.folded.is_edge(start) and reading.folded.is_edge(end):
                yield _find(reading, (start, end), FindKind.EMAIL, Rule.OWN_ADDRESS)

    def _phones(self, reading: Reading) -> Iterator[Find]:
        for found in _matches(self._vocabulary.phones, reading):
            is_typed_so = digits_of(found[0]) in self._numbers or "(0)" in found[0]
            rule = judge_number(reading, *found.span(), is_typed_so=is_typed_so)
            if rule is not None:
                yield _find(reading, found.span(), FindKind.PHONE, rule)

    def _names(self, reading: Reading) -> Iterator[Find]:
        taken = Spans(self._others(reading))
        sought = (self._vocabulary.names, self._vocabulary.short, self._vocabulary.words)
        names = chain.from_iterable(_matches(pattern, reading) for pattern in sought)
        for found in sorted(names, key=lambda item: item.start() - item.end()):
            if taken.include(found.span()):
                continue
            find = self._judged(reading, found)
            if find is not None:
                if find.is_certain:
                    taken.add(found.span())
                yield find

    def _judged(self, reading: Reading, found: regex.Match[str]) -> Find | None:
        """Return the surest of what a stretch of the text can be."""
        finds = []
        for form in self._vocabulary.forms_of(found[0]):
            sighting = Sighting(reading, found.start(), found.end(), form, self._vocabulary.is_distinct(form))
            rule = judge_name(sighting)
            if rule is not None:
                kind = FindKind.USERNAME if form.kind is FormKind.USERNAME else FindKind.NAME
                finds.append(_find(reading, found.span(), kind, rule))
        return max(finds, key=lambda find: find.certainty, default=None)

    def _others(self, reading: Reading) -> list[tuple[int, int]]:
        return [
            found.span()
            for pattern in self._vocabulary.others_in(reading.folded.text)
            for found in pattern.finditer(reading.folded.text, overlapped=True)
            if Side.CLOSED not in {reading.left(found.start()), reading.right(found.end())}
        ]


def _matches(pattern: regex.Pattern[str] | None, reading: Reading) -> Iterable[regex.Match[str]]:
    return pattern.finditer(reading.folded.text, overlapped=True) if pattern else ()


def _find(reading: Reading, span: tuple[int, int], kind: FindKind, rule: Rule) -> Find:
    first, last = reading.span(*span)
    address = reading.address_at(first, last)
    if address is not None and address.kind is AddressKind.MAIL and kind is not FindKind.EMAIL:
        first, last = address.start, address.end  # an address is somebody's as a whole
    start, end = reading.decoded.original(first, last)
    kept = "".join(reading.original[a:b] for a, b in reading.decoded.markup if start <= a and b <= end)
    return Find(
        start=start,
        end=end,
        kind=kind,
        rule=rule,
        certainty=rule.certainty,
        form=key_of(reading.folded.text[slice(*span)]),
        context=reading.context,
        is_in_address=address is not None and address.kind is AddressKind.WEB,
        kept=kept,
    )


def _chosen(finds: list[Find]) -> list[Find]:
    """Return finds of which none overlaps another: the surest first, then the longest."""
    chosen: list[Find] = []
    taken = Spans()
    for find in sorted(finds, key=lambda item: (-item.certainty, item.start - item.end, item.start)):
        if not taken.meet((find.start, find.end)):
            taken.add((find.start, find.end))
            chosen.append(find)
    return sorted(chosen, key=lambda item: item.start)


def _in_company(finds: list[Find]) -> list[Find]:
    """Return the finds; what is only possible is likely where the same text names the person for certain."""
    if not any(find.is_certain for find in finds):
        return finds
    return [
        replace(find, certainty=Certainty.LIKELY) if find.certainty is Certainty.POSSIBLE else find for find in finds
    ]
