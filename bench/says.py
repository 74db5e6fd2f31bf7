"""What the person who waits is told: on stderr, because stdout belongs to the table."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Print a line of progress."""
    print(text, file=sys.stderr, flush=True)
