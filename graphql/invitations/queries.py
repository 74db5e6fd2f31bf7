"""What may be asked about invitations."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.engine import Connection, root_field
from wardship.graphql.invitations.model import Invitation
from wardship.tenants.invitations.read import list_invitations


@strawberry.type
class InvitationQueries:
    """Invitations in lists."""

    @root_field(cost=3)
    async def invitations(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        *,
        is_open_only: bool = False,
    ) -> Connection[Invitation]:
        """The organisation's invitations, by the time they were sent."""
        request = page_request(first, after)
        page = await list_invitations(info.context.access, request, is_open_only=is_open_only)
        return connection(page, request)
