"""Tell vendors of an objection to a purpose as such, and that it was withdrawn (contract 2)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from wardship.plugins.api import Cause, Verb
from wardship.plugins.api.doers import Doer, objection_doer
from wardship.plugins.api.taxonomy import covers
from wardship.tenants.access import Access
from wardship.tenants.egress.holdings import HELD, LinkState, places_holding
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.enqueue import Demand, enqueue


async def tell_objection(access: Access, member_id: UUID, purpose: str, installation_id: UUID | None) -> list[UUID]:
    """Owe to each vendor that holds data of a member that it stops using it for what the member objects to.

    The caller has locked the member. Where the vendor can't be told, and keeps data for another purpose that it held
    for this one too, a person tells it. What may still be held is brought in line by itself.

    Args:
        access: the caller.
        member_id: who objects.
        purpose: to what, what stands below it included; empty for every purpose.
        installation_id: at whom; None for everybody.

    Returns:
        the obligations.
    """
    demands = [
        _demand(installation, member_id, objected, active=True)
        for installation in await _present(access, member_id, installation_id, HELD)
        for objected in _declared(installation, purpose)
        if objection_doer(installation.manifest, objected) is not Doer.NOBODY
    ]
    return await enqueue(access, demands)


async def tell_objection_withdrawn(
    access: Access, member_id: UUID, purpose: str, installation_id: UUID | None
) -> list[UUID]:
    """Owe to each vendor that was told of an objection that it has ended, unless another one covers the same."""
    standing = await access.fetch(
        "select purpose, installation_id from objection"
        " where organisation_id = $1 and member_id = $2 and withdrawn_at is null",
        member_id,
    )
    demands = [
        _demand(installation, member_id, objected, active=False)
        for installation in await _present(access, member_id, installation_id, frozenset(LinkState))
        for objected in _declared(installation, purpose)
        if objection_doer(installation.manifest, objected) is Doer.CONNECTOR
        and not any(
            row["installation_id"] in {None, installation.id} and _covers(row["purpose"], objected) for row in standing
        )
    ]
    return await enqueue(access, demands)


async def _present(
    access: Access, member_id: UUID, installation_id: UUID | None, states: frozenset[LinkState]
) -> list[InstallationRecord]:
    """Return the installations whose present place knows a member in one of these states."""
    return [
        held.installation
        for held in await places_holding(access, member_id, states=states)
        if held.place.id == held.installation.place_id and installation_id in {None, held.installation.id}
    ]


def _declared(installation: InstallationRecord, purpose: str) -> Iterator[str]:
    """Return the declared purposes that an objection covers, each once."""
    declared = sorted({entry.purpose for entry in installation.manifest.receives})
    return (each for each in declared if _covers(purpose, each))


def _covers(purpose: str, declared: str) -> bool:
    return purpose == "" or covers(purpose, declared)


def _demand(installation: InstallationRecord, member_id: UUID, purpose: str, *, active: bool) -> Demand:
    return Demand(
        installation=installation,
        verb=Verb.RESTRICT,
        member_id=member_id,
        arguments={"active": active, "purpose": purpose},
        cause=Cause.OBJECTION if active else None,
        key=f"active={active},purpose={purpose}",
    )
