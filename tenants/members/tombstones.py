"""What people were known by whom this organisation erased: it does not bring them back unasked (requirement F8).

Compared are forms, not spellings: an address with and without a sub-address, a telephone number international, national
and as typed, a username without regard to letter case. An address is free again when its owner registers. A number, a
username or a mailbox may be somebody else's by now: who enters it for that one says so, and the audit notes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final

import phonenumbers

from wardship.core.accounts.address import mailbox_forms
from wardship.core.accounts.tombstones import PURPOSE, IdentifierKind, suppress
from wardship.core.errors import ConflictError, WardshipError
from wardship.tenants.access import Access
from wardship.tenants.matching.folding import fold
from wardship.tenants.matching.phones import phone_forms

_SHORTEST_PHONE: Final = 6


class ErasedAddressError(ConflictError):
    """The person behind this address was erased here: he or she must register again before being added again."""

    code: ClassVar[str] = "ADDRESS_ERASED"

    def __init__(self) -> None:
        super().__init__(
            "The person with this address was erased from this organisation: ask him or her to register again first.",
            path=("email",),
        )


class Reassignable(StrEnum):
    """What a person was known by and another may be known by now."""

    EMAIL = "email"
    PHONE = "phone"
    USERNAME = "username"


class ErasedIdentifierError(ConflictError):
    """A person who was erased here was known by this: leave it out, or say that it is another's now."""

    code: ClassVar[str] = "IDENTIFIER_ERASED"

    def __init__(self, identifier: Reassignable) -> None:
        super().__init__(
            f"A person who was erased from this organisation was known by this {_WORDS[identifier]}: leave it out, or"
            f" name it among `reassigned`, if it belongs to somebody else now.",
            path=(identifier.value,),
        )


_WORDS: Final = MappingProxyType(
    {
        Reassignable.EMAIL: "mailbox",
        Reassignable.PHONE: "telephone number",
        Reassignable.USERNAME: "username",
    }
)


@dataclass(frozen=True, slots=True)
class KnownBy:
    """What a person would be known by, in canonical form; empty where nothing is entered."""

    email: str = ""
    phone: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What of it was an erased person's.

    Attributes:
        is_address: the very address.
        others: the mailbox of which the address is a sub-address, or that has such; the telephone number; the username.
    """

    is_address: bool
    others: frozenset[Reassignable]

    def refusal(self, reassigned: Collection[Reassignable]) -> WardshipError | None:
        """Return why a person with this can't be entered, though some of it is said to be another's now."""
        if self.is_address:
            return ErasedAddressError()
        left = sorted(self.others - set(reassigned))
        return ErasedIdentifierError(left[0]) if left else None


async def set_tombstones(
    access: Access, *, emails: Collection[str], phones: Collection[str], usernames: Collection[str]
) -> None:
    """Set tombstones for what an erased person was known by, so that no import, invitation or change brings it back.

    A number that others here have too, such as a switchboard's, was never the person's own.

    Args:
        access: the system's own, when the person's row is empty already.
        emails: every address, canonical.
        phones: as typed.
        usernames: those that nobody else here has.
    """
    shared = await _shared_numbers(access, phones)
    await suppress(
        access.transaction,
        access.services.keys,
        {
            "email": {form for email in emails for form in mailbox_forms(email)},
            "phone": {form for phone in phones if shared.isdisjoint(_digits(phone)) for form in _phone_forms(phone)},
            "username": {_username(name) for name in usernames},
        },
        organisation_id=access.organisation_id,
        at=access.now,
    )


async def _shared_numbers(access: Access, phones: Collection[str]) -> set[str]:
    """Return the digits of those numbers that others here have too."""
    wanted = [form for phone in phones for form in _digits(phone)]
    if not wanted:
        return set()
    # Besides its digits a number holds nothing but these, and `translate` costs a tenth of a regular expression.
    rows = await access.fetch(
        "select translate(phone, '+ ().-/', '') as phone from member where organisation_id = $1"
        " and phone <> '' and translate(phone, '+ ().-/', '') = any($2::text[]) and state <> 'erased'",
        wanted,
    )
    return {row["phone"] for row in rows}


async def suppressed(access: Access, people: Sequence[KnownBy]) -> list[Suppressed]:
    """Return, for each person, what of it this organisation erased and nobody registered since.

    What other organisations erased is not told: whether somebody ever had an account elsewhere is nobody's business.
    """
    emails = await _buried(access, "email", (mailbox_forms(person.email) for person in people))
    phones = await _buried(access, "phone", (_spellings(person.phone) for person in people))
    names = await _buried(access, "username", (_usernames(person.username) for person in people))
    kinds = ((Reassignable.EMAIL, emails), (Reassignable.PHONE, phones), (Reassignable.USERNAME, names))
    return [
        Suppressed(person.email in emails[number], frozenset(kind for kind, found in kinds if found[number]))
        for number, person in enumerate(people)
    ]


async def require_not_suppressed(access: Access, person: KnownBy, reassigned: Collection[Reassignable] = ()) -> None:
    """Refuse what an erased person was known by; note in the audit what is said to be another's now.

    Raises:
        ErasedAddressError: the address was erased, and the person has not registered again.
        ErasedIdentifierError: mailbox, number or username was, and is not said to be another's.
    """
    (found,) = await suppressed(access, [person])
    if refusal := found.refusal(reassigned):
        raise refusal
    if found.others:
        await note_reassigned(access, found.others)


async def note_reassigned(access: Access, identifiers: Iterable[Reassignable], *, count: int = 1) -> None:
    """Note that what erased people were known by was entered as another's: which kinds, never a value."""
    kinds = sorted({each.value for each in identifiers})
    await access.audit("member.identifier_reassigned", "organisation", access.organisation_id, kinds=kinds, count=count)


async def require_address_not_suppressed(access: Access, address: str) -> None:
    """Refuse an address whose owner was erased from this organisation; for acts of the person.

    Raises:
        ErasedAddressError: it was, and the person has not registered again.
    """
    (found,) = await _buried(access, "email", [(address,)])
    if found:
        raise ErasedAddressError


async def _buried(access: Access, kind: IdentifierKind, people: Iterable[Collection[str]]) -> list[set[str]]:
    """Return, for each person, which of these forms have a tombstone."""
    found: list[set[str]] = []
    owners: defaultdict[bytes, list[tuple[set[str], str]]] = defaultdict(list)
    for forms in people:
        found.append(set())
        for form in forms:
            for digest in access.services.keys.fingerprints(PURPOSE, f"{kind}:{form}") if form else ():
                owners[digest].append((found[-1], form))
    if owners:
        rows = await access.transaction.fetch("select buried_identifiers($1, $2::bytea[]) as hash", kind, list(owners))
        for row in rows:
            for theirs, form in owners[row["hash"]]:
                theirs.add(form)
    return found


def _username(name: str) -> str:
    return fold(name.strip().lstrip("@"))


def _usernames(name: str) -> Collection[str]:
    """Return a username as tombstones have it: folded, and those from before as typed."""
    plain = name.strip().lstrip("@")
    return dict.fromkeys((_username(name), plain, plain.lower())) if plain else ()


def _phone_forms(phone: str) -> tuple[str, ...]:
    """Return the digits of a number: with its country, where that is known, and as they are dialled there."""
    forms = phone_forms(phone)
    is_long = bool(forms) and len(forms[0]) >= _SHORTEST_PHONE
    return tuple(dict.fromkeys((forms[0], forms[-1]))) if is_long else ()


def _spellings(phone: str) -> Collection[str]:
    """Return a number as tombstones have it: its forms, and for those from before the usual ways of typing it."""
    forms = _phone_forms(phone)
    typed = [phone, *_written(forms[0])] if forms else []
    return dict.fromkeys([*forms, *typed])


def _written(form: str) -> list[str]:
    if not form.startswith("+"):
        return []
    number = phonenumbers.parse(form)
    kinds = phonenumbers.PhoneNumberFormat
    return [phonenumbers.format_number(number, kind) for kind in (kinds.INTERNATIONAL, kinds.NATIONAL)]


def _digits(phone: str) -> list[str]:
    return [form.removeprefix("+") for form in phone_forms(phone)]
