"""Invitations as the API shows them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from wardship.core.actor import Role
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.relations import reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field
from wardship.graphql.groups.model import optional_groups
from wardship.graphql.members.model import related_members
from wardship.tenants.invitations.read import InvitationRecord


@strawberry.enum(description="Where an invitation stands.")
class InvitationState(Enum):
    """State of an invitation at the moment of asking."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


@object_type(InvitationRecord)
class Invitation(Node):
    """An invitation of one address; the link is in the letter and nowhere else."""

    id: strawberry.ID = global_id_field("Invitation")
    created_at: datetime = field("When it was sent.")
    email: str = field("The invited address.")
    roles: list[Role] = field("The roles that accepting it brings.")
    state: InvitationState = field("Where it stands.", source="state", convert=InvitationState)
    expires_at: datetime = field("Until when it can be accepted.")
    accepted_at: datetime | None = field("When it was accepted.")
    revoked_at: datetime | None = field("When it was revoked.")
    group = reference(optional_groups, "group_id", "The group that accepting it brings the person into, if any.")
    invited_by = reference(related_members, "invited_by", "Who sent it; null when you may not see him or her.")
