"""While a request is disputed or late, or an erasure waits, nothing of the person is shared (D4)."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import (
    Cause,
    RestrictionRecord,
    RestrictionState,
    open_restrictions,
    restrict_member,
    schedule_lift,
)
from wardship.tenants.requests.events import notify, record_event
from wardship.tenants.requests.records import LockedRequest


async def restrict_for(access: Access, locked: LockedRequest, cause: Cause, category: str = "") -> list[UUID]:
    """Open a restriction, of everything or of a category, once for each request and cause; return what vendors owe.

    It ends with its cause: see ``holds``. One whose end was announced stays, since its cause has come again.
    """
    request = locked.request
    same = [
        item for item in await open_restrictions(access, request.id) if (item.cause, item.category) == (cause, category)
    ]
    for item in same:
        if item.state is RestrictionState.LIFT_ANNOUNCED:
            await let_stay(access, locked, item)
    if same:
        return []
    owed = await restrict_member(access, request.member_id, cause=cause, category=category, request_id=request.id)
    await record_event(access, locked.request, "restricted", cause.value)
    return owed


async def let_stay(access: Access, locked: LockedRequest | None, found: RestrictionRecord) -> None:
    """Take back that a restriction ends, and tell the person."""
    await schedule_lift(access, found.id, None)
    if locked is not None:
        await record_event(access, locked.request, "restriction_kept")
    await notify(access, found.member_id, "restriction_stays")
