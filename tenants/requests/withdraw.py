"""Take requests back: the person may until something is carried out; with an erasure the rest goes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.requests.authority import require_own
from wardship.tenants.requests.records import RequestRecord
from wardship.tenants.requests.states import WITHDRAWABLE, RightState, WrongStateError
from wardship.tenants.requests.telling import tell_withdrawn
from wardship.tenants.requests.transition import transition_right
from wardship.tenants.requests.visibility import lock_request

PERSON_ERASED: Final = "person_erased"
"""The outcome of a right whose person was erased meanwhile."""


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
    await tell_withdrawn(access, locked, wanted)
    return locked.request


async def lock_open_requests(access: Access, member_id: UUID) -> list[UUID]:
    """Lock the open requests of a person, and return their ids; call it before the person is locked.

    Every command locks a request first, then its person: another order would end in deadlocks.
    """
    rows = await access.fetch(
        "select id from data_request where organisation_id = $1 and member_id = $2 and ended_at is null"
        " order by id for no key update",
        member_id,
    )
    return [row["id"] for row in rows]


async def close_open_requests(access: Access, member_id: UUID) -> None:
    """Withdraw the rights of an erased member that were not begun: nothing is left that they could be about.

    Requests of which no right is open end with it.
    """
    for request_id in await lock_open_requests(access, member_id):
        locked = await lock_request(access, request_id)
        for right in locked.rights:
            if right.state in WITHDRAWABLE:
                locked = await transition_right(
                    access, locked, right, RightState.WITHDRAWN, PERSON_ERASED, outcome=PERSON_ERASED
                )
