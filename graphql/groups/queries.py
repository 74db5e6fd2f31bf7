"""What may be asked about groups."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.engine import Connection, root_field
from wardship.graphql.groups.model import Group, load_group
from wardship.tenants.groups.read import list_groups
from wardship.tenants.groups.visibility import visible_groups


@strawberry.type
class GroupQueries:
    """Groups in lists, and one by one."""

    @root_field(cost=3)
    async def groups(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        name_prefix: str | None = None,
        *,
        is_archived: bool = False,
    ) -> Connection[Group]:
        """The groups that you may see, by the time they were made."""
        request = page_request(first, after)
        page = await list_groups(
            visible_groups(info.context.access), request, name_prefix=name_prefix or "", is_archived=is_archived
        )
        return connection(page, request)

    @root_field(cost=2)
    async def group(self, info: ApiInfo, id: strawberry.ID) -> Group | None:
        """One group by id; null when absent or not yours to see."""
        return await load_group(info, parse_id("Group", id, path=("id",)))
