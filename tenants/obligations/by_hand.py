"""End an obligation that a person has fulfilled, and do what follows from it."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.plugins.api import Verb
from wardship.plugins.api.doers import Doer, doer
from wardship.plugins.host.registry import LoadState
from wardship.tenants.access import Access
from wardship.tenants.egress.gate import DeliveryState, settle_delivery
from wardship.tenants.egress.holdings import LinkState, hold_again, set_links
from wardship.tenants.egress.locks import lock_installation
from wardship.tenants.egress.vendor_names import forget_identifiers
from wardship.tenants.installations.records import InstallationRecord, find_installations, lost_hosts, read_places
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.follow_up import demand_proof, note_link, start_sharing
from wardship.tenants.obligations.leases import Lease, take_manual
from wardship.tenants.obligations.proofs import ProofRecord, proof_by_person
from wardship.tenants.obligations.retention import note_retention
from wardship.tenants.obligations.sealed import unseal
from wardship.tenants.obligations.settle import finish_ending
from wardship.tenants.obligations.states import (
    complete_by_hand,
    give_up_by_hand,
    note_proof,
    reopen_by_hand,
    uncalled_outcome,
)
from wardship.tenants.tasks.tasks import TaskRecord, close_task, give_up_task, lock_ended_task, reopen_task

GIVEN_UP: Final = "given_up"
"""The code of an obligation of which a person said that it will not be fulfilled."""

_REOPENABLE: Final = frozenset({Verb.ERASE, Verb.REVOKE, Verb.CORRECT, Verb.RESTRICT, Verb.EXPORT})
_CONDITION: Final = "select true from obligation o where o.organisation_id = $1 and o.id = $2 and ({})"
_CLOSED: Final = {
    "exists (select from request_right g where g.organisation_id = $1 and g.id = o.right_id"
    " and g.ended_at is not null)": "Its request has ended, and was told so: the person can ask again.",
    "exists (select from installation_place p where p.organisation_id = $1 and p.id = o.place_id"
    " and p.state = 'left')": "The installation is removed, and nothing reaches the vendor any more.",
    "o.attestation is not null and o.attestation ->> 'level' <> 'manual'": "A look at the vendor has proven it since.",
    "exists (select from obligation q where q.organisation_id = $1 and q.place_id = o.place_id and q.verb = o.verb"
    " and q.member_id is not distinct from o.member_id and q.id <> o.id and q.ended_at is null)": (
        "The same is owed again already."
    ),
    "o.verb = 'erase' and o.state = 'completed' and exists (select from subject_link l where l.organisation_id = $1"
    " and l.place_id = o.place_id and l.member_id = o.member_id and l.state = 'shared')": (
        "The data has been shared again since."
    ),
}
"""By a condition on an obligation ``o``: why it can't be opened again."""

_OUTCOME = uncalled_outcome("completed", "done_by_hand")
_PROVABLE = frozenset({Verb.ERASE, Verb.REVOKE})


class TaskNotReopenableError(ConflictError):
    """Something rests on the end of the task that can't be taken back; the message says what."""

    code = "TASK_NOT_REOPENABLE"


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


async def give_up_manual_task(access: Access, task_id: UUID, reason: str) -> TaskRecord:
    """Say that a task that is due will not be done: its obligation ends unfulfilled, and what rests on it says so.

    Raises:
        PermissionDeniedError: the caller may not complete the task.
        NotFoundError: there is no such task, or it is not the caller's to see.
        TaskClosedError: it is not open any more.
        TaskNotDueError: there is still time to do it.
        InvalidInputError: no reason, or too much.
    """
    task = await give_up_task(access, task_id, reason)
    lease = await take_manual(access, task.obligation_id)
    installation = (await find_installations(access, [lease.installation_id]))[lease.installation_id]
    await give_up_by_hand(access, lease.id, GIVEN_UP)
    await settle_delivery(access, lease.id, lease.attempt, DeliveryState.UNKNOWN)
    await access.audit("obligation.cancelled", "obligation", lease.id, verb=lease.verb.value, by="hand")
    await finish_ending(access, installation, lease.place_id)
    return task


async def reopen_manual_task(access: Access, task_id: UUID, reason: str) -> TaskRecord:
    """Open a task again that was ended by mistake: its obligation is owed again, and counts as held what was erased.

    Raises:
        PermissionDeniedError: the caller may not complete the task.
        NotFoundError: there is no such task, or it is not the caller's to see.
        TaskOpenError: nobody has ended it.
        TaskNotReopenableError: something rests on its end that can't be taken back.
        InvalidInputError: no reason, or too much.
    """
    ended = await lock_ended_task(access, task_id)
    lease = await take_manual(access, ended.obligation_id)
    await lock_installation(access, lease.installation_id)
    await _require_reopenable(access, lease)
    task = await reopen_task(access, ended, reason)
    await reopen_by_hand(access, lease.id)
    await _unlink(access, lease)
    await access.audit("obligation.reopened", "obligation", lease.id, verb=lease.verb.value)
    return task


async def _require_reopenable(access: Access, lease: Lease) -> None:
    if lease.verb not in _REOPENABLE:
        raise TaskNotReopenableError("What this task was for has begun since: pause or reconnect the installation.")
    for condition, message in _CLOSED.items():
        if await access.fetchval(_CONDITION.format(condition), lease.id):
            raise TaskNotReopenableError(message, path=("task",))


async def _unlink(access: Access, lease: Lease) -> None:
    """Let count as held again what was said to be erased, revoked or restricted."""
    if lease.verb in _PROVABLE:
        await hold_again(access, lease.place_id, lease.member_id, but=lease.id)
    elif lease.verb is Verb.RESTRICT and lease.arguments.active and not lease.arguments.purpose:
        await set_links(access, lease.installation_id, lease.place_id, lease.member_id, LinkState.SHARED)


async def _follow(access: Access, installation: InstallationRecord, lease: Lease, proof: ProofRecord) -> None:
    if not lease.arguments.is_access_only:
        await note_link(access, installation, lease)
        await note_retention(access, installation, lease)
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
        await _forget(access, lease)
        return
    is_loaded = access.services.integrations.get(installation.integration_key).state is LoadState.LOADED
    is_looked_up = doer(installation.manifest, Verb.ATTEST) is Doer.CONNECTOR and not lease.arguments.is_access_only
    if lease.verb in _PROVABLE and is_loaded and is_looked_up:
        await demand_proof(access, installation, lease, unseal(access, lease.id, lease.sealed))
    else:
        await _forget(access, lease)


async def _forget(access: Access, lease: Lease) -> None:
    """Forget by which identifiers the vendor was told of a person whose end nobody looks up any more."""
    if lease.member_id is not None and lease.verb in {*_PROVABLE, Verb.ATTEST}:
        await forget_identifiers(access, lease.place_id, lease.member_id)


def _said(access: Access, evidence: str) -> ProofRecord:
    """Return the proof that a person gives: a keyed digest of what was noted, and no word of it."""
    digest = access.services.keys.fingerprint("evidence", evidence)
    return proof_by_person(access.now, hashlib.sha256(digest).hexdigest())
