"""A median and how far the single values lay apart: how every figure is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.measuring import Round


@dataclass(frozen=True, slots=True)
class Spread:
    """A median, and between what the single values lay."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of some values."""
        return cls(median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f} to {self.most:.2f})"

    def whole(self) -> str:
        """Return the spread in whole numbers."""
        return f"{self.median:.0f} ({self.least:.0f} to {self.most:.0f})"


def costs(rounds: Sequence[Round]) -> Spread:
    """Return the milliseconds of processor time for each request."""
    return Spread.of([each.cost for each in rounds])


def rates(rounds: Sequence[Round]) -> Spread:
    """Return the requests per second."""
    return Spread.of([each.rate for each in rounds])


def parts(rounds: Sequence[Round]) -> tuple[float, float]:
    """Return the medians of the server's and of the database's milliseconds for each request."""
    database = Spread.of([each.database_cost for each in rounds]).median
    return Spread.of([each.cost - each.database_cost for each in rounds]).median, database


def latencies(rounds: Sequence[Round]) -> tuple[float, float] | None:
    """Return the medians of the rounds' p50 and p99 in milliseconds; none where the load does not tell."""
    found = [each.latency for each in rounds if each.latency is not None]
    if not found:
        return None
    return Spread.of([each.p50_ms for each in found]).median, Spread.of([each.p99_ms for each in found]).median


def times_as_dear(own: Sequence[Round], other: Sequence[Round]) -> Spread:
    """Return how many times the processor time of ``own`` a request takes in ``other``, round by round."""
    return Spread.of([theirs.cost / ours.cost for ours, theirs in zip(own, other, strict=True)])
