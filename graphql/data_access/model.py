"""The data access log and the audit log as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import strawberry
from strawberry.scalars import JSON

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.members.model import Member, named_members
from wardship.tenants.data_access.read import AuditRecord, DataAccessRecord, audit_log
from wardship.tenants.paging import PageRequest


@object_type(DataAccessRecord)
class DataAccess:
    """That somebody saw categories of your data."""

    at: datetime = field(description="When it happened.", source="created_at")
    actor_kind: str = field(description="`member`, `token` (a member's program) or `privacy_team`.")
    categories: list[str] = field(description="The categories that were shown.")

    @batch_field(cost=2)
    @staticmethod
    async def actor(parents: Sequence[DataAccessRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """The member who looked: at least the name; null for the privacy team."""
        keys = [None if parent.actor_kind == "privacy_team" else parent.actor_id for parent in parents]
        return await named_members(info, keys)


@object_type(AuditRecord)
class AuditEntry:
    """An entry of the organisation's audit chain: identifiers and codes, no personal data."""

    id: strawberry.ID = global_id_field("AuditEntry")
    sequence: int = field(description="Its place in the chain, from 1.")
    at: datetime = field(description="When it happened.")
    actor_kind: str = field(description="`member`, `token`, `privacy_team` or `system`.", source="actor.kind")
    action: str = field(description="What was done, as noun and verb.")
    target_kind: str = field(description="The noun acted on.", source="target.kind")
    target_id: str | None = field(
        description="Its identifier, as in an export of the chain.", source="target.id", convert=str
    )
    purpose: str = field(description="Why, where a purpose was stated.")
    outcome: str = field(description="`done`, or the code of what happened instead.")
    request_id: str = field(description="The identifier of the call.", source="request")
    details: JSON = field(description="Identifiers, codes, counts and names of fields.")
    actor = reference(named_members, "actor.member", "The member who acted: at least the name; null for others.")


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What is asked of the audit log: ``before`` is the sequence number of the last entry seen."""

    page: PageRequest
    before: int | None


def audit_page(first: int, after: str | None) -> AuditPage:
    """Return what is asked of the audit log.

    Raises:
        InvalidInputError: ``first`` is out of bounds.
        MalformedCursorError: the cursor is not one of this list.
    """
    page = page_request(first, after, int)
    return AuditPage(page, None if page.after is None else cast("int", page.after[0]))


@strawberry.type
class DataAccessQueries:
    """The organisation's audit log."""

    @root_field(cost=3)
    async def audit_log(self, info: ApiInfo, first: int = 20, after: str | None = None) -> Connection[AuditEntry]:
        """The organisation's audit chain, latest first; for those who may read it."""
        asked = audit_page(first, after)
        page = await audit_log(info.context.access, first, before=asked.before)
        return connection(page, asked.page, place=lambda item: (item.sequence, item.id))
