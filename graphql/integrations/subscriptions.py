"""What may be watched about integrations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.engine import FinalState, StateStream, field, subscription_field
from wardship.graphql.integrations.model import Installation, installation_of
from wardship.tenants.obligations.progress import InstallationProgress as Progress
from wardship.tenants.obligations.progress import installation_progress, watch_installation


@strawberry.type(description="How far the work at an installation has come.")
class InstallationProgress:
    """Counts of obligations, by where they stand."""

    installation: Installation = field(description="The installation, with its present state.")
    waiting: int = field(description="Obligations that are due, waiting or being worked on.")
    with_people: int = field(description="Obligations that wait for a person to do them.")
    done: int = field(description="Completed, of those that became due within a day.")
    failed: int = field(description="Failed for good, of those that became due within a day.")
    cancelled: int = field(description="Cancelled, of those that became due within a day.")
    last_ended_at: datetime | None = field(description="When the last of these ended; null before the first.")


@strawberry.type
class IntegrationSubscriptions:
    """The progress of work at integrations."""

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
            shown = _progress_of(found)
            return FinalState(shown) if found.is_over else shown

        return StateStream(await watch_installation(info.context.access, key), read)


def _progress_of(found: Progress) -> InstallationProgress:
    return InstallationProgress(
        installation=installation_of(found.installation),
        waiting=found.waiting,
        with_people=found.with_people,
        done=found.done,
        failed=found.failed,
        cancelled=found.cancelled,
        last_ended_at=found.last_ended_at,
    )
