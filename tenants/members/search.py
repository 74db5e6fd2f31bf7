"""Seek members by what somebody types of them: the beginning of a name in any letter case, or of an address."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from wardship.core.errors import InvalidInputError
from wardship.tenants.members.visibility import Detail, VisibleMembers, source
from wardship.tenants.paging import PageRequest, rest_sql
from wardship.tenants.parameters import Parameters

LONGEST_SEARCH: Final = 320
_LAST: Final = "\U0010ffff"


class SearchPart(NamedTuple):
    """One column in which a search looks, and what it demands of a row there; an index has it in order."""

    place: str
    condition: str


def checked_search(text: str) -> str:
    """Return what is sought, composed and without surrounding space; empty seeks nothing.

    Raises:
        InvalidInputError: longer than any address.
    """
    sought = unicodedata.normalize("NFC", text).strip()
    if len(sought) > LONGEST_SEARCH:
        raise InvalidInputError(f"Seek by at most {LONGEST_SEARCH} characters.", path=("where", "search"))
    return sought


def search_parts(reach: VisibleMembers, sought: str, parameters: Parameters) -> Sequence[SearchPart]:
    """Return where a search looks; nobody is found in two parts, nor by what the caller may not see.

    Where something concealed would stand in a list tells what it is, so that it is not sought.
    """
    if "@" in sought:
        address = parameters.add(sought.lower())
        end = parameters.add(sought.lower() + _LAST)
        seen = "" if reach.is_everyone else f" and d.detail >= {Detail.CONTACT.value}"
        place = 'm.email collate "C"'
        return [SearchPart(place, f"{place} >= {address} and {place} < {end} and m.email <> ''{seen}")]
    start = f"search_key({parameters.add(sought)}::text)"
    shown = " and m.concealed_at is null"
    name, word = (f"m.{key} >= {start} and m.{key} < {start} || '{_LAST}'" for key in ("name_key", "last_word_key"))
    if not reach.is_everyone:  # who is reached is worked out as a whole, and by no index: once is enough
        place = f"case when {name} then m.name_key else m.last_word_key end"
        return [SearchPart(place, f"({name} or ({word} and m.last_word_key is not null))")]
    return [
        SearchPart("m.name_key", f"{name}{shown}"),
        SearchPart("m.last_word_key", f"{word} and m.last_word_key is not null and not ({name}){shown}"),
    ]


def search_sql(
    reach: VisibleMembers,
    columns: Collection[str],
    parts: Sequence[SearchPart],
    page: PageRequest,
    parameters: Parameters,
) -> str:
    """Return the statement for a page of who is found in one state, ``s.state``, ordered by what was found.

    Args:
        reach: whom the caller sees.
        columns: of the member.
        parts: where the search looks.
        page: which.
        parameters: those of ``visibility.source``, with what was added to them since.
    """
    found = [
        f"{source(reach, columns, place=part.place)[0]} and m.state = s.state and {part.condition}"
        f"{rest_sql(page, parameters, f'{part.place}, m.id')}"
        for part in parts
    ]
    return found[0] if len(found) == 1 else f"({') union all ('.join(found)})"
