"""Which integrations hold a member's data, as the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import strawberry

from wardship.graphql.api.context import ApiContext
from wardship.graphql.engine import BatchInfo, backed_by, batch_field, field
from wardship.graphql.integrations.model import Installation, optional_installations
from wardship.tenants.egress.holdings import HoldingRecord, HoldingState

strawberry.enum(HoldingState, name="HoldingState", description="Whether what an integration holds may be used.")


@strawberry.type(description="An integration's hold on a member's data.")
@backed_by(HoldingRecord)
class Holding:
    """A hold."""

    since: datetime = field(description="When it first received data of the member.", source="created_at")
    state: HoldingState = field(description="Whether it may use what it holds.")

    @batch_field(cost=2, description="The installation that holds the data; null when you may not see it.")
    @staticmethod
    async def installation(
        parents: Sequence[HoldingRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[Installation | None]:
        """Return the installations of these holds."""
        return await optional_installations(info.context, [parent.installation_id for parent in parents])
