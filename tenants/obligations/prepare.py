"""Make the calls of a batch: through the gate where a record goes out, ended where nothing is to be done.

All of it in one transaction, committed right before the calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import BaseModel

from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import (
    Claim,
    Claimed,
    Grant,
    Inquiry,
    Record,
    Restriction,
    Revocation,
    Share,
    SubjectRef,
    Verb,
)
from wardship.plugins.host.call import Doer, Installed, doer
from wardship.plugins.host.registry import LoadState
from wardship.plugins.host.reply import Fault, failure
from wardship.tenants.access import Access
from wardship.tenants.egress.allowed import DisclosureStatus
from wardship.tenants.egress.gate import GateDecision, authorise_disclosures, subject_of
from wardship.tenants.egress.ledger import may_hold
from wardship.tenants.egress.names import LINKS
from wardship.tenants.installations.records import (
    InstallationRecord,
    InstallationState,
    PlaceRecord,
    find_installations,
    installed,
    read_places,
)
from wardship.tenants.installations.states import transition_installation
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.evidence import SeenOf, seen_before
from wardship.tenants.obligations.for_member import restrict_demand, with_identifiers
from wardship.tenants.obligations.grades import NOTHING_WAS_SHARED
from wardship.tenants.obligations.leases import Batch, Lease, PreparedCall, Seen, close_lease, read_leases
from wardship.tenants.obligations.reconcile import page_of_links
from wardship.tenants.obligations.sealed import known_identifiers, unseal
from wardship.tenants.obligations.settle import DUTIES, end_uncalled, given_up, hand_over_uncalled, settle
from wardship.tenants.obligations.states import Decision, ObligationState

_IS = InstallationState
_S = ObligationState
_HELD = frozenset({"shared", "restricted"})
_MOST_NAMED = 1000
"""More people than this are not named one by one when everything is revoked: everything is everything."""


@dataclass(frozen=True, slots=True)
class _Caller:
    """What all calls of a batch to one place are made with."""

    access: Access
    installation: InstallationRecord
    place: PlaceRecord
    installed: Installed
    seen: SeenOf

    def can(self, verb: Verb) -> bool:
        """Return whether the connector does a verb."""
        return doer(self.installation.manifest, verb) is Doer.CONNECTOR


async def prepare(access: Access, batch: Batch) -> list[PreparedCall]:
    """Return the calls of a batch; what needs none is settled here."""
    leases = await read_leases(access, batch)
    installation = (await find_installations(access, [batch.installation_id])).get(batch.installation_id)
    if installation is None or not leases:
        return []
    if access.services.integrations.get(installation.integration_key).state is not LoadState.LOADED:
        await _without_package(access, installation, leases)
        return []
    connections = await _connections(access, installation, leases)
    if not connections:
        return []
    # From here on nothing about the installation can change before the ledger is committed.
    installation = (await find_installations(access, [installation.id], lock="for share"))[installation.id]
    calls: list[PreparedCall] = []
    for place, connection in connections:
        here = [lease for lease in leases if lease.place_id == place.id]
        seen = await seen_before(access, place.id, here) if batch.verb is Verb.ATTEST else {}
        caller = _Caller(access, installation, place, connection, seen)
        calls += await _prepare_at(caller, here)
    return calls


async def _connections(
    access: Access, installation: InstallationRecord, leases: Sequence[Lease]
) -> list[tuple[PlaceRecord, Installed]]:
    """Return the places that a batch goes to, each with its connection; settle what can't be connected."""
    found = []
    for place in (await read_places(access, {lease.place_id for lease in leases})).values():
        try:
            found.append((place, installed(access, installation, place)))
        except UnreadableSecretError as error:
            concerned = [lease for lease in leases if lease.place_id == place.id]
            await _without_secrets(access, installation, concerned, error)
    return found


async def _prepare_at(caller: _Caller, leases: Sequence[Lease]) -> list[PreparedCall]:
    calls = await _deliver(caller, [lease for lease in leases if _delivers(lease)])
    for lease in leases:
        if not _delivers(lease) and (call := await _prepared(caller, lease)):
            calls.append(call)
    return calls


def _delivers(lease: Lease) -> bool:
    """Return whether a record goes out with the call."""
    return lease.verb in {Verb.SHARE, Verb.CORRECT} or (lease.verb is Verb.RESTRICT and not lease.arguments.active)


async def _without_package(access: Access, installation: InstallationRecord, leases: Sequence[Lease]) -> None:
    """Give what is owed to people, and drop the rest: it is made again when the package is back."""
    for lease in leases:
        if lease.verb in DUTIES:
            await hand_over_uncalled(access, installation, lease, "not_loaded")
        else:
            await end_uncalled(access, lease, _S.CANCELLED, "not_loaded")
    await transition_installation(
        access,
        installation.id,
        to=_IS.LOAD_FAILED,
        only_from={_IS.INSTALLED, _IS.CHECKED, _IS.ACTIVE, _IS.DEGRADED, _IS.NEEDS_APPROVAL},
        reason="not_loaded",
    )


async def _without_secrets(
    access: Access, installation: InstallationRecord, leases: Sequence[Lease], error: UnreadableSecretError
) -> None:
    """Let what is owed wait for an administrator who enters the secrets again."""
    connection = Installed(id=str(installation.id), integration=installation.integration_key)
    for lease in leases:
        call = PreparedCall(lease=lease, installation=installation, installed=connection, verb=lease.verb)
        await settle(access, call, failure(lease.verb, Fault.BAD_SETTINGS, error.message))


# Calls that carry no record name people as the vendor knows them.


async def _prepared(caller: _Caller, lease: Lease) -> PreparedCall | None:
    access, installation = caller.access, caller.installation
    if doer(installation.manifest, lease.verb) is Doer.PERSON:
        await hand_over_uncalled(access, installation, lease, "needs_a_person")
        return None
    if lease.verb is Verb.ATTEST and await _is_shared_again(access, lease):
        await end_uncalled(access, lease, _S.CANCELLED, "superseded")
        return None
    subject = await _subject(access, installation, lease)
    if lease.member_id is not None and subject is None:
        await _without_link(access, installation, lease)
        return None
    return PreparedCall(
        lease=lease,
        installation=installation,
        installed=caller.installed,
        verb=lease.verb,
        argument=await _call_arguments(access, installation, lease, subject),
        subject=subject,
        seen=caller.seen.get(lease.member_id, Seen()),
    )


async def _without_link(access: Access, installation: InstallationRecord, lease: Lease) -> None:
    """End what is owed about a member of whom nothing says how the vendor knows him or her."""
    if lease.verb in DUTIES and await may_hold(access, lease.place_id, lease.member_id):
        await hand_over_uncalled(access, installation, lease, "unknown_to_vendor")
    else:
        await end_uncalled(access, lease, _S.COMPLETED, NOTHING_WAS_SHARED)


async def _is_shared_again(access: Access, lease: Lease) -> bool:
    """Return whether the member's data has been shared again since the erasure that is to be proven.

    What the proof found would be taken for a remainder, and erased.
    """
    return bool(
        await access.fetchval(
            "select state = 'shared' from subject_link"
            " where organisation_id = $1 and installation_id = $2 and member_id = $3 and place_id = $4",
            lease.installation_id,
            lease.member_id,
            lease.place_id,
        )
    )


async def _call_arguments(
    access: Access, installation: InstallationRecord, lease: Lease, subject: SubjectRef | None
) -> BaseModel | None:
    """Return what the connector's method is called with, about one subject or about the installation."""
    match lease.verb:
        case Verb.CHECK:
            return None
        case Verb.GRANT:
            return await _grant(access, installation)
        case Verb.RECONCILE:
            rows = await page_of_links(access, installation, lease)
            return Inquiry(subjects=tuple(subject_of(access, row) for row in rows))
        case _:
            return await _taking_back(access, installation, lease, subject)


async def _taking_back(
    access: Access, installation: InstallationRecord, lease: Lease, subject: SubjectRef | None
) -> BaseModel:
    """Return what the connector does to what it holds of a subject, or of everybody."""
    if subject and lease.verb is Verb.RESTRICT:
        return Restriction(subject=subject, active=True, purpose=lease.arguments.purpose or None)
    if subject and lease.verb in {Verb.ERASE, Verb.EXPORT}:
        return subject
    subjects = (subject,) if subject else await _everybody(access, installation, lease.place_id)
    if lease.verb is Verb.REVOKE:
        return Revocation(everything=subject is None, subjects=subjects)
    return Claim(claimed=Claimed(lease.arguments.claimed), subjects=subjects, everything=subject is None)


async def _grant(access: Access, installation: InstallationRecord) -> Grant:
    categories = await access.fetch(
        "select distinct category from integration_grant"
        " where organisation_id = $1 and installation_id = $2 and withdrawn_at is null order by category",
        installation.id,
    )
    holder_id = installation.member_id or installation.group_id or installation.organisation_id
    return Grant(
        holder=installation.holder,
        holder_id=str(holder_id),
        categories=tuple(row["category"] for row in categories),
    )


async def _everybody(access: Access, installation: InstallationRecord, place_id: UUID) -> tuple[SubjectRef, ...]:
    rows = await access.fetch(LINKS + " order by member_id limit $4", installation.id, place_id, _MOST_NAMED + 1)
    if len(rows) > _MOST_NAMED:
        return ()
    known = await known_identifiers(access, installation, place_id, [row["member_id"] for row in rows])
    return tuple(subject_of(access, row, known.get(row["member_id"], ())) for row in rows)


async def _subject(access: Access, installation: InstallationRecord, lease: Lease) -> SubjectRef | None:
    if lease.member_id is None or lease.verb is Verb.CHECK:
        return None
    link = await access.fetchrow(LINKS + " and member_id = $4", installation.id, lease.place_id, lease.member_id)
    if link is None:
        return None
    if lease.sealed is not None:
        return subject_of(access, link, unseal(access, lease.id, lease.sealed))
    known = await known_identifiers(access, installation, lease.place_id, [lease.member_id])
    return subject_of(access, link, known.get(lease.member_id, ()))


# Calls that carry a record: the gate decides, and what may not be held any more is taken back instead.


async def _deliver(caller: _Caller, leases: Sequence[Lease]) -> list[PreparedCall]:
    """Return the calls that deliver these obligations' records; the ledger has each before it is returned."""
    passing = [lease for lease in leases if await _may_go(caller, lease)]
    if not passing:
        return []
    links = await _links(caller, passing)
    members = {lease.id: lease.member_id for lease in passing if lease.member_id}
    attempts = {lease.id: lease.attempt for lease in passing}
    decisions = await authorise_disclosures(caller.access, caller.installation, caller.place, members, attempts)
    calls = []
    for lease in passing:
        decision, link = decisions[lease.id], links.get(lease.member_id)
        if decision.record is None:
            await _take_back(caller, lease, decision, link)
        else:
            calls.append(_delivery(caller, lease, decision.record, link))
    return calls


async def _may_go(caller: _Caller, lease: Lease) -> bool:
    """Return whether the installation takes records now; settle the obligation when it does not."""
    access, installation = caller.access, caller.installation
    by = doer(installation.manifest, _method(caller, lease, None))
    if by is Doer.PERSON:
        await hand_over_uncalled(access, installation, lease, "needs_a_person")
        return False
    if by is Doer.NOBODY or lease.member_id is None:
        await end_uncalled(access, lease, _S.COMPLETED, "nothing_to_send")
        return False
    if installation.is_sharing:
        return True
    if lease.verb is Verb.CORRECT and installation.state is _IS.PAUSED:
        await _wait(access, installation, lease)
    elif await end_uncalled(access, lease, _S.CANCELLED, f"installation_{installation.state.value}"):
        await _erase_what_came_late(caller, lease)
    return False


async def _wait(access: Access, installation: InstallationRecord, lease: Lease) -> None:
    """Let a correction wait until sharing goes on; a person carries it over when that takes too long."""
    code = "installation_paused"
    if access.now >= lease.give_up_at:
        await hand_over_uncalled(access, installation, lease, given_up(lease.verb, code).code)
        return
    decision = Decision(_S.WAITING, code, lease.give_up_at, status="in_progress")
    await close_lease(access, lease, decision)


async def _links(caller: _Caller, leases: Sequence[Lease]) -> Mapping[UUID | None, str]:
    rows = await caller.access.fetch(
        "select member_id, state from subject_link"
        " where organisation_id = $1 and installation_id = $2 and place_id = $3 and member_id = any($4::uuid[])"
        " and not is_kept",
        caller.installation.id,
        caller.place.id,
        [lease.member_id for lease in leases],
    )
    return {row["member_id"]: row["state"] for row in rows}


async def _take_back(caller: _Caller, lease: Lease, decision: GateDecision, link: str | None) -> None:
    """End a delivery that may not go out, and owe what the vendor has to do with what it holds."""
    access, installation = caller.access, caller.installation
    is_late = await end_uncalled(access, lease, _S.CANCELLED, f"not_allowed:{decision.status.value}")
    if link not in _HELD:
        if is_late:
            await _erase_what_came_late(caller, lease)
        return
    if decision.status is DisclosureStatus.RESTRICTED:
        demand = restrict_demand(installation, lease.member_id, active=True)
    else:
        demand = Demand(installation=installation, verb=Verb.ERASE, member_id=lease.member_id)
    demand = replace(demand, place_id=lease.place_id)
    await enqueue(access, [await with_identifiers(access, demand)])


async def _erase_what_came_late(caller: _Caller, lease: Lease) -> None:
    """Owe an erasure for a delivery that may have arrived after the one before, since its worker died on the way."""
    link = (await _links(caller, [lease])).get(lease.member_id)
    if link is None or link in _HELD:
        return
    demand = Demand(
        installation=caller.installation,
        verb=Verb.ERASE,
        member_id=lease.member_id,
        place_id=lease.place_id,
        key=f"late:{lease.id}",
    )
    await enqueue(caller.access, [await with_identifiers(caller.access, demand)])


def _delivery(caller: _Caller, lease: Lease, record: Record, link: str | None) -> PreparedCall:
    method = _method(caller, lease, link)
    return PreparedCall(
        lease=lease,
        installation=caller.installation,
        installed=caller.installed,
        verb=method,
        argument=_carrying(method, record),
        subject=record.subject,
        is_delivery=True,
    )


def _method(caller: _Caller, lease: Lease, link: str | None) -> Verb:
    """Return the connector's method: a record that replaces all does a correction's duty, and a lift comes first."""
    if lease.verb is Verb.CORRECT and not caller.can(Verb.CORRECT) and caller.can(Verb.SHARE):
        return Verb.SHARE
    if lease.verb is Verb.SHARE and link == "restricted" and caller.can(Verb.RESTRICT):
        return Verb.RESTRICT
    return lease.verb


def _carrying(method: Verb, record: Record) -> BaseModel:
    match method:
        case Verb.RESTRICT:
            return Restriction(subject=record.subject, active=False, record=record)
        case Verb.CORRECT:
            return record
        case _:
            return Share(records=(record,))
