"""What the host hands to a connector's methods."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

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
        everything: the installation ends; ``subjects`` then lists those known to have been sent.
    """

    everything: bool
    subjects: tuple[SubjectRef, ...] = ()


class Restriction(ContractModel):
    """Stops the use of a person's data, or lifts the stop.

    Attributes:
        active: True to restrict, False to lift.
        purpose: the purpose objected to; None for all.
        record: when lifting, what the vendor may hold again.
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
    """A call from the vendor, whose signature the host has not checked: the connector does."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
