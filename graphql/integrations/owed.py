"""Obligations and manual tasks as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from wardship.core.errors import PermissionDeniedError
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import Node, node_loader
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.integrations.model import Installation, optional_installations
from wardship.graphql.members.model import Member, optional_members
from wardship.plugins.api import AttestationLevel, Verb
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.obligations.read import (
    ObligationRecord,
    ObligationState,
    OutcomeRecord,
    ProofRecord,
    obligations_by_ids,
)
from wardship.tenants.tasks.tasks import TaskRecord, TaskState, tasks_by_ids, tasks_of


@strawberry.type(description="What stays at the vendor although it was asked to let go.")
class RetainedData:
    """A retained category."""

    category: str = field(description="Key of the data category.")
    reason: str = field(description="Why it stays.")
    legal_basis: str = field(description="On what legal ground.")
    until: str | None = field(description="Until which day; null when the vendor does not say.")


@strawberry.type(description="How the last call for an obligation ended.")
class ObligationOutcome:
    """An outcome."""

    status: str = field(description="The contract's word for it, such as completed or denied.")
    code: str = field(description="Why, as a stable word.")
    records_affected: int = field(description="How many records the vendor said it touched.")
    retained: list[RetainedData] = field(description="What stays at the vendor.")


@strawberry.type(description="How it was proven that an erasure or a revocation had its effect.")
class Proof:
    """A proof."""

    level: AttestationLevel = field(description="How good it is.")
    checked_at: datetime = field(description="When it was had.")
    method: str = field(description="How, in words.")
    evidence_sha256: str | None = field(description="Digest of what was seen.")
    residual: list[str] = field(description="What was still found; empty when nothing was.")


@strawberry.type(description="One thing owed at one installation.")
class Obligation(Node):
    """An obligation."""

    key: strawberry.Private[UUID]
    installation_key: strawberry.Private[UUID]
    member_key: strawberry.Private[UUID | None]
    verb: Verb = field(description="What the integration is asked to do.")
    state: ObligationState = field(description="Where it stands.")
    submitted_at: datetime = field(description="When it was made.")
    due_at: datetime = field(description="When it has to have ended.")
    next_at: datetime = field(description="When it is tried next, while it is tried.")
    attempt: int = field(description="How often it was tried.")
    failures: int = field(description="How often that failed.")
    reminded: int = field(description="The last reminder, in percent of its time; 0 before the first.")
    ended_at: datetime | None = field(description="When it ended.")
    outcome: ObligationOutcome | None = field(description="How the last call ended; null before it.")
    proof: Proof | None = field(description="How its effect was proven; null while it is not.")

    @batch_field(cost=2, description="Where it is owed; null when you may not see it.")
    @staticmethod
    async def installation(parents: Sequence[Obligation], info: BatchInfo[ApiContext]) -> Sequence[Installation | None]:
        """Return the installations of these obligations."""
        return await optional_installations(info.context, [parent.installation_key for parent in parents])

    @batch_field(cost=2, description="Whose data it is about; null when it is about the whole installation.")
    @staticmethod
    async def member(parents: Sequence[Obligation], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return the members of these obligations."""
        keys = [parent.member_key for parent in parents]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())

    @batch_field(cost=2, description="The task for a person that it became; null when it is none.")
    @staticmethod
    async def task(parents: Sequence[Obligation], info: BatchInfo[ApiContext]) -> Sequence[ManualTask | None]:
        """Return the tasks of these obligations."""
        try:
            found = await tasks_of(info.context.access, [parent.key for parent in parents])
        except PermissionDeniedError:
            found = {}
        return [task_of(found[parent.key]) if parent.key in found else None for parent in parents]


@strawberry.type(description="What a person has to do because no integration does it.")
class ManualTask(Node):
    """A task."""

    created_at: datetime = field(description="When it was opened.")
    instructions: str = field(description="What to do.")
    due_at: datetime = field(description="When it has to be done.")
    state: TaskState = field(description="Where it stands.")
    completed_at: datetime | None = field(description="When it was done.")
    evidence: str = field(description="What its completer noted.")
    obligation_key: strawberry.Private[UUID]
    completer_key: strawberry.Private[UUID | None]

    @batch_field(cost=2, description="The obligation that it fulfils.")
    @staticmethod
    async def obligation(parents: Sequence[ManualTask], info: BatchInfo[ApiContext]) -> Sequence[Obligation | None]:
        """Return the obligations of these tasks."""
        found = await obligations_by_ids(info.context.access, [parent.obligation_key for parent in parents])
        return [
            obligation_of(found[parent.obligation_key]) if parent.obligation_key in found else None
            for parent in parents
        ]

    @batch_field(cost=2, description="Who did it; null while it is open, and for whom you may not see.")
    @staticmethod
    async def completed_by(parents: Sequence[ManualTask], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return who did these tasks."""
        keys = [parent.completer_key for parent in parents]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())


def obligation_of(record: ObligationRecord) -> Obligation:
    """Return an obligation of the domain as the API shows it."""
    return Obligation(
        id=global_id("Obligation", record.id),
        key=record.id,
        installation_key=record.installation_id,
        member_key=record.member_id,
        verb=record.verb,
        state=record.state,
        submitted_at=record.submitted_at,
        due_at=record.due_at,
        next_at=record.next_at,
        attempt=record.attempt,
        failures=record.failures,
        reminded=record.reminded,
        ended_at=record.ended_at,
        outcome=None if record.outcome is None else _outcome(record.outcome),
        proof=None if record.proof is None else proof_of(record.proof),
    )


def task_of(record: TaskRecord) -> ManualTask:
    """Return a task of the domain as the API shows it."""
    return ManualTask(
        id=global_id("ManualTask", record.id),
        created_at=record.created_at,
        instructions=record.instructions,
        due_at=record.due_at,
        state=record.state,
        completed_at=record.completed_at,
        evidence=record.evidence,
        obligation_key=record.obligation_id,
        completer_key=record.completed_by,
    )


def proof_of(record: ProofRecord) -> Proof:
    """Return a proof of the domain as the API shows it."""
    return Proof(
        level=record.level,
        checked_at=record.checked_at,
        method=record.method,
        evidence_sha256=record.evidence_sha256,
        residual=record.residual,
    )


def _outcome(record: OutcomeRecord) -> ObligationOutcome:
    return ObligationOutcome(
        status=record.status,
        code=record.code,
        records_affected=record.records_affected,
        retained=[
            RetainedData(category=each.category, reason=each.reason, legal_basis=each.legal_basis, until=each.until)
            for each in record.retained
        ],
    )


@node_loader("Obligation")
async def _load_obligation(info: ApiInfo, identifier: UUID) -> Obligation | None:
    found = (await obligations_by_ids(info.context.access, [identifier])).get(identifier)
    return None if found is None else obligation_of(found)


@node_loader("ManualTask")
async def _load_task(info: ApiInfo, identifier: UUID) -> ManualTask | None:
    found = (await tasks_by_ids(info.context.access, [identifier])).get(identifier)
    return None if found is None else task_of(found)
