"""What PostgreSQL notifies: one connection that listens, for everything in this process.

A connection that is lost is opened again, after a pause that grows. What was notified meanwhile is lost, so every
listener is then told to look again, and must be able to find out by looking what the notification would have said.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias

import asyncpg
import structlog

from wardship.core.database.engine import DATABASE_FAULTS

APPLICATION_NAME: Final = "wardship-listener"
Heard: TypeAlias = Callable[[str], None]
"""Gets the payload of a notification; must not block."""
Gap: TypeAlias = Callable[[], None]
"""Called whenever listening has begun, for the first time or again: look, since notifications may have been missed."""

_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 15.0
_PATIENCE_S: Final = 10
_ALIVE_EVERY_S: Final = 30.0
_log = structlog.get_logger(__name__)


class Notifications:
    """Listens on one connection of its own, beside the pool; opens it when somebody listens first.

    Args:
        arguments: gives asyncpg's connect arguments at the time of each attempt.
    """

    def __init__(self, arguments: Callable[[], Mapping[str, Any]]) -> None:
        self._arguments = arguments
        self._listeners: dict[str, list[tuple[Heard, Gap]]] = {}
        self._task: asyncio.Task[None] | None = None
        self._new_channel = asyncio.Event()
        self.is_listening = False
        self.reconnections = 0

    def listen(self, channel: str, heard: Heard, gap: Gap) -> Callable[[], None]:
        """Call back at each notification of a channel, and after each gap; return what ends that.

        Needs a running event loop, in which it calls back.
        """
        listener = (heard, gap)
        self._listeners.setdefault(channel, []).append(listener)
        self._new_channel.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=APPLICATION_NAME)

        def end() -> None:
            with suppress(ValueError):
                self._listeners[channel].remove(listener)

        return end

    async def close(self) -> None:
        """Close the connection and call nobody back any more."""
        task, self._task = self._task, None
        self._listeners.clear()
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            try:
                await self._hear()
            except DATABASE_FAULTS as error:
                _log.warning("database.not_listening", error=type(error).__name__)
            if self.is_listening:
                self.is_listening, pause = False, _FIRST_PAUSE_S
            self.reconnections += 1
            # Spread out, so that the processes of a deployment don't all come back at the same moment.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _hear(self) -> None:
        """Listen until the connection is lost."""
        settings = {"application_name": APPLICATION_NAME}
        connection = await asyncpg.connect(**self._arguments(), timeout=_PATIENCE_S, server_settings=settings)
        closed = asyncio.Event()
        connection.add_termination_listener(lambda *_: closed.set())
        listening: set[str] = set()
        try:
            while not closed.is_set():
                self._new_channel.clear()
                await self._add_channels(connection, listening)
                self.is_listening = True
                if not await _first(closed, self._new_channel):
                    # A network that swallows everything would otherwise pass for silence.
                    await connection.execute("select 1", timeout=_PATIENCE_S)
        finally:
            connection.terminate()

    async def _add_channels(self, connection: asyncpg.Connection, listening: set[str]) -> None:
        for channel in [name for name in self._listeners if name not in listening]:
            async with asyncio.timeout(_PATIENCE_S):
                await connection.add_listener(channel, self._dispatch)
            listening.add(channel)
            for _, gap in list(self._listeners[channel]):
                gap()

    def _dispatch(self, _connection: object, _process: int, channel: str, payload: str) -> None:
        for heard, _ in list(self._listeners.get(channel, ())):
            heard(payload)


async def _first(*events: asyncio.Event) -> bool:
    """Wait until one of them is set; False when that took so long that the connection should be tried."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        done, _ = await asyncio.wait(waiting, timeout=_ALIVE_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    return bool(done)
