"""While a request is disputed or late nothing of the person is shared, unless an admin objects with a reason (D4)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import Cause, lift_restrictions, restrict_member
from wardship.tenants.permissions import Permission
from wardship.tenants.requests.authority import SelfDecisionError
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.records import LockedRequest, RequestRecord
from wardship.tenants.requests.states import WrongStateError
from wardship.tenants.requests.visibility import lock_request
from wardship.tenants.text import many_lines

_DISPUTES: Final = (Cause.DISPUTED, Cause.LATE)


async def restrict_for(access: Access, locked: LockedRequest, cause: Cause, category: str = "") -> list[UUID]:
    """Open a restriction, of everything or of a category, once for each request and cause; return what vendors owe."""
    request = locked.request
    owed = await restrict_member(access, request.member_id, cause=cause, category=category, request_id=request.id)
    await record_event(access, locked.request, "restricted", cause.value)
    return owed


async def lift_for(access: Access, locked: LockedRequest, reason: str) -> bool:
    """Lift what a dispute or delay of this request restricted; return whether anything was."""
    is_restricted: bool = await access.fetchval(
        "select exists (select from restriction where organisation_id = $1 and request_id = $2"
        " and cause in ('disputed', 'late') and lifted_at is null)",
        locked.request.id,
    )
    if is_restricted:
        await lift_restrictions(
            access, locked.request.member_id, reason=reason, causes=_DISPUTES, request_id=locked.request.id
        )
        await record_event(access, locked.request, "restriction_lifted", reason)
    return is_restricted


async def object_to_restriction(access: Access, request_id: UUID, reason: str) -> RequestRecord:
    """Lift a restriction as an administrator, for a reason that the person sees, and return the request.

    Raises:
        NotFoundError: no such request.
        PermissionDeniedError: the caller's role decides nothing.
        SelfDecisionError: it is the caller's own request.
        WrongStateError: nothing is restricted for it.
        InvalidInputError: no reason.
    """
    locked = await lock_request(access, request_id)
    if access.actor.member_id == locked.request.member_id:
        raise SelfDecisionError("This is your own request: another administrator or the privacy team decides it.")
    access.require(Permission.REQUESTS_DECIDE)
    access.require_step_up()
    why = many_lines(reason, "reason", most=2000, least=1)
    if not await lift_for(access, locked, why):
        raise WrongStateError("Nothing is restricted for this request.")
    return locked.request
