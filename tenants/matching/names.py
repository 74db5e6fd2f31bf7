"""Forms of a name: the ways in which a full name is written, and the pattern that finds each in a folded text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final

import regex

from wardship.tenants.matching.characters import is_han, is_hangul, is_mark, is_unspaced, is_word
from wardship.tenants.matching.folding import fold, with_umlauts_spelt, without_marks

GAP: Final = r"(?:[\s_*~>\u2022]+|[\-.+=\u00b7\u30fb]|%20)"
_COMMA: Final = r"[\s_]*,[\s_]*"
_MIDDLE: Final = r"[\s_]+\w+\.?[\s_]+"
_AROUND_MIDDLE: Final = regex.compile(_MIDDLE)
_LONGEST: Final = 8
_PARTS: Final = regex.compile(r"[^\W\d_]{2,}[\p{M}\w]*")


class FormKind(StrEnum):
    """What a form of a name is made of."""

    FULL = "full"
    SHORT = "short"
    SINGLE = "single"
    PART = "part"
    USERNAME = "username"
    LISTED = "listed"
    """The last name, a comma, and the first name."""
    MIDDLE = "middle"
    """The first and last word with another one, or its initial, between them."""
    INITIAL = "initial"
    """The last name, a comma, and the initial of the first name."""


_BETWEEN: Final = {FormKind.LISTED: _COMMA, FormKind.INITIAL: _COMMA, FormKind.MIDDLE: _MIDDLE}
_ENDINGS: Final = {FormKind.LISTED: ",", FormKind.INITIAL: ",", FormKind.MIDDLE: "*"}


@dataclass(frozen=True, slots=True)
class NameForm:
    """One way in which a name is written.

    Attributes:
        kind: what it is made of.
        written: the name as the profile has it, for comparing letter case.
        words: its words, folded.
        is_namesakes: whether another member bears it too.
    """

    kind: FormKind
    written: str
    words: tuple[str, ...]
    is_namesakes: bool = False

    @property
    def key(self) -> str:
        """Return what a text is brought to, by ``key_of``, when it has this form."""
        return key_of("".join(self.words)) + _ENDINGS.get(self.kind, "")

    def pattern(self) -> str:
        """Return the expression that finds it in a folded text."""
        if self.kind is FormKind.USERNAME:
            return str(regex.escape(self.words[0]))
        pattern = _BETWEEN.get(self.kind, f"{GAP}?").join(map(_word_pattern, self.words))
        return rf"{pattern}(?![^\W_])" if _is_initial(self.words[-1]) else pattern


def _is_initial(word: str) -> bool:
    return len(key_of(word)) == 1 and word.endswith(".")


def key_of(folded: str) -> str:
    """Return the letters of a folded name, without what stands between its words."""
    return "".join(filter(is_word, folded)) or "".join(folded.split())


def keys_of(seen: str) -> Iterator[str]:
    """Return the keys of the forms that a folded text may have, which the pattern of names has found."""
    key = key_of(seen)
    yield f"{key}," if "," in seen else key
    for middle in _AROUND_MIDDLE.finditer(seen, overlapped=True):
        yield f"{key_of(seen[: middle.start()] + seen[middle.end() :])}*"


def name_forms(name: str, *, is_part: bool = False, is_namesakes: bool = False) -> Iterator[NameForm]:
    """Return the forms of one name; the name itself first."""
    written = " ".join(name.replace(",", " ").split())
    words = tuple(word for word in fold(written).split() if key_of(word) or word)[:_LONGEST]
    if not words:
        return
    if "," in name:
        yield from _listed(name, written, is_namesakes=is_namesakes)
        return
    kind = FormKind.PART if is_part else FormKind.SINGLE if is_single(words) else FormKind.FULL
    yield NameForm(kind, written, words, is_namesakes)
    if kind is FormKind.FULL:
        yield from _other_forms(written, words, is_namesakes=is_namesakes)


def is_single(words: Sequence[str]) -> bool:
    """Return whether a name is one word, which may be an ordinary one; three Chinese characters are no word.

    A name of signs and digits alone says no more than one word does.
    """
    if sum(sign.isalpha() for word in words for sign in word) < _LETTERS:
        return True
    if len(words) > 1 or len(_PARTS.findall(words[0])) > 1:
        return False
    return sum(map(is_han, words[0])) < _HAN_NAME and sum(map(is_hangul_syllable, words[0])) < _HANGUL_NAME


def is_hangul_syllable(sign: str) -> bool:
    """Return whether a folded character begins a Korean syllable."""
    return is_hangul(sign) and not is_mark(sign)


_RUNS: Final = regex.compile("[\"'*]*\"[\"'*]*|-+|'+|\\.+|[^\\-'.\"]", regex.DOTALL)
_LETTERS: Final = 2
_HAN_NAME: Final = 3
_HANGUL_NAME: Final = 3
_INITIALS: Final = 3
_FEWEST: Final = 2
_LONGEST_PARTICLE: Final = 3
_LONGEST_RUN: Final = 5
_PARTICLES: Final = regex.compile(r"(?:\p{Ll}+\s+)+(?=\p{Lu})")


def _around_comma(name: str) -> tuple[str, ...]:
    return tuple(part for part in (" ".join(fold(item).split()) for item in name.split(",")) if part)


def _listed(name: str, written: str, *, is_namesakes: bool) -> Iterator[NameForm]:
    """Return the forms with a comma: the first name in full or as an initial, and small words behind it."""
    words = _around_comma(name)
    yield NameForm(FormKind.LISTED, written, words, is_namesakes)
    if len(words) != _FEWEST:
        return
    if words[1][0].isalpha() and not is_unspaced(words[1][0]):
        yield NameForm(FormKind.INITIAL, written, (words[0], f"{words[1][0]}."), is_namesakes)
    particles = _PARTICLES.match(name)
    if particles:
        last, small = words[0][len(fold(particles[0])) :], " ".join(fold(particles[0]).split())
        yield NameForm(FormKind.LISTED, written, (last, f"{words[1]} {small}"), is_namesakes)


def _other_forms(written: str, words: tuple[str, ...], *, is_namesakes: bool) -> Iterator[NameForm]:
    """Return what people make of a full name: other gaps, without accents, without middle names, with initials."""
    if len(words) == 1:
        for place in _places_of_gaps(words[0]):
            yield NameForm(FormKind.FULL, written, (words[0][:place], words[0][place:]), is_namesakes)
        return
    for plain in _without_accents(words):
        yield NameForm(FormKind.SHORT, written, plain, is_namesakes)
    bare = tuple(word for word in words if word[:1] not in {'"', "("})
    if len(bare) >= _FEWEST and bare[0][0].isalpha() and not is_unspaced(bare[0][0]):
        for kind, short in _shorter(bare):
            yield NameForm(kind, written, short, is_namesakes)


def _shorter(words: tuple[str, ...]) -> Iterator[tuple[FormKind, tuple[str, ...]]]:
    first, last = words[0], words[-1]
    if len(words) == _FEWEST:
        yield FormKind.MIDDLE, words
    for count in range(_FEWEST, len(words) + (len(words) > _FEWEST)):
        if len(words[count - 1]) > _LONGEST_PARTICLE or count == len(words):
            yield FormKind.SHORT, (first, words[count - 1])
            yield FormKind.SHORT, words[: min(count, len(words) - 1)]
    yield FormKind.SHORT, (f"{first[0]}.", last)
    if last[0].isalpha() and not is_hangul(last[0]):
        yield FormKind.SHORT, (*words[:-1], f"{last[0]}.")


def _without_accents(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Return a name without accents, on each word or on some of them; a German umlaut may be two letters."""
    each = [dict.fromkeys((word, without_marks(word), with_umlauts_spelt(word))) for word in words]
    every = zip(*(tuple(forms)[:: len(forms) - 1 or 1] * 2 for forms in each), strict=False)
    found = product(*each) if len(words) <= _INITIALS else every
    yield from (plain for plain in found if plain != words)


def _places_of_gaps(word: str) -> list[int]:
    """Return where people put a space into a Chinese, Japanese or Korean name that has none."""
    starts = [place for place, sign in enumerate(word) if not is_mark(sign)]
    is_short = len(starts) <= _LONGEST_RUN and all(is_han(word[place]) or is_hangul(word[place]) for place in starts)
    return starts[1:] if is_short else []


def _word_pattern(word: str) -> str:
    return "".join(_run_pattern(run[0]) for run in _RUNS.finditer(word))


def _run_pattern(run: str) -> str:
    """Return the expression for equal signs, of which each may be left out: possessive, so that none is tried twice."""
    if '"' in run:
        return "[\"'*]*+"
    if run[0] == "-":
        return f"{GAP}{{0,{len(run)}}}+"
    if run[0] == "'":
        return rf"['`\s]{{0,{len(run)}}}+"
    return rf"\.{{0,{len(run)}}}+" if run[0] == "." else str(regex.escape(run))
