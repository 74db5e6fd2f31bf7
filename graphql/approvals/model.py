"""Deletions that wait for a second person, as the API shows them, and what may be done with them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import reference
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import Connection, GlobalId, field, root_field
from wardship.graphql.members.model import related_members
from wardship.tenants.access import Access
from wardship.tenants.approvals.read import list_approvals, list_held_deletions
from wardship.tenants.approvals.records import ApprovalKind, ApprovalRecord, ApprovalState, HeldDeletion
from wardship.tenants.fulfilment.second_person import approve_deletion, refuse_deletion, withdraw_deletion

strawberry.enum(ApprovalKind, description="What is done once it is approved.")
strawberry.enum(ApprovalState, description="Where an approval stands.")


@object_type(ApprovalRecord)
class Approval(Node):
    """A deletion beyond the limit of a day (5 members, or a twentieth where that is more)."""

    id: strawberry.ID = global_id_field("Approval")
    created_at: datetime = field("When it was asked for.")
    kind: ApprovalKind = field("What is done once it is approved.")
    state: ApprovalState = field("Where it stands.")
    is_with_privacy_team: bool = field("Whether nobody else in the organisation could approve it.")
    expires_at: datetime = field("Until when it can be decided; nothing is done when nobody does.")
    decided_at: datetime | None = field("When it was decided, taken back, or expired.")
    member = reference(related_members, "member_id", "Whom it is about; null when you may not see him or her.")
    asked_by = reference(related_members, "asked_by", "Who wanted it; null for the privacy team and the directory.")
    decided_by = reference(related_members, "decided_by", "Who decided; null for the privacy team and the clock.")


@object_type(HeldDeletion)
class WaitingDeletion:
    """A deletion that waits for the privacy team, in whatever organisation: identifiers and moments."""

    organisation: str = field("Slug of the organisation, for X-Wardship-Organisation.", source="organisation_slug")
    organisation_name: str = field("Name of the organisation.")
    approval_id: strawberry.ID = field(
        "The approval's id there, for `approveDeletion` and `refuseDeletion`.",
        source="approval_id",
        convert=GlobalId.encoder("Approval"),
    )
    kind: ApprovalKind = field("What is done once it is approved.")
    asked_at: datetime = field("When it was asked for.")
    expires_at: datetime = field("Until when it can be decided; nothing is done when nobody does.")


@input_type
class ApprovalInput:
    """A deletion that waits."""

    approval_id: UUID = id_argument("Approval", "The approval's id.")


ApprovalPayload = object_payload("ApprovalPayload", "approval", Approval)


@strawberry.type
class ApprovalQueries:
    """Deletions that wait, or waited."""

    @root_field(cost=3)
    async def approvals(
        self, info: ApiInfo, first: int = 20, after: str | None = None, *, is_open_only: bool = False
    ) -> Connection[Approval]:
        """Deletions of members that wait, or waited, for a second person, by the time they were asked for."""
        request = page_request(first, after)
        return connection(await list_approvals(info.context.access, request, is_open_only=is_open_only), request)

    @root_field(cost=3)
    async def held_deletions(
        self, info: ApiInfo, first: int = 20, after: str | None = None
    ) -> Connection[WaitingDeletion]:
        """Deletions that wait for the privacy team in every organisation, oldest first; for it, naming none."""
        request = page_request(first, after)
        page = await list_held_deletions(info.context.access, request)
        return connection(page, request, place=lambda item: (item.asked_at, item.approval_id))


@strawberry.type
class ApprovalMutations:
    """Decided by somebody else, or taken back."""

    @command(ApprovalPayload, cost=50)
    async def approve_deletion(self, access: Access, input: ApprovalInput) -> ApprovalRecord:
        """Approve a deletion that somebody else asked for, and do exactly that; needs step-up."""
        return await approve_deletion(access, input.approval_id)

    @command(ApprovalPayload)
    async def refuse_deletion(self, access: Access, input: ApprovalInput) -> ApprovalRecord:
        """Refuse a deletion that somebody else asked for; needs step-up."""
        return await refuse_deletion(access, input.approval_id)

    @command(ApprovalPayload)
    async def withdraw_deletion(self, access: Access, input: ApprovalInput) -> ApprovalRecord:
        """Take back a deletion that you asked for and that waits."""
        return await withdraw_deletion(access, input.approval_id)
