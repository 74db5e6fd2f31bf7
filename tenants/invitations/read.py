"""Find invitations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wardship.core.actor import Role
from wardship.core.errors import NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.paging import Page, PageRequest, page_of, rest_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

INVITATION_LASTS = timedelta(days=7)

COLUMNS = "id, created_at, email, roles, group_id, invited_by, expires_at, accepted_at, revoked_at, is_stepped_up"


@dataclass(frozen=True, slots=True)
class InvitationRecord:
    """An invitation at a moment; its token is nowhere but in the letter.

    Attributes:
        is_stepped_up: whether its sender had shown the second factor, without which it brings no role.
        read_at: the moment.
    """

    id: UUID
    created_at: datetime
    email: str
    roles: tuple[Role, ...]
    group_id: UUID | None
    invited_by: UUID
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None
    is_stepped_up: bool
    read_at: datetime

    @property
    def state(self) -> str:
        """``accepted``, ``revoked``, ``expired`` or ``open``."""
        if self.accepted_at is not None:
            return "accepted"
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= self.read_at else "open"


async def list_invitations(access: Access, page: PageRequest, *, is_open_only: bool = False) -> Page[InvitationRecord]:
    """Return a page of the organisation's invitations, ordered by time of creation."""
    access.require(Permission.INVITATIONS_READ)
    parameters = Parameters(access.organisation_id)
    sql = f"select {COLUMNS} from invitation where organisation_id = $1"
    if is_open_only:
        # What was sent longer ago than any invitation lasts is not looked at.
        sql += f" and created_at > {parameters.add(access.now - INVITATION_LASTS)}"
        sql += f" and accepted_at is null and revoked_at is null and expires_at > {parameters.add(access.now)}"
    rows = await access.transaction.fetch(sql + rest_sql(page, parameters, "created_at, id"), *parameters.values)
    return page_of(rows, page, lambda row: invitation_record(row, access.now))


async def invitation_by_id(access: Access, invitation_id: UUID) -> InvitationRecord:
    """Return one invitation.

    Raises:
        NotFoundError: absent, or the caller may see none.
    """
    found = await find_invitation(access, invitation_id) if access.may(Permission.INVITATIONS_READ) else None
    if found is None:
        raise NotFoundError(
            "No such invitation in this organisation: use the id of one that you can see.", path=("invitation_id",)
        )
    return found


async def find_invitation(access: Access, invitation_id: UUID, *, lock: str = "") -> InvitationRecord | None:
    """Return an invitation, if there is one, locked by such as ``for update``; for acts that have checked who may."""
    sql = f"select {COLUMNS} from invitation where organisation_id = $1 and id = $2 {lock}"
    row = await access.fetchrow(sql, invitation_id)
    return None if row is None else invitation_record(row, access.now)


def invitation_record(row: Mapping[str, Any], at: datetime) -> InvitationRecord:
    """Return an invitation at a moment, from a row with its columns."""
    return InvitationRecord(**{**dict(row), "roles": tuple(Role(role) for role in row["roles"])}, read_at=at)
