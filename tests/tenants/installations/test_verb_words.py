"""What an integration is asked to do is told in words."""

from __future__ import annotations

from wardship.plugins.api import Verb
from wardship.tenants.installations.verb_words import WORDS, verbs_in_words


def test_everything_that_an_integration_is_asked_has_words_of_its_own():
    assert set(WORDS) == set(Verb)
    assert len(set(WORDS.values())) == len(Verb)
    assert all(len(words.split()) > 2 for words in WORDS.values())


def test_the_same_is_told_once():
    assert verbs_in_words(["erase", "erase"]) == ["erase what it holds of a person"]
