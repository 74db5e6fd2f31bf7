"""Invitations that came from an organisation that has joined: whose word they go on by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.tenants.access import Access

_INHERIT: Final = (
    "update invitation i set invited_by = r.member_id from role_assignment r"
    " where i.organisation_id = $1 and i.id = any($2::uuid[]) and i.accepted_at is null and i.revoked_at is null"
    " and r.organisation_id = $1 and r.role = 'org_owner'"
)


async def inherit_invitations(access: Access, invitation_ids: Collection[UUID]) -> None:
    """Let open invitations go on by the word of the owner, who accepted that they come.

    Who sent them invites nobody any more, and an invitation stands and falls with who has sent it.
    """
    await access.execute(_INHERIT, list(invitation_ids))
