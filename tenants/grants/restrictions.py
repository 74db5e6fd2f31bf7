"""Restrictions: while one is open nothing of the member, or of one category, is shared (requirement D4)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from wardship.core.errors import InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.plugins.api.taxonomy import CATEGORIES
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_member
from wardship.tenants.obligations.for_member import bring_in_line


class Cause(StrEnum):
    """Why a member's data is restricted."""

    REQUESTED = "requested"
    DISPUTED = "disputed"
    LATE = "late"
    ERASURE = "erasure"


async def restrict_member(
    access: Access, member_id: UUID, *, cause: Cause, category: str = "", request_id: UUID | None = None
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
    causes: Collection[Cause] = tuple(Cause),
    request_id: UUID | None = None,
) -> list[UUID]:
    """Lift open restrictions of a member, of these causes and, if given, this request; return the obligations made.

    The caller has checked that the actor may.

    Raises:
        NotFoundError: no such member.
    """
    await lock_member(access, member_id)
    lifted = await access.execute(
        "update restriction set lifted_at = $3, lifted_reason = $4 where organisation_id = $1 and member_id = $2"
        " and lifted_at is null and cause = any($5::text[]) and ($6::uuid is null or request_id = $6)",
        member_id,
        access.now,
        reason,
        [cause.value for cause in causes],
        request_id,
    )
    if not lifted:
        return []
    await access.audit("restriction.lifted", "member", member_id, count=lifted)
    return await bring_in_line(access, [member_id])


async def drop_restrictions(access: Access, member_id: UUID) -> None:
    """Lift every restriction of a member who was erased: nothing is left that it could be about."""
    await access.execute(
        "update restriction set lifted_at = $3 where organisation_id = $1 and member_id = $2 and lifted_at is null",
        member_id,
        access.now,
    )
