"""Members and their roles as the domain hands them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wardship.core.actor import Role
from wardship.tenants.members.visibility import COLUMNS, Detail


class MemberState(StrEnum):
    """Where a membership stands. Deactivated, removed and erased are three different things."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    REMOVED = "removed"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """What one caller sees of one member: None stands for what was not asked for or is not the caller's to see."""

    id: UUID
    detail: Detail
    created_at: datetime
    display_name: str | None = None
    title: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    job_title: str | None = None
    company: str | None = None
    username: str | None = None
    email: str | None = None
    phone: str | None = None
    picture_url: str | None = None
    postal_address: str | None = None
    state: str | None = None
    joined_at: datetime | None = None
    last_seen_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoleRecord:
    """A role that a member holds, since when, and who gave it (a member's id; None for the system)."""

    id: UUID
    member_id: UUID
    role: Role
    created_at: datetime
    granted_by: UUID | None


def member_record(row: Mapping[str, Any]) -> MemberRecord:
    """Return a member from a row of ``visibility.source``."""
    shown = {name: row[name] for name in row.keys() if name in COLUMNS}  # noqa: SIM118 - an asyncpg record iterates values
    return MemberRecord(row["id"], Detail(row["detail"]), row["created_at"], **shown)
