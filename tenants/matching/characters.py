"""What single characters are: letters of scripts with and without spaces, marks, signs that nobody sees."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import regex

IGNORABLE: Final = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_SCRIPTS: Final = r"\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\u30fc"
_WITHOUT_SPACES: Final = regex.compile(f"[{_SCRIPTS}]")
SPACED_LETTER: Final = rf"[\w--[_{_SCRIPTS}]]"
"""A letter or digit of a script that writes spaces between words, for patterns of ``regex`` in version 1."""
_HAN: Final = regex.compile(r"\p{sc=Han}")
_HANGUL: Final = regex.compile(r"\p{sc=Hang}")
_WITH_PREFIXES: Final = regex.compile(r"[\p{sc=Hebr}\p{sc=Arab}]")


@cache
def is_ignorable(sign: str) -> bool:
    """Return whether a character has no shape of its own (Unicode: default ignorable)."""
    return IGNORABLE.match(sign) is not None


@cache
def is_mark(sign: str) -> bool:
    """Return whether a character belongs to the letter before it: a mark, or a later part of a Hangul syllable."""
    return unicodedata.category(sign)[0] == "M" or "\u1160" <= sign <= "\u11ff"


@cache
def is_word(sign: str) -> bool:
    """Return whether a character can be part of a word; the low line divides words, as in file names."""
    return sign.isalnum() or is_mark(sign)


@cache
def is_unspaced(sign: str) -> bool:
    """Return whether a character's script writes words without spaces between them."""
    return _WITHOUT_SPACES.match(sign) is not None


@cache
def is_han(sign: str) -> bool:
    """Return whether a character is Chinese."""
    return _HAN.match(sign) is not None


@cache
def is_hangul(sign: str) -> bool:
    """Return whether a character is Korean: words have spaces between them, but particles follow a name at once."""
    return _HANGUL.match(sign) is not None


@cache
def takes_prefixes(sign: str) -> bool:
    """Return whether a character's script writes short words such as "to" and "and" as one with the next word."""
    return _WITH_PREFIXES.match(sign) is not None
