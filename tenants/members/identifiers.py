"""Read what a member is known by, and who else bears one of these names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from wardship.core.database.engine import Record
from wardship.tenants.access import Access
from wardship.tenants.matching.candidates import candidates, condition
from wardship.tenants.matching.folding import fold
from wardship.tenants.matching.identifiers import NOTHING, Identifiers

_OWN_SQL: Final = """
    select display_name, first_name, last_name, username, email, phone, pseudonym,
        array(select e.address from account_email e where e.account_id = m.account_id) as addresses
    from member m where organisation_id = $1 and id = $2
"""
_OTHERS: Final = """
    select display_name, first_name, last_name, username from (
        select *, display_name || ' ' || first_name || ' ' || last_name || ' ' || username as names from member
        where organisation_id = $1 and id <> $2
    ) m where {asked}
"""
_OTHERS_SQL: Final = _OTHERS.format(asked=condition("names", 3))
NOBODY: Final = Identifiers(NOTHING, NOTHING, NOTHING, NOTHING)


async def identifiers_of(access: Access, member_id: UUID, earlier: Identifiers = NOBODY) -> Identifiers:
    """Return what a member is known by; the account's addresses too, where the transaction reaches the directory.

    Args:
        access: the caller.
        member_id: the person.
        earlier: what the person was known by before, which points at the person still.

    Names and usernames that another member bears as well are marked: they don't point at the person, and what is said
    of the other must stay.
    """
    own = await own_identifiers(access, member_id)
    both = Identifiers(
        own.emails | earlier.emails,
        own.phones | earlier.phones,
        own.usernames | earlier.usernames,
        own.names | earlier.names,
        own.parts | earlier.parts,
    )
    return await _beside_others(access, member_id, both)


async def own_identifiers(access: Access, member_id: UUID) -> Identifiers:
    """Return the same without a look at others: for finding what somebody may take for a word on him or her."""
    row = await access.fetchrow(_OWN_SQL, member_id)
    if row is None:
        return NOBODY
    emails = {row["email"].lower(), *(address.lower() for address in row["addresses"])}
    return Identifiers(
        emails=frozenset(filter(None, emails)),
        phones=frozenset(filter(None, (row["phone"],))),
        usernames=frozenset(filter(None, (row["username"].lstrip("@"),))),
        names=frozenset(full_names(row)) - {row["pseudonym"]},
        parts=frozenset(filter(None, (row["first_name"], row["last_name"]))),
    )


def full_names(row: Record) -> Iterator[str]:
    """Return the display name of a member's row, and first and last name in both orders."""
    yield from filter(None, (row["display_name"],))
    if row["first_name"] and row["last_name"]:
        first, last = row["first_name"], row["last_name"]
        yield from (f"{first} {last}", f"{last} {first}", f"{last}, {first}")


async def _beside_others(access: Access, member_id: UUID, known: Identifiers) -> Identifiers:
    """Return the same, with what other members are called who share a word with the person."""
    if not known.texts():
        return known
    own = known.names | known.usernames | known.parts
    asked = candidates(Identifiers(NOTHING, NOTHING, NOTHING, _words(own)))
    rows = await access.fetch(_OTHERS_SQL, member_id, *asked.arguments)
    theirs = {fold(text) for row in rows for text in _names_alone(row) if text}
    folded = {fold(text) for text in own}
    return Identifiers(
        known.emails,
        known.phones,
        known.usernames,
        known.names,
        known.parts,
        namesakes=frozenset(text for text in own if fold(text) in theirs),
        others=frozenset(text for row in rows for text in full_names(row) if _is_longer(fold(text), folded)),
    )


def _words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in name.replace(",", " ").split())


def _names_alone(row: Record) -> tuple[str, ...]:
    """Return all by which alone a member may be meant; some of it may be empty."""
    words = row["first_name"], row["last_name"], *row["display_name"].split()
    return *full_names(row), row["username"].lstrip("@"), *words


def _is_longer(name: str, own: set[str]) -> bool:
    return any(name != text and text in name for text in own)
