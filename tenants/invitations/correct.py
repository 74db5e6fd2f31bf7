"""Correct the address of a member who has no account yet: what was sent to the wrong one leads nowhere."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.invitations.invite import revoke_invitations_to
from wardship.tenants.members.contact_address import correct_email
from wardship.tenants.members.records import MemberRecord


async def correct_member_email(access: Access, member_id: UUID, email: str) -> MemberRecord:
    """Correct a member's address, and revoke invitations to the wrong one; see ``correct_email``."""
    member, wrong = await correct_email(access, member_id, email)
    if wrong:
        await revoke_invitations_to(access, [wrong], by="correction")
    return member
