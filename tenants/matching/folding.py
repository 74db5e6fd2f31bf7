"""Bring a text to the one form in which texts are compared, with the way back to where each character stood."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from wardship.tenants.matching.characters import is_ignorable, is_mark

# Signs that people type for one another. Compatibility decomposition knows none of these, or makes two signs of one.
_SAME: Final = {
    **dict.fromkeys("\u2019\u2018\u201b\u02bc\u02bb\u02b9\u2032\u00b4\uff07\u055a\ua78c", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02\u05f4", '"'),
    **dict.fromkeys("\u2010\u2011\u2212\u2043\ufe63\uff0d\u058a\u05be", "-"),
    "\u05f3": "'",
    # Turkish and Azeri have two letters i; which capital belongs to which small letter depends on the language.
    "\u0130": "i",
    "\u0131": "i",
}
_ABOVE: Final = "\u0307"


@cache
def fold_sign(sign: str) -> str:
    """Return the folded form of one character: none, one or several."""
    if sign in _SAME:
        return _SAME[sign]
    if is_ignorable(sign):
        return ""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    wide = unicodedata.normalize("NFKD", sign)
    folded = unicodedata.normalize("NFKD", wide.casefold())
    return "".join(_SAME.get(item, item) for item in folded if not is_ignorable(item))


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared: case folded fully, compatibility decomposed, without signs that nobody sees.

    Attributes:
        text: the folded characters.
        places: for each of them, which character of the text it came from.
    """

    text: str
    places: Sequence[int]

    def is_edge(self, place: int) -> bool:
        """Return whether a place in the folded text lies between two characters of the text, not inside one."""
        return place in (0, len(self.text)) or self.places[place - 1] != self.places[place]


def fold(text: str) -> str:
    """Return the form in which two texts are compared: full case folding, NFKD, no default-ignorable characters."""
    return fold_in_place(text).text


def fold_in_place(text: str) -> Folded:
    """Return a text folded, with the place of each character."""
    if text.isascii():
        return Folded(text.lower(), range(len(text)))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in fold_sign(sign):
            if part == _ABOVE and signs and signs[-1] == "i":
                continue
            signs.append(part)
            places.append(place)
    _order_marks(signs, places)
    return Folded("".join(signs), places)


def _order_marks(signs: list[str], places: list[int]) -> None:
    """Bring runs of combining marks into their canonical order, in which typists need not have typed them."""
    start = 0
    while start < len(signs):
        end = start
        while end < len(signs) and unicodedata.combining(signs[end]):
            end += 1
        if end - start > 1:
            order = sorted(range(start, end), key=lambda place: unicodedata.combining(signs[place]))
            signs[start:end] = [signs[place] for place in order]
            places[start:end] = sorted(places[place] for place in order)
        start = end + 1


def without_marks(folded: str) -> str:
    """Return a folded text without accents, as capitals are often written and as people type in a hurry."""
    return "".join(sign for sign in folded if not unicodedata.combining(sign) or not is_mark(sign))
