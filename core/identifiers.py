"""Time-ordered identifiers, made in Python because only PostgreSQL 18 could make them itself."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_TIMESTAMP_SHIFT = 80
_VERSION_7 = 0x7 << 76
_VARIANT_RFC = 0b10 << 62


def uuid7() -> UUID:
    """Return a UUID version 7: 48 bits of Unix milliseconds, then 74 random bits (RFC 9562, section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    random_a = secrets.randbits(12) << 64
    random_b = secrets.randbits(62)
    return UUID(int=milliseconds << _TIMESTAMP_SHIFT | _VERSION_7 | random_a | _VARIANT_RFC | random_b)
