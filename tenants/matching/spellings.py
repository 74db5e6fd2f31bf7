"""In which characters a folded word may stand in a text, for asking PostgreSQL."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import Final

from wardship.tenants.matching.characters import is_mark
from wardship.tenants.matching.folding import fold_sign

_ESCAPING: Final = r"&#|&[a-zA-Z]+;|%[3-9a-fA-F][0-9a-fA-F]|\\u[0-9a-fA-F]|</"
"""Escapes of letters, and tags, which may stand inside a word."""
_LONGEST_FOLDED: Final = 8
_CHANGED: Final = ((0, 0x3400), (0xA600, 0x12000), (0x16E00, 0x1FC00), (0x2F800, 0x2FA20), (0xE0000, 0xE1000))
"""Where all characters stand that folding changes."""
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
    return frozenset({plain, plain.upper(), plain.lower()})


def unusual(words: Iterable[str]) -> str:
    """Return the expression for what can hide a folded word from LIKE: an escape, or an unusual spelling."""
    sought = set(words)
    plain = {form for word in sought for cluster in clusters(word) for form in written_as(cluster)}
    marks = {sign for word in sought for sign in word if is_mark(sign)}
    found = {sign for part in _parts(sought) for sign in _by_folded().get(part, ()) if sign not in plain}
    return f"{_ESCAPING}|{_character_class({*found, *marks, _ABOVE})}"


def _parts(words: Iterable[str]) -> set[str]:
    """Return all that one character can become when folded and that stands in one of these words; nothing, too."""
    ends = range(1, _LONGEST_FOLDED + 1)
    return {"", *(word[start : start + length] for word in words for start in range(len(word)) for length in ends)}


def _character_class(signs: Iterable[str]) -> str:
    """Return a bracket expression for these characters, in ASCII."""
    codes = sorted(map(ord, set(signs)))
    runs = ([code for _, code in run] for _, run in groupby(enumerate(codes), key=lambda item: item[1] - item[0]))
    return f"[{''.join(_code(run[0]) if len(run) == 1 else f'{_code(run[0])}-{_code(run[-1])}' for run in runs)}]"


def _code(code: int) -> str:
    if chr(code).isascii():
        return chr(code) if chr(code).isalnum() else f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LAST_PLAIN else f"\\U{code:08x}"


@cache
def _by_folded() -> dict[str, frozenset[str]]:
    """Return the characters that folding changes, by what they become."""
    found: dict[str, set[str]] = defaultdict(set)
    for sign in (chr(code) for start, end in _CHANGED for code in range(start, end)):
        folded = fold_sign(sign)
        if folded != sign:
            found[folded].add(sign)
    return {folded: frozenset(signs) for folded, signs in found.items()}
