"""Let others have their turn while people are sought in many texts: that is work of the process that serves all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import Final, TypeVar

ItemT = TypeVar("ItemT")
_AT_ONCE_S: Final = 0.001
_FOR_OTHERS: Final = 6
"""How many times as long as this work others may work after each piece of it, if they have anything to do."""
_IDLE_S: Final = 0.0002


async def in_turns(items: Iterable[ItemT]) -> AsyncIterator[ItemT]:
    """Yield items, and give way to others whenever treating some of them has taken a millisecond."""
    begun = time.perf_counter()
    for item in items:
        yield item
        worked = time.perf_counter() - begun
        if worked > _AT_ONCE_S:
            await _give_way(worked * _FOR_OTHERS)
            begun = time.perf_counter()


async def _give_way(most: float) -> None:
    """Let others work for so many seconds at most, and until they wait for something."""
    given, turn = 0.0, _IDLE_S
    while turn >= _IDLE_S and given <= most:
        begun = time.perf_counter()
        await asyncio.sleep(0)
        turn = time.perf_counter() - begun
        given += turn
