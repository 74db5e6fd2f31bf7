"""What may be asked about tasks for people."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.engine import Connection, root_field
from wardship.graphql.tasks.model import ManualTask
from wardship.tenants.tasks.tasks import TaskState, list_tasks


@strawberry.type
class TaskQueries:
    """Tasks in lists."""

    @root_field(cost=3)
    async def manual_tasks(
        self, info: ApiInfo, first: int = 20, after: str | None = None, states: list[TaskState] | None = None
    ) -> Connection[ManualTask]:
        """Tasks for people, by the time they are due."""
        request = page_request(first, after)
        page = await list_tasks(info.context.access, request, states=states or ())
        return connection(page, request, place=lambda item: (item.due_at, item.id))
