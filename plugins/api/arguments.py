"""What the host hands to a connector's methods."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from wardship.plugins.api.contract import ContractModel
from wardship.plugins.api.subjects import Record, SubjectRef
from wardship.plugins.api.taxonomy import CategoryKey, PurposeKey

OpaqueId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class Holder(StrEnum):
    """For whom an integration is connected."""

    ORGANISATION = "organisation"
    GROUP = "group"
    MEMBER = "member"


class Cause(StrEnum):
    """Why something is taken back, or comes to rest."""

    REQUEST = "request"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTION = "objection"
    RESTRICTION = "restriction"
    GRANT_WITHDRAWN = "grant_withdrawn"
    UNINSTALLATION = "uninstallation"
    MOVE = "move"
    MEMBERSHIP_ENDED = "membership_ended"
    MEMBERSHIP_SUSPENDED = "membership_suspended"
    AUDIENCE_LEFT = "audience_left"
    COUNTRY_FORBIDDEN = "country_forbidden"
    RETENTION_ENDED = "retention_ended"
    NOTHING_LEFT = "nothing_left"
    FOUND_AGAIN = "found_again"


class Grant(ContractModel):
    """Connects an organisation, a group or a member, and says which categories may flow."""

    holder: Holder
    holder_id: OpaqueId
    categories: tuple[CategoryKey, ...]


class Share(ContractModel):
    """Records that the egress gate built; each replaces what the vendor holds on its subject."""

    records: Annotated[tuple[Record, ...], Field(min_length=1)]


class Revocation(ContractModel):
    """Ends the vendor's hold on some people, or on all that this installation ever sent.

    Attributes:
        everything: the installation ends; ``subjects`` then lists those known to have been sent where they are 100 at
            most, and nobody otherwise: each was erased before, and what the vendor still lists goes too.
    """

    everything: bool
    subjects: tuple[SubjectRef, ...] = ()


class Restriction(ContractModel):
    """Stops the use of a person's data, or lifts the stop.

    Attributes:
        active: True to restrict, False to lift.
        purpose: the purpose objected to, one that the manifest declares; None for all. What may still be held for other
            purposes comes after it, as ``share`` does, and where nothing may be, ``erase``.
        record: when a stop for all purposes is lifted, what the vendor may hold again.
    """

    subject: SubjectRef
    active: bool
    purpose: PurposeKey | None = None
    record: Record | None = None


class Claimed(StrEnum):
    """What is to be proven."""

    ERASED = "erased"
    REVOKED = "revoked"


class Claim(ContractModel):
    """What ``attest`` has to prove.

    Attributes:
        subjects: whose data must be gone; empty with ``REVOKED`` for everything the installation sent.
        everything: the installation ends; ``subjects`` then lists those known to have been sent, if they are few.
    """

    claimed: Claimed
    subjects: tuple[SubjectRef, ...] = ()
    everything: bool = False


class Inquiry(ContractModel):
    """The people whose state is asked for, at most ``limits.batch`` of them."""

    subjects: tuple[SubjectRef, ...]


class InboundCall(ContractModel):
    """A call from the vendor, whose signature the host has not checked: the connector does.

    Attributes:
        method: some vendors ask by GET whether the address is ours, when it is registered with them.
        headers: names in lower case; cookies are left out.
        body: exactly as it came; signatures are over these bytes.
        query: names and values of the address's query, decoded, in order.
    """

    method: Literal["GET", "POST"] = "POST"
    headers: tuple[tuple[str, str], ...]
    body: bytes
    query: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """Return a header's value; None where it is absent, or there more than once, so that it says nothing."""
        return _only(value for key, value in self.headers if key.lower() == name.lower())

    def parameter(self, name: str) -> str | None:
        """Return the value of a parameter of the query; None where it is absent, or there more than once."""
        return _only(value for key, value in self.query if key == name)


def _only(values: Iterable[str]) -> str | None:
    found = list(values)
    return found[0] if len(found) == 1 else None
