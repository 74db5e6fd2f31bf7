"""What may be asked about the ledger."""

from __future__ import annotations

from typing import cast

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import parse_optional
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.disclosures.model import DataFlow, Disclosure
from wardship.graphql.engine import Connection, root_field
from wardship.tenants.egress.flows import data_flows
from wardship.tenants.egress.ledger import list_disclosures


@strawberry.type
class DisclosureQueries:
    """The ledger in lists."""

    @root_field(cost=3)
    async def disclosures(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        member_id: strawberry.ID | None = None,
        installation_id: strawberry.ID | None = None,
    ) -> Connection[Disclosure]:
        """The ledger, oldest first: of a member, of an installation, or all of it."""
        request = page_request(first, after)
        page = await list_disclosures(
            info.context.access,
            request,
            member_id=parse_optional("Member", member_id, path=("memberId",)),
            installation_id=parse_optional("Installation", installation_id, path=("installationId",)),
        )
        return connection(page, request)

    @root_field(cost=3)
    async def my_disclosures(self, info: ApiInfo, first: int = 20, after: str | None = None) -> Connection[Disclosure]:
        """Who received what of you, oldest first; also after your membership has ended."""
        access = info.context.access
        request = page_request(first, after)
        page = await list_disclosures(access, request, member_id=access.require_person("read"))
        return connection(page, request)

    @root_field(cost=100)
    async def data_flows(self, info: ApiInfo) -> list[DataFlow]:
        """The data map: every category at every recipient that holds some of it; for those who may read the ledger."""
        return cast("list[DataFlow]", await data_flows(info.context.access))
