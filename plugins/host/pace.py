"""How many calls a minute one installation may make, in this process."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Pace:
    """Remembers the calls of the last minute."""

    _calls: deque[datetime] = field(default_factory=deque)

    def wait_s(self, per_minute: int, now: datetime) -> float:
        """Return 0 and count the call when it may be made; otherwise the seconds until one may."""
        while self._calls and self._calls[0] <= now - _MINUTE:
            self._calls.popleft()
        if len(self._calls) < per_minute:
            self._calls.append(now)
            return 0.0
        return (self._calls[0] + _MINUTE - now).total_seconds()
