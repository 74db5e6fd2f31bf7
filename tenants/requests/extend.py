"""Take more time, once, for a reason that the person sees (requirement D2; GDPR article 12(3))."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.tenants.access import Access
from wardship.tenants.notices import tell
from wardship.tenants.requests.authority import require_decider
from wardship.tenants.requests.decide import stated
from wardship.tenants.requests.events import record_event
from wardship.tenants.requests.notices import EXTENDED
from wardship.tenants.requests.records import LockedRequest, RequestRecord
from wardship.tenants.requests.regimes import regime
from wardship.tenants.requests.reminders import Clocks
from wardship.tenants.requests.states import WrongStateError
from wardship.tenants.requests.visibility import lock_request


class ExtensionRefusedError(ConflictError):
    """The due date can't be moved so: the law of the request sets how far, how often and until when one may ask."""

    code = "EXTENSION_REFUSED"


async def extend_request(access: Access, request_id: UUID, until: datetime, reason: str) -> RequestRecord:
    """Move the due date later, within what the law allows, and return the request.

    Args:
        access: the decider.
        request_id: the request.
        until: the new due date.
        reason: why, for the person.

    Raises:
        NotFoundError: no such request.
        ExtensionRefusedError: the first period is over, it was extended before, or further than the law allows.
        InvalidInputError: no reason, or a moment without its offset from UTC.
    """
    locked = await lock_request(access, request_id)
    await require_decider(access, locked)
    why = stated(reason)
    if until.tzinfo is None:
        raise InvalidInputError("Give the offset from UTC too, such as 2027-02-01T00:00:00Z.", path=("until",))
    until = _allowed(access, locked, until)
    now = access.now
    moved = replace(locked.request, due_at=until, extension_reason=why, extended_at=now)
    moved = replace(moved, remind_at=Clocks.of(moved).next_reminder(now))
    await access.execute(
        "update data_request set due_at = $3, extension_reason = $4, extended_at = $5, remind_at = $6"
        " where organisation_id = $1 and id = $2",
        request_id,
        until,
        why,
        now,
        moved.remind_at,
    )
    await record_event(access, locked.request, "extended", why)
    first_due = locked.request.original_due_at.isoformat()
    await access.audit(
        "request.extended", "data_request", request_id, due_at=until.isoformat(), original_due_at=first_due
    )
    target = ("data_request", request_id)
    await tell(access, EXTENDED, [locked.request.member_id], target=target, due=until, reason=why)
    return moved


def _allowed(access: Access, locked: LockedRequest, until: datetime) -> datetime:
    """Return the moment if the law allows its day; of the latest day, the last moment at the most, in UTC."""
    request, law = locked.request, regime(locked.request.regime)
    if request.ended_at is not None:
        raise WrongStateError("This request has ended: there is nothing to extend.")
    if not law.extension:
        raise ExtensionRefusedError(f"{law.name} allows no extension.")
    if request.extended_at is not None:
        raise ExtensionRefusedError("The due date was extended before, and it can be only once.")
    if access.now > request.original_due_at:
        raise ExtensionRefusedError("The first period is over: an extension is told to the person within it.")
    latest = law.extension.after(request.original_due_at).astimezone(UTC)
    if until <= request.due_at or until.date() > latest.date():
        raise ExtensionRefusedError(f"Choose a date after the present one and at the latest {latest:%Y-%m-%d}.")
    return min(until.astimezone(UTC), latest.replace(hour=23, minute=59, second=59, microsecond=999_999))
