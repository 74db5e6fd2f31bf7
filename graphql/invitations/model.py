"""Invitations as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from wardship.core.actor import Role
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import Node, node_loader
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.groups.model import Group, optional_groups
from wardship.graphql.members.model import Member, optional_members
from wardship.tenants.invitations.read import InvitationRecord, invitation_by_id
from wardship.tenants.members.visibility import visible_members


@strawberry.enum(description="Where an invitation stands.")
class InvitationState(Enum):
    """State of an invitation at the moment of asking."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


@strawberry.type(description="An invitation of one address; the link is in the letter and nowhere else.")
class Invitation(Node):
    """An invitation."""

    created_at: datetime = field(description="When it was sent.")
    email: str = field(description="The invited address.")
    roles: list[Role] = field(description="The roles that accepting it brings.")
    state: InvitationState = field(description="Where it stands.")
    expires_at: datetime = field(description="Until when it can be accepted.")
    accepted_at: datetime | None = field(description="When it was accepted.")
    revoked_at: datetime | None = field(description="When it was revoked.")
    group_key: strawberry.Private[UUID | None]
    inviter_key: strawberry.Private[UUID]

    @batch_field(cost=2)
    @staticmethod
    async def group(parents: Sequence[Invitation], info: BatchInfo[ApiContext]) -> Sequence[Group | None]:
        """The group that accepting it brings the person into, if any."""
        return await optional_groups(info.context, [parent.group_key for parent in parents])

    @batch_field(cost=2)
    @staticmethod
    async def invited_by(parents: Sequence[Invitation], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Who sent it; null when you may not see him or her."""
        keys = [parent.inviter_key for parent in parents]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())


def invitation_of(record: InvitationRecord, at: datetime) -> Invitation:
    """Return an invitation of the domain as the API shows it at a moment."""
    return Invitation(
        id=global_id("Invitation", record.id),
        created_at=record.created_at,
        email=record.email,
        roles=list(record.roles),
        state=InvitationState(record.state(at)),
        expires_at=record.expires_at,
        accepted_at=record.accepted_at,
        revoked_at=record.revoked_at,
        group_key=record.group_id,
        inviter_key=record.invited_by,
    )


@node_loader("Invitation")
async def _load(info: ApiInfo, identifier: UUID) -> Invitation | None:
    access = info.context.access
    return invitation_of(await invitation_by_id(access, identifier), access.now)
