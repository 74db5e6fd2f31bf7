"""Clocks of tests: a moment that stands still until it is moved, and one that moves on whenever it is read."""

from __future__ import annotations

from datetime import datetime, timedelta


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the moment that was set."""
        return self._at

    def advance(self, by: timedelta) -> None:
        """Move the moment forward (or back) by a span."""
        self._at += by


class TickingClock(FixedClock):
    """A clock that moves on by a microsecond whenever it is read, as real ones do."""

    def now(self) -> datetime:
        """Return the next moment."""
        self.advance(timedelta(microseconds=1))
        return super().now()
