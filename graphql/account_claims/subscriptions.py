"""What may be watched about groupings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import strawberry

from wardship.graphql.account_claims.model import Grouping
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.engine import FinalState, StateStream, subscription_field
from wardship.tenants.account_claims.groupings import grouping_by_id, watch_grouping


@strawberry.type
class GroupingSubscriptions:
    """The progress of groupings."""

    @subscription_field(
        cost=3,
        description="A grouping, at once and whenever it has come further; complete when it is over.",
    )
    async def grouping_progress(self, info: ApiInfo, id: strawberry.ID) -> AsyncIterator[Grouping]:
        """Watch one grouping."""
        key = parse_id("Grouping", id, path=("id",))

        async def read(context: ApiContext) -> Grouping | FinalState[Grouping]:
            found = await grouping_by_id(context.access, key)
            shown = cast("Grouping", found)
            return FinalState(shown) if found.is_over else shown

        return StateStream(await watch_grouping(info.context.access, key), read)
