"""What may be watched about requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.engine import FinalState, StateStream, subscription_field
from wardship.graphql.requests.model import DataRequest, note_requests
from wardship.tenants.requests.read import request_progress, watch_request


@strawberry.type
class RequestSubscriptions:
    """The progress of requests."""

    @subscription_field(
        cost=3,
        description="A request, at once and whenever its state, its rights or what recipients did for them changes;"
        " complete when it has ended and its certificate is there.",
    )
    async def request_progress(self, info: ApiInfo, id: strawberry.ID) -> AsyncIterator[DataRequest]:
        """Watch one request."""
        key = parse_id("DataRequest", id, path=("id",))

        async def read(context: ApiContext) -> DataRequest | FinalState[DataRequest]:
            found = await request_progress(context.access, key)
            note_requests(context, [found.request])
            shown = cast("DataRequest", found.request)
            return FinalState(shown) if found.is_over else shown

        return StateStream(await watch_request(info.context.access, key), read)
