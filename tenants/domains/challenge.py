"""The record that proves a claim: where it stands, what it says, and what is kept of it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from wardship.tenants.domains.records import CHALLENGES, ClaimScope, record_name

PREFIX: Final = "wardship-domain,"
"""How every record begins that proves a domain."""
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Challenge:
    """A record to place in the DNS.

    Attributes:
        name: of the TXT record, in full.
        value: of the record.
    """

    name: str
    value: str

    @property
    def digest(self) -> bytes:
        """What is kept of it."""
        return record_digest(self.value)


def new_challenge(name: str, scope: ClaimScope, *, public_url: str, slug: str) -> Challenge:
    """Return a new record for a claim.

    It says for which service, which organisation and how much it is placed, so that nobody who is asked to place one
    takes it for something else. It has neither blanks nor semicolons, which forms and zone files treat in their own
    ways.
    """
    service = urlsplit(public_url).netloc
    token = secrets.token_urlsafe(32)
    value = f"{PREFIX}service={service},organisation={slug},scope={scope.value},token={token}"
    return Challenge(record_name(name, scope), value)


def sibling_name(name: str) -> str:
    """Return a name beside the record's that nobody has placed: what is there is there for every name."""
    return f"_{secrets.token_hex(8)}.{CHALLENGES}.{name}"


def record_digest(value: str) -> bytes:
    """Return the digest of a record as it was found: blanks and quotation marks that a form added change nothing.

    The whole value counts, so that a token alone, without service and organisation beside it, proves nothing.
    """
    plain = plain_value(value)
    return hashlib.sha256(plain.encode()).digest() if len(plain) <= _LONGEST else b""


def plain_value(value: str) -> str:
    """Return a record's value without what a form may have added: blanks and quotation marks."""
    return "".join(value.replace('"', "").split())
