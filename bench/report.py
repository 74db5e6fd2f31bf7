"""The result as one table for people and one JSON file for machines."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bench.audit import Audit
from bench.comparing import ratio, request_lines
from bench.data import Size
from bench.erasure import Erased
from bench.erasure_lines import erasure_figures, erasure_lines
from bench.flood import Flooded, flood_lines
from bench.grouping import Grouped, grouping_lines
from bench.obligations import Dispatch, Obligations
from bench.requests import DUTIFUL, PGBENCH, POSTGRAPHILE, SYSTEMS, Effort, RequestsResult
from bench.scale import Scaled, scale_lines, scale_ratios
from bench.slow_reader import Large, large_lines
from bench.spread import costs, rates
from bench.starting import Starting


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that one run found; None for the parts that were left out."""

    size: Size
    effort: Effort
    versions: dict[str, str]
    requests: RequestsResult | None = None
    scaled: Scaled | None = None
    obligations: Obligations | None = None
    dispatch: Dispatch | None = None
    audit: Audit | None = None
    starting: Starting | None = None
    flooded: Flooded | None = None
    large: Large | None = None
    erased: Erased | None = None
    grouped: Grouped | None = None


def as_json(result: Result) -> dict[str, Any]:
    """Return the result with its ratios, ready for JSON."""
    found = asdict(result)
    if result.requests:
        for entry, compared in zip(found["requests"]["compared"], result.requests.compared, strict=True):
            entry["cost_ms"] = {system: asdict(costs(compared.rounds[system])) for system in SYSTEMS}
            entry["per_second"] = {system: asdict(rates(compared.rounds[system])) for system in SYSTEMS}
            entry["ratio_to_postgraphile"] = asdict(ratio(compared, POSTGRAPHILE))
            entry["ratio_to_postgraphile_with_duties"] = asdict(ratio(compared, DUTIFUL))
            entry["ratio_to_pgbench"] = asdict(ratio(compared, PGBENCH))
    if result.scaled:
        found["scaled"]["ratios"] = {
            page: {name: asdict(value) for name, value in by_name.items()}
            for page, by_name in scale_ratios(result.scaled).items()
        }
    if result.starting:
        found["starting"] |= {"help_ratio": result.starting.help_ratio, "again_ratio": result.starting.again_ratio}
    if result.erased:
        found["erased"]["figures"] = erasure_figures(result.erased)
    if result.grouped:
        found["grouped"]["ratio"] = result.grouped.ratio
    return found | {"machine": _machine()}


def as_table(result: Result) -> str:
    """Return the table; each figure is a median, with the least and the greatest behind it."""
    return "\n".join([*_heading(result), *(line for part in _parts(result) for line in ("", *part))])


def _heading(result: Result) -> Iterator[str]:
    yield f"{result.size.organisations} organisations, {result.size.members} members in the one that is asked about"
    yield ", ".join(f"{name} {version}" for name, version in result.versions.items()) + "; " + _machine()
    yield f"{result.effort.rounds} interleaved rounds of {result.effort.seconds:g} s; median (least to most)"


def _parts(result: Result) -> Iterator[Iterator[str]]:
    if result.requests:
        yield request_lines(result.requests)
    if result.scaled:
        yield scale_lines(result.scaled)
    if result.obligations and result.dispatch:
        yield _work(result.obligations, result.dispatch)
    if result.erased:
        yield erasure_lines(result.erased)
    if result.audit:
        yield _audit(result.audit)
    if result.starting:
        yield _starting(result.starting)
    if result.flooded:
        yield flood_lines(result.flooded)
    if result.large:
        yield large_lines(result.large)
    if result.grouped:
        yield grouping_lines(result.grouped)


def _work(owed: Obligations, call: Dispatch) -> Iterator[str]:
    yield f"(c) obligations       {owed.rate:.0f}/s by one worker ({owed.count}), {owed.cost_ms:.2f} processor ms each"
    yield f"    dispatch          {call.dispatched_us:.0f} us a call, against {call.bare_us:.1f} us in a bare loop"


def _audit(audit: Audit) -> Iterator[str]:
    yield f"(e) audit appends     {audit.single:.0f}/s by one writer, {audit.together:.0f}/s by eight on one chain, "
    yield f"                      {audit.apart:.0f}/s by eight on a chain each"
    yield f"    audit export      {audit.exported:.0f} entries/s written, {audit.verified:.0f} entries/s verified,"
    yield f"                      {audit.bare_ratio:.1f} times as long as bare SHA-256 of its {audit.megabytes:.1f} MB"


def _starting(start: Starting) -> Iterator[str]:
    yield f"(f) start of serve    {start.first_s:.2f} s on an empty folder, {start.again_s:.2f} s again: "
    yield f"                      {start.again_ratio:.2f} times as long as importing its libraries alone"
    yield f"    wardship --help   {start.help_s:.2f} s: {start.help_ratio:.1f} times as long as Python doing nothing"
    yield f"    memory            {start.resident_mb:.0f} MB, and {start.database_mb:.0f} MB of PostgreSQL"


def _machine() -> str:
    return f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}"
