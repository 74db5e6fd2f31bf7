"""When one installation may be called, in this process: so many calls a minute, and none while it does not answer."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

FAILURES_TO_OPEN: Final = 5
OPEN_FOR: Final = timedelta(seconds=60)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(slots=True)
class RateLimit:
    """Counts the calls of the last minute."""

    _calls: deque[datetime] = field(default_factory=deque)

    def wait_s(self, per_minute: int, now: datetime) -> float:
        """Return 0 and count the call when it may be made; otherwise the seconds until one may."""
        while self._calls and self._calls[0] <= now - _MINUTE:
            self._calls.popleft()
        if len(self._calls) < per_minute:
            self._calls.append(now)
            return 0.0
        return (self._calls[0] + _MINUTE - now).total_seconds()


@dataclass(slots=True)
class CircuitBreaker:
    """Refuses calls after consecutive failures; after a while lets one through, which closes or reopens it."""

    failures: int = 0
    opened_at: datetime | None = None
    _is_trying: bool = False

    def wait_s(self, now: datetime) -> float:
        """Return the seconds for which calls are refused; 0 when one may go ahead, which then counts as the trial."""
        if self.opened_at is None:
            return 0.0
        left = (self.opened_at + OPEN_FOR - now).total_seconds()
        if left > 0 or self._is_trying:
            return max(left, 1.0)
        self._is_trying = True
        return 0.0

    def record(self, *, is_answered: bool, now: datetime) -> None:
        """Count a call that was made: answered, whatever the answer, or not."""
        self._is_trying = False
        if is_answered:
            self.failures, self.opened_at = 0, None
            return
        self.failures += 1
        if self.failures >= FAILURES_TO_OPEN:
            self.opened_at = now

    def release(self) -> None:
        """Give back a trial that was never made."""
        self._is_trying = False
