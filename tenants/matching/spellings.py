"""In which characters a folded word may stand in a text, for asking PostgreSQL."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import Final

from wardship.tenants.matching.characters import is_mark
from wardship.tenants.matching.folding import fold_sign, may_change

_ESCAPING: Final = r"&#|&[a-zA-Z]+;|%[3-9a-fA-F][0-9a-fA-F]|\\u[0-9a-fA-F]|</"
"""Escapes of letters, and tags, which may stand inside a word."""
_LONGEST_FOLDED: Final = 8
_CHANGED: Final = (
    (0, 0x3400),
    (0xA600, 0xAC00),
    (0xD7A4, 0x12000),
    (0x16E00, 0x1FC00),
    (0x2F800, 0x2FA20),
    (0xE0000, 0xE1000),
)
"""Where all characters stand that folding changes, but for the Korean syllables: their letters are found instead."""
_TOGETHER: Final = 64
_TYPED_TOO: Final = "\u03c2\u0131\u0130\u064a\u0649\u0626\u0643\u0622\u0623\u0625\u0671\u0624"
"""Letters that stand in every text of their language and fold to another: Greek, Turkish, Arabic."""
_ABOVE: Final = "\u0307"
_LAST_PLAIN: Final = 0xFFFF


def clusters(folded: str) -> Iterator[str]:
    """Return the letters of a folded word, each with the marks on it."""
    cluster = ""
    for sign in folded:
        if cluster and not is_mark(sign):
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


def written_as(cluster: str) -> frozenset[str]:
    """Return how a letter is mostly written: in both cases, as one character where there is one."""
    plain = unicodedata.normalize("NFC", cluster)
    return frozenset({plain, plain.upper(), plain.lower(), *_typed_too().get(cluster, ())})


@cache
def _typed_too() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for sign in _TYPED_TOO:
        found[fold_sign(sign)].append(sign)
    return found


def unusual(words: Iterable[str]) -> str:
    """Return the expression for what can hide a folded word from LIKE: an escape, or an unusual spelling."""
    sought = set(words)
    letters = {cluster for word in sought for cluster in clusters(word)}
    plain = {form for cluster in letters for form in written_as(cluster)}
    marks = {sign for cluster in letters if _is_typed_otherwise(cluster) for sign in cluster if is_mark(sign)}
    found = {sign for part in _parts(sought) for sign in _by_folded().get(part, ()) if sign not in plain}
    return f"{_ESCAPING}|[{_unseen()}{_ranges({*found, *marks, _ABOVE})}]"


@cache
def _unseen() -> str:
    """Return what folds to nothing, which may stand in every word, as a part of a bracket expression."""
    return _ranges(_by_folded()[""])


def _is_typed_otherwise(cluster: str) -> bool:
    """Return whether its marks may be typed as characters of their own, or in another order."""
    ordered = sum(unicodedata.combining(sign) > 0 for sign in cluster)
    return ordered > 1 or unicodedata.normalize("NFC", cluster) != cluster


def _parts(words: Iterable[str]) -> set[str]:
    """Return all that one character can become when folded and that stands in one of these words."""
    ends = range(1, _LONGEST_FOLDED + 1)
    return {word[start : start + length] for word in words for start in range(len(word)) for length in ends}


def _ranges(signs: Iterable[str]) -> str:
    """Return these characters as a part of a bracket expression, in ASCII."""
    codes = sorted(map(ord, signs))
    runs = ([code for _, code in run] for _, run in groupby(enumerate(codes), key=lambda item: item[1] - item[0]))
    return "".join(_code(run[0]) if len(run) == 1 else f"{_code(run[0])}-{_code(run[-1])}" for run in runs)


def _code(code: int) -> str:
    if chr(code).isascii():
        return chr(code) if chr(code).isalnum() else f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LAST_PLAIN else f"\\U{code:08x}"


@cache
def _by_folded() -> dict[str, list[str]]:
    """Return the characters that folding changes, by what they become.

    Most stand among others that it leaves alone: these are not folded one by one.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for first in (code for start, end in _CHANGED for code in range(start, end, _TOGETHER)):
        together = "".join(map(chr, range(first, first + _TOGETHER)))
        if may_change(together):
            for sign in together:
                folded = fold_sign.__wrapped__(sign)
                if folded != sign:
                    found[folded].append(sign)
    return found
