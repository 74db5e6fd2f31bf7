"""What may be asked about integrations and their installations."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.engine import Connection, root_field
from wardship.graphql.installations.declarations import AvailableIntegration, available_of
from wardship.graphql.installations.model import Installation
from wardship.tenants.installations.declarations import available_integrations
from wardship.tenants.installations.read import list_installations


@strawberry.type
class InstallationQueries:
    """Integrations and installations in lists."""

    @root_field(cost=5, size=20)
    async def available_integrations(self, info: ApiInfo) -> list[AvailableIntegration]:
        """The integrations of this deployment, with what each declares."""
        return [available_of(item) for item in available_integrations(info.context.access)]

    @root_field(cost=3)
    async def installations(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        *,
        with_removed: bool = False,
    ) -> Connection[Installation]:
        """What is installed, by time; those without the right to all see their own."""
        request = page_request(first, after)
        page = await list_installations(info.context.access, request, with_removed=with_removed)
        return connection(page, request)
