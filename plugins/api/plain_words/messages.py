"""A message of the catalogue with what is put into it: English here, any language where the catalogue is translated."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from wardship.plugins.api.contract import country_name
from wardship.plugins.api.fields import STANDARD_FIELDS
from wardship.plugins.api.plain_words.catalogue import MESSAGES
from wardship.plugins.api.taxonomy import CATEGORIES, PURPOSES

_PLACE: Final = re.compile(r"\{(\w+)(?:, plural, one \{([^{}]*)\} other \{([^{}]*)\})?\}")


class TermKind(StrEnum):
    """Of what a term is the key: readers' languages have names of their own for these."""

    COUNTRY = "country"
    CATEGORY = "category"
    PURPOSE = "purpose"
    FIELD = "field"


_NAMES: Final[Mapping[TermKind, Mapping[str, str]]] = {
    TermKind.CATEGORY: {key: term.label for key, term in CATEGORIES.items()},
    TermKind.PURPOSE: {key: term.label for key, term in PURPOSES.items()},
    TermKind.FIELD: {name: standard.label for name, standard in STANDARD_FIELDS.items()},
}


@dataclass(frozen=True, slots=True)
class Term:
    """A key of the contract that has a name in every language."""

    kind: TermKind
    key: str

    @property
    def text(self) -> str:
        """Its English name; one that is not known stands for itself."""
        if self.kind is TermKind.COUNTRY:
            return country_name(self.key)
        return _NAMES[self.kind].get(self.key, self.key)


Value: TypeAlias = "str | int | Term | Message | tuple[Value, ...]"
"""What is put into a message: a text that the vendor chose, a number, a term, another message, or a list of these."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message by its id in the catalogue, with what is put into its places."""

    id: str
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def text(self) -> str:
        """It in English, as a part of a sentence."""
        values = dict(self.values)
        return _PLACE.sub(lambda found: _filled(found, values), MESSAGES[self.id])

    @property
    def sentence(self) -> str:
        """It in English, with a capital at its beginning."""
        text = self.text
        return text[:1].upper() + text[1:]

    @property
    def as_json(self) -> str:
        """It for programs that say it in another language: the id, and what is put into it, by name."""
        return json.dumps(_data(self), ensure_ascii=False, separators=(",", ":"))


def say(message_id: str, **values: Value) -> Message:
    """Return a message of the catalogue.

    Raises:
        ValueError: it has other places than there are values.
    """
    places = places_of(MESSAGES[message_id])
    if places != values.keys():
        raise ValueError(f"{message_id} has the places {sorted(places)}, not {sorted(values)}")
    return Message(message_id, tuple(values.items()))


def places_of(text: str) -> set[str]:
    """Return the names of the places in a text of the catalogue."""
    return {found[1] for found in _PLACE.finditer(text)}


def _filled(found: re.Match[str], values: dict[str, Value]) -> str:
    value = values[found[1]]
    if found[2] is None:
        return _text(value)
    return (found[2] if value == 1 else found[3]).replace("#", _text(value))


def _text(value: Value) -> str:
    if isinstance(value, tuple):
        return _listed([_text(each) for each in value])
    return value.text if isinstance(value, Message | Term) else str(value)


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _data(value: Value) -> object:
    if isinstance(value, tuple):
        return [_data(each) for each in value]
    if isinstance(value, Message):
        return {"id": value.id, "values": {name: _data(each) for name, each in value.values}}
    return {value.kind.value: value.key} if isinstance(value, Term) else value
