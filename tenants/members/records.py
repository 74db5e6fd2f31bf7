"""Members and their roles as the domain hands them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wardship.core.actor import Role
from wardship.core.database.rows import Row, column, column_if_read
from wardship.tenants.members.visibility import Detail


class MemberState(StrEnum):
    """Where a membership stands. Deactivated, removed and erased are three different things."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    REMOVED = "removed"
    ERASED = "erased"


class MemberRecord(Row):
    """What one caller sees of one member: None stands for what was not asked for or is not the caller's to see.

    A row of ``visibility.source``.
    """

    __slots__ = ()

    id: UUID = column("id")
    detail: Detail = column("detail", Detail)
    created_at: datetime = column("created_at")
    display_name: str | None = column_if_read("display_name")
    title: str | None = column_if_read("title")
    first_name: str | None = column_if_read("first_name")
    last_name: str | None = column_if_read("last_name")
    job_title: str | None = column_if_read("job_title")
    company: str | None = column_if_read("company")
    username: str | None = column_if_read("username")
    email: str | None = column_if_read("email")
    phone: str | None = column_if_read("phone")
    picture_url: str | None = column_if_read("picture_url")
    postal_address: str | None = column_if_read("postal_address")
    state: str | None = column_if_read("state")
    joined_at: datetime | None = column_if_read("joined_at")
    last_seen_at: datetime | None = column_if_read("last_seen_at")
    left_at: datetime | None = column_if_read("left_at")


@dataclass(frozen=True, slots=True)
class RoleRecord:
    """A role that a member holds, since when, and who gave it (a member's id; None for the system)."""

    id: UUID
    member_id: UUID
    role: Role
    created_at: datetime
    granted_by: UUID | None
