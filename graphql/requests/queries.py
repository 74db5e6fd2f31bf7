"""What may be asked about requests."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import parse_id, parse_optional
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.engine import Connection, root_field
from wardship.graphql.requests.model import (
    DataRequest,
    WaitingRequest,
    load_request,
    note_requests,
)
from wardship.tenants.requests.read import RequestFilter, list_escalated, list_requests
from wardship.tenants.requests.visibility import visible_requests


@strawberry.type
class RequestQueries:
    """Requests in lists, and one by one."""

    @root_field(cost=3)
    async def requests(  # noqa: PLR0913 - arguments of a list
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        *,
        is_open: bool | None = None,
        member_id: strawberry.ID | None = None,
        with_privacy_team: bool = False,
    ) -> Connection[DataRequest]:
        """The requests that you may see, oldest first: yours, and those you may decide on."""
        member = parse_optional("Member", member_id, path=("memberId",))
        wanted = RequestFilter(is_open=is_open, member_id=member, with_privacy_team=with_privacy_team)
        return await _page(info, wanted, first, after)

    @root_field(cost=3)
    async def my_requests(self, info: ApiInfo, first: int = 20, after: str | None = None) -> Connection[DataRequest]:
        """Your own requests, oldest first."""
        return await _page(info, RequestFilter(member_id=info.context.access.actor.member_id or _NOBODY), first, after)

    @root_field(cost=2)
    async def request(self, info: ApiInfo, id: strawberry.ID) -> DataRequest | None:
        """One request by id; null when absent or not yours to see."""
        return await load_request(info, parse_id("DataRequest", id, path=("id",)))

    @root_field(cost=3)
    async def escalated_requests(
        self, info: ApiInfo, first: int = 20, after: str | None = None
    ) -> Connection[WaitingRequest]:
        """What is with the privacy team in every organisation, soonest due first; for it, which need name none."""
        request = page_request(first, after)
        page = await list_escalated(info.context.access, request)
        return connection(page, request, place=lambda item: (item.due_at, item.request_id))


_NOBODY = UUID(int=0)


async def _page(info: ApiInfo, wanted: RequestFilter, first: int, after: str | None) -> Connection[DataRequest]:
    request = page_request(first, after)
    page = await list_requests(visible_requests(info.context.access), wanted, request)
    note_requests(info.context, page.items)
    return connection(page, request, place=lambda item: (item.submitted_at, item.id))
