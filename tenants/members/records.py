"""Members and their roles as the domain hands them out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.actor import Role
from wardship.core.database.rows import Row, column
from wardship.tenants.members.visibility import Detail


class MemberState(StrEnum):
    """Where a membership stands. Deactivated, removed and erased are three different things."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    REMOVED = "removed"
    ERASED = "erased"


_S = MemberState

TRANSITIONS: Final = MappingProxyType(
    {
        _S.ACTIVE: frozenset({_S.DEACTIVATED, _S.REMOVED, _S.ERASED}),
        _S.DEACTIVATED: frozenset({_S.ACTIVE, _S.REMOVED, _S.ERASED}),
        # Who was removed comes back by an invitation, or because an administrator takes the removal back.
        _S.REMOVED: frozenset({_S.ACTIVE, _S.ERASED}),
        _S.ERASED: frozenset(),
    }
)


class MemberRecord(Row):
    """What one caller sees of one member, in a row of ``visibility.source``: None is not the caller's to see.

    A column that wasn't asked for can't be read; ``found_at`` is where a search found the member.
    """

    __slots__ = ()

    id: UUID = column("id")
    detail: Detail = column("detail", Detail)
    created_at: datetime = column("created_at")
    display_name: str | None = column("display_name")
    title: str | None = column("title")
    first_name: str | None = column("first_name")
    last_name: str | None = column("last_name")
    job_title: str | None = column("job_title")
    company: str | None = column("company")
    username: str | None = column("username")
    email: str | None = column("email")
    phone: str | None = column("phone")
    picture_url: str | None = column("picture_url")
    postal_address: str | None = column("postal_address")
    state: str | None = column("state")
    joined_at: datetime | None = column("joined_at")
    last_seen_at: datetime | None = column("last_seen_at")
    left_at: datetime | None = column("left_at")
    found_at: str = column("found_at")


class RoleRecord(Row):
    """A role that a member holds, since when, and who gave it (a member's id; None for the system)."""

    __slots__ = ()

    id: UUID = column("id")
    member_id: UUID = column("member_id")
    role: Role = column("role", Role)
    created_at: datetime = column("created_at")
    granted_by: UUID | None = column("granted_by")
