"""What may be done to invitations; accepting one is not the organisation's affair yet: see the HTTP route."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.core.actor import Role
from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument, optional_id
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.invitations.model import Invitation
from wardship.graphql.members.model import reassigned_field
from wardship.graphql.members.mutations import MemberPayload
from wardship.tenants.access import Access
from wardship.tenants.invitations.correct import correct_member_email
from wardship.tenants.invitations.invite import invite_member, revoke_invitation
from wardship.tenants.invitations.read import InvitationRecord
from wardship.tenants.members.tombstones import Reassignable


@input_type
class InviteMemberInput:
    """Whom to invite, and what accepting brings."""

    email: str = field("The address; only an account that has proven it can accept.")
    roles: list[Role] = field("Roles below yours, besides member.", default_factory=list)
    group_id: UUID | None = optional_id("Group", "A group to bring the person into.")
    reassigned: list[Reassignable] = reassigned_field()


@input_type
class RevokeInvitationInput:
    """An invitation to act on."""

    invitation_id: UUID = id_argument("Invitation", "The invitation's id.")


@input_type
class CorrectMemberEmailInput:
    """The right address of a member who has no account."""

    member_id: UUID = id_argument("Member", "The member's id.")
    email: str = field("The right address.")


InvitationPayload = object_payload("InvitationPayload", "invitation", Invitation)


@strawberry.type
class InvitationMutations:
    """Sent and taken back."""

    @command(InvitationPayload, cost=20)
    async def invite_member(self, access: Access, input: InviteMemberInput) -> InvitationRecord:
        """Invite an address by mail; the invitation lasts a week. One that brings roles needs step-up."""
        return await invite_member(
            access, input.email, roles=input.roles, group_id=input.group_id, reassigned=frozenset(input.reassigned)
        )

    @command(InvitationPayload)
    async def revoke_invitation(self, access: Access, input: RevokeInvitationInput) -> InvitationRecord:
        """Take an open invitation back."""
        return await revoke_invitation(access, input.invitation_id)

    @command()
    async def correct_member_email(self, access: Access, input: CorrectMemberEmailInput) -> MemberPayload:
        """Correct the address of a member below you who has no account; invitations to the wrong one are revoked."""
        return MemberPayload(member_key=(await correct_member_email(access, input.member_id, input.email)).id)
