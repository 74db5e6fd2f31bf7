"""Runs each integration's code on a thread and event loop of its own, so that a plugin that blocks stops only itself.

What can't be bounded within one process: native code that never releases the interpreter lock, memory, and a plugin
that means harm. A vendor who is not trusted that far uses the remote form.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Final

import structlog

_log = structlog.get_logger(__name__)

MOST_STUCK: Final = 3
"""How many threads of one integration may be lost to blocking before it is refused until the next start."""


class Run:
    """One call of plugin code: once ``ended`` is done, it has returned ``value`` or raised ``error``."""

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, object]) -> None:
        self.value: object = None
        self.error: BaseException | None = None
        self.ended: Future[None] = Future()
        # Marked as running at once, so that nobody who waits can cancel the future while the plugin's thread sets it.
        self.ended.set_running_or_notify_cancel()
        self._loop = loop
        self._work = work
        self._task: asyncio.Task[None] | None = None

    def cancel(self) -> None:
        """Ask the code to stop; whether it does shows in ``ended``."""
        self._loop.call_soon_threadsafe(self._cancel)

    def begin(self) -> asyncio.Task[None]:
        """Start the code; called on the plugin's thread."""
        self._task = self._loop.create_task(self._contained())
        self._task.add_done_callback(self._end)
        return self._task

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _contained(self) -> None:
        try:
            # A task re-raises SystemExit and KeyboardInterrupt into the loop, hence this net within it.
            self.value = await self._work
        except BaseException as error:  # whatever a plugin raises is its own
            self.error = error
        # At once: a callback of the task would wait for whatever else is ready on this loop, and may block it.
        self.ended.set_result(None)

    def _end(self, _task: asyncio.Task[None]) -> None:
        if not self.ended.done():  # cancelled before its first step
            self._work.close()
            self.error = asyncio.CancelledError()
            self.ended.set_result(None)


class PluginThread:
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

    def submit(self, work: Coroutine[Any, Any, object]) -> Run:
        """Start a coroutine on the thread."""
        run = Run(self._loop, work)
        self._loop.call_soon_threadsafe(self._begin, run)
        return run

    def retire(self) -> None:
        """Take no more work, and end when what is under way has ended."""
        self._loop.call_soon_threadsafe(self._retire)

    def join(self, timeout_s: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(timeout_s)

    def _begin(self, run: Run) -> None:
        self._active += 1
        run.begin().add_done_callback(self._one_ended)

    def _one_ended(self, _task: asyncio.Task[None]) -> None:
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
            except BaseException as error:  # a plugin's stray task must not take the thread with it
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


class PluginThreads:
    """The threads of all integrations, each made when first needed and replaced when it is stuck."""

    def __init__(self) -> None:
        self._current: dict[str, PluginThread] = {}
        self._stuck: dict[str, list[PluginThread]] = {}

    def of(self, integration: str) -> PluginThread | None:
        """Return the thread of an integration, or None when it has lost too many threads to blocking."""
        stuck = [thread for thread in self._stuck.get(integration, []) if thread.is_alive]
        self._stuck[integration] = stuck
        if len(stuck) >= MOST_STUCK:
            return None
        if integration not in self._current:
            self._current[integration] = PluginThread(integration)
        return self._current[integration]

    def abandon(self, integration: str, thread: PluginThread) -> None:
        """Give up a thread whose code does not let go: the next call gets a new one."""
        if self._current.get(integration) is thread:
            del self._current[integration]
            self._stuck.setdefault(integration, []).append(thread)
            thread.retire()

    def close(self, timeout_s: float = 1.0) -> None:
        """End every thread that can be ended."""
        threads = [*self._current.values()]
        self._current.clear()
        for thread in threads:
            thread.retire()
        for thread in threads:
            thread.join(timeout_s)


def _say_only_the_type(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # The message and the traceback of a plugin's error may hold personal data.
    error = context.get("exception")
    _log.warning("integration.stray_error", error=type(error).__name__ if error else "unknown")
