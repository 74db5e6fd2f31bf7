"""An organisation's provider of sign-in as the domain hands it out, and which state may follow which."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column


class ProviderState(StrEnum):
    """Where a provider stands.

    A draft was entered, or changed, and not tried since. A tested one has signed in somebody who manages it. By an
    active one people may sign in; by an enforced one they have to, but for the owner. By one that is off nobody does:
    another one takes its place.
    """

    DRAFT = "draft"
    TESTED = "tested"
    ACTIVE = "active"
    ENFORCED = "enforced"
    OFF = "off"


_S = ProviderState

TRANSITIONS: Final = MappingProxyType(
    {
        _S.DRAFT: frozenset({_S.TESTED, _S.OFF}),
        _S.TESTED: frozenset({_S.DRAFT, _S.ACTIVE, _S.OFF}),
        _S.ACTIVE: frozenset({_S.ENFORCED, _S.OFF}),
        _S.ENFORCED: frozenset({_S.ACTIVE, _S.OFF}),
        _S.OFF: frozenset[ProviderState](),
    }
)
"""Every write of a state follows this table."""

IN_FORCE: Final = frozenset({_S.ACTIVE, _S.ENFORCED})
"""By one such provider of an organisation people sign in."""


class SecondStep(StrEnum):
    """Where the second step of a sign-in is taken."""

    OWN = "own"
    """Here: each person shows the second factor of the own account, or sets one up at the first sign-in."""
    PROVEN = "proven"
    """At the provider, which says so in `amr` or `acr`; here where it does not."""
    TRUSTED = "trusted"
    """At the provider, which does not say so: an administrator vouches that it asks everybody for a second factor."""


class Admission(StrEnum):
    """Whom the provider may bring that is no member yet."""

    MEMBERS = "members"
    """Those whose membership was prepared for the address that the provider names."""
    ADDRESSES = "addresses"
    """Everybody whose address is at a domain that the organisation has proven: as plain member."""


class ProviderRecord(Row):
    """A provider of sign-in of one organisation.

    Attributes:
        name: how people of the organisation call it.
        issuer: the provider as it names itself.
        client_id: how it calls this deployment.
        acr_values: levels of which each is a second factor at the provider.
        hosted_domain: the Google Workspace to which accounts have to belong; empty for others.
        address_key: part of the organisation's sign-in address, which nobody guesses.
        tested_by: the account that has tried it last, of somebody who manages it.
        trouble: what went wrong at the last sign-in for a reason that an administrator has to settle.
    """

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    organisation_id: UUID = column("organisation_id")
    state: ProviderState = column("state", ProviderState)
    state_since: datetime = column("state_since")
    name: str = column("name")
    issuer: str = column("issuer")
    client_id: str = column("client_id")
    client_secret: bytes = column("client_secret")
    second_step: SecondStep = column("second_step", SecondStep)
    acr_values: list[str] = column("acr_values")
    hosted_domain: str = column("hosted_domain")
    admits: Admission = column("admits", Admission)
    address_key: str = column("address_key")
    tested_at: datetime | None = column("tested_at")
    tested_by: UUID | None = column("tested_by")
    trouble: str | None = column("trouble")
    trouble_since: datetime | None = column("trouble_since")


COLUMNS: Final = (
    "id, created_at, organisation_id, state, state_since, name, issuer, client_id, client_secret, second_step,"
    " acr_values, hosted_domain, admits, address_key, tested_at, tested_by, trouble, trouble_since"
)
