"""A loop whose time is nobody's: it stands still while anything is to be done, then leaps to the next timer."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")


class NeverWaiting(selectors.SelectSelector):
    """Looks, and waits for nothing."""

    def select(self, timeout: float | None = None) -> Any:
        del timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop for what awaits futures and timers only."""

    def __init__(self) -> None:
        super().__init__(NeverWaiting())
        self.now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0]._when)
        super()._run_once()

    @property
    def timers(self) -> list[asyncio.TimerHandle]:
        """Those that would still go off."""
        return [timer for timer in self._scheduled if not timer.cancelled()]


def run_virtually(work: Coroutine[Any, Any, ResultT], loop: VirtualLoop) -> ResultT:
    """Run to the end, then close the loop."""
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
