"""What an integration is asked to do, as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from wardship.plugins.api import Verb

WORDS: Final[Mapping[Verb, str]] = MappingProxyType(
    {
        Verb.CHECK: "look whether its settings work",
        Verb.GRANT: "take note of what it may receive",
        Verb.SHARE: "take over what is shared",
        Verb.REVOKE: "delete what was shared and may not be any more",
        Verb.EXPORT: "hand out what it holds of a person",
        Verb.CORRECT: "correct what it holds of a person",
        Verb.RESTRICT: "keep what it holds of a person, and not use it",
        Verb.ERASE: "erase what it holds of a person",
        Verb.ATTEST: "confirm what it has deleted",
        Verb.RECONCILE: "compare what it holds with what it should hold",
        Verb.RECEIVE: "hand over what has changed there",
    }
)


def verb_in_words(verb: str) -> str:
    """Return what an integration is asked to do, in words."""
    return WORDS[Verb(verb)]


def verbs_in_words(verbs: Iterable[str]) -> list[str]:
    """Return what an integration is asked to do, in words, each once."""
    return [verb_in_words(verb) for verb in sorted(set(verbs))]
