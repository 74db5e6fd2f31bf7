"""What the clock does to a request: unproven ones expire, idle admins lose it, late ones restrict the data."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from wardship.tenants.access import Access
from wardship.tenants.grants.restrictions import RestrictionCause
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.records import IdentityState, LockedRequest
from wardship.tenants.requests.restricting import restrict_for
from wardship.tenants.requests.routing import escalate
from wardship.tenants.requests.states import RightState
from wardship.tenants.requests.telling import tell_closed, tell_late
from wardship.tenants.requests.transition import transition_right

UNVERIFIED_FOR: Final = timedelta(days=14)
"""How long the person has to prove the identity."""


async def expire(access: Access, locked: LockedRequest) -> None:
    """End a request whose identity was never proven."""
    request = locked.request
    is_due = request.submitted_at + UNVERIFIED_FOR <= access.now
    if request.identity_state is not IdentityState.PENDING or not is_due or request.ended_at is not None:
        return
    await access.execute(
        "update data_request set identity_state = 'expired', identity_code_hash = null"
        " where organisation_id = $1 and id = $2",
        request.id,
    )
    unproven = [right for right in locked.rights if right.state is RightState.SUBMITTED]
    for right in unproven:
        locked = await transition_right(
            access, locked, right, RightState.EXPIRED, "the identity was not proven in time"
        )
    await tell_closed(access, locked, unproven, "not_proven")


async def escalate_overdue(access: Access, locked: LockedRequest) -> None:
    """Give the privacy team what the admin did not acknowledge within 72 hours or not decide within 7 days."""
    request = locked.request
    waiting = [right for right in locked.rights if right.state is RightState.WITH_ADMIN]
    is_undecided = request.decide_by <= access.now
    is_silent = request.acknowledged_at is None and request.acknowledge_by <= access.now
    if not waiting or not (is_undecided or is_silent):
        return
    locked = await escalate(access, locked, waiting, "not_decided" if is_undecided else "not_acknowledged")
    await restrict_for(access, locked, RestrictionCause.LATE)


async def restrict_late(access: Access, locked: LockedRequest) -> None:
    """Let the data rest when a request is still open on its due date."""
    request = locked.request
    if request.ended_at is not None or request.late_since is not None or request.due_at > access.now:
        return
    await access.execute(
        "update data_request set late_since = $3 where organisation_id = $1 and id = $2", request.id, access.now
    )
    await record_event(access, request, "late")
    await access.audit("request.late", "data_request", request.id)
    is_restricted = any(right.is_open and right.started_at is None for right in locked.rights)
    if is_restricted:
        await restrict_for(access, locked, RestrictionCause.LATE)
    await tell_late(access, locked, is_restricted=is_restricted)
