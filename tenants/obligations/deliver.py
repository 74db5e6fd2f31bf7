"""Prepare the calls that carry a record: the gate decides, and what may not be held any more is taken back instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import BaseModel

from wardship.plugins.api import Record, Restriction, Share, Verb
from wardship.plugins.host import Doer, Installed, doer
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import Standing
from wardship.tenants.egress.gate import Delivery, Passage, open_gate
from wardship.tenants.installations.records import InstallationRecord, InstallationState
from wardship.tenants.obligations.decisions import Next, given_up
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.for_member import with_identifiers
from wardship.tenants.obligations.leased import Change, Leased, write
from wardship.tenants.obligations.outcomes import ended_outcome
from wardship.tenants.obligations.settle import end_uncalled, hand_over_uncalled
from wardship.tenants.obligations.work import Work

_HELD = frozenset({"shared", "restricted"})


async def deliver(
    access: Access, installation: InstallationRecord, connection: Installed, leases: Sequence[Leased]
) -> list[Work]:
    """Return the calls that deliver these obligations' records; the ledger has each before it is returned."""
    passing = [leased for leased in leases if await _may_go(access, installation, connection, leased)]
    links = await _links(access, installation, passing)
    deliveries = [Delivery(leased.member_id, leased.id, leased.attempt) for leased in passing if leased.member_id]
    passages = await open_gate(access, installation, deliveries) if deliveries else {}
    works = []
    for leased in passing:
        passage, link = passages[leased.id], links.get(leased.member_id)
        if passage.record is None:
            await _take_back(access, installation, leased, passage, link)
        else:
            works.append(_work(installation, connection, leased, passage.record, link))
    return works


async def _may_go(access: Access, installation: InstallationRecord, connection: Installed, leased: Leased) -> bool:
    """Return whether the installation takes records now; settle the obligation when it does not."""
    method = _method(installation, leased, None)
    if doer(installation.manifest, method) is Doer.PERSON:
        work = Work(leased=leased, installation=installation, installed=connection, verb=leased.verb)
        await hand_over_uncalled(access, work, "needs_a_person")
        return False
    if doer(installation.manifest, method) is Doer.NOBODY or leased.member_id is None:
        await end_uncalled(access, leased, Next.COMPLETED, "nothing_to_send")
        return False
    if installation.is_sharing:
        return True
    if leased.verb is Verb.CORRECT and installation.state is InstallationState.PAUSED:
        await _wait(access, installation, connection, leased)
    else:
        await end_uncalled(access, leased, "cancelled", f"installation_{installation.state.value}")
    return False


async def _wait(access: Access, installation: InstallationRecord, connection: Installed, leased: Leased) -> None:
    """Let a correction wait until sharing goes on; a person carries it over when that takes too long."""
    if access.now >= leased.owed.give_up_at:
        work = Work(leased=leased, installation=installation, installed=connection, verb=leased.verb)
        await hand_over_uncalled(access, work, given_up(leased.verb, "installation_paused").code)
        return
    change = Change(
        state="waiting", at=leased.owed.give_up_at, outcome=ended_outcome("in_progress", "installation_paused")
    )
    await write(access, leased, change)


async def _links(
    access: Access, installation: InstallationRecord, leases: Sequence[Leased]
) -> Mapping[UUID | None, str]:
    rows = await access.transaction.fetch(
        "select member_id, state from subject_link"
        " where organisation_id = $1 and installation_id = $2 and member_id = any($3::uuid[])",
        access.organisation_id,
        installation.id,
        [leased.member_id for leased in leases],
    )
    return {row["member_id"]: row["state"] for row in rows}


async def _take_back(
    access: Access, installation: InstallationRecord, leased: Leased, passage: Passage, link: str | None
) -> None:
    """End a delivery that may not go out, and owe what the vendor has to do with what it holds."""
    await end_uncalled(access, leased, "cancelled", f"not_allowed:{passage.standing.value}")
    if link not in _HELD:
        return
    if passage.standing is Standing.RESTRICTED:
        demand = Demand(
            installation=installation,
            verb=Verb.RESTRICT,
            member_id=leased.member_id,
            arguments={"active": True},
            key="active=True",
        )
    else:
        demand = Demand(installation=installation, verb=Verb.ERASE, member_id=leased.member_id)
    await enqueue(access, [await with_identifiers(access, demand)])


def _work(
    installation: InstallationRecord, connection: Installed, leased: Leased, record: Record, link: str | None
) -> Work:
    method = _method(installation, leased, link)
    return Work(
        leased=leased,
        installation=installation,
        installed=connection,
        verb=method,
        argument=_argument(method, record),
        subject=record.subject,
        is_delivery=True,
    )


def _method(installation: InstallationRecord, leased: Leased, link: str | None) -> Verb:
    """Return the connector's method: a record that replaces all does a correction's duty, and a lift comes first."""
    can = {verb: doer(installation.manifest, verb) is Doer.CONNECTOR for verb in (*_CARRIERS, Verb.RESTRICT)}
    if leased.verb is Verb.CORRECT and not can[Verb.CORRECT] and can[Verb.SHARE]:
        return Verb.SHARE
    if leased.verb is Verb.SHARE and link == "restricted" and can[Verb.RESTRICT]:
        return Verb.RESTRICT
    return leased.verb


_CARRIERS = (Verb.SHARE, Verb.CORRECT)


def _argument(method: Verb, record: Record) -> BaseModel:
    match method:
        case Verb.RESTRICT:
            return Restriction(subject=record.subject, active=False, record=record)
        case Verb.CORRECT:
            return record
        case _:
            return Share(records=(record,))
