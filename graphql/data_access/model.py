"""The data access log and the audit log as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.paging import page_request
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.members.model import Member, optional_members
from wardship.tenants.data_access.read import AuditRecord, DataAccessRecord
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.paging import PageRequest


@strawberry.type(description="That somebody saw categories of your data.")
class DataAccess:
    """An entry of the data access log."""

    at: datetime = field(description="When.")
    actor_kind: str = field(description="`member`, `token` (a member's program) or `privacy_team`.")
    categories: list[str] = field(description="The categories that were shown.")
    actor_key: strawberry.Private[UUID]

    @batch_field(cost=2, description="The member who looked: at least the name; null for the privacy team.")
    @staticmethod
    async def actor(parents: Sequence[DataAccess], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return who looked."""
        keys = [None if parent.actor_kind == "privacy_team" else parent.actor_key for parent in parents]
        return await _named(info, keys)


@strawberry.type(description="An entry of the organisation's audit chain: identifiers and codes, no personal data.")
class AuditEntry:
    """An entry of the audit log."""

    id: strawberry.ID = field(description="Opaque identifier.")
    sequence: int = field(description="Its place in the chain, from 1.")
    at: datetime = field(description="When.")
    actor_kind: str = field(description="`member`, `token`, `privacy_team` or `system`.")
    action: str = field(description="What was done, as noun and verb.")
    target_kind: str = field(description="The noun acted on.")
    target_id: str | None = field(description="Its identifier, as in an export of the chain.")
    purpose: str = field(description="Why, where a purpose was stated.")
    outcome: str = field(description="`done`, or the code of what happened instead.")
    request_id: str = field(description="The identifier of the call.")
    details: JSON = field(description="Identifiers, codes, counts and names of fields.")
    actor_key: strawberry.Private[UUID | None]

    @batch_field(cost=2, description="The member who acted: at least the name; null for others.")
    @staticmethod
    async def actor(parents: Sequence[AuditEntry], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return who acted."""
        return await _named(info, [parent.actor_key for parent in parents])


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


def access_of(record: DataAccessRecord) -> DataAccess:
    """Return an entry of the data access log as the API shows it."""
    return DataAccess(
        at=record.created_at,
        actor_kind=record.actor_kind,
        categories=list(record.categories),
        actor_key=record.actor_id,
    )


def entry_of(record: AuditRecord) -> AuditEntry:
    """Return an entry of the audit log as the API shows it."""
    details: Any = record.details
    return AuditEntry(
        id=global_id("AuditEntry", record.id),
        sequence=record.sequence,
        at=record.at,
        actor_kind=record.actor.kind,
        action=record.action,
        target_kind=record.target.kind,
        target_id=None if record.target.id is None else str(record.target.id),
        purpose=record.purpose,
        outcome=record.outcome,
        request_id=record.request,
        details=details,
        actor_key=record.actor.member,
    )


async def _named(info: BatchInfo[ApiContext], ids: Sequence[UUID | None]) -> list[Member | None]:
    reach = visible_members(info.context.access, named_in_content=[item for item in ids if item is not None])
    return await optional_members(info.context, reach, ids, info.selection.fields())
