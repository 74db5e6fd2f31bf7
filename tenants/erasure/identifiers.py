"""What a person is known by, and a pattern that finds it in texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access

_SHORTEST_NAME: Final = 3
_SHORTEST_PHONE: Final = 6
_WORD: Final = "[[:alnum:]_]"
_SEPARATORS: Final = r"[\s().\-/]*"


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a person is known by in one organisation; all of it personal data, never logged.

    Attributes:
        emails: every address of the account, and the membership's, lower case.
        phones: as typed.
        usernames: without a leading @.
        names: the display name, and first and last name in both orders.
    """

    emails: frozenset[str]
    phones: frozenset[str]
    usernames: frozenset[str]
    names: frozenset[str]

    def texts(self) -> list[str]:
        """Return all of them, in a stable order."""
        return sorted(self.emails | self.phones | self.usernames | self.names)


async def identifiers_of(access: Access, member_id: UUID) -> Identifiers:
    """Return what a member is known by; the account's addresses too, where the transaction reaches the directory.

    Names and usernames that another member bears as well are left out: they don't point at the person, and what is
    said of the other must stay.
    """
    row = await access.fetchrow(
        "select account_id, display_name, first_name, last_name, username, email, phone, pseudonym from member"
        " where organisation_id = $1 and id = $2",
        member_id,
    )
    if row is None:
        return Identifiers(frozenset(), frozenset(), frozenset(), frozenset())
    addresses = await access.transaction.fetch(
        "select address from account_email where account_id = $1", row["account_id"]
    )
    names = {row["display_name"], *_full_names(row["first_name"], row["last_name"])} - {row["pseudonym"]}
    usernames = {row["username"].lstrip("@")}
    shared = await _borne_by_others(access, member_id, names | usernames)
    return Identifiers(
        frozenset(text.lower() for text in (row["email"], *(item["address"] for item in addresses)) if text),
        frozenset(text for text in (row["phone"],) if len(_digits(text)) >= _SHORTEST_PHONE),
        frozenset(_long_enough(usernames - shared)),
        frozenset(_long_enough(names - shared)),
    )


async def _borne_by_others(access: Access, member_id: UUID, texts: Collection[str]) -> set[str]:
    wanted = {text.lower(): text for text in texts if text}
    rows = await access.fetch(
        "select lower(display_name) as name, lower(first_name || ' ' || last_name) as full_name,"
        " lower(ltrim(username, '@')) as username from member where organisation_id = $1 and id <> $2"
        " and (lower(display_name) = any($3::text[]) or lower(first_name || ' ' || last_name) = any($3::text[])"
        " or lower(ltrim(username, '@')) = any($3::text[]))",
        member_id,
        sorted(wanted),
    )
    return {wanted[text] for row in rows for text in row.values() if text in wanted}


def _full_names(first: str, last: str) -> Iterator[str]:
    if first and last:
        yield from (f"{first} {last}", f"{last} {first}", f"{last}, {first}")


def _long_enough(texts: Collection[str]) -> Iterator[str]:
    return (text for text in texts if len(text) >= _SHORTEST_NAME)


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def pattern(identifiers: Identifiers) -> str:
    """Return a PostgreSQL regular expression that finds every identifier as a whole, for use without regard to case.

    Addresses are found with a coded @ too, telephone numbers whatever stands between the digits, names across line
    breaks. Empty when there is nothing to find.
    """
    parts = [
        *(_address(text) for text in identifiers.emails),
        *(_phone(text) for text in identifiers.phones),
        *(f"(?<!{_WORD}){_escape(text)}(?!{_WORD})" for text in identifiers.usernames),
        *(f"(?<!{_WORD}){_name(text)}(?!{_WORD})" for text in identifiers.names),
    ]
    # The longest first, so that an address that holds the username is replaced as a whole.
    return "|".join(sorted(parts, key=len, reverse=True))


def _address(text: str) -> str:
    body = _escape(text).replace(r"\@", "(?:@|%40)")
    return rf"(?<![[:alnum:]_.+-]){body}(?![[:alnum:]_-]|\.[[:alnum:]])"


def _phone(text: str) -> str:
    return rf"\+?(?<![0-9]){_SEPARATORS.join(_digits(text))}(?![0-9])"


def _name(text: str) -> str:
    return r"\s+".join(_escape(word) for word in text.split())


def _escape(text: str) -> str:
    """Quote every sign that a PostgreSQL expression could read otherwise; a backslash before a letter would be one."""
    return re.sub(r"([^\w\s])", r"\\\1", text)
