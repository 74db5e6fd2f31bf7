"""Take a request, or one right of it, back: the person may until something is carried out."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.requests.disputes import lift_for
from wardship.tenants.requests.records import Case
from wardship.tenants.requests.states import WITHDRAWABLE, RightState, WrongStateError
from wardship.tenants.requests.transition import move
from wardship.tenants.requests.visibility import lock_case, require_own


async def withdraw_request(access: Access, request_id: UUID, right_id: UUID | None = None) -> Case:
    """Take back every right that nothing was done for yet, or only the one named.

    Raises:
        NotFoundError: no such request or right of the caller's own.
        WrongStateError: there is nothing left to take back.
    """
    case = await lock_case(access, request_id)
    require_own(access, case)
    wanted = [right for right in case.rights if right_id in {None, right.id} and right.state in WITHDRAWABLE]
    if not wanted:
        raise WrongStateError("Nothing of this request can be taken back any more: it has ended or is being done.")
    for right in wanted:
        case = await move(access, case, right, RightState.WITHDRAWN)
    if case.request.ended_at is not None:
        await lift_for(access, case, "the request was withdrawn")
    return case
