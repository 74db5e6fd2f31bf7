"""Bring a text to the one form in which texts are compared, with the way back to where each character stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain, count, repeat
from typing import Final

from wardship.tenants.matching.characters import IGNORABLE, is_ignorable, is_mark

# Signs that people type for one another. Compatibility decomposition knows none of these, or makes two signs of one.
_SAME: Final = {
    **dict.fromkeys("\u2019\u2018\u201b\u02bc\u02bb\u02b9\u2032\u00b4\uff07\u055a\ua78c", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02\u05f4", '"'),
    **dict.fromkeys("\u2010\u2011\u2212\u2043\ufe63\uff0d\u058a\u05be", "-"),
    "\u05f3": "'",
    # Turkish and Azeri have two letters i; which capital belongs to which small letter depends on the language.
    "\u0130": "i",
    "\u0131": "i",
    # Persian and Arabic keyboards have each their own letters yeh and kaf.
    **dict.fromkeys("\u064a\u0649", "\u06cc"),
    "\u0643": "\u06a9",
}
# Vowels of Hebrew and Arabic, which are mostly left out, and the stroke that lengthens a word.
_LEFT_OUT: Final = frozenset(
    map(
        chr,
        (
            *range(0x591, 0x5BE),
            0x5BF,
            *range(0x5C1, 0x5C3),
            0x5C7,
            0x640,
            0x670,
            *range(0x610, 0x61B),
            *range(0x64B, 0x660),
            *range(0x6D6, 0x6DD),
        ),
    )
)
_ABOVE: Final = "\u0307"
_DOTTED: Final = f"i{_ABOVE}"


@cache
def fold_sign(sign: str) -> str:
    """Return the folded form of one character: none, one or several."""
    if sign in _SAME:
        return _SAME[sign]
    if is_ignorable(sign) or sign in _LEFT_OUT:
        return ""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    wide = unicodedata.normalize("NFKD", sign)
    folded = unicodedata.normalize("NFKD", wide.casefold())
    return "".join(_SAME.get(item, item) for item in folded if not is_ignorable(item) and item not in _LEFT_OUT)


_SPECIAL: Final = frozenset(_SAME) | _LEFT_OUT


def may_change(signs: str) -> bool:
    """Return whether folding changes one of these characters; at times it says so of some that it leaves alone."""
    is_plain = signs.casefold() == signs and unicodedata.is_normalized("NFKD", signs) and _SPECIAL.isdisjoint(signs)
    return not is_plain or IGNORABLE.search(signs) is not None or any(map(str.isdecimal, signs))


class _Table(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, fold_sign(chr(code)))


_TABLE: Final = _Table()


class _Sizes(dict[str, int]):
    """How many characters each character becomes."""

    def __missing__(self, sign: str) -> int:
        return self.setdefault(sign, len(_TABLE[ord(sign)]))


_SIZES: Final = _Sizes()


class Folded:
    """A text as it is compared: case folded fully, compatibility decomposed, without signs that nobody sees.

    Attributes:
        text: the folded characters.
    """

    def __init__(self, original: str) -> None:
        self._original = original
        self._positions: Sequence[int] | None = None
        if original.isascii():
            self.text, self._positions = original.lower(), range(len(original))
            return
        self.text = original.translate(_TABLE)
        if _DOTTED in self.text or not unicodedata.is_normalized("NFD", self.text):
            self.text, self._positions = _ordered(original)

    @property
    def positions(self) -> Sequence[int]:
        """Return, for each folded character, which character of the text it came from."""
        if self._positions is None:
            sizes = list(map(_SIZES.__getitem__, self._original))
            is_same = sizes.count(1) == len(sizes)
            self._positions = range(len(sizes)) if is_same else [*chain.from_iterable(map(repeat, count(), sizes))]
        return self._positions

    def is_edge(self, position: int) -> bool:
        """Return whether a position in the folded text lies between two characters of the text, not inside one."""
        return position in {0, len(self.text)} or self.positions[position - 1] != self.positions[position]


def fold(text: str) -> str:
    """Return the form in which two texts are compared: full case folding, NFKD, no default-ignorable characters."""
    return Folded(text).text


def _ordered(text: str) -> tuple[str, list[int]]:
    """Fold a text whose marks were typed in another order, or whose letters i have their dot as a mark."""
    signs: list[str] = []
    positions: list[int] = []
    for position, sign in enumerate(text):
        for part in _TABLE[ord(sign)]:
            if part != _ABOVE or signs[-1:] != ["i"]:
                signs.append(part)
                positions.append(position)
    _order_marks(signs, positions)
    return "".join(signs), positions


def _order_marks(signs: list[str], positions: list[int]) -> None:
    """Bring each run of combining marks into its canonical order."""
    start = 0
    while start < len(signs):
        end = start
        while end < len(signs) and unicodedata.combining(signs[end]):
            end += 1
        if end - start > 1:
            order = sorted(range(start, end), key=lambda position: unicodedata.combining(signs[position]))
            signs[start:end] = [signs[position] for position in order]
            positions[start:end] = sorted(positions[position] for position in order)
        start = end + 1


def without_marks(folded: str) -> str:
    """Return a folded text without accents, as capitals are often written and as people type in a hurry."""
    return "".join(sign for sign in folded if not unicodedata.combining(sign) or not is_mark(sign))


_UMLAUT: Final = re.compile("([aou])\u0308")


def with_umlauts_spelt(folded: str) -> str:
    """Return a folded text with each German umlaut as two letters."""
    return _UMLAUT.sub(r"\1e", folded)
