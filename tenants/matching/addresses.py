"""Forms of an e-mail address: one canonical form to compare, and a pattern for all that mean the same mailbox."""

from __future__ import annotations

import unicodedata
from typing import Final

import idna
import regex

from wardship.tenants.matching.characters import SPACED_LETTER
from wardship.tenants.matching.folding import fold

_PREFIX: Final = "xn--"
_LEFT: Final = rf"(?<!{SPACED_LETTER})(?<!{SPACED_LETTER}[._+\-'])"
_RIGHT: Final = rf"(?!{SPACED_LETTER}|[.\-]+{SPACED_LETTER})"


def canonical_address(text: str) -> str:
    """Return the form in which addresses are compared: NFC, small letters, the domain in Unicode, no sub-address."""
    local, at, domain = unicodedata.normalize("NFC", text.strip()).lower().rpartition("@")
    if not at:
        return domain
    return f"{local.partition('+')[0] or local}@{unicode_domain(domain)}"


def unicode_domain(domain: str) -> str:
    """Return a domain with each label in Unicode (U-label); a label that can't be decoded stays as it is."""
    return ".".join(map(_unicode_label, domain.lower().split(".")))


def ascii_domain(domain: str) -> str:
    """Return a domain with each label in ASCII (A-label), as it travels; a label that has no such form stays."""
    return ".".join(map(_ascii_label, unicode_domain(domain).split(".")))


def _unicode_label(label: str) -> str:
    if not label.startswith(_PREFIX):
        return label
    try:
        return unicodedata.normalize("NFC", label.removeprefix(_PREFIX).encode("ascii").decode("punycode"))
    except UnicodeError:
        return label


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return idna.encode(label, uts46=True).decode("ascii")
    except idna.IDNAError:
        return label


def address_pattern(address: str) -> str:
    """Return a pattern for a folded text that finds a mailbox: its sub-addresses, and both forms of its domain."""
    local, _, domain = canonical_address(address).rpartition("@")
    either = {fold(unicode_domain(domain)), fold(ascii_domain(domain))}
    domains = "|".join(sorted(map(regex.escape, either)))
    return rf"{_LEFT}{regex.escape(fold(local))}(?:\+[\w.+\-]*)?@(?:{domains}){_RIGHT}"
