"""How a find was judged: rules by their stable codes, how far each may be trusted, and its words for the decider."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final


class FindKind(StrEnum):
    """What of the person was found."""

    EMAIL = "email"
    PHONE = "phone"
    USERNAME = "username"
    NAME = "name"


class Certainty(IntEnum):
    """How surely a find points at the person."""

    POSSIBLE = 1
    """It may well be a word, or somebody else: shown one by one while there are few, together where there are many."""
    LIKELY = 2
    """It may be the person: always shown, one by one."""
    CERTAIN = 3
    """It is the person: rewritten without asking."""


class Rule(StrEnum):
    """Why a find was judged as it was."""

    OWN_ADDRESS = "own_address"
    OWN_NUMBER = "own_number"
    HANDLE = "handle"
    FULL_NAME = "full_name"
    DISTINCT = "distinct"
    SINGLE_NAME = "single_name"
    PART_OF_NAME = "part_of_name"
    SMALL_LETTERS = "small_letters"
    SHORT_FORM = "short_form"
    GROWN_TOGETHER = "grown_together"
    LONGER_NAME = "longer_name"
    LIST_OF_NAMES = "list_of_names"
    IN_WEB_ADDRESS = "in_web_address"
    NUMBER_BESIDE_DIGITS = "number_beside_digits"
    BARE_WORD = "bare_word"
    NAMESAKE = "namesake"
    UNCERTAIN_NUMBER = "uncertain_number"
    OTHER_COUNTRY = "other_country"

    @property
    def certainty(self) -> Certainty:
        """Return how far a find by this rule may be trusted."""
        return _CERTAINTY.get(self, Certainty.LIKELY)

    @property
    def words(self) -> str:
        """Return the rule in words, for the person who decides."""
        return _WORDS[self]


_CERTAINTY: Final = MappingProxyType(
    {
        Rule.OWN_ADDRESS: Certainty.CERTAIN,
        Rule.OWN_NUMBER: Certainty.CERTAIN,
        Rule.HANDLE: Certainty.CERTAIN,
        Rule.FULL_NAME: Certainty.CERTAIN,
        Rule.DISTINCT: Certainty.CERTAIN,
        Rule.BARE_WORD: Certainty.POSSIBLE,
        Rule.NAMESAKE: Certainty.POSSIBLE,
        Rule.UNCERTAIN_NUMBER: Certainty.POSSIBLE,
    }
)
_WORDS: Final = MappingProxyType(
    {
        Rule.OWN_ADDRESS: "The person's own e-mail address, in one of its forms.",
        Rule.OWN_NUMBER: "The person's own telephone number, in one of its forms.",
        Rule.HANDLE: "The person's name or username after an @.",
        Rule.FULL_NAME: "The person's full name, written as a name.",
        Rule.DISTINCT: "A username that can't be a word: it holds digits or signs, or is made of the full name.",
        Rule.SINGLE_NAME: (
            "One word that is the person's whole name, written as a name: it may be a word or somebody else."
        ),
        Rule.PART_OF_NAME: "The person's first or last name alone, which nobody else here bears.",
        Rule.SMALL_LETTERS: "The person's full name, written so that it may be a phrase of ordinary words.",
        Rule.SHORT_FORM: "The person's name shortened, or with other accents.",
        Rule.GROWN_TOGETHER: (
            "The person's name without a gap to what stands beside it: it may be part of another word."
        ),
        Rule.LONGER_NAME: "The person's name joined by a hyphen or apostrophe to more: it may be another name.",
        Rule.LIST_OF_NAMES: "Last name, comma, first name, between other names: it may be two people of a list.",
        Rule.IN_WEB_ADDRESS: (
            "The person's name in a web, host or e-mail address, which would lead nowhere if rewritten."
        ),
        Rule.NUMBER_BESIDE_DIGITS: (
            "The person's telephone number beside other digits: it may be part of another number."
        ),
        Rule.BARE_WORD: "One word that is the person's name or username, written as ordinary words are too.",
        Rule.NAMESAKE: "A name that another member bears too.",
        Rule.UNCERTAIN_NUMBER: (
            "Digits as in the person's telephone number: they may be a date, an amount or another number."
        ),
        Rule.OTHER_COUNTRY: "The person's telephone number after the code of a country that the profile doesn't name.",
    }
)
