"""Turns to compile: documents that are new take at most a share of the time, and clients take turns at it.

Compiling a document costs as much as many answers, and nothing else is done meanwhile. So a client that floods a server
with new documents waits, and in the end is refused; known documents never wait. Who has shown no credential has
a small share apart, since who needs nothing to be a client can be any number of them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, NamedTuple

from wardship.graphql.engine.errors import EngineError
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.operations import Client
from wardship.graphql.engine.places import Places

WAITING: Final = 256
"""Requests of clients with a credential that may wait at once; beyond, the client that has most loses its last."""

WAITING_WITHOUT_CREDENTIAL: Final = 32
"""The same for clients without."""

WAITING_EACH: Final = 8
"""Of these, for one client."""


_LEAST_DELAY_S: Final = 0.001
"""So that what is lacking by rounding alone isn't looked for again and again."""


class TooManyDocumentsError(EngineError):
    """Too many new documents at once: send values as variables, so that documents repeat; or try again later."""

    code = "TOO_MANY_DOCUMENTS"
    status = 429
    is_about_http = True


class Clocks(NamedTuple):
    """Seconds, ever increasing; and those that this thread has worked."""

    now: Callable[[], float]
    work: Callable[[], float]


class CompileLimiter:
    """Lets documents be compiled in at most a share of the time, those of clients without a credential in a part of it.

    Args:
        limits: ``compile_share``, ``compile_burst``, the part of both ``without_credential``, and ``seconds``.
        clock: seconds, ever increasing.
        work: seconds that this thread has worked; what a busy machine gives to others meanwhile is nobody's doing.

    Attributes:
        with_credential: the share of clients that have shown a credential.
        without_credential: that of the others, which is no part of the former.
    """

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        work: Callable[[], float] = time.thread_time,
    ) -> None:
        part = limits.without_credential
        share, burst = limits.compile_share, limits.compile_burst
        clocks = Clocks(clock, work)
        self.with_credential = CompileShare(share, burst, WAITING, limits.seconds, clocks)
        self.without_credential = CompileShare(
            share * part, burst * part, WAITING_WITHOUT_CREDENTIAL, limits.seconds, clocks
        )

    @property
    def waiting(self) -> int:
        """Return how many requests wait."""
        return self.with_credential.waiting + self.without_credential.waiting

    def turn(self, client: Client) -> AbstractAsyncContextManager[None]:
        """Wait for a turn, and have the time counted until the context is left, which must not wait for anything.

        Raises:
            TooManyDocumentsError: others need the place, the turn didn't come in time, or the client has gone.
        """
        return (self.with_credential if client.is_authenticated else self.without_credential).turn(client)


class CompileShare:
    """A share of the time, of which clients take turns.

    Args:
        share: part of the time.
        burst: seconds of it that may be saved up.
        places: requests that may wait at once.
        seconds: how long one may wait.
        clocks: what is read.
    """

    def __init__(self, share: float, burst: float, places: int, seconds: float, clocks: Clocks) -> None:
        self._share = share
        self._burst = self._credit = burst
        self._seconds = seconds
        self._clock, self._work = clocks
        self._counted_at = self._clock()
        self._places: Places[asyncio.Future[bool]] = Places(places, of_one=WAITING_EACH)
        self._next_up: asyncio.Future[bool] | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """Return how many requests wait, one that has its turn and hasn't begun included."""
        return len(self._places) + (self._next_up is not None)

    @asynccontextmanager
    async def turn(self, client: Client) -> AsyncIterator[None]:
        """Wait for a turn; see ``CompileLimiter.turn``."""
        self._count()
        if self._credit <= 0 or self.waiting:
            await self._wait(client)
        begun = self._work()
        try:
            yield
        finally:
            self._credit -= self._work() - begun
            self._set_alarm()

    async def _wait(self, client: Client) -> None:
        place: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        _refuse(self._places.take(client.groups, place))
        self._set_alarm()
        gone = None if client.gone is None else asyncio.ensure_future(client.gone())
        if gone is not None:
            gone.add_done_callback(lambda _: _refuse(place))
        try:
            if not await self._has_turn(place):
                raise _too_many()
        finally:
            if gone is not None:
                gone.cancel()
            self._leave(client, place)

    async def _has_turn(self, place: asyncio.Future[bool]) -> bool:
        try:
            async with asyncio.timeout(self._seconds):
                return await place
        except TimeoutError:
            # A turn that came at the last moment is taken.
            return place.done() and not place.cancelled() and place.result()

    def _leave(self, client: Client, place: asyncio.Future[bool]) -> None:
        """Leave nothing behind, and let a turn that came too late be the next one's."""
        self._places.leave(client.groups, place)
        if self._next_up is place:
            self._next_up = None
        self._set_alarm()

    def _count(self) -> None:
        now = self._clock()
        gained = (now - self._counted_at) * self._share
        self._credit = min(self._credit + gained, self._burst)
        self._counted_at = now

    def _set_alarm(self) -> None:
        """See to it that somebody may go on once there is time for it; leave no timer where nobody waits."""
        if not len(self._places) or self._next_up is not None:
            if self._alarm is not None:
                self._alarm.cancel()
                self._alarm = None
        elif self._alarm is None:
            self._count()
            delay = 0.0 if self._credit > 0 else max(_LEAST_DELAY_S, -self._credit / self._share)
            self._alarm = asyncio.get_running_loop().call_later(delay, self._next)

    def _next(self) -> None:
        """Let the request go on whose turn it is, if there is time for it."""
        self._alarm = None
        self._count()
        while self._credit > 0 and self._next_up is None and len(self._places):
            place = self._places.next()
            if not place.done():
                self._next_up = place
                place.set_result(True)
        self._set_alarm()


def _refuse(place: asyncio.Future[bool] | None) -> None:
    if place is not None and not place.done():
        place.set_result(False)


def _too_many() -> TooManyDocumentsError:
    return TooManyDocumentsError(
        "Too many documents that are new here at once: send values as variables, so that documents repeat."
    )
