"""What may be done to invitations; accepting one is not the organisation's affair yet: see the HTTP route."""

from __future__ import annotations

import strawberry

from wardship.core.actor import Role
from wardship.graphql.api.command import Payload, command, object_field
from wardship.graphql.api.identifiers import parse_id, parse_optional
from wardship.graphql.invitations.model import Invitation
from wardship.tenants.access import Access
from wardship.tenants.invitations.invite import invite_member, revoke_invitation
from wardship.tenants.invitations.read import InvitationRecord


@strawberry.input(description="Whom to invite, and what accepting brings.")
class InviteMemberInput:
    """Input of ``inviteMember``."""

    email: str = strawberry.field(description="The address; only an account that has proven it can accept.")
    roles: list[Role] = strawberry.field(default_factory=list, description="Roles below yours, besides member.")
    group_id: strawberry.ID | None = strawberry.field(default=None, description="A group to bring the person into.")


@strawberry.input(description="An invitation to act on.")
class RevokeInvitationInput:
    """Input of ``revokeInvitation``."""

    invitation_id: strawberry.ID = strawberry.field(description="The invitation's id.")


@strawberry.type(description="The invitation as it is afterwards, or why the call was refused.")
class InvitationPayload(Payload):
    """What mutations of an invitation answer with."""

    invitation: InvitationRecord | None = object_field(Invitation, "The invitation as it is now.")


@strawberry.type
class InvitationMutations:
    """Sent and taken back."""

    @command(cost=20)
    @staticmethod
    async def invite_member(access: Access, input: InviteMemberInput) -> InvitationPayload:
        """Invite an address by mail; the invitation lasts a week."""
        group_id = parse_optional("Group", input.group_id, path=("groupId",))
        sent = await invite_member(access, input.email, roles=input.roles, group_id=group_id)
        return InvitationPayload(invitation=sent)

    @command()
    @staticmethod
    async def revoke_invitation(access: Access, input: RevokeInvitationInput) -> InvitationPayload:
        """Take an open invitation back."""
        invitation_id = parse_id("Invitation", input.invitation_id, path=("invitationId",))
        return InvitationPayload(invitation=await revoke_invitation(access, invitation_id))
