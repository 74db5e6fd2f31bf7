"""End an obligation that a person has fulfilled, and do what follows from it."""

from __future__ import annotations

import hashlib
from uuid import UUID

from wardship.plugins.api import Verb
from wardship.plugins.host.call import Doer, doer
from wardship.plugins.host.registry import LoadState
from wardship.tenants.access import Access
from wardship.tenants.egress.gate import DeliveryState, settle_delivery
from wardship.tenants.installations.records import InstallationRecord, find_installations, lost_hosts, read_places
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.follow_up import demand_proof, note_link, start_sharing
from wardship.tenants.obligations.leases import Lease, take_manual
from wardship.tenants.obligations.proofs import ProofRecord, proof_by_person
from wardship.tenants.obligations.sealed import unseal
from wardship.tenants.obligations.settle import finish_ending
from wardship.tenants.obligations.states import complete_by_hand, note_proof, uncalled_outcome
from wardship.tenants.tasks.tasks import TaskRecord, close_task

_OUTCOME = uncalled_outcome("completed", "done_by_hand")
_PROVABLE = frozenset({Verb.ERASE, Verb.REVOKE})


async def complete_manual_task(access: Access, task_id: UUID, evidence: str) -> TaskRecord:
    """Say that a task is done: its obligation ends, graded as done by hand, and is probed where the vendor allows it.

    Raises:
        PermissionDeniedError: the caller may not complete tasks.
        NotFoundError: there is no such task.
        TaskClosedError: it is not open any more.
        InvalidInputError: no evidence, or too much.
    """
    task = await close_task(access, task_id, evidence)
    lease = await take_manual(access, task.obligation_id)
    installation = (await find_installations(access, [lease.installation_id]))[lease.installation_id]
    proof = _said(access, evidence)
    graded = proof.stored() if lease.verb in _PROVABLE | {Verb.ATTEST} else None
    await complete_by_hand(access, lease.id, _OUTCOME, graded)
    await settle_delivery(access, lease.id, lease.attempt, DeliveryState.UNKNOWN)
    await _follow(access, installation, lease, proof)
    await access.audit("obligation.completed", "obligation", lease.id, verb=lease.verb.value, by="hand")
    await finish_ending(access, installation, lease.place_id)
    return task


async def _follow(access: Access, installation: InstallationRecord, lease: Lease, proof: ProofRecord) -> None:
    await note_link(access, installation, lease)
    match lease.verb:
        case Verb.CHECK | Verb.GRANT if lease.place_id != installation.place_id:
            pass
        case Verb.CHECK:
            await enqueue(access, [Demand(installation=installation, verb=Verb.CHECK, key=f"after:{lease.id}")])
        case Verb.GRANT:
            await start_sharing(access, installation)
        case Verb.ATTEST:
            await note_proof(access, lease.arguments.proves, proof.stored(), outweighs_people=True)
        case _:
            pass
    place = (await read_places(access, [lease.place_id]))[lease.place_id]
    if lost_hosts(access, installation, place):
        # A look at the hosts that are left tells nothing of the others: the person's word stays.
        return
    is_loaded = access.services.integrations.get(installation.integration_key).state is LoadState.LOADED
    if lease.verb in _PROVABLE and is_loaded and doer(installation.manifest, Verb.ATTEST) is Doer.CONNECTOR:
        await demand_proof(access, installation, lease, unseal(access, lease.id, lease.sealed))


def _said(access: Access, evidence: str) -> ProofRecord:
    """Return the proof that a person gives: a keyed digest of what was noted, and no word of it."""
    digest = access.services.keys.fingerprint("evidence", evidence)
    return proof_by_person(access.now, hashlib.sha256(digest).hexdigest())
