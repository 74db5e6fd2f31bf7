"""What may be watched about installations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import cast

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import FinalState, StateStream, field, subscription_field
from wardship.graphql.installations.model import Installation
from wardship.tenants.obligations.progress import InstallationProgress as Progress
from wardship.tenants.obligations.progress import installation_progress, watch_installation


@object_type(Progress)
class InstallationProgress:
    """How far the work at an installation has come."""

    installation: Installation = field("The installation, with its present state.")
    waiting: int = field("Obligations that are due, waiting or being worked on.")
    with_people: int = field("Obligations that wait for a person to do them.")
    done: int = field("Completed, of those that became due within a day.")
    failed: int = field("Failed for good, of those that became due within a day.")
    cancelled: int = field("Cancelled, of those that became due within a day.")
    last_ended_at: datetime | None = field("When the last of these ended; null before the first.")


@strawberry.type
class InstallationSubscriptions:
    """The progress of work at installations."""

    @subscription_field(
        cost=4,
        description="How much is owed, done and failed at an installation, at once and whenever that or its state"
        " changes; complete when it is removed and nothing more is owed.",
    )
    async def installation_progress(self, info: ApiInfo, id: strawberry.ID) -> AsyncIterator[InstallationProgress]:
        """Watch one installation."""
        key = parse_id("Installation", id, path=("id",))

        async def read(context: ApiContext) -> InstallationProgress | FinalState[InstallationProgress]:
            found = await installation_progress(context.access, key)
            shown = cast("InstallationProgress", found)
            return FinalState(shown) if found.is_over else shown

        return StateStream(await watch_installation(info.context.access, key), read)
