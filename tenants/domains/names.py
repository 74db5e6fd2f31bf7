"""The one written form of a domain, made here alone, and which domains an organisation may claim."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import ClassVar, Final, NewType

import idna
import regex
from publicsuffixlist import PublicSuffixList

from wardship.core.errors import InvalidInputError
from wardship.core.settings import Settings
from wardship.tenants.domains.shared_names import is_disposable, is_mail_for_everybody, is_special_use

DomainName = NewType("DomainName", str)
"""A domain in canonical form: A-labels in small letters, no dot at the end; made by ``canonical_domain`` alone."""

_LONGEST: Final = 200
"""So long that the name of the record that proves it, of ours before it, can still be asked for."""
_PATH: Final = ("name",)
_TOGETHER: Final = (
    frozenset({"Latin", "Han", "Hiragana", "Katakana"}),
    frozenset({"Latin", "Han", "Bopomofo"}),
    frozenset({"Latin", "Han", "Hangul"}),
)
"""Scripts that are written in one word (Unicode technical standard 39, section 5.2, highly restrictive)."""
_SCRIPTS: Final = {
    name: regex.compile(rf"\p{{Script={name}}}")
    for name in (
        *("Latin", "Cyrillic", "Greek", "Armenian", "Georgian", "Hebrew", "Arabic", "Thaana", "Devanagari", "Bengali"),
        *("Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao"),
        *("Tibetan", "Myanmar", "Khmer", "Ethiopic", "Cherokee", "Mongolian", "Han", "Hiragana", "Katakana"),
        *("Bopomofo", "Hangul"),
    )
}
_COMMON: Final = regex.compile(r"[\p{Script=Common}\p{Script=Inherited}]")


class InvalidDomainError(InvalidInputError):
    """The text is no domain: write it as example.org, without an address before it."""

    code: ClassVar[str] = "INVALID_DOMAIN"


class DomainRefusedError(InvalidInputError):
    """The domain can be nobody's alone, or can't be proven; the message says which."""

    code: ClassVar[str] = "DOMAIN_REFUSED"


def canonical_domain(text: str) -> DomainName:
    """Return a domain in canonical form (UTS 46, non-transitional, with the rules of STD 3).

    Raises:
        InvalidDomainError: no such domain can be registered.
    """
    try:
        name = idna.encode(text.strip(), uts46=True, std3_rules=True).decode("ascii").lower()
    except idna.IDNAError:
        raise _invalid() from None
    name = name.removesuffix(".")
    labels = name.split(".")
    if len(labels) == 1 or labels[-1].isdigit() or len(name) > _LONGEST:
        raise _invalid()
    return DomainName(name)


def shown_domain(name: str) -> str:
    """Return a canonical domain as people of its script read it."""
    try:
        return idna.decode(name)
    except idna.IDNAError:
        return name


def claimable_domain(text: str, settings: Settings) -> DomainName:
    """Return what an organisation may claim, in canonical form.

    Raises:
        InvalidDomainError: no such domain can be registered.
        DomainRefusedError: it is nobody's alone, known to one network only, or made to look like another.
    """
    name = canonical_domain(text)
    if reason := _reason_against(name, settings):
        raise DomainRefusedError(reason, path=_PATH)
    return name


def is_below_shared_host(name: str) -> bool:
    """Return whether a name stands below one whose owner gives such names to everybody (the list's private section)."""
    return _suffixes().publicsuffix(name) != _registries().publicsuffix(name)


def names_above(name: str) -> list[str]:
    """Return the names above a canonical name that somebody can register, the shortest first."""
    labels = name.split(".")
    above = [".".join(labels[place:]) for place in range(len(labels) - 1, 0, -1)]
    return [each for each in above if "." in each]


def _reason_against(name: DomainName, settings: Settings) -> str | None:
    if _is_below(name, settings.internal_domains):
        return "Only this service's own network knows this domain, so that nobody can prove it."
    if is_special_use(name, is_development=settings.development):
        return "Nobody can register this domain: claim one that is yours."
    if is_disposable(name):
        return "This domain gives out addresses to throw away: it is no organisation's."
    if is_mail_for_everybody(name):
        return "Anybody may have an address at this domain, so it is no organisation's."
    if _mixes_scripts(name):
        return "A word of this domain mixes letters of scripts that look alike: it can't be claimed."
    return _reason_against_suffix(name, settings)


def _reason_against_suffix(name: DomainName, settings: Settings) -> str | None:
    if settings.development and name.rpartition(".")[2] in {"example", "test"}:
        return None
    if _suffixes().privatesuffix(name) is None:
        return "This is a suffix under which others register names, or none that is known: claim a name below it."
    return None


def _is_below(name: str, domains: Collection[str]) -> bool:
    return any(f".{name}".endswith(f".{each}") for each in domains)


def _mixes_scripts(name: DomainName) -> bool:
    return any(not _is_one_writing(label) for label in shown_domain(name).split("."))


def _is_one_writing(label: str) -> bool:
    letters = [letter for letter in label if not _COMMON.match(letter)]
    found = {next((name for name, of in _SCRIPTS.items() if of.match(letter)), letter) for letter in letters}
    return len(found) <= 1 or any(found <= each for each in _TOGETHER)


def _invalid() -> InvalidDomainError:
    return InvalidDomainError("This is no domain: write it as example.org, without an address before it.", path=_PATH)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


@cache
def _registries() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)
