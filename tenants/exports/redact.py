"""Take other people's data out of what is handed to a person (requirement D5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.matching.identifiers import Identifiers

_MENTION: Final = re.compile(r"<@([0-9a-fA-F-]{36})>")
_EMAIL: Final = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"(?<!\w)(?:\+|0)\d[\d\s().\-/]{6,20}\d(?!\w)")
_SHORTEST_NAME: Final = 3

PERSON: Final = "[another person]"
ADDRESS: Final = "[address of another person]"
NUMBER: Final = "[number of another person]"


class Redactor:
    """Replaces what points at other people, and counts how often it did.

    Args:
        member_id: the person, whose own mentions stay.
        own: what the person is known by, which stays.
        names: of other members, as found in the texts at hand.
    """

    def __init__(self, member_id: UUID, own: Identifiers, names: Collection[str]) -> None:
        self.count = 0
        self._own = {str(member_id), *own.emails, *map(_digits, own.phones)}
        parts = sorted((re.escape(name) for name in names if len(name) >= _SHORTEST_NAME), key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None

    def text(self, text: str) -> str:
        """Return a text without other people's mentions, addresses, telephone numbers and names."""
        text = _MENTION.sub(self._replacing(lambda found: found[1].lower(), PERSON, own="you"), text)
        text = _EMAIL.sub(self._replacing(lambda found: found[0].lower().replace("%40", "@"), ADDRESS), text)
        text = _PHONE.sub(self._replacing(lambda found: _digits(found[0]), NUMBER), text)
        return text if self._names is None else self._names.sub(self._replacing(lambda _: "", PERSON), text)

    def value(self, value: object) -> object:
        """Return a JSON value with every text in it treated."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {name: self.value(item) for name, item in value.items()}
        return value

    def rows(self, rows: Iterable[Mapping[str, object]]) -> tuple[dict[str, object], ...]:
        """Return rows of JSON values with every text in them treated."""
        return tuple({name: self.value(item) for name, item in row.items()} for row in rows)

    def _replacing(
        self, identity: Callable[[re.Match[str]], str], stand_in: str, own: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        def replace(found: re.Match[str]) -> str:
            if identity(found) in self._own:
                return own or found[0]
            self.count += 1
            return stand_in

        return replace


async def names_in(access: Access, member_id: UUID, own: Identifiers, text: str) -> list[str]:
    """Return the display names of other members that occur in a text, without regard to case."""
    rows = await access.fetch(
        "select distinct display_name from member where organisation_id = $1 and id <> $2"
        " and length(display_name) >= $3 and position(lower(display_name) in lower($4)) > 0",
        member_id,
        _SHORTEST_NAME,
        text,
    )
    mine = {name.lower() for name in own.names}
    return [row["display_name"] for row in rows if row["display_name"].lower() not in mine]


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())
