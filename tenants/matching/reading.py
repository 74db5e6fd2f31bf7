"""A text as the matcher reads it: decoded, folded, with its addresses marked."""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Final

import regex

from wardship.core.database.personal_data import TextContext
from wardship.tenants.matching.address_spans import AddressKind, AddressSpan, address_spans
from wardship.tenants.matching.characters import (
    is_hangul,
    is_ignorable,
    is_mark,
    is_unspaced,
    is_word,
    takes_prefixes,
)
from wardship.tenants.matching.decoding import context_of, decode
from wardship.tenants.matching.folding import Folded


class Side(StrEnum):
    """What stands at one end of a stretch of text."""

    OPEN = "open"
    """The word ends here."""
    RUN = "run"
    """Letters of a script that has no spaces: whether the word ends here can't be seen."""
    HYPHEN = "hyphen"
    APOSTROPHE = "apostrophe"
    ATTACHED = "attached"
    """A digit, a plural, or a short word that some languages write as one with the next."""
    CLOSED = "closed"
    """The word goes on."""


class Style(StrEnum):
    """The letters in which a name is written, beside how the profile has it."""

    NO_CASE = "no_case"
    AS_SHOWN = "as_shown"
    SMALL = "small"
    CAPITALS = "capitals"
    TITLE = "title"
    MIXED = "mixed"


_FIRST: Final = regex.compile(r"(?:^|[.!?\u2026:;\n\u2022>|]|\s[-*\u2013\u2014])[\s\"'(\[*_>#\-]*$")
_WORD_BEFORE: Final = regex.compile(r"([\w.']+)[ \t]+$")
_WORD_AFTER: Final = regex.compile(r"^[ \t]+([\w']+)")
_LAST_WORD: Final = regex.compile(r"\w*$")
_WORD: Final = 12
"""How far back is looked for a word of which only matters whether it is very short."""
_NEAR: Final = 60
_LINE: Final = 400
_PREFIXES: Final = 3
_ELISION: Final = 2
_A_FEW: Final = 4


class Reading:
    """One text, read lazily: most texts need no more than being folded."""

    def __init__(self, text: str, declared: TextContext) -> None:
        self.original = text
        self.context = context_of(text, declared)
        self.decoded = decode(text, self.context)
        self.folded = Folded(self.decoded.text)

    @cached_property
    def addresses(self) -> tuple[AddressSpan, ...]:
        """Return where addresses stand, in characters of the decoded text."""
        if self.context is TextContext.WEB_ADDRESS:
            return (AddressSpan(0, len(self.decoded.text), AddressKind.WEB),)
        return tuple(address_spans(self.decoded.shape))

    @cached_property
    def is_titled(self) -> bool:
        """Return whether most words begin with a capital, so that a capital says little."""
        words = [word for word in self.decoded.text[:_LINE].split() if word[0].isalpha()]
        return len(words) >= _A_FEW and sum(word[0].isupper() for word in words) * 2 > len(words)

    def address_at(self, start: int, end: int) -> AddressSpan | None:
        """Return the address in which a stretch of the decoded text stands."""
        near = bisect_right(self.addresses, start, key=attrgetter("end"))
        return next((span for span in self.addresses[near : near + 1] if span.start < end), None)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the decoded one."""
        return self.folded.positions[start], self.folded.positions[end - 1] + 1

    def written(self, start: int, end: int) -> str:
        """Return a stretch of the folded text as it is written, without signs that nobody sees."""
        first, last = self.span(start, end)
        return "".join(sign for sign in self.decoded.text[first:last] if not is_ignorable(sign))

    def left(self, start: int) -> Side:
        """Return what stands before a stretch of the folded text."""
        text = self.folded.text
        if not self.folded.is_edge(start):
            return Side.CLOSED
        before, first = text[start - 1 : start], text[start]
        if before in {"-", "'"} and is_word(text[start - 2 : start - 1] or " "):
            return self._joined_left(start)
        side = _side(before, first)
        if side is Side.CLOSED and takes_prefixes(first) and self._is_prefix(start):
            return Side.ATTACHED
        return side

    def right(self, end: int) -> Side:
        """Return what stands after a stretch of the folded text."""
        text = self.folded.text
        after = text[end : end + 1]
        if not self.folded.is_edge(end) or (after and is_mark(after)):
            return Side.CLOSED
        if after in {"-", "'"} and is_word(text[end + 1 : end + 2] or " "):
            return self._joined_right(end)
        side = _side(text[end - 1], after)
        if side is Side.CLOSED and (is_hangul(after) or (after == "s" and not is_word(text[end + 1 : end + 2] or " "))):
            return Side.RUN if is_hangul(after) else Side.ATTACHED
        return side

    def _joined_left(self, start: int) -> Side:
        if self.folded.text[start - 1] == "-":
            return Side.HYPHEN
        before = _LAST_WORD.search(self.folded.text[max(0, start - _WORD) : start - 1])
        return Side.OPEN if before and len(before[0]) <= _ELISION and before[0].islower() else Side.APOSTROPHE

    def _joined_right(self, end: int) -> Side:
        if self.folded.text[end] == "-":
            return Side.HYPHEN
        word = _LAST_WORD.search(self.folded.text[max(0, end - _WORD) : end])
        return Side.APOSTROPHE if word and 0 < len(word[0]) <= _ELISION else Side.OPEN

    def _is_prefix(self, start: int) -> bool:
        before = _LAST_WORD.search(self.folded.text[max(0, start - _WORD) : start])
        return before is not None and 0 < len(before[0]) <= _PREFIXES

    def is_first(self, start: int) -> bool:
        """Return whether a stretch of the folded text begins a sentence."""
        return self._begins(self.folded.positions[start])

    def follows_first(self, start: int) -> bool:
        """Return whether the word before a stretch of the folded text begins a sentence."""
        position = self.folded.positions[start]
        return self._begins(self._word_before(position)[1])

    def _begins(self, position: int) -> bool:
        near = self.decoded.text[max(0, position - _NEAR) : position]
        return _FIRST.search(near if position <= _NEAR else f"x{near}") is not None

    def word_before(self, start: int) -> str:
        """Return the word before, as it is written; empty when a sign stands between."""
        return self._word_before(self.folded.positions[start])[0]

    def _word_before(self, position: int) -> tuple[str, int]:
        first = max(0, position - _NEAR)
        found = _WORD_BEFORE.search(self.decoded.text[first:position])
        return (found[1], first + found.start(1)) if found else ("", position)

    def word_after(self, end: int) -> str:
        """Return the word after, as it is written; empty when a sign stands between."""
        position = self.folded.positions[end - 1] + 1
        found = _WORD_AFTER.search(self.decoded.text[position : position + _NEAR])
        return found[1] if found else ""


def _side(before: str, after: str) -> Side:
    if not before or not after or not is_word(before) or not is_word(after):
        return Side.OPEN
    if is_unspaced(before) or is_unspaced(after):
        return Side.RUN
    return Side.ATTACHED if before.isdecimal() != after.isdecimal() else Side.CLOSED


def style_of(written: str, shown: str) -> Style:
    """Return in which letters a name is written, that a profile shows in its own."""
    letters = [sign for sign in written if sign.isalpha()]
    if not any(sign.lower() != sign.upper() for sign in letters):
        return Style.NO_CASE
    if written == shown or (written[1:] == shown[1:] and written[0].isupper()):
        return Style.AS_SHOWN
    if all(not sign.islower() for sign in letters):
        return Style.CAPITALS
    if all(not sign.isupper() for sign in letters):
        return Style.SMALL if any(sign.isupper() for sign in shown) else Style.AS_SHOWN
    words = regex.findall(r"[^\W\d_]+", written)
    return Style.TITLE if all(word[0].isupper() for word in words) else Style.MIXED
