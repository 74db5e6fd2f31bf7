"""Forms of a name: the ways in which a full name is written, and the pattern that finds each in a folded text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import regex

from wardship.tenants.matching.characters import is_han, is_hangul, is_mark, is_unspaced, is_word
from wardship.tenants.matching.folding import fold, without_marks

GAP: Final = r"(?:[\s_*~>\u2022]+|[\-.+=\u00b7\u30fb]|%20)"
_COMMA: Final = r"[\s_]*,[\s_]*"
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
        return key_of("".join(self.words)) + ("," if self.kind is FormKind.LISTED else "")

    def pattern(self) -> str:
        """Return the expression that finds it in a folded text."""
        if self.kind is FormKind.USERNAME:
            return str(regex.escape(self.words[0]))
        between = _COMMA if self.kind is FormKind.LISTED else f"{GAP}?"
        return between.join(map(_word_pattern, self.words))


def key_of(folded: str) -> str:
    """Return the letters of a folded name, without what stands between its words."""
    return "".join(sign for sign in folded if is_word(sign)) or folded


def name_forms(name: str, *, is_part: bool = False, is_namesakes: bool = False) -> Iterator[NameForm]:
    """Return the forms of one name; the name itself first."""
    written = " ".join(name.replace(",", " ").split())
    words = tuple(word for word in fold(written).split() if key_of(word) or word)[:_LONGEST]
    if not words:
        return
    if "," in name:
        yield NameForm(FormKind.LISTED, written, _around_comma(name), is_namesakes)
        return
    kind = FormKind.PART if is_part else FormKind.SINGLE if is_single(words) else FormKind.FULL
    yield NameForm(kind, written, words, is_namesakes)
    yield from _shorter(written, words, is_namesakes=is_namesakes)


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


_UMLAUT: Final = regex.compile("([aou])\u0308")
_RUNS: Final = regex.compile("[\"'*]*\"[\"'*]*|-+|'+|\\.+|[^\\-'.\"]", regex.DOTALL)
_LETTERS: Final = 2
_HAN_NAME: Final = 3
_HANGUL_NAME: Final = 3
_INITIALS: Final = 3


def _around_comma(name: str) -> tuple[str, ...]:
    return tuple(part for part in (" ".join(fold(item).split()) for item in name.split(",")) if part)


def _shorter(written: str, words: tuple[str, ...], *, is_namesakes: bool) -> Iterator[NameForm]:
    """Return what people make of a full name: without middle names, with initials, without accents."""
    for plain in (tuple(map(without_marks, words)), tuple(_UMLAUT.sub(r"\1e", word) for word in words)):
        if plain != words and len(words) > 1:
            yield NameForm(FormKind.SHORT, written, plain, is_namesakes)
    bare, shown = tuple(word for word in words if word[:1] not in {'"', "("}), written.split()
    if len(bare) >= _INITIALS:
        yield NameForm(FormKind.SHORT, f"{shown[0]} {shown[-1]}", (bare[0], bare[-1]), is_namesakes)
    if len(bare) > 1 and bare[0][0].isalpha() and not is_unspaced(bare[0][0]):
        initial = f"{bare[0][0]}."
        yield NameForm(FormKind.SHORT, f"{shown[0][0]}. {shown[-1]}", (initial, bare[-1]), is_namesakes)


def _word_pattern(word: str) -> str:
    return "".join(_run_pattern(run[0]) for run in _RUNS.finditer(word))


def _run_pattern(run: str) -> str:
    """Return the expression for equal signs, of which each may be left out: possessive, so that none is tried twice."""
    if '"' in run:
        return "[\"'*]*+"
    if run[0] == "-":
        return f"{GAP}{{0,{len(run)}}}+"
    return rf"{regex.escape(run[0])}{{0,{len(run)}}}+" if run[0] in "'." else str(regex.escape(run))
