"""Remind those with whom a request is, before its clocks run out: each moment once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from wardship.tenants.access import Access
from wardship.tenants.notices import Telling, tell_each
from wardship.tenants.requests.notices import REMINDER
from wardship.tenants.requests.records import LockedRequest, RequestRecord, RightRecord
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.telling import kinds_of, told_handlers

BEFORE_ACKNOWLEDGING: Final = (timedelta(days=1),)
BEFORE_DECIDING: Final = (timedelta(days=2), timedelta(days=1))
BEFORE_ANSWERING: Final = (timedelta(days=7), timedelta(days=2))

_FOR_PEOPLE: Final = {RightState.WITH_ADMIN, RightState.WITH_PRIVACY_TEAM}
_TO_COMMIT: Final = {RightState.APPROVED, RightState.PREVIEWED}


class Reminder(NamedTuple):
    """A moment at which somebody is reminded, of what, and until when that is to be done."""

    at: datetime
    what: str
    until: datetime


class Clocks(NamedTuple):
    """The moments until which a request has to be acknowledged, decided and answered."""

    acknowledge_by: datetime
    decide_by: datetime
    due_at: datetime

    @classmethod
    def of(cls, request: RequestRecord) -> Clocks:
        """Return those of a request."""
        return cls(request.acknowledge_by, request.decide_by, request.due_at)

    def reminders(self) -> list[Reminder]:
        """Return what is to be reminded of, the earliest first."""
        clocks = (
            ("acknowledged", self.acknowledge_by, BEFORE_ACKNOWLEDGING),
            ("decided", self.decide_by, BEFORE_DECIDING),
            ("answered", self.due_at, BEFORE_ANSWERING),
        )
        return sorted(Reminder(until - before, what, until) for what, until, spans in clocks for before in spans)

    def next_reminder(self, after: datetime) -> datetime | None:
        """Return when somebody has to be reminded next; None where nothing is left to remind of."""
        return next((each.at for each in self.reminders() if each.at > after), None)


async def remind(access: Access, locked: LockedRequest) -> None:
    """Remind those with whom a request is, if the moment has come, and note the next moment; the clock's part."""
    request, now = locked.request, access.now
    if request.ended_at is not None or request.remind_at is None or request.remind_at > now:
        return
    clocks = Clocks.of(request)
    due = [each for each in clocks.reminders() if request.remind_at <= each.at <= now < each.until]
    last = {each.what: each for each in due}  # all that is left to tell of each clock where the worker stood still
    told = [telling for each in last.values() for telling in _told(access, locked, each)]
    await tell_each(access, *told)
    await access.execute(
        "update data_request set remind_at = $3 where organisation_id = $1 and id = $2",
        request.id,
        clocks.next_reminder(now),
    )


def _told(access: Access, locked: LockedRequest, reminder: Reminder) -> list[Telling]:
    rights = [right for right in locked.rights if _waits_for(locked.request, right, reminder.what)]
    values = {"what": reminder.what, "until": reminder.until, "kinds": kinds_of(rights)}
    return told_handlers(access, locked, rights, REMINDER, **values)


def _waits_for(request: RequestRecord, right: RightRecord, what: str) -> bool:
    """Return whether somebody has to do this for a right."""
    if what == "answered":
        is_to_commit = right.kind is RightKind.ERASURE and right.state in _TO_COMMIT
        return is_to_commit or right.state in _FOR_PEOPLE
    is_silent = request.acknowledged_at is None
    return right.state is RightState.WITH_ADMIN and (what == "decided" or is_silent)
