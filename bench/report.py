"""The result as one table for people and one JSON file for machines."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from bench.audit import Audit
from bench.data import Size
from bench.measuring import Round
from bench.obligations import Dispatch, Obligations
from bench.requests import PGBENCH, POSTGRAPHILE, SYSTEMS, WARDSHIP, Compared, Effort, RequestsResult
from bench.starting import Starting


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


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that one run found."""

    size: Size
    effort: Effort
    versions: dict[str, str]
    requests: RequestsResult
    obligations: Obligations
    dispatch: Dispatch
    audit: Audit
    starting: Starting


def ratio(compared: Compared, system: str) -> Spread:
    """Return how many times as much processor time another system takes for a request, round by round."""
    pairs = zip(compared.rounds[WARDSHIP], compared.rounds[system], strict=True)
    return Spread.of([other.cost / own.cost for own, other in pairs])


def as_json(result: Result) -> dict[str, Any]:
    """Return the result with its ratios, ready for JSON."""
    found = asdict(result)
    for entry, compared in zip(found["requests"]["compared"], result.requests.compared, strict=True):
        entry["cost_ms"] = {system: asdict(_costs(compared.rounds[system])) for system in SYSTEMS}
        entry["per_second"] = {system: asdict(_rates(compared.rounds[system])) for system in SYSTEMS}
        entry["ratio_to_postgraphile"] = asdict(ratio(compared, POSTGRAPHILE))
        entry["ratio_to_pgbench"] = asdict(ratio(compared, PGBENCH))
    return found | {"machine": _machine()}


def as_table(result: Result) -> str:
    """Return the table; each figure is a median, with the least and the greatest behind it."""
    return "\n".join([*_heading(result), "", *_requests(result.requests), "", *_others(result)])


def _heading(result: Result) -> Iterator[str]:
    yield f"{result.size.organisations} organisations, {result.size.members} members in the one that is asked about"
    yield ", ".join(f"{name} {version}" for name, version in result.versions.items()) + "; " + _machine()
    yield f"{result.effort.rounds} interleaved rounds of {result.effort.seconds:g} s; median (least to most)"


def _requests(result: RequestsResult) -> Iterator[str]:
    yield f"{'(a) per request':16}{'':14}{'processor ms':26}{'requests/s':30}{'KB':>6}"
    for compared in result.compared:
        for system in SYSTEMS:
            name = compared.operation if system == WARDSHIP else ""
            size = f"{compared.bytes[system] / 1000:.1f}" if system in compared.bytes else ""
            rounds = compared.rounds[system]
            yield f"{name:16}{system:14}{_costs(rounds)!s:26}{_rates(rounds).whole():30}{size:>6}"
        yield f"{'':16}ratio to PostGraphile {ratio(compared, POSTGRAPHILE)}, bigger is better"
        yield f"{'':16}share of the limit    {ratio(compared, PGBENCH)}, {compared.statements} statements"
    yield "memory after all: " + ", ".join(f"{system} {size:.0f} MB" for system, size in result.megabytes.items())


def _others(result: Result) -> Iterator[str]:
    owed, call, audit, start = result.obligations, result.dispatch, result.audit, result.starting
    yield f"(c) obligations       {owed.rate:.0f}/s by one worker ({owed.count}), {owed.cost_ms:.2f} processor ms each"
    yield f"    dispatch          {call.dispatched_us:.0f} us a call, against {call.bare_us:.1f} us in a bare loop"
    yield f"(e) audit appends     {audit.single:.0f}/s by one writer, {audit.together:.0f}/s by eight on one chain, "
    yield f"                      {audit.apart:.0f}/s by eight on a chain each"
    yield f"    audit export      {audit.exported:.0f} entries/s written, {audit.verified:.0f} entries/s verified,"
    yield f"                      {audit.bare_ratio:.1f} times as long as bare SHA-256 of its {audit.megabytes:.1f} MB"
    yield f"(f) start of serve    {start.first_s:.2f} s on an empty folder, {start.again_s:.2f} s again"
    yield f"    memory            {start.resident_mb:.0f} MB, and {start.database_mb:.0f} MB of PostgreSQL"


def _costs(rounds: Sequence[Round]) -> Spread:
    return Spread.of([each.cost for each in rounds])


def _rates(rounds: Sequence[Round]) -> Spread:
    return Spread.of([each.rate for each in rounds])


def _machine() -> str:
    return f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}"
