"""Move a right from one state to the next, with the event that the person sees and the entry in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

import msgspec

from wardship.tenants.access import Access
from wardship.tenants.erasure.finds import drop_finds, drop_rule_for_others
from wardship.tenants.limitations.limits import Limitation
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.records import Handler, LockedRequest, RequestRecord, RightRecord, stored_limitations
from wardship.tenants.requests.restricting import lift_what_ended
from wardship.tenants.requests.states import (
    CERTIFIED,
    TERMINAL,
    RightKind,
    RightState,
    WrongStateError,
    require_transition,
)


class RightColumns(TypedDict, total=False):
    """Columns of a right that change with its state."""

    handler: Handler
    details: Mapping[str, Any]
    decided_by: UUID | None
    decided_at: datetime
    decision_code: str
    decision_reason: str
    limitation: str
    limitations: tuple[Limitation, ...]
    committed_by: UUID | None
    scheduled_for: datetime | None
    waits_until: datetime | None
    started_at: datetime
    outcome: str


async def transition_right(
    access: Access,
    locked: LockedRequest,
    right: RightRecord,
    target: RightState,
    reason: str = "",
    **columns: Unpack[RightColumns],
) -> LockedRequest:
    """Bring a right into another state and return the request as it then is; what it restricts no more is lifted.

    Args:
        access: the caller.
        locked: the request.
        right: one of its rights.
        target: a state that may follow.
        reason: in words, for the person; may be empty.
        columns: further columns of the right that change with it.

    Raises:
        WrongStateError: the state may not follow, or a concurrent call moved the right first.
    """
    require_transition(right.state, target)
    ended_at = access.now if target in TERMINAL else None
    is_called_off = right.state is RightState.SCHEDULED and target is not RightState.IN_PROGRESS
    if is_called_off:
        columns |= {"scheduled_for": None, "waits_until": None}  # called off, by the person or by a decider
    stored: dict[str, object] = dict(sorted(columns.items()))
    if "details" in columns:
        stored["details"] = msgspec.json.encode(columns["details"]).decode()
    if "limitations" in columns:
        stored["limitations"], stored["limitation_reasons"] = stored_limitations(columns["limitations"])
    placed = "".join(f", {name} = ${place}" for place, name in enumerate(stored, start=6))
    if is_called_off or target in TERMINAL:
        placed += ", known = null"
    changed = await access.execute(
        f"update request_right set state = $3, ended_at = $4{placed}"  # noqa: S608 - names are our own
        " where organisation_id = $1 and id = $2 and state = $5",
        right.id,
        target.value,
        ended_at,
        right.state.value,
        *stored.values(),
    )
    if not changed:
        raise WrongStateError("Somebody else moved this right at the same moment: look again.")
    if right.kind is RightKind.ERASURE and target in TERMINAL:
        await drop_finds(access, [right.id])
    elif is_called_off:
        await drop_rule_for_others(access, right.id)
    await record_event(access, locked.request, str(target), reason, right.id)
    details = {"request": locked.request.id, "kind": right.kind, "from": right.state, "to": target}
    await access.audit("right.moved", "request_right", right.id, **details)
    moved = replace(right, state=target, ended_at=ended_at, **columns)
    rights = tuple(moved if item.id == right.id else item for item in locked.rights)
    after = LockedRequest(locked.request, rights)
    await lift_what_ended(access, locked, after)
    return await _end_if_done(access, after)


async def _end_if_done(access: Access, locked: LockedRequest) -> LockedRequest:
    if any(right.is_open for right in locked.rights) or locked.request.ended_at is not None:
        return locked
    now = access.now
    await access.execute(
        "update data_request set ended_at = $3, is_certificate_due = $4 where organisation_id = $1 and id = $2",
        locked.request.id,
        now,
        any(right.state in CERTIFIED for right in locked.rights),
    )
    await record_event(access, locked.request, "ended")
    await access.audit("request.ended", "data_request", locked.request.id)
    return LockedRequest(replace(locked.request, ended_at=now), locked.rights)


async def schedule_right(access: Access, right_id: UUID, at: datetime | None) -> None:
    """Set when a clock acts on a right, without changing its state; None for never."""
    await access.execute(
        "update request_right set scheduled_for = $3 where organisation_id = $1 and id = $2", right_id, at
    )


async def note_known(access: Access, right_id: UUID, sealed: bytes) -> None:
    """Keep, encrypted, what the person is known by as the erasure is committed."""
    await access.execute("update request_right set known = $3 where organisation_id = $1 and id = $2", right_id, sealed)


async def let_wait(access: Access, right_id: UUID, until: datetime) -> None:
    """Let an erasure that is due wait for a decision on what was found, until a moment at the latest."""
    await access.execute(
        "update request_right set scheduled_for = $3, waits_until = $3 where organisation_id = $1 and id = $2",
        right_id,
        until,
    )


async def note_certificate(access: Access, request: RequestRecord) -> None:
    """Note that the certificate of an ended request was issued."""
    await access.execute(
        "update data_request set is_certificate_due = false where organisation_id = $1 and id = $2", request.id
    )
    await record_event(access, request, "certified")
    await access.audit("request.certified", "data_request", request.id)
