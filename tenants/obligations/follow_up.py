"""What follows from an obligation that is completed: the next step, the proof, what the vendor now holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from wardship.plugins.api import Claimed, IdentifierValue, Reconciliation, Verb
from wardship.plugins.api.doers import Doer, doer
from wardship.plugins.host.grading import Basis
from wardship.plugins.host.reply import Reply
from wardship.tenants.access import Access
from wardship.tenants.egress.holdings import LinkState, set_links
from wardship.tenants.egress.locks import lock_installation
from wardship.tenants.egress.new_recipient import NewRecipient, granted_uses, tell_new_recipient
from wardship.tenants.egress.vendor_names import forget_identifiers, forget_name
from wardship.tenants.installations.records import InstallationRecord, InstallationState, read_places
from wardship.tenants.installations.states import transition_installation
from wardship.tenants.obligations.enqueue import Demand, enqueue, share_with_audience
from wardship.tenants.obligations.leases import Lease, PreparedCall
from wardship.tenants.obligations.proofs import ProofRecord
from wardship.tenants.obligations.reconcile import mend_differences, plan_reconciliation
from wardship.tenants.obligations.retention import note_retention
from wardship.tenants.obligations.sealed import seal
from wardship.tenants.obligations.states import hand_over, note_proof

MOST_ROUNDS = 3
"""How often an erasure is repeated because its proof found something left, before a person looks into it."""

_NOT_DONE: Final = frozenset({Basis.STILL_FOUND, Basis.STILL_ACCEPTED})
"""What a proof rests on that shows the opposite of what it was to prove."""

_S = InstallationState
_WAS_USED: Final = "select exists (select from subject_link where organisation_id = $1 and place_id = $2)"


FollowUp: TypeAlias = Callable[[Access, PreparedCall, Reply], Awaitable[None]]
"""What is done when an obligation of one verb is completed, in the transaction that settles it."""

FollowUps: TypeAlias = Mapping[Verb, FollowUp]


async def note_link(access: Access, installation: InstallationRecord, lease: Lease) -> None:
    """Note what the vendor is now taken to hold of the member, or of everybody."""
    match lease.verb:
        case Verb.ERASE:
            await set_links(access, installation.id, lease.place_id, lease.member_id, LinkState.ERASED)
        case Verb.REVOKE:
            await set_links(access, installation.id, lease.place_id, lease.member_id, LinkState.REVOKED)
        case Verb.RESTRICT if lease.arguments.active and not lease.arguments.purpose:
            await set_links(access, installation.id, lease.place_id, lease.member_id, LinkState.RESTRICTED)
        case _:
            pass


async def _restricted(access: Access, call: PreparedCall, _reply: Reply) -> None:
    await note_link(access, call.installation, call.lease)


async def _taken_back(access: Access, call: PreparedCall, reply: Reply) -> None:
    """Note that the vendor holds less now, and until when it may keep the rest, and have it proven."""
    if not call.lease.arguments.is_access_only:
        await note_link(access, call.installation, call.lease)
        await note_retention(access, call.installation, call.lease, reply.outcome.retained)
    known = call.subject.identifiers if call.subject else ()
    await demand_proof(access, call.installation, call.lease, known)


async def _granted(access: Access, call: PreparedCall, _reply: Reply) -> None:
    if await _is_present(access, call.lease):
        await start_sharing(access, call.installation)


async def _reconciled(access: Access, call: PreparedCall, reply: Reply) -> None:
    if isinstance(reply.value, Reconciliation):
        await mend_differences(access, call.installation, call.lease, reply.value)


async def _checked(access: Access, call: PreparedCall, _reply: Reply) -> None:
    """Go on after a successful check: connect where the vendor needs that, and share."""
    installation = call.installation
    if not await _is_present(access, call.lease):
        return
    await transition_installation(
        access, installation.id, to=_S.CHECKED, only_from={_S.INSTALLED, _S.LOAD_FAILED, _S.MIGRATION_FAILED}
    )
    if doer(installation.manifest, Verb.GRANT) is Doer.CONNECTOR and not await _is_connected(access, call.lease):
        await enqueue(access, [Demand(installation=installation, verb=Verb.GRANT)])
    else:
        await start_sharing(access, installation)


async def _is_present(access: Access, lease: Lease) -> bool:
    """Return whether the installation's data still goes to the place of a lease, and keep it so until the commit."""
    await lock_installation(access, lease.installation_id)
    present = await access.fetchval(
        "select place_id from installation where organisation_id = $1 and id = $2", lease.installation_id
    )
    return bool(present == lease.place_id)


async def _is_connected(access: Access, lease: Lease) -> bool:
    """Return whether the connection that the vendor needs was made, or is being made, at the place of a lease."""
    return bool(
        await access.fetchval(
            "select exists (select from obligation where organisation_id = $1 and installation_id = $2"
            " and place_id = $3 and verb = 'grant' and state not in ('failed', 'cancelled'))",
            lease.installation_id,
            lease.place_id,
        )
    )


async def start_sharing(access: Access, installation: InstallationRecord) -> None:
    """Make an installation active and owe its audience's records to it."""
    to = _S.NEEDS_APPROVAL if installation.has_pending_declaration else _S.ACTIVE
    is_started = await transition_installation(access, installation.id, to=to, only_from={_S.CHECKED, _S.DEGRADED})
    if is_started is not None:
        await _tell_of_start(access, is_started)
    if is_started or installation.is_sharing:
        await share_with_audience(access, installation)
        await plan_reconciliation(access, installation)


async def _tell_of_start(access: Access, installation: InstallationRecord) -> None:
    """Tell members that data of them goes to a place from now on, unless it went there before."""
    if await access.fetchval(_WAS_USED, installation.place_id):
        return
    place = (await read_places(access, [installation.place_id]))[installation.place_id]
    uses = await granted_uses(access, installation)
    await tell_new_recipient(access, NewRecipient(installation, uses, place), once=str(place.id))


async def demand_proof(
    access: Access, installation: InstallationRecord, lease: Lease, known: Sequence[IdentifierValue]
) -> None:
    """Owe the proof that an erasure or a revocation has had its effect."""
    claimed = Claimed.ERASED if lease.verb is Verb.ERASE else Claimed.REVOKED
    demand = Demand(
        installation=installation,
        verb=Verb.ATTEST,
        place_id=lease.place_id,
        member_id=lease.member_id,
        request_id=lease.request_id,
        right_id=lease.right_id,
        arguments={"claimed": claimed.value, "proves": str(lease.id), "round": lease.arguments.round, **_kind(lease)},
        cause=lease.arguments.cause,
        key=f"{claimed.value}:{lease.id}",
    )
    await enqueue(access, [replace(demand, sealed=seal(access, demand.id, known))])


async def keep_proof(access: Access, call: PreparedCall, proof: ProofRecord) -> None:
    """Keep a proof with what it proves; where something is left, repeat that, and in the end let a person look."""
    lease = call.lease
    outweighs = proof.basis in _NOT_DONE or _outweighs_people(call, proof)
    await note_proof(access, lease.arguments.proves, proof.stored(), outweighs_people=outweighs)
    if lease.member_id is not None and proof.basis not in _NOT_DONE:
        await forget_identifiers(access, lease.place_id, lease.member_id)
    if proof.is_evidence and lease.member_id is not None:
        await forget_name(access, lease.place_id, lease.member_id)
    if proof.basis in _NOT_DONE:
        await _repeat(access, call)


def _outweighs_people(call: PreparedCall, proof: ProofRecord) -> bool:
    """Return whether a proof takes the place of what a person said, who may have done what no look reaches."""
    claimed, installation = Claimed(call.lease.arguments.claimed), call.installation
    does_erase = doer(installation.manifest, Verb.ERASE) is Doer.CONNECTOR
    if claimed is Claimed.ERASED and does_erase and installation.plan.manual_steps(Verb.ERASE):
        return False
    return outweighs_people(proof, claimed)


async def _repeat(access: Access, call: PreparedCall) -> None:
    lease = call.lease
    verb = Verb.ERASE if lease.arguments.claimed == Claimed.ERASED else Verb.REVOKE
    following = lease.arguments.round + 1
    demand = Demand(
        installation=call.installation,
        verb=verb,
        place_id=lease.place_id,
        member_id=lease.member_id,
        request_id=lease.request_id,
        right_id=lease.right_id,
        arguments={"round": following, **_kind(lease)},
        cause=lease.arguments.cause,
        key=f"round={following}:{lease.arguments.proves}",
    )
    known = call.subject.identifiers if call.subject else ()
    made = await enqueue(access, [replace(demand, sealed=seal(access, demand.id, known))])
    if following > MOST_ROUNDS:
        await hand_over(access, call.installation, made)


def _kind(lease: Lease) -> Mapping[str, object]:
    return {"is_access_only": True} if lease.arguments.is_access_only else {}


def outweighs_people(proof: ProofRecord, claimed: Claimed) -> bool:
    """Return whether a proof takes the place of what a person said of the same.

    That entries are gone says nothing of an access that a person was to end: only its refusal does.
    """
    if claimed is Claimed.REVOKED:
        return proof.basis is Basis.CREDENTIAL_REFUSED
    return proof.is_evidence


FOLLOW_UPS: Final[FollowUps] = {
    Verb.CHECK: _checked,
    Verb.GRANT: _granted,
    Verb.RESTRICT: _restricted,
    Verb.ERASE: _taken_back,
    Verb.REVOKE: _taken_back,
    Verb.RECONCILE: _reconciled,
}
"""What follows here; nouns above hand their own to the worker."""
