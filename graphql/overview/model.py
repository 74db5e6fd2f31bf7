"""What waits, how obligations stand, and what is set up, as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field, root_field
from wardship.graphql.obligations.model import ObligationsInState
from wardship.tenants.overview.read import Overview as Found
from wardship.tenants.overview.read import SetUpStep, Step, Waiting, WaitingKind, read_overview

strawberry.enum(WaitingKind, name="WaitingKind", description="What waits for somebody's act.")
strawberry.enum(
    SetUpStep, name="SetUpStep", description="A step from an empty organisation to one that works, in this order."
)


@object_type(Waiting)
class WaitingItems:
    """How much of a kind waits for you."""

    kind: WaitingKind = field("What waits.")
    count: int = field("How much; 1000 stands for 1000 or more.")
    late: int = field("How much of it is past its time.")
    due_at: datetime | None = field("The soonest time; null where no clock runs.")


@object_type(Step)
class SetUpProgress:
    """Whether a step is done; facts say so, nobody ticks it off."""

    step: SetUpStep = field("The step.")
    is_done: bool = field("Whether it is done.")


@object_type(Found)
class Overview:
    """What you see at first: only what your role lets you do something about, or see."""

    waiting: list[WaitingItems] = field("What waits, the soonest due first; only what there is.", size=9)
    obligations: list[ObligationsInState] | None = field(
        "What recipients owe, by state; null where you don't see obligations.", size=4
    )
    set_up: list[SetUpProgress] | None = field("What is set up; for those who may change the organisation.", size=6)


@strawberry.type
class OverviewQueries:
    """What one sees at first."""

    @root_field(cost=20)
    async def overview(self, info: ApiInfo) -> Overview:
        """What waits for you, how recipients keep what they owe, and what is not set up yet."""
        return cast("Overview", await read_overview(info.context.access))
