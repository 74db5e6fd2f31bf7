"""The one written form of an e-mail address, by which accounts, invitations and tombstones are compared."""

from __future__ import annotations

from typing import ClassVar, NewType

from email_validator import EmailNotValidError, validate_email

from wardship.core.errors import InvalidInputError

EmailAddress = NewType("EmailAddress", str)
"""An address in canonical form: made by ``canonical_address`` alone."""

_LONGEST = 320


class InvalidAddressError(InvalidInputError):
    """The text is not an e-mail address: write it as name@example.org."""

    code: ClassVar[str] = "INVALID_ADDRESS"


def canonical_address(text: str, *, path: tuple[str, ...] = ("email",)) -> EmailAddress:
    """Return an address in canonical form: Unicode NFC, lower case, domain in Unicode (RFC 6532, RFC 5891).

    The local part is lowered too: no mail service in use tells ``Ann@`` from ``ann@``, and two accounts, or a tombstone
    beside a living account, for one mailbox would be worse than one for two.

    Raises:
        InvalidAddressError: the text is not an e-mail address.
    """
    try:
        address = validate_email(text[: _LONGEST + 1].strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise InvalidAddressError("This is not an e-mail address: write it as name@example.org.", path=path) from None
    return EmailAddress(address)


def mailbox_forms(address: str) -> tuple[str, ...]:
    """Return the forms under which the mailbox of a canonical address is known: itself, and without a sub-address.

    What stands behind a plus sign in the local part names no other mailbox where sub-addresses are in use (RFC 5233).
    """
    local, at, domain = address.rpartition("@")
    plain = f"{local.partition('+')[0] or local}{at}{domain}"
    return (address,) if plain == address else (address, plain)
