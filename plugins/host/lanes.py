"""Runs each integration's code on a thread and event loop of its own, so that a plugin that blocks stops only itself.

What can't be bounded within one process: native code that never releases the interpreter lock, memory, and a plugin
that means harm. A vendor who is not trusted that far uses the remote form.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import structlog

T = TypeVar("T")
_log = structlog.get_logger(__name__)

MOST_STUCK: Final = 3
"""How many threads of one integration may be lost to blocking before it is refused until the next start."""


@dataclass(frozen=True, slots=True)
class Ended(Generic[T]):
    """How a piece of plugin code ended: with a value, or with whatever it raised."""

    value: T | None = None
    error: BaseException | None = None


@dataclass(slots=True)
class Run(Generic[T]):
    """One call under way on a lane."""

    _loop: asyncio.AbstractEventLoop
    ended: Future[Ended[T]] = field(default_factory=Future)
    _task: asyncio.Task[None] | None = None
    _is_cancelled: bool = False

    def cancel(self) -> None:
        """Ask the code to stop; whether it does shows in ``ended``."""
        self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        self._is_cancelled = True
        if self._task is not None:
            self._task.cancel()


class Lane:
    """One thread with one event loop."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_say_only_the_type)
        self._active = 0
        self._is_retired = False
        self._thread = threading.Thread(target=self._serve, name=f"integration-{name}", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def submit(self, work: Coroutine[Any, Any, T]) -> Run[T]:
        """Start a coroutine on the lane."""
        run: Run[T] = Run(self._loop)
        # Marked as running at once, so that nobody who waits can cancel the future under the lane's hands.
        run.ended.set_running_or_notify_cancel()
        self._loop.call_soon_threadsafe(self._begin, run, work)
        return run

    def retire(self) -> None:
        """Take no more work, and end when what is under way has ended."""
        self._loop.call_soon_threadsafe(self._retire)

    def join(self, timeout_s: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(timeout_s)

    def _begin(self, run: Run[T], work: Coroutine[Any, Any, T]) -> None:
        self._active += 1
        run._task = self._loop.create_task(self._watch(run, work))  # noqa: SLF001 - the two classes are one mechanism
        if run._is_cancelled:  # noqa: SLF001 - likewise
            run._task.cancel()  # noqa: SLF001 - likewise

    async def _watch(self, run: Run[T], work: Coroutine[Any, Any, T]) -> None:
        try:
            # A task re-raises SystemExit and KeyboardInterrupt into the loop, hence this net within it.
            run.ended.set_result(Ended(value=await work))
        except BaseException as error:  # noqa: BLE001 - whatever a plugin raises is its own
            run.ended.set_result(Ended(error=error))
        finally:
            self._active -= 1
            self._stop_if_done()

    def _retire(self) -> None:
        self._is_retired = True
        self._stop_if_done()

    def _stop_if_done(self) -> None:
        if self._is_retired and self._active == 0:
            self._loop.stop()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        while not (self._is_retired and self._active == 0):
            try:
                self._loop.run_forever()
            except BaseException as error:  # noqa: BLE001 - a plugin's stray task must not take the lane with it
                _log.warning("integration.stray_task_failed", error=type(error).__name__)
        self._clear()

    def _clear(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.call_soon(self._loop.stop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


class Lanes:
    """The lanes of all integrations, each made when first needed and replaced when it is stuck."""

    def __init__(self) -> None:
        self._current: dict[str, Lane] = {}
        self._stuck: dict[str, list[Lane]] = {}

    def of(self, integration: str) -> Lane | None:
        """Return the lane of an integration, or None when it has lost too many threads to blocking."""
        stuck = [lane for lane in self._stuck.get(integration, []) if lane.is_alive]
        self._stuck[integration] = stuck
        if len(stuck) >= MOST_STUCK:
            return None
        if integration not in self._current:
            self._current[integration] = Lane(integration)
        return self._current[integration]

    def abandon(self, integration: str, lane: Lane) -> None:
        """Give up a lane whose code does not let go: the next call gets a new one."""
        if self._current.get(integration) is lane:
            del self._current[integration]
            self._stuck.setdefault(integration, []).append(lane)
            lane.retire()

    def close(self, timeout_s: float = 1.0) -> None:
        """End every lane that can be ended."""
        lanes = [*self._current.values()]
        self._current.clear()
        for lane in lanes:
            lane.retire()
        for lane in lanes:
            lane.join(timeout_s)


def _say_only_the_type(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # The message and the traceback of a plugin's error may hold personal data.
    error = context.get("exception")
    _log.warning("integration.stray_error", error=type(error).__name__ if error else "unknown")
