"""Schedule the erasure of an account that stayed deactivated for the whole grace period (requirement B5)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from wardship.core.audit.log import AuditEvent
from wardship.tenants.access import Access
from wardship.tenants.requests.insert import insert_request, insert_rights
from wardship.tenants.requests.records import Case, RightRecord
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.transition import move, record_event
from wardship.tenants.requests.visibility import lock_case

COOLING_OFF: Final = timedelta(days=14)
GRACE_ENDED: Final = "grace_ended"
_PATH: Final = (RightState.WITH_ADMIN, RightState.APPROVED, RightState.PREVIEWED)


async def end_grace(access: Access, case: Case, right: RightRecord) -> None:
    """Open an erasure in the name of the retention rule, which the person can still cancel in its cooling-off."""
    member_id = case.request.member_id
    is_due = right.scheduled_for is not None and right.scheduled_for <= access.now
    if right.kind is not RightKind.DEACTIVATION or not is_due or not await is_deactivated(access, case):
        return
    await access.transaction.execute(
        "update request_right set scheduled_for = null where organisation_id = $1 and id = $2",
        access.organisation_id,
        right.id,
    )
    reference = secrets.token_urlsafe(24)
    request_id = await insert_request(access, member_id, case.request.country, case.request.work_country, reference)
    await insert_rights(access, request_id, {RightKind.ERASURE: {}})
    await access.transaction.execute(
        "update data_request set identity_state = 'verified', identity_method = $3, identity_verified_at = $4,"
        " acknowledged_at = $4 where organisation_id = $1 and id = $2",
        access.organisation_id,
        request_id,
        GRACE_ENDED,
        access.now,
    )
    opened = await lock_case(access, request_id)
    await record_event(access, opened.request, GRACE_ENDED)
    await access.audit(AuditEvent("request.opened_by_retention", "data_request", request_id))
    for state in _PATH:
        opened = await move(access, opened, opened.rights[0], state, GRACE_ENDED)
    await move(access, opened, opened.rights[0], RightState.SCHEDULED, scheduled_for=access.now + COOLING_OFF)


async def is_deactivated(access: Access, case: Case) -> bool:
    """Return whether the person's membership is deactivated now."""
    state = await access.transaction.fetchval(
        "select state from member where organisation_id = $1 and id = $2",
        access.organisation_id,
        case.request.member_id,
    )
    return bool(state == "deactivated")
