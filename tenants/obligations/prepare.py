"""Make the calls of a batch: through the gate where a record goes out, ended where nothing is to be done.

All of it in one transaction, committed right before the calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import BaseModel

from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import FIRST_CONTRACT, Continuation, OAuth, Outcome, Record, Restriction, Share, Verb
from wardship.plugins.api.doers import Doer, doer, objection_doer
from wardship.plugins.host.call import Installed
from wardship.plugins.host.registry import LoadState
from wardship.plugins.host.reply import Fault, failure
from wardship.tenants.access import Access
from wardship.tenants.authorisations.records import server_at
from wardship.tenants.egress.allowed import DisclosureStatus, is_fetched_from
from wardship.tenants.egress.gate import GateDecision, authorise_disclosures
from wardship.tenants.egress.holdings import HELD
from wardship.tenants.egress.ledger import may_hold
from wardship.tenants.installations.records import (
    InstallationRecord,
    InstallationState,
    PlaceRecord,
    find_installations,
    installed,
    lost_hosts,
    read_places,
)
from wardship.tenants.installations.states import transition_installation
from wardship.tenants.obligations.access_ends import is_about_access, uncalled_end
from wardship.tenants.obligations.batches import form_batches
from wardship.tenants.obligations.call_arguments import call_arguments, is_shared_again, subject_at_place
from wardship.tenants.obligations.causes import erasing_cause, resting_cause
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.fetched import has_excess
from wardship.tenants.obligations.for_member import restrict_demand, with_identifiers
from wardship.tenants.obligations.grades import NOTHING_WAS_SHARED
from wardship.tenants.obligations.late import erase_what_came_late
from wardship.tenants.obligations.leases import Batch, Lease, PreparedCall, Seen, close_lease, read_leases
from wardship.tenants.obligations.sealed import open_continuation, open_told
from wardship.tenants.obligations.seen_before import SeenOf, seen_before
from wardship.tenants.obligations.settle import DUTIES, finish_ending, given_up, settle
from wardship.tenants.obligations.states import Decision, ObligationState
from wardship.tenants.obligations.uncalled import end_uncalled, hand_over_uncalled
from wardship.tenants.obligations.unsettled import note_lost_attempts

_IS = InstallationState
_S = ObligationState
_TAKING_BACK = frozenset({Verb.ERASE, Verb.REVOKE})
_FOR_THE_PRESENT_PLACE = frozenset({Verb.CHECK, Verb.GRANT, Verb.RECONCILE})


@dataclass(frozen=True, slots=True)
class _Caller:
    """What all calls of a batch to one place are made with."""

    access: Access
    installation: InstallationRecord
    place: PlaceRecord
    installed: Installed
    seen: SeenOf

    @property
    def is_present(self) -> bool:
        """Return whether the installation's data goes to this place now, as the locked record says."""
        return self.place.id == self.installation.place_id

    def can(self, verb: Verb) -> bool:
        """Return whether the connector does a verb."""
        return doer(self.installation.manifest, verb) is Doer.CONNECTOR


async def prepare(access: Access, batch: Batch) -> list[PreparedCall]:
    """Return the calls of a batch; what needs none is settled here."""
    leases = await read_leases(access, batch)
    if lost := [lease for lease in leases if lease.was_lost]:
        await note_lost_attempts(access, lost)
    installation = (await find_installations(access, [batch.installation_id])).get(batch.installation_id)
    if installation is None or not leases:
        return []
    loaded = access.services.integrations.get(installation.integration_key)
    if loaded.state is not LoadState.LOADED:
        await _without_package(access, installation, leases, loaded.absence)
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
    manifest, _ = caller.access.services.integrations.get(caller.installation.integration_key).declaration
    if manifest.contract > FIRST_CONTRACT:
        calls = await form_batches(caller.access, manifest.limits.batch, calls)
    for lease in leases:
        if not _delivers(lease) and (call := await _prepared(caller, lease)):
            calls.append(call)
    return calls


def _delivers(lease: Lease) -> bool:
    """Return whether a record goes out with the call."""
    is_lift = lease.verb is Verb.RESTRICT and not lease.arguments.active and not lease.arguments.purpose
    return lease.verb in {Verb.SHARE, Verb.CORRECT} or is_lift


async def _without_package(
    access: Access, installation: InstallationRecord, leases: Sequence[Lease], reason: str
) -> None:
    """Give what is owed to people, and drop the rest: it is made again when the package is back."""
    for lease in leases:
        if lease.verb in DUTIES:
            await hand_over_uncalled(access, installation, lease, reason)
        else:
            await end_uncalled(access, lease, _S.CANCELLED, reason)
    await transition_installation(
        access,
        installation.id,
        to=_IS.LOAD_FAILED,
        only_from={_IS.INSTALLED, _IS.CHECKED, _IS.ACTIVE, _IS.DEGRADED, _IS.NEEDS_APPROVAL},
        reason=reason,
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
    if lease.verb in _FOR_THE_PRESENT_PLACE and not caller.is_present:
        await end_uncalled(access, lease, _S.CANCELLED, "moved")
        return None
    held = await server_at(access, lease.place_id) if is_about_access(installation, lease) else None
    if await _ends_uncalled(access, installation, lease, held):
        return None
    if lease.verb is Verb.ATTEST and await is_shared_again(access, lease):
        await end_uncalled(access, lease, _S.CANCELLED, "superseded")
        return None
    subject = await subject_at_place(access, installation, lease)
    if lease.member_id is not None and subject is None:
        await _without_link(access, installation, lease)
        return None
    return PreparedCall(
        lease=lease,
        installation=installation,
        installed=caller.installed if held is None else replace(caller.installed, oauth=held),
        verb=lease.verb,
        argument=await call_arguments(access, installation, lease, subject),
        subject=subject,
        lost_hosts=lost_hosts(access, installation, caller.place) if _takes_data_back(lease) else (),
        seen=caller.seen.get(lease.member_id, Seen()),
        continuation=_continuation(access, lease),
        told=_told(access, lease),
    )


async def _ends_uncalled(access: Access, installation: InstallationRecord, lease: Lease, held: OAuth | None) -> bool:
    """Settle what no call does: there is nothing to do, or a person does it; return whether that was so."""
    by = _doer(installation, lease)
    code = uncalled_end(installation, lease, held) if is_about_access(installation, lease) else ""
    if by is Doer.NOBODY and lease.arguments.purpose:
        code = NOTHING_WAS_SHARED
    elif not code and by is Doer.PERSON and (held is None or held.revocation_endpoint is None):
        code = "needs_a_person"
    if code == NOTHING_WAS_SHARED:
        await end_uncalled(access, lease, _S.COMPLETED, code)
        await finish_ending(access, installation, lease.place_id)
    elif code:
        await hand_over_uncalled(access, installation, lease, code)
    return bool(code)


def _takes_data_back(lease: Lease) -> bool:
    return lease.verb in _TAKING_BACK and not lease.arguments.is_access_only


def _doer(installation: InstallationRecord, lease: Lease) -> Doer:
    if lease.verb is Verb.RESTRICT and lease.arguments.purpose:
        return objection_doer(installation.manifest, lease.arguments.purpose)
    return doer(installation.manifest, lease.verb)


async def _without_link(access: Access, installation: InstallationRecord, lease: Lease) -> None:
    """End what is owed about a member of whom nothing says how the vendor knows him or her."""
    if lease.verb in DUTIES and await may_hold(access, lease.place_id, lease.member_id):
        await hand_over_uncalled(access, installation, lease, "unknown_to_vendor")
    else:
        await end_uncalled(access, lease, _S.COMPLETED, NOTHING_WAS_SHARED)


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
        if decision.waits:
            # It was leased at the moment at which the organisation was suspended.
            await close_lease(caller.access, lease, Decision(_S.PENDING, "organisation_not_active", caller.access.now))
        elif decision.record is None:
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
    is_kept_elsewhere = is_fetched_from(installation.manifest)  # what the vendor fetched is taken back here too
    if (by is Doer.NOBODY and not is_kept_elsewhere) or lease.member_id is None:
        await end_uncalled(access, lease, _S.COMPLETED, "nothing_to_send")
        return False
    if not caller.is_present:
        return await _may_go_to_old_place(caller, lease)
    if installation.is_sharing:
        return True
    if lease.verb is Verb.CORRECT and installation.state is _IS.PAUSED:
        await _wait(access, installation, lease)
    elif await end_uncalled(access, lease, _S.CANCELLED, f"installation_{installation.state.value}"):
        await erase_what_came_late(access, installation, lease)
    return False


async def _may_go_to_old_place(caller: _Caller, lease: Lease) -> bool:
    """Return whether a record goes to a place that is being left: a correction of what is still held there."""
    if lease.verb is not Verb.CORRECT:
        if await end_uncalled(caller.access, lease, _S.CANCELLED, "moved"):
            await erase_what_came_late(caller.access, caller.installation, lease)
        return False
    if (await _links(caller, [lease])).get(lease.member_id) not in HELD:
        await end_uncalled(caller.access, lease, _S.COMPLETED, NOTHING_WAS_SHARED)
        return False
    return True


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
    if decision.status is DisclosureStatus.FETCHED and not await _has_excess(caller, lease, link):
        await end_uncalled(access, lease, _S.COMPLETED, "nothing_to_send")
        return
    is_late = await end_uncalled(access, lease, _S.CANCELLED, f"not_allowed:{decision.status.value}")
    if link not in HELD:
        if is_late:
            await erase_what_came_late(caller.access, caller.installation, lease)
        return
    if lease.member_id is None:
        return
    if decision.status is DisclosureStatus.RESTRICTED:
        cause = await resting_cause(access, installation, lease.member_id)
        demand = restrict_demand(installation, lease.member_id, active=True, cause=cause)
    else:
        cause = await erasing_cause(access, installation, lease.place_id, lease.member_id)
        demand = Demand(installation=installation, verb=Verb.ERASE, member_id=lease.member_id, cause=cause)
    demand = replace(demand, place_id=lease.place_id)
    await enqueue(access, [await with_identifiers(access, demand)])


async def _has_excess(caller: _Caller, lease: Lease, link: str | None) -> bool:
    member_id = lease.member_id
    return link in HELD and member_id is not None and await has_excess(caller.access, caller.installation, member_id)


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
        continuation=_continuation(caller.access, lease),
        told=_told(caller.access, lease),
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


def _continuation(access: Access, lease: Lease) -> Continuation | None:
    return None if lease.continuation is None else open_continuation(access, lease.id, lease.continuation)


def _told(access: Access, lease: Lease) -> Outcome | None:
    return None if lease.told is None else open_told(access, lease.id, lease.told)
