"""Turns to compile: documents that are new take at most a share of the time, and clients take turns at it.

Compiling a document costs as much as many answers, and nothing else is done meanwhile. So a client that floods a server
with new documents waits, and in the end is refused; documents that are known never wait.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager

from wardship.graphql.engine.errors import EngineError
from wardship.graphql.engine.limits import Limits

WAITING = 256
"""Requests that may wait at once."""

WAITING_EACH = 8
"""Of these, for one client."""


class TooManyDocumentsError(EngineError):
    """Too many new documents at once: send values as variables, so that documents repeat; or try again later."""

    code = "TOO_MANY_DOCUMENTS"
    status = 429
    is_about_http = True


class CompileLimiter:
    """Lets documents be compiled, one after the other, in at most a share of the time.

    Args:
        limits: ``compile_share``, ``compile_burst`` and ``seconds`` of them.
        clock: seconds, ever increasing.

    Attributes:
        waiting: requests that wait.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._credit = limits.compile_burst
        self._counted_at = clock()
        self._queues: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()
        self._alarm: asyncio.TimerHandle | None = None
        self.waiting = 0

    @asynccontextmanager
    async def turn(self, client: Hashable) -> AsyncIterator[None]:
        """Wait for a turn, and have the time counted until the context is left, which must not wait for anything.

        Raises:
            TooManyDocumentsError: too many wait already, or the turn didn't come in time.
        """
        self._count()
        if self._credit <= 0 or self.waiting:
            await self._wait(client)
        begun = self._clock()
        try:
            yield
        finally:
            self._credit -= self._clock() - begun
            self._set_alarm()

    async def _wait(self, client: Hashable) -> None:
        queue = self._queues.setdefault(client, deque())
        if self.waiting >= WAITING or len(queue) >= WAITING_EACH:
            raise _too_many()
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(place)
        self.waiting += 1
        self._set_alarm()
        try:
            async with asyncio.timeout(self._limits.seconds):
                await place
        except TimeoutError:
            raise _too_many() from None
        finally:
            self.waiting -= 1
            self._leave(client, place)

    def _leave(self, client: Hashable, place: asyncio.Future[None]) -> None:
        queue = self._queues.get(client)
        if queue is not None and place in queue:
            queue.remove(place)
        if queue is not None and not queue:
            del self._queues[client]

    def _count(self) -> None:
        now = self._clock()
        gained = (now - self._counted_at) * self._limits.compile_share
        self._credit = min(self._credit + gained, self._limits.compile_burst)
        self._counted_at = now

    def _set_alarm(self) -> None:
        if self._alarm is None and self._queues:
            self._count()
            delay = max(0.0, -self._credit / self._limits.compile_share)
            self._alarm = asyncio.get_running_loop().call_later(delay, self._next)

    def _next(self) -> None:
        """Let the next client's first request go on, and put that client last."""
        self._alarm = None
        self._count()
        if self._credit > 0 and self._queues:
            client, queue = next(iter(self._queues.items()))
            self._queues.move_to_end(client)
            place = queue.popleft()
            if not queue:
                del self._queues[client]
            if not place.done():
                place.set_result(None)
                return
        self._set_alarm()


def _too_many() -> TooManyDocumentsError:
    return TooManyDocumentsError(
        "Too many documents that are new here at once: send values as variables, so that documents repeat."
    )
