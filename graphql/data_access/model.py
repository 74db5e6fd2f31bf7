"""The data access log and the audit log as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from wardship.core.database.personal_data import Controller
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.members.model import Member, named_members
from wardship.tenants.data_access.controllers import HeldCategory as Held
from wardship.tenants.data_access.controllers import held_categories
from wardship.tenants.data_access.read import AuditRecord, DataAccessRecord, audit_log
from wardship.tenants.paging import PageRequest


@object_type(DataAccessRecord)
class DataAccess:
    """That somebody saw categories of your data."""

    at: datetime = field("When it happened.", source="created_at")
    actor_kind: str = field("`member`, `token` (a member's program) or `privacy_team`.")
    categories: list[str] = field("The categories that were shown.")

    @batch_field(cost=2)
    @staticmethod
    async def actor(parents: Sequence[DataAccessRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """The member who looked: at least the name; null for the privacy team, and for you once you have left."""
        keys = [None if parent.actor_kind == "privacy_team" else parent.actor_id for parent in parents]
        return await named_members(info, keys)


@object_type(AuditRecord)
class AuditEntry:
    """An entry of the organisation's audit chain: identifiers and codes, no personal data."""

    id: strawberry.ID = global_id_field("AuditEntry")
    sequence: int = field("Its place in the chain, from 1.")
    at: datetime = field("When it happened.")
    actor_kind: str = field("`member`, `token`, `directory`, `privacy_team` or `system`.", source="actor.kind")
    action: str = field("What was done, as noun and verb.")
    target_kind: str = field("The noun acted on.", source="target.kind")
    target_id: str | None = field("Its identifier, as in an export of the chain.", source="target.id", convert=str)
    purpose: str = field("Why, where a purpose was stated.")
    outcome: str = field("`done`, or the code of what happened instead.")
    request_id: str = field("The identifier of the call.", source="request")
    details: JSON = field("Identifiers, codes, counts and names of fields.")
    actor = reference(named_members, "actor.member", "The member who acted: at least the name; null for others.")


def sequence_before(request: PageRequest) -> int | None:
    """Return the sequence number of the last entry seen of the audit log; None on the first page."""
    return None if request.after is None else cast("int", request.after[0])


def merger_argument(merger_id: strawberry.ID | None) -> UUID | None:
    """Return the merger whose earlier chain is asked for; None for the own chain."""
    return None if merger_id is None else parse_id("Merger", merger_id, path=("merger_id",))


strawberry.enum(Controller, name="DataController", description="Who decides on data.")


@object_type(Held)
class HeldCategory:
    """A category of personal data that is held on people here, and who decides on it."""

    category: str = field("Its key.")
    label: str = field("The category in words.")
    is_special: bool = field("Whether it is specially protected.")
    controller: Controller = field(
        "Who decides on it: the organisation, for which the provider holds it, or the provider, as part of the account."
        " A request about the account goes to the provider's privacy team; every other is decided by the organisation"
        " first."
    )
    sources: list[str] = field("Where it comes from, as codes.")


@strawberry.type
class DataAccessQueries:
    """The organisation's audit log, and what is held."""

    @root_field(cost=1)
    async def held_categories(self, info: ApiInfo) -> list[HeldCategory]:
        """The categories of personal data that are held on you here, and who decides on each."""
        return cast("list[HeldCategory]", held_categories(info.context.access))

    @root_field(cost=3)
    async def audit_log(
        self, info: ApiInfo, first: int = 20, after: str | None = None, merger_id: strawberry.ID | None = None
    ) -> Connection[AuditEntry]:
        """The organisation's audit chain, latest first; with a merger, that of the organisation that joined by it."""
        request = page_request(first, after, int)
        merger = merger_argument(merger_id)
        page = await audit_log(info.context.access, first, before=sequence_before(request), merger_id=merger)
        return connection(page, request, place=lambda item: (item.sequence, item.id))
