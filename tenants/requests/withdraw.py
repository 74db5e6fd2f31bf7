"""Take a request, or one right of it, back: the person may until something is carried out."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.requests.authority import require_own
from wardship.tenants.requests.disputes import lift_for
from wardship.tenants.requests.records import RequestRecord
from wardship.tenants.requests.states import WITHDRAWABLE, RightState, WrongStateError
from wardship.tenants.requests.transition import transition_right
from wardship.tenants.requests.visibility import lock_request


async def withdraw_request(access: Access, request_id: UUID, right_id: UUID | None = None) -> RequestRecord:
    """Take back every right that nothing was done for yet, or only the one named, and return the request.

    Raises:
        NotFoundError: no such request or right of the caller's own.
        WrongStateError: there is nothing left to take back.
    """
    locked = await lock_request(access, request_id)
    require_own(access, locked)
    wanted = [right for right in locked.rights if right_id in {None, right.id} and right.state in WITHDRAWABLE]
    if not wanted:
        raise WrongStateError("Nothing of this request can be taken back any more: it has ended or is being done.")
    for right in wanted:
        locked = await transition_right(access, locked, right, RightState.WITHDRAWN)
    if locked.request.ended_at is not None:
        await lift_for(access, locked, "the request was withdrawn")
    return locked.request
