"""The time that somebody has to come back after a membership has ended, before an erasure is asked for (B5).

It begins at every deactivation and removal, and ends when the person is back or erased.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.permissions import Permission

GRACE: Final = timedelta(days=90)
"""How long nothing is erased after a membership has ended."""

WARNINGS: Final = (timedelta(days=30), timedelta(days=7), timedelta(days=2))
"""How long before the end the person is warned by mail, each once."""


class GraceState(StrEnum):
    """Where a grace period stands; while an erasure is asked for, its request has states of its own."""

    RUNNING = "running"
    ERASURE_ASKED = "erasure_asked"
    ENDED = "ended"


_S = GraceState

TRANSITIONS: Final = MappingProxyType(
    {
        _S.RUNNING: frozenset({_S.RUNNING, _S.ERASURE_ASKED, _S.ENDED}),
        # Running again where the request ended without an erasure.
        _S.ERASURE_ASKED: frozenset({_S.RUNNING, _S.ENDED}),
        _S.ENDED: frozenset(),
    }
)


def _before(state: GraceState) -> list[str]:
    """Return the states that may lead to this one, as the statements below want them."""
    return [start.value for start, following in TRANSITIONS.items() if state in following]


class GraceCause(StrEnum):
    """How the membership ended: at the person's own request, by an administrator, or for good."""

    REQUESTED = "requested"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class GraceRecord(Row):
    """One grace period: until when it runs, when the clock looks at it next, how many warnings were sent."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    member_id: UUID = column("member_id")
    state: GraceState = column("state", GraceState)
    cause: GraceCause = column("cause", GraceCause)
    ends_at: datetime = column("ends_at")
    next_at: datetime = column("next_at")
    warnings: int = column("warnings")
    request_id: UUID | None = column("request_id")

    @property
    def can_reactivate(self) -> bool:
        """Whether the person can come back without an administrator."""
        return self.cause is GraceCause.REQUESTED


_OPEN = (
    "select id, created_at, member_id, state, cause, ends_at, next_at, warnings, request_id from grace_period"
    " where organisation_id = $1 and state <> 'ended'"
)


def next_moment(ends_at: datetime, now: datetime) -> datetime:
    """Return when the clock acts next on a period that ends then: at a warning that is still ahead, or at the end."""
    return min((ends_at - before for before in WARNINGS if ends_at - before > now), default=ends_at)


async def start_grace(access: Access, member_id: UUID, cause: GraceCause) -> datetime | None:
    """Let a member's grace period begin, or begin again for another cause; return when it ends.

    None where it is over and the erasure is asked for: then only the cause changes, which says who may come back how.
    """
    ends_at = access.now + GRACE
    is_running = await access.fetchval(
        "insert into grace_period as p (organisation_id, id, created_at, member_id, cause, ends_at, next_at)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (organisation_id, member_id) where state <> 'ended'"
        " do update set cause = excluded.cause,"
        " ends_at = case when p.state = 'running' then excluded.ends_at else p.ends_at end,"
        " next_at = case when p.state = 'running' then excluded.next_at else p.next_at end,"
        " warnings = case when p.state = 'running' then 0 else p.warnings end returning p.state = 'running'",
        uuid7(),
        access.now,
        member_id,
        cause.value,
        ends_at,
        next_moment(ends_at, access.now),
    )
    if not is_running:
        return None
    await access.audit("grace.started", "member", member_id, cause=cause.value, ends_at=ends_at.isoformat())
    return ends_at


async def run_grace(access: Access, period: GraceRecord, ends_at: datetime, *, warnings: int) -> None:
    """Let a period run, until then, with so many warnings sent."""
    await access.execute(
        "update grace_period set state = 'running', request_id = null, ends_at = $3, next_at = $4, warnings = $5"
        " where organisation_id = $1 and id = $2 and state = any($6::text[])",
        period.id,
        ends_at,
        next_moment(ends_at, access.now),
        warnings,
        _before(GraceState.RUNNING),
    )


async def await_erasure(access: Access, period: GraceRecord, request_id: UUID) -> None:
    """Note that the time is over, and which request asks for the erasure."""
    await access.execute(
        "update grace_period set state = 'erasure_asked', request_id = $3"
        " where organisation_id = $1 and id = $2 and state = any($4::text[])",
        period.id,
        request_id,
        _before(GraceState.ERASURE_ASKED),
    )


async def end_grace(access: Access, member_ids: Collection[UUID]) -> int:
    """End the grace periods of members who are back, or erased; return how many."""
    rows = await access.fetch(
        "update grace_period set state = 'ended', ended_at = $3"
        " where organisation_id = $1 and member_id = any($2::uuid[]) and state = any($4::text[]) returning member_id",
        list(member_ids),
        access.now,
        _before(GraceState.ENDED),
    )
    for row in rows:
        await access.audit("grace.ended", "member", row["member_id"])
    return len(rows)


async def lock_grace(access: Access, grace_id: UUID) -> GraceRecord | None:
    """Return an open grace period, locked until the transaction ends; None when it has ended."""
    return await access.fetchrow_as(GraceRecord, f"{_OPEN} and id = $2 for no key update", grace_id)


async def grace_of(access: Access, member_ids: Collection[UUID]) -> dict[UUID, GraceRecord]:
    """Return the open grace period of each member who has one, as far as the caller may see.

    One's own, and everybody's for those who read members' details.
    """
    sees_all = access.may(Permission.MEMBERS_READ_DETAILS)
    own = access.actor.member_id if "read" in access.actor.scopes else None
    shown = [member_id for member_id in member_ids if sees_all or member_id == own]
    if not shown:
        return {}
    rows = await access.fetch_as(GraceRecord, f"{_OPEN} and member_id = any($2::uuid[])", shown)
    return {row.member_id: row for row in rows}
