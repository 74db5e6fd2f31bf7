"""Notices a connector that blocks its event loop: the loop gives others no turn although the machine has time."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from wardship.plugins.kit.seen import TURN_S, Seen

LOOK_S: Final = 0.02
LATE_S: Final = 0.1
"""A look that comes later than this tells that the machine is busy, and counts for nothing."""

LOOKS: Final = 40
"""So many looks without a turn between them are a loop that is blocked."""


async def tick(seen: Seen) -> None:
    """Take a turn of the loop again and again, and count it."""
    while True:
        seen.ticks += 1
        await asyncio.sleep(TURN_S)


class LoopWatch:
    """Looks from a thread of its own at the calls that are under way."""

    def __init__(self) -> None:
        self._watched: dict[int, tuple[Seen, int, int]] = {}
        self._lock = threading.Lock()
        self._has_ended = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look until the context ends."""
        thread = threading.Thread(target=self._watch, name="conformance-loop-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._has_ended.set()
            thread.join()

    def begin(self, seen: Seen) -> None:
        """Look at a call from now on."""
        with self._lock:
            self._watched[id(seen)] = (seen, -1, 0)

    def end(self, seen: Seen) -> None:
        """Look at a call no more."""
        with self._lock:
            self._watched.pop(id(seen), None)

    def _watch(self) -> None:
        last = time.monotonic()
        while not self._has_ended.wait(LOOK_S):
            now = time.monotonic()
            if now - last < LATE_S:
                self._look()
            last = now

    def _look(self) -> None:
        with self._lock:
            for key, (seen, ticks, looks) in self._watched.items():
                without_turn = looks + 1 if seen.ticks == ticks else 0
                self._watched[key] = (seen, seen.ticks, without_turn)
                if without_turn >= LOOKS:
                    seen.is_blocked = True
