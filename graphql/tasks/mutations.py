"""What may be done with tasks for people."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.tasks.model import ManualTask
from wardship.tenants.access import Access
from wardship.tenants.obligations.by_hand import complete_manual_task, give_up_manual_task, reopen_manual_task
from wardship.tenants.tasks.tasks import TaskRecord


@input_type
class CompleteManualTaskInput:
    """A task that is done."""

    task_id: UUID = id_argument("ManualTask", "The task's id.")
    evidence: str = field("What was done and how you know.")


@input_type
class GiveUpManualTaskInput:
    """A task that will not be done."""

    task_id: UUID = id_argument("ManualTask", "The task's id.")
    reason: str = field("Why it can't be done.")


@input_type
class ReopenManualTaskInput:
    """A task that was ended by mistake."""

    task_id: UUID = id_argument("ManualTask", "The task's id.")
    reason: str = field("What was wrong.")


ManualTaskPayload = object_payload("ManualTaskPayload", "task", ManualTask)


@strawberry.type
class TaskMutations:
    """Tasks that are done, given up, or opened again."""

    @command(ManualTaskPayload)
    async def complete_manual_task(self, access: Access, input: CompleteManualTaskInput) -> TaskRecord:
        """Say that a task is done, and how you know."""
        return await complete_manual_task(access, input.task_id, input.evidence)

    @command(ManualTaskPayload)
    async def give_up_manual_task(self, access: Access, input: GiveUpManualTaskInput) -> TaskRecord:
        """Say that a task that is due will not be done: what rests on it ends unfulfilled, and says so."""
        return await give_up_manual_task(access, input.task_id, input.reason)

    @command(ManualTaskPayload)
    async def reopen_manual_task(self, access: Access, input: ReopenManualTaskInput) -> TaskRecord:
        """Open a task again that was ended by mistake, as long as nothing that rests on it has ended."""
        return await reopen_manual_task(access, input.task_id, input.reason)
