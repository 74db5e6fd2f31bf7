"""Tasks for people as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import strawberry

from wardship.core.errors import PermissionDeniedError
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import extends, in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.members.model import related_members
from wardship.graphql.obligations.model import Obligation
from wardship.tenants.obligations.read import ObligationRecord, obligations_by_ids
from wardship.tenants.tasks.tasks import TaskRecord, TaskState, list_tasks, tasks_of

strawberry.enum(TaskState, name="ManualTaskState", description="Where a task for a person stands.")


@object_type(TaskRecord)
class ManualTask(Node):
    """What a person has to do because no integration does it."""

    id: strawberry.ID = global_id_field("ManualTask")
    created_at: datetime = field("When it was opened.")
    instructions: str = field("What to do.")
    due_at: datetime = field("When it has to be done.")
    state: TaskState = field("Where it stands.")
    completed_at: datetime | None = field("When it was done or given up.")
    evidence: str = field("What was noted by who did it, gave it up, or opened it again.")

    @batch_field(cost=2)
    @staticmethod
    async def obligation(parents: Sequence[TaskRecord], info: BatchInfo[ApiContext]) -> Sequence[Obligation | None]:
        """The obligation that it fulfils."""
        keys = [parent.obligation_id for parent in parents]
        return in_order(await obligations_by_ids(info.context.access, keys), keys)

    completed_by = reference(
        related_members,
        "completed_by",
        "Who did it or gave it up; null while it is open, and for whom you may not see.",
    )


@extends(Obligation)
class ObligationTask:
    """The task that an obligation became."""

    @batch_field(cost=2)
    @staticmethod
    async def task(parents: Sequence[ObligationRecord], info: BatchInfo[ApiContext]) -> Sequence[ManualTask | None]:
        """The task for a person that it became; null when it is none."""
        keys = [parent.id for parent in parents]
        try:
            found = await tasks_of(info.context.access, keys)
        except PermissionDeniedError:
            found = {}
        return in_order(found, keys)


@strawberry.type
class TaskQueries:
    """Tasks in lists."""

    @root_field(cost=3)
    async def manual_tasks(
        self, info: ApiInfo, first: int = 20, after: str | None = None, states: list[TaskState] | None = None
    ) -> Connection[ManualTask]:
        """Tasks for people, by the time they are due: all by role, else those of what you connected for yourself."""
        request = page_request(first, after)
        page = await list_tasks(info.context.access, request, states=states or ())
        return connection(page, request, place=lambda item: (item.due_at, item.id))
