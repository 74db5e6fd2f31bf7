"""Mergers, as the API shows them, and what may be asked about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import strawberry

from wardship.core.errors import NotFoundError
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.tenants.mergers.read import MergerFigure as Figure
from wardship.tenants.mergers.read import MergerPreview as Preview
from wardship.tenants.mergers.read import list_mergers, merger_by_id, previews_of
from wardship.tenants.mergers.records import MergerRecord, MergerState

strawberry.enum(MergerState, name="MergerState", description="Where a merger stands.")


@object_type(Figure)
class MergerFigure:
    """One number of a preview."""

    name: str = field("What is counted, such as `members_in_both`.")
    count: int = field("How many.")


@object_type(Preview)
class MergerPreview:
    """What a merger brings, in numbers; once it was accepted, as it was shown then."""

    digest: str = field("Names exactly these numbers, when they are accepted: 64 hexadecimal digits.")
    figures: list[MergerFigure] = field("The numbers, by name.")


@object_type(MergerRecord)
class Merger(Node):
    """That one organisation is to become part of another, or was, or did."""

    id: strawberry.ID = global_id_field("Merger")
    created_at: datetime = field("When it was offered.")
    source_slug: str = field("Short name of the organisation that becomes part of the other.")
    source_name: str = field("Its name.")
    target_slug: str = field("Short name of the other, as it was typed; whether there is one is not told.")
    target_name: str | None = field("Name of the other; null for who offers, until it was accepted.")
    state: MergerState = field("Where it stands.")
    state_since: datetime = field("Since when.")
    state_until: datetime | None = field(
        "Until when the offer stands; once it is accepted, the day, or when it is tried again."
    )
    waits_for: str | None = field(
        "What it waits for although its day has come: `organisations` (one is suspended or leaves), `erasures` (of"
        " somebody who is in both), `deliveries` (that are under way), `faults` (it failed: the"
        " operator's log says why); null when for nothing."
    )

    @batch_field(cost=20)
    @staticmethod
    async def preview(parents: Sequence[MergerRecord], info: BatchInfo[ApiContext]) -> Sequence[MergerPreview | None]:
        """What it brings: to whom it is offered, and to both once it was accepted; null otherwise."""
        return cast("list[MergerPreview | None]", await previews_of(info.context.access, parents))


@strawberry.type
class MergerQueries:
    """Mergers in lists, and one by one."""

    @root_field(cost=3)
    async def mergers(self, info: ApiInfo, first: int = 20, after: str | None = None) -> Connection[Merger]:
        """The mergers in which the organisation takes or took part, by the time they were offered."""
        request = page_request(first, after)
        return connection(await list_mergers(info.context.access, request), request)

    @root_field(cost=2)
    async def merger(self, info: ApiInfo, id: strawberry.ID) -> Merger | None:
        """One merger by id; null when absent or not yours to see."""
        try:
            found = await merger_by_id(info.context.access, parse_id("Merger", id, path=("id",)))
        except NotFoundError:
            return None
        return cast("Merger", found)
