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
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.tasks.tasks import TaskRecord


@input_type
class CompleteManualTaskInput:
    """A task that is done."""

    task_id: UUID = id_argument("ManualTask", "The task's id.")
    evidence: str = field("What was done and how you know.")


ManualTaskPayload = object_payload("ManualTaskPayload", "task", ManualTask)


@strawberry.type
class TaskMutations:
    """Tasks that are done."""

    @command(ManualTaskPayload)
    async def complete_manual_task(self, access: Access, input: CompleteManualTaskInput) -> TaskRecord:
        """Say that a task is done, and how you know."""
        return await complete_manual_task(access, input.task_id, input.evidence)
