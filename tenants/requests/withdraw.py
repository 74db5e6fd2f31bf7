"""Take requests back: the person may until something is carried out; with an erasure the rest goes."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.requests.authority import require_own
from wardship.tenants.requests.disputes import lift_for
from wardship.tenants.requests.records import RequestRecord
from wardship.tenants.requests.states import CERTIFIED, WITHDRAWABLE, RightState, WrongStateError
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


async def close_other_requests(access: Access, member_id: UUID) -> None:
    """Withdraw the rights of an erased member that were not begun: nothing is left that they could be about.

    Requests of which no right is open end with it.
    """
    await access.execute(
        "update request_right g set state = 'withdrawn', ended_at = $3, outcome = 'person_erased'"
        " from data_request r where g.organisation_id = $1 and r.organisation_id = $1 and r.id = g.request_id"
        " and r.member_id = $2 and g.state in ('submitted', 'with_admin', 'with_privacy_team', 'approved', 'previewed',"
        " 'scheduled')",
        member_id,
        access.now,
    )
    await access.execute(
        "update data_request r set ended_at = $3, is_certificate_due = exists (select from request_right g"
        " where g.organisation_id = $1 and g.request_id = r.id and g.state = any($4::text[]))"
        " where r.organisation_id = $1 and r.member_id = $2"
        " and r.ended_at is null and not exists (select from request_right g where g.organisation_id = $1"
        " and g.request_id = r.id and g.ended_at is null)",
        member_id,
        access.now,
        sorted(CERTIFIED),
    )
