"""Schedule the erasure of an account that stayed deactivated for the whole grace period (requirement B5)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from wardship.tenants.access import Access
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.insert import insert_request, insert_rights
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.transition import schedule_right, transition_right
from wardship.tenants.requests.visibility import lock_request

COOLING_OFF: Final = timedelta(days=14)
GRACE_ENDED: Final = "grace_ended"
_PATH: Final = (RightState.WITH_ADMIN, RightState.APPROVED, RightState.PREVIEWED)


async def end_grace(access: Access, locked: LockedRequest, right: RightRecord) -> None:
    """Open an erasure in the name of the retention rule, which the person can still cancel in its cooling-off."""
    member_id = locked.request.member_id
    if (
        right.kind is not RightKind.DEACTIVATION
        or not right.is_due(access.now)
        or not await is_deactivated(access, locked)
    ):
        return
    await schedule_right(access, right.id, None)
    reference = secrets.token_urlsafe(24)
    request_id = await insert_request(access, member_id, locked.request.country, locked.request.work_country, reference)
    await insert_rights(access, request_id, {RightKind.ERASURE: {}})
    await access.execute(
        "update data_request set identity_state = 'verified', identity_method = $3, identity_verified_at = $4,"
        " acknowledged_at = $4 where organisation_id = $1 and id = $2",
        request_id,
        GRACE_ENDED,
        access.now,
    )
    opened = await lock_request(access, request_id)
    await record_event(access, opened.request, GRACE_ENDED)
    await access.audit("request.opened_by_retention", "data_request", request_id)
    for state in _PATH:
        opened = await transition_right(access, opened, opened.rights[0], state, GRACE_ENDED)
    await transition_right(
        access, opened, opened.rights[0], RightState.SCHEDULED, scheduled_for=access.now + COOLING_OFF
    )


async def is_deactivated(access: Access, locked: LockedRequest) -> bool:
    """Return whether the person's membership is deactivated now."""
    state = await access.fetchval(
        "select state from member where organisation_id = $1 and id = $2", locked.request.member_id
    )
    return bool(state == "deactivated")
