"""End an obligation that a person has fulfilled, and do what follows from it."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

import msgspec

from wardship.core.audit.log import AuditEvent
from wardship.plugins.api import Attestation, AttestationLevel, Verb
from wardship.plugins.host import Doer, Installed, LoadState, doer
from wardship.tenants.access import Access
from wardship.tenants.egress.ledger import DeliveryState, settle_delivery
from wardship.tenants.installations.records import InstallationRecord, find_installations
from wardship.tenants.obligations.decisions import Owed
from wardship.tenants.obligations.ending import finish_ending
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.follow_up import demand_proof, link_after, note_proof, start_sharing
from wardship.tenants.obligations.leased import Arguments, Leased
from wardship.tenants.obligations.outcomes import stored_attestation
from wardship.tenants.obligations.sealed import unseal
from wardship.tenants.obligations.work import Work
from wardship.tenants.tasks.tasks import TaskRecord, close_task

_OUTCOME = json.dumps({"status": "completed", "code": "done_by_hand", "records_affected": 0})
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
    leased = await _read(access, task.obligation_id)
    installation = (await find_installations(access, [leased.installation_id]))[leased.installation_id]
    proof = _attestation(access, evidence)
    await access.transaction.execute(
        "update obligation set state = 'completed', ended_at = $3, outcome = $4::jsonb, sealed = null,"
        " attestation = coalesce(attestation, $5::jsonb)"
        " where organisation_id = $1 and id = $2 and state = 'manual'",
        access.organisation_id,
        leased.id,
        access.now,
        _OUTCOME,
        proof if leased.verb in _PROVABLE | {Verb.ATTEST} else None,
    )
    await settle_delivery(access, leased.id, leased.attempt, DeliveryState.UNKNOWN)
    await _follow(access, installation, leased, proof)
    await access.audit(
        AuditEvent("obligation.completed", "obligation", leased.id, details={"verb": leased.verb.value, "by": "hand"})
    )
    await finish_ending(access, installation.id)
    return task


async def _follow(access: Access, installation: InstallationRecord, leased: Leased, proof: str) -> None:
    connection = Installed(id=str(installation.id), integration=installation.integration_key)
    await link_after(access, Work(leased=leased, installation=installation, installed=connection, verb=leased.verb))
    match leased.verb:
        case Verb.CHECK:
            await enqueue(access, [Demand(installation=installation, verb=Verb.CHECK, key=f"after:{leased.id}")])
        case Verb.GRANT:
            await start_sharing(access, installation)
        case Verb.ATTEST:
            await note_proof(access, leased.arguments.proves, proof)
        case _:
            pass
    is_loaded = access.services.integrations.get(installation.integration_key).state is LoadState.LOADED
    if leased.verb in _PROVABLE and is_loaded and doer(installation.manifest, Verb.ATTEST) is Doer.CONNECTOR:
        await demand_proof(access, installation, leased, unseal(access, leased.id, leased.sealed))


async def _read(access: Access, obligation_id: UUID) -> Leased:
    row = await access.transaction.fetchrow(
        "select id, installation_id, verb, member_id, request_id, right_id, attempt, failures, arguments, sealed,"
        " submitted_at, due_at from obligation where organisation_id = $1 and id = $2 for update",
        access.organisation_id,
        obligation_id,
    )
    if row is None:
        raise LookupError(obligation_id)
    values = dict(row)
    owed = Owed(
        id=values.pop("id"),
        verb=Verb(values.pop("verb")),
        submitted_at=values.pop("submitted_at"),
        due_at=values.pop("due_at"),
        failures=values.pop("failures"),
    )
    arguments = msgspec.json.decode(values.pop("arguments"), type=Arguments)
    return Leased(owed=owed, arguments=arguments, **values)


def _attestation(access: Access, evidence: str) -> str:
    """Return the proof that a person gives, as JSON: a keyed digest of what was noted, and no word of it."""
    digest = access.services.keys.fingerprint("evidence", evidence)
    return stored_attestation(
        Attestation(
            level=AttestationLevel.MANUAL,
            checked_at=access.now,
            method="a person did it and said so",
            evidence_sha256=hashlib.sha256(digest).hexdigest(),
        )
    )
