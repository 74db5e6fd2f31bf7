"""What may be watched about notices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.engine import StateStream, subscription_field
from wardship.graphql.notices.model import NoticeNews
from wardship.tenants.notices.read import notices_now, watch_notices


@strawberry.type
class NoticeSubscriptions:
    """What the caller is told."""

    @subscription_field(
        cost=5,
        description="How many notices you have not read, and the newest: at once, and whenever you are told something.",
    )
    async def notice_added(self, info: ApiInfo) -> AsyncIterator[NoticeNews]:
        """Watch what the caller is told."""

        async def read(context: ApiContext) -> NoticeNews:
            return cast("NoticeNews", await notices_now(context.access))

        return StateStream(watch_notices(info.context.access), read)
