"""Stretches of a text, asked many times whether another one lies in them or meets them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""From where to where."""


class Spans:
    """Stretches in order, none inside another: what is asked about many finds of one text must not cost their square.

    Args:
        spans: those that there are at first.
    """

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
            if not self._ends or end > self._ends[-1]:
                self._starts.append(start)
                self._ends.append(end)

    def add(self, span: Span) -> None:
        """Take one more, unless it lies in one that is there; those that lie in it go."""
        if self.include(span):
            return
        first, last = bisect_left(self._starts, span[0]), bisect_right(self._ends, span[1])
        self._starts[first : max(first, last)] = [span[0]]
        self._ends[first : max(first, last)] = [span[1]]

    def include(self, span: Span) -> bool:
        """Return whether a stretch lies in one of them."""
        position = bisect_right(self._starts, span[0]) - 1
        return position >= 0 and span[1] <= self._ends[position]

    def meet(self, span: Span) -> bool:
        """Return whether a stretch shares a character with one of them."""
        position = bisect_right(self._ends, span[0])
        return position < len(self._starts) and self._starts[position] < span[1]
