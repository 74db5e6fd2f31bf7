"""Whether a place answers, and for how long nothing is sent to one that does not: the state of a circuit breaker."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from wardship.core.outbound.pacing import PacedPlace

FAILURES_TO_OPEN: Final = 5
"""Calls in a row without an answer after which no more are made for a while."""

OPEN_FOR: Final = timedelta(seconds=60)
"""How long nothing is sent then; afterwards one call is let through, and the next as long after that."""

NOTED_EVERY: Final = timedelta(minutes=5)
"""How exactly it is known when a place that works did so last: a call to it writes nothing within that time."""


class CallEnd(StrEnum):
    """What the end of a call tells of its place."""

    SUCCEEDED = "succeeded"
    ANSWERED = "answered"
    """It answers, whatever it made of this call."""
    LOCKED_OUT = "locked_out"
    """It answers, and accepts the credentials no more."""
    UNANSWERED = "unanswered"


class Health(msgspec.Struct, frozen=True):
    """What is known of a place by the calls that were made.

    Attributes:
        failures: calls in a row without an answer.
        failing_since: the first moment since the last good one at which a call failed by the place's fault.
        succeeded_at: when a call last succeeded, to ``NOTED_EVERY`` exactly.
        next_try_at: no call is made before, and the first after it is a trial; None while calls go freely.
    """

    failures: int = 0
    failing_since: datetime | None = None
    succeeded_at: datetime | None = None
    next_try_at: datetime | None = None

    def wait_s(self, now: datetime) -> float:
        """Return the seconds for which calls are refused; 0 when they go freely, or one may be tried."""
        return 0.0 if self.next_try_at is None else max((self.next_try_at - now).total_seconds(), 0.0)

    def is_told_by(self, end: CallEnd, now: datetime) -> bool:
        """Return whether the end of a call is known by what was known before, so that nothing has to be written."""
        if end in {CallEnd.UNANSWERED, CallEnd.LOCKED_OUT} or self.failing_since is not None:
            return False
        return end is CallEnd.ANSWERED or (self.succeeded_at is not None and now - self.succeeded_at < NOTED_EVERY)

    def after(self, end: CallEnd, now: datetime) -> Health:
        """Return what is known after a call that was made."""
        since = self.failing_since or now
        match end:
            case CallEnd.SUCCEEDED:
                return Health(succeeded_at=now)
            case CallEnd.ANSWERED:
                return Health(succeeded_at=self.succeeded_at)
            case CallEnd.LOCKED_OUT:
                return Health(failing_since=since, succeeded_at=self.succeeded_at)
            case CallEnd.UNANSWERED:
                failures = self.failures + 1
                at = now + OPEN_FOR if failures >= FAILURES_TO_OPEN else self.next_try_at
                return Health(failures, since, self.succeeded_at, at)


WELL: Final = Health()
"""Of a place that nothing is known of."""


class Breakers(Protocol):
    """Keeps the health of every place."""

    async def admit(self, place: PacedPlace, known: Health, now: datetime) -> float:
        """Return the seconds for which calls are refused; 0 when one may be made.

        Where calls were refused until now, it is the trial: the next is let through as long after it, by the clock, so
        that one which is never made, or whose process dies, holds nothing up.

        Args:
            place: which.
            known: what was read of it last.
            now: the present.
        """
        ...

    async def note(self, place: PacedPlace, known: Health, end: CallEnd, now: datetime) -> None:
        """Note how a call that was made ended."""
        ...


class ProcessBreakers:
    """Keeps the health of places in this process alone: for what runs in no other."""

    def __init__(self) -> None:
        self._healths: defaultdict[PacedPlace, Health] = defaultdict(Health)

    async def admit(self, place: PacedPlace, known: Health, now: datetime) -> float:
        """Return the seconds for which calls are refused (see ``Breakers``); what was read elsewhere does not count."""
        del known
        health = self._healths[place]
        if (wait := health.wait_s(now)) > 0:
            return wait
        if health.next_try_at is not None:
            self._healths[place] = msgspec.structs.replace(health, next_try_at=now + OPEN_FOR)
        return 0.0

    async def note(self, place: PacedPlace, known: Health, end: CallEnd, now: datetime) -> None:
        """Note how a call that was made ended."""
        del known
        self._healths[place] = self._healths[place].after(end, now)
