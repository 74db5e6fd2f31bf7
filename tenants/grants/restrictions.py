"""Restrictions: while one is open nothing of the member, or of one category, is shared (requirement D4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.plugins.api.taxonomy import CATEGORIES
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_member
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.paging import rows_by_parent
from wardship.tenants.permissions import Permission


class RestrictionCause(StrEnum):
    """Why a member's data is restricted."""

    REQUESTED = "requested"
    DISPUTED = "disputed"
    LATE = "late"
    ERASURE = "erasure"


class RestrictionState(StrEnum):
    """Where a restriction stands; announced, it still holds, and ends at a moment that the person was told."""

    IN_FORCE = "in_force"
    LIFT_ANNOUNCED = "lift_announced"
    LIFTED = "lifted"


class RestrictionRecord(Row):
    """One restriction; an empty category means everything, ``lift_at`` when it ends as announced."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    member_id: UUID = column("member_id")
    category: str = column("category")
    cause: RestrictionCause = column("cause", RestrictionCause)
    request_id: UUID | None = column("request_id")
    lift_at: datetime | None = column("lift_at")
    lifted_at: datetime | None = column("lifted_at")
    lifted_reason: str = column("lifted_reason")

    @property
    def state(self) -> RestrictionState:
        """Where it stands."""
        if self.lifted_at is not None:
            return RestrictionState.LIFTED
        return RestrictionState.IN_FORCE if self.lift_at is None else RestrictionState.LIFT_ANNOUNCED

    def is_lift_due(self, at: datetime) -> bool:
        """Return whether its announced end has come."""
        return self.lifted_at is None and self.lift_at is not None and self.lift_at <= at


_SELECT = (
    "select id, created_at, member_id, category, cause, request_id, lift_at, lifted_at, lifted_reason from restriction"
    " where organisation_id = $1"
)


def restriction_not_found() -> NotFoundError:
    """Return the one answer for a restriction that is absent and for one that is not the caller's to see."""
    return NotFoundError("No such restriction: list those that are in force.", path=("restriction",))


async def restrict_member(
    access: Access, member_id: UUID, *, cause: RestrictionCause, category: str = "", request_id: UUID | None = None
) -> list[UUID]:
    """Restrict a member's data from this commit on, and tell the vendors that have it; return the obligations made.

    The caller has checked that the actor may. An open restriction of the same kind stays, and nothing more is owed.

    Raises:
        NotFoundError: no such member.
        InvalidInputError: no such category.
    """
    if category and category not in CATEGORIES:
        raise InvalidInputError("No such category: take it from an integration's declaration.", path=("category",))
    await lock_member(access, member_id)
    identifier = uuid7()
    opened = await access.execute(
        "insert into restriction (organisation_id, id, created_at, member_id, category, cause, request_id)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        identifier,
        access.now,
        member_id,
        category,
        cause.value,
        request_id,
    )
    if not opened:
        return []
    await access.audit("restriction.opened", "member", member_id, cause=cause.value, category=category)
    return await bring_in_line(access, [member_id])


async def lift_restrictions(
    access: Access,
    member_id: UUID,
    *,
    reason: str,
    causes: Collection[RestrictionCause] = tuple(RestrictionCause),
    ids: Collection[UUID] | None = None,
) -> int:
    """Lift open restrictions of a member, of these causes and, if given, with these ids; return how many.

    The caller has checked that the actor may. Vendors use what they have again where nothing else restricts it.

    Raises:
        NotFoundError: no such member.
    """
    await lock_member(access, member_id)
    lifted = await access.execute(
        "update restriction set lifted_at = $3, lifted_reason = $4 where organisation_id = $1 and member_id = $2"
        " and lifted_at is null and cause = any($5::text[]) and ($6::uuid[] is null or id = any($6))",
        member_id,
        access.now,
        reason,
        [cause.value for cause in causes],
        None if ids is None else list(ids),
    )
    if lifted:
        await access.audit("restriction.lifted", "member", member_id, count=lifted)
        await bring_in_line(access, [member_id])
    return lifted


async def schedule_lift(access: Access, restriction_id: UUID, at: datetime | None, reason: str = "") -> None:
    """Announce when a restriction ends and why, or, with no moment, that it stays; the caller has checked who may."""
    await access.execute(
        "update restriction set lift_at = $3, lifted_reason = $4"
        " where organisation_id = $1 and id = $2 and lifted_at is null",
        restriction_id,
        at,
        reason,
    )
    action = "restriction.kept" if at is None else "restriction.lift_announced"
    details = {} if at is None else {"at": at.isoformat()}
    await access.audit(action, "restriction", restriction_id, **details)


async def drop_restrictions(access: Access, member_id: UUID) -> set[UUID]:
    """Lift every restriction of a member who was erased, and return the requests that had opened them."""
    rows = await access.fetch(
        "update restriction set lifted_at = $3, lift_at = null"
        " where organisation_id = $1 and member_id = $2 and lifted_at is null returning request_id",
        member_id,
        access.now,
    )
    if rows:
        await access.audit("restriction.lifted", "member", member_id, count=len(rows))
    return {row["request_id"] for row in rows} - {None}


async def find_restriction(access: Access, restriction_id: UUID) -> RestrictionRecord:
    """Return a restriction, visible to the caller or not.

    Raises:
        NotFoundError: there is none.
    """
    found = await access.fetchrow_as(RestrictionRecord, _SELECT + " and id = $2", restriction_id)
    if found is None:
        raise restriction_not_found()
    return found


async def open_restrictions(access: Access, request_id: UUID) -> list[RestrictionRecord]:
    """Return what a request restricts now, visible to the caller or not."""
    return await access.fetch_as(
        RestrictionRecord, _SELECT + " and request_id = $2 and lifted_at is null order by created_at, id", request_id
    )


async def restrictions_of(access: Access, member_ids: Collection[UUID]) -> dict[UUID, list[RestrictionRecord]]:
    """Return the restrictions of each member, oldest first, lifted ones too; absent are those not the caller's to see.

    One's own are; everybody's for those who read requests; for the privacy team those of whom a right is with it.
    """
    sees_all = access.may(Permission.REQUESTS_READ)
    own = access.actor.member_id if "read" in access.actor.scopes else None
    decided = set() if sees_all else await _decided_about(access, member_ids)
    shown = [member_id for member_id in member_ids if sees_all or member_id == own or member_id in decided]
    if not shown:
        return {}
    sql = _SELECT + " and member_id = any($2::uuid[]) order by created_at, id"
    return rows_by_parent(shown, await access.fetch_as(RestrictionRecord, sql, shown), "member_id")


async def _decided_about(access: Access, member_ids: Collection[UUID]) -> set[UUID]:
    if not access.may(Permission.REQUESTS_DECIDE_ESCALATED):
        return set()
    rows = await access.fetch(
        "select found from members_with_privacy_team($1) found where found = any($2::uuid[])", list(member_ids)
    )
    return {row["found"] for row in rows}
