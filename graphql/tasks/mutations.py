"""What may be done with tasks for people."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.command import Payload, command, object_field
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.tasks.model import ManualTask
from wardship.tenants.access import Access
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.tasks.tasks import TaskRecord


@strawberry.input(description="A task that is done.")
class CompleteManualTaskInput:
    """Input of ``completeManualTask``."""

    task_id: strawberry.ID = strawberry.field(description="The task's id.")
    evidence: str = strawberry.field(description="What was done and how you know.")


@strawberry.type(description="The task as it is afterwards, or why the call was refused.")
class ManualTaskPayload(Payload):
    """What completing a task answers with."""

    task: TaskRecord | None = object_field(ManualTask, "The task as it is now.")


@strawberry.type
class TaskMutations:
    """Tasks that are done."""

    @command()
    @staticmethod
    async def complete_manual_task(access: Access, input: CompleteManualTaskInput) -> ManualTaskPayload:
        """Say that a task is done, and how you know."""
        task_id = parse_id("ManualTask", input.task_id, path=("taskId",))
        return ManualTaskPayload(task=await complete_manual_task(access, task_id, input.evidence))
