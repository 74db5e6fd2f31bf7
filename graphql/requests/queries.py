"""What may be asked about requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import parse_id, parse_optional
from wardship.graphql.api.moments import moments_of, require_offsets
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import Connection, field, root_field
from wardship.graphql.requests.model import (
    DataRequest,
    WaitingRequest,
    load_request,
    note_requests,
)
from wardship.tenants.requests.lists import RequestFilter, RequestOrder
from wardship.tenants.requests.read import list_escalated, list_requests
from wardship.tenants.requests.records import Handler
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.visibility import visible_requests

strawberry.enum(RequestOrder, name="RequestOrder", description="What a list of requests is ordered by.")


@input_type
class RequestFilterInput:
    """Which requests a list holds; what is not given does not narrow it."""

    handler: Handler | None = field("Those that this one has to decide.", default=None)
    kinds: list[RightKind] | None = field(
        "Those with a right of one of these kinds; with `isOpen: true`, or of one member.", default=None
    )
    states: list[RightState] | None = field(
        "Those with a right in one of these states, of these kinds where some are given; likewise.", default=None
    )
    due_before: datetime | None = field("Those that are due earlier, soonest due first.", default=None)
    is_late: bool = field("Those that are or were late, soonest due first.", default=False)

    def narrowing(self, wanted: RequestFilter) -> RequestFilter:
        """Return a filter of the domain that demands this besides.

        Raises:
            InvalidInputError: a moment without an offset from UTC.
        """
        require_offsets(self, _MOMENTS)
        return replace(
            wanted,
            handler=self.handler or wanted.handler,
            kinds=frozenset(self.kinds or ()),
            states=frozenset(self.states or ()),
            due_before=self.due_before,
            is_late=self.is_late,
        )


_MOMENTS = moments_of(RequestFilterInput)


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
        where: RequestFilterInput | None = None,
        order_by: RequestOrder | None = None,
    ) -> Connection[DataRequest]:
        """The requests that you may see, oldest first or soonest due first: yours, and those you may decide on."""
        wanted = RequestFilter(
            is_open=is_open,
            member_id=parse_optional("Member", member_id, path=("memberId",)),
            handler=Handler.PRIVACY_TEAM if with_privacy_team else None,
        )
        narrowed = wanted if where is None else where.narrowing(wanted)
        return await _page(info, narrowed, first, after, order_by)

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


async def _page(
    info: ApiInfo, wanted: RequestFilter, first: int, after: str | None, order_by: RequestOrder | None = None
) -> Connection[DataRequest]:
    order = order_by or (RequestOrder.DUE if wanted.is_late or wanted.due_before else RequestOrder.SUBMITTED)
    request = page_request(first, after)
    page = await list_requests(visible_requests(info.context.access), wanted, request, order)
    note_requests(info.context, page.items)
    return connection(page, request, place=attrgetter(order.value, "id"))
