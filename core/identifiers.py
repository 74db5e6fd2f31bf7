"""Time-ordered identifiers, made in Python because only PostgreSQL 18 could make them itself."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_TICKS_PER_MILLISECOND = 1 << 12
_NANOSECONDS_PER_MILLISECOND = 1_000_000
_TIMESTAMP_SHIFT = 80
_FRACTION_SHIFT = 64
_VERSION_7 = 0x7 << 76
_VARIANT_RFC = 0b10 << 62


class _Ticks:
    """Counts 4096ths of a millisecond since 1970, always forward, whatever the clock or other threads do."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        with self._lock:
            self._last = max(time.time_ns() * _TICKS_PER_MILLISECOND // _NANOSECONDS_PER_MILLISECOND, self._last + 1)
            return self._last


_ticks = _Ticks()


def uuid7() -> UUID:
    """Return a UUID version 7, later than every one before it in this process (RFC 9562, sections 5.7 and 6.2).

    Its parts are 48 bits of Unix milliseconds, 12 of their fraction, and 62 random ones.
    """
    milliseconds, fraction = divmod(_ticks.next(), _TICKS_PER_MILLISECOND)
    time_bits = milliseconds << _TIMESTAMP_SHIFT | fraction << _FRACTION_SHIFT
    return UUID(int=time_bits | _VERSION_7 | _VARIANT_RFC | secrets.randbits(62))
