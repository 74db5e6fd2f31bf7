"""When the next request of one call may be sent: asked from the plugin's thread, answered on the host's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from wardship.core.outbound.pacing import PacedPlace, Paces, Rate
from wardship.plugins.api import HttpResponse, TemporarilyUnavailable

PACE_S: Final = 60.0
"""How long a place is left alone that asks for a slower pace and does not say for how long."""

_TOO_MANY_REQUESTS: Final = 429
WAITED: Final = 0.5
"""The part of the time that a call has left for which one of its requests may wait: the rest is for its answer."""

Sleep: TypeAlias = Callable[[float], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Turns:
    """Gives the requests of one call their turns among all that are sent to the place, by whatever process.

    Attributes:
        rate: in requests; None where the place counts calls.
        is_urgent: requests count, and wait for nobody.
        ends_at: when the call ends; set when it begins.
        refused_for_s: for how long the last request that was not sent would have had to wait.
    """

    paces: Paces
    place: PacedPlace
    rate: Rate | None
    now: Callable[[], datetime]
    is_urgent: bool = False
    sleep: Sleep = asyncio.sleep
    ends_at: datetime | None = None
    refused_for_s: float | None = None
    _host: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    async def take(self) -> None:
        """Wait until the next request may be sent.

        Raises:
            TemporarilyUnavailable: it would have to wait for longer than the call may take; nothing is sent.
        """
        if self.rate is None:
            return
        now = self.now()
        within = None if self.is_urgent else self.within_s(now)
        wait = await self._on_host(self.paces.give(self.place, self.rate, now, within_s=within))
        if within is not None and wait > within:
            self.refused_for_s = wait
            raise TemporarilyUnavailable("the vendor's pace leaves no time in this call", retry_after_s=wait)
        if wait > 0:
            await self.sleep(wait)

    def within_s(self, now: datetime) -> float:
        """Return for how long a request may wait."""
        left = timedelta() if self.ends_at is None else self.ends_at - now
        return max(left.total_seconds() * WAITED, 0.0)

    async def heed(self, response: HttpResponse) -> None:
        """Leave the place alone, for all of its calls, where an answer asks for a slower pace."""
        if response.status == _TOO_MANY_REQUESTS:
            now, wait = self.now(), PACE_S if response.retry_after_s is None else response.retry_after_s
            await self._on_host(self.paces.hold(self.place, now, wait))

    async def _on_host(self, work: Coroutine[Any, Any, float | None]) -> float:
        """Do on the host's loop what rests on its connections, while the plugin's waits."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._host)) or 0.0
