"""Invitations as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import cast
from uuid import UUID

import strawberry

from wardship.core.actor import Role
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.engine import BatchInfo, backed_by, batch_field, field
from wardship.graphql.groups.model import Group, optional_groups
from wardship.graphql.members.model import Member, related_members
from wardship.tenants.invitations.read import InvitationRecord, invitation_by_id


@strawberry.enum(description="Where an invitation stands.")
class InvitationState(Enum):
    """State of an invitation at the moment of asking."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


@strawberry.type(description="An invitation of one address; the link is in the letter and nowhere else.")
@backed_by(InvitationRecord)
class Invitation(Node):
    """An invitation."""

    id: strawberry.ID = global_id_field("Invitation")
    created_at: datetime = field(description="When it was sent.")
    email: str = field(description="The invited address.")
    roles: list[Role] = field(description="The roles that accepting it brings.")
    state: InvitationState = field(description="Where it stands.", source="state", convert=InvitationState)
    expires_at: datetime = field(description="Until when it can be accepted.")
    accepted_at: datetime | None = field(description="When it was accepted.")
    revoked_at: datetime | None = field(description="When it was revoked.")

    @batch_field(cost=2)
    @staticmethod
    async def group(parents: Sequence[InvitationRecord], info: BatchInfo[ApiContext]) -> Sequence[Group | None]:
        """The group that accepting it brings the person into, if any."""
        return await optional_groups(info.context, [parent.group_id for parent in parents])

    @batch_field(cost=2)
    @staticmethod
    async def invited_by(parents: Sequence[InvitationRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Who sent it; null when you may not see him or her."""
        return await related_members(info, [parent.invited_by for parent in parents])


async def load_invitation(info: ApiInfo, identifier: UUID) -> Invitation | None:
    """Return one by its identifier; None when it is absent or not the caller's to see."""
    return cast("Invitation", await invitation_by_id(info.context.access, identifier))
