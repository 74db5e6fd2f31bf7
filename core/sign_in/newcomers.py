"""Who comes from a provider that vouches for nobody here yet: kept in the browser alone, for a registration there.

The address that a provider says is proven by our own mail, like any other. What the provider has proven goes with the
registration only in the browser that came from there: somebody who gives another's address can't get a way into the
account that its owner then makes.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from wardship.core.accounts.address import EmailAddress, InvalidAddressError, canonical_address
from wardship.core.keys import KeyRing, UnreadableSecretError
from wardship.core.openid.claims import ProvenIdentity
from wardship.core.sign_in.call import Call
from wardship.core.sign_in_provider import SignInProvider

NEWCOMER_LASTS: Final = timedelta(hours=24)
"""As long as the link that is mailed."""
_PURPOSE: Final = "newcomer"


class Newcomer(msgspec.Struct, frozen=True):
    """Somebody whom a provider has proven, and whom no account here knows.

    Attributes:
        provider: the name of the provider, as people read it.
        issuer: the provider.
        subject: who it is there.
        address: the address that the provider says, in our form; empty when it says none that could be one.
        until: how long it counts.
    """

    provider: str
    issuer: str
    subject: str
    address: str
    until: datetime


@dataclass(frozen=True, slots=True)
class NewcomerSeal:
    """Writes newcomers for a cookie, and reads them: encrypted, so that no one else makes or reads one."""

    keys: KeyRing

    def write(self, newcomer: Newcomer) -> str:
        """Return the value of the cookie."""
        sealed = self.keys.encrypt(_PURPOSE, msgspec.json.encode(newcomer))
        return base64.urlsafe_b64encode(sealed).decode()

    def read(self, value: str | None, *, at: datetime) -> Newcomer | None:
        """Return the newcomer in a cookie's value; None where there is none, or it counts no longer."""
        try:
            plain = self.keys.decrypt(_PURPOSE, base64.urlsafe_b64decode(value or ""))
            newcomer = msgspec.json.decode(plain, type=Newcomer)
        except (UnreadableSecretError, binascii.Error, ValueError, msgspec.DecodeError):
            return None
        return newcomer if newcomer.until > at else None


def newcomer_from(call: Call, provider: SignInProvider, person: ProvenIdentity) -> Newcomer:
    """Return somebody whom a provider has just proven."""
    try:
        address = canonical_address(person.email, call.settings.internal_domains)
    except InvalidAddressError:
        address = EmailAddress("")
    return Newcomer(provider.name, person.issuer, person.subject, address, call.now + NEWCOMER_LASTS)
