"""A moment that stands still until it is moved."""

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
