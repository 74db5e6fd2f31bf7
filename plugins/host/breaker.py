"""Stops calling a vendor that does not answer, per installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FAILURES_TO_OPEN: Final = 5
OPEN_FOR: Final = timedelta(seconds=60)


@dataclass(slots=True)
class CircuitBreaker:
    """Opens after consecutive failures; after a while lets one call through, which closes or reopens it."""

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
