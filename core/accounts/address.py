"""The one written form of an e-mail address, by which accounts, invitations and tombstones are compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import ClassVar, NewType

import idna
from email_validator import EmailNotValidError, validate_email

from wardship.core.errors import InvalidInputError

EmailAddress = NewType("EmailAddress", str)
"""An address in canonical form: made by ``canonical_address`` alone."""

_LONGEST = 320
_PUBLIC = ".example"


class InvalidAddressError(InvalidInputError):
    """The text is not an e-mail address: write it as name@example.org."""

    code: ClassVar[str] = "INVALID_ADDRESS"


def canonical_address(text: str, internal: Collection[str], *, path: tuple[str, ...] = ("email",)) -> EmailAddress:
    """Return an address in canonical form: Unicode NFC, lower case, domain in Unicode (RFC 6532, RFC 5891).

    The local part is lowered too: no mail service in use tells ``Ann@`` from ``ann@``, and two accounts, or a tombstone
    beside a living account, for one mailbox would be worse than one for two.

    Args:
        text: what somebody typed.
        internal: the domains that only the deployment's own network knows, as its settings name them.
        path: the field of the input.

    Raises:
        InvalidAddressError: the text is not an e-mail address, or is one of an internal domain that is not named.
    """
    typed = text[: _LONGEST + 1].strip()
    try:
        return EmailAddress(_lowered(validate_email(typed, check_deliverability=False).normalized))
    except EmailNotValidError:
        return _internal_address(typed, internal, path)


def _internal_address(typed: str, internal: Collection[str], path: tuple[str, ...]) -> EmailAddress:
    """Return an address at a domain that the public DNS can't know: of a single label, or below `local`, say.

    The validator refuses those whatever it is told, so it is shown them below a domain that it knows.
    """
    try:
        found = validate_email(typed + _PUBLIC, check_deliverability=False)
    except EmailNotValidError:
        raise InvalidAddressError("This is not an e-mail address: write it as name@example.org.", path=path) from None
    domain = found.ascii_domain.lower().removesuffix(_PUBLIC)
    if not any(f".{domain}".endswith(f".{own}") for own in internal):
        raise InvalidAddressError(
            f"{domain} is known inside a network only, and addresses there are not accepted here: give another, or ask"
            " who runs this service to name the domain in WARDSHIP_INTERNAL_DOMAINS.",
            path=path,
        )
    return EmailAddress(_lowered(found.normalized).removesuffix(_PUBLIC))


def _lowered(address: str) -> str:
    """Return an address in small letters, composed again: a capital may be two signs whose small letter is one."""
    return unicodedata.normalize("NFC", address.lower())


def ascii_domain(address: str) -> str:
    """Return an address with its domain in ASCII, which every mail server knows; unchanged where it has none."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}{at}{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return address


def mailbox(address: str) -> str:
    """Return the mailbox of a canonical address, by which mails to it are counted: without a sub-address."""
    return mailbox_forms(address)[-1]


def mailbox_forms(address: str) -> tuple[str, ...]:
    """Return the forms under which the mailbox of a canonical address is known: itself, and without a sub-address.

    What stands behind a plus sign in the local part names no other mailbox where sub-addresses are in use (RFC 5233).
    """
    local, at, domain = address.rpartition("@")
    plain = f"{local.partition('+')[0] or local}{at}{domain}"
    return (address,) if plain == address else (address, plain)
