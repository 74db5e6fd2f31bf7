"""While a request is disputed or late, or an erasure waits, nothing of the person is shared (D4)."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import Cause, open_restrictions, restrict_member
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.records import LockedRequest


async def restrict_for(access: Access, locked: LockedRequest, cause: Cause, category: str = "") -> list[UUID]:
    """Open a restriction, of everything or of a category, once for each request and cause; return what vendors owe.

    It ends with its cause: see ``holds``.
    """
    request = locked.request
    if any((item.cause, item.category) == (cause, category) for item in await open_restrictions(access, request.id)):
        return []
    owed = await restrict_member(access, request.member_id, cause=cause, category=category, request_id=request.id)
    await record_event(access, locked.request, "restricted", cause.value)
    return owed
