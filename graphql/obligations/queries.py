"""What may be asked about obligations."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import parse_optional
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.engine import Connection, root_field
from wardship.graphql.obligations.model import Obligation
from wardship.tenants.obligations.read import list_obligations
from wardship.tenants.obligations.states import ObligationState


@strawberry.type
class ObligationQueries:
    """Obligations in lists."""

    @root_field(cost=3)
    async def obligations(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        installation_id: strawberry.ID | None = None,
        states: list[ObligationState] | None = None,
    ) -> Connection[Obligation]:
        """What is and was owed at integrations, by time."""
        request = page_request(first, after)
        page = await list_obligations(
            info.context.access,
            request,
            installation_id=parse_optional("Installation", installation_id, path=("installationId",)),
            states=states or (),
        )
        return connection(page, request)
