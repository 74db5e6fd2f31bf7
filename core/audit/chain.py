"""The rule of the hash chain, in one place for the writer's proof and the reader's check."""

from __future__ import annotations

import hashlib

EMPTY = b""
"""The hash before the first entry."""


def next_hash(previous: bytes, entry: str) -> bytes:
    """Return ``sha256(previous || sha256(entry))``, 32 bytes."""
    return hashlib.sha256(previous + hashlib.sha256(entry.encode()).digest()).digest()
