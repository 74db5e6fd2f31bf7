"""When an obligation is due, reminded of, tried again and given up: pure functions of times."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.plugins.api import Deadlines, Verb

RETRY_FRACTION: Final = 0.8
"""The part of an obligation's time in which it is tried; the rest is for the person who then does it by hand."""

REMINDERS: Final = (50, 80, 100)
"""Percent of an obligation's time after which it is reminded of."""

SHORTEST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(days=3)
"""The bounds within which a connector's ``retry_after_s`` is honoured as given."""

_FIRST_WAIT_S: Final = 5.0
_LONGEST_WAIT_S: Final = 3600.0
_JITTER: Final = 0.2


def time_for(verb: Verb, deadlines: Deadlines) -> timedelta:
    """Return how long an obligation may take, by the manifest where it says so."""
    return {
        Verb.REVOKE: timedelta(hours=deadlines.revoke_h),
        Verb.RESTRICT: timedelta(hours=deadlines.revoke_h),
        Verb.ERASE: timedelta(days=deadlines.erase_d),
        Verb.EXPORT: timedelta(days=deadlines.export_d),
        Verb.CORRECT: timedelta(days=deadlines.correct_d),
        Verb.SHARE: timedelta(days=deadlines.correct_d),
        Verb.ATTEST: timedelta(days=deadlines.attest_d),
        Verb.RECONCILE: timedelta(days=deadlines.reconcile_d),
    }.get(verb, timedelta(days=1))


def give_up_at(submitted_at: datetime, due_at: datetime) -> datetime:
    """Return when trying ends and a person takes over."""
    return submitted_at + (due_at - submitted_at) * RETRY_FRACTION


def reminder_at(submitted_at: datetime, due_at: datetime, *, after: int = 0) -> datetime | None:
    """Return when to remind next, after a reminder at that many percent; None after the last."""
    left = [percent for percent in REMINDERS if percent > after]
    return submitted_at + (due_at - submitted_at) * (left[0] / 100) if left else None


def reminder_level(submitted_at: datetime, due_at: datetime, now: datetime) -> int:
    """Return the highest reminder whose time has come; 0 before the first."""
    spent = (now - submitted_at) / (due_at - submitted_at) * 100
    return max((percent for percent in REMINDERS if spent >= percent), default=0)


def asked_wait(retry_after_s: float | None) -> timedelta | None:
    """Return the wait that a connector asks for, within the bounds; None where it asks for none."""
    if retry_after_s is None:
        return None
    return timedelta(seconds=min(max(retry_after_s, SHORTEST_WAIT.total_seconds()), LONGEST_WAIT.total_seconds()))


def wait_before_retry(obligation_id: UUID, failures: int) -> timedelta:
    """Return the pause after a number of failures: doubling to an hour, spread by up to a fifth.

    The spread derives from the obligation, so that a moment can be replayed.
    """
    wait = min(_FIRST_WAIT_S * 2 ** min(failures - 1, 12), _LONGEST_WAIT_S)
    seed = hashlib.sha256(obligation_id.bytes + failures.to_bytes(4, "big")).digest()
    spread = int.from_bytes(seed[:4], "big") / 0xFFFFFFFF * 2 - 1
    return timedelta(seconds=wait * (1 + _JITTER * spread))
