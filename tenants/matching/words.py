"""Ordinary words: those that people bear as names, in languages that tell a name by its capital; and small ones."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from wardship.tenants.matching.folding import fold


def _listed(name: str) -> frozenset[str]:
    text = files("wardship.tenants.matching").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(map(fold, text.split()))


_ORDINARY: Final = _listed("ordinary_words")
_FILE_ENDINGS: Final = _listed("file_endings")
_BEFORE_NOUNS: Final = _listed("words_before_nouns")
_BEFORE_NAMES: Final = _listed("words_before_names")


def is_common(folded: str) -> bool:
    """Return whether a folded word is one that people write in every text, and bear as a name."""
    return folded in _ORDINARY


def is_before_nouns(word: str) -> bool:
    """Return whether a word, such as an article, stands before nouns and not before names."""
    return fold(word) in _BEFORE_NOUNS


def is_before_names(word: str) -> bool:
    """Return whether a word, such as a title or a greeting, stands before names and is no part of them."""
    return fold(word).strip(".") in _BEFORE_NAMES


def is_file_ending(text: str) -> bool:
    """Return whether what follows the last dot is the ending of a file's name, and no top-level domain."""
    return text in _FILE_ENDINGS
