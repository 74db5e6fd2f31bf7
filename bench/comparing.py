"""The lines of the table about requests, and their ratios: to PostGraphile, dutiful or not, and to the limit."""

from __future__ import annotations

from collections.abc import Iterator

from bench.requests import DUTIFUL, PGBENCH, POSTGRAPHILE, SYSTEMS, WARDSHIP, Compared, RequestsResult
from bench.spread import Spread, costs, latencies, parts, rates, times_as_dear

LIMITS = {"nested page": (2.3, 1.7), "small read": (1.2, 1.0), "mutation": (1.8, 1.5)}
"""How many times PostGraphile is aimed at, and how many are wanted at least."""

SHARES = (2 / 3, 1 / 2)
"""The share of the limit that is aimed at, and the least that is wanted."""

_SHORT = {DUTIFUL: " with duties"}
"""What stands in the table for a name that is too long for it; below that of which it is a kind."""


def ratio(compared: Compared, system: str) -> Spread:
    """Return how many times as much processor time another system takes for a request, round by round."""
    return times_as_dear(compared.rounds[WARDSHIP], compared.rounds[system])


def request_lines(result: RequestsResult) -> Iterator[str]:
    """Yield the lines of the table; of the processor time, how much is the server's and how much the database's."""
    titles = f"{'processor ms':25}{'server + database':20}{'requests/s':20}{'p50, p99 ms':15}{'KB':>6}"
    yield f"{'(a) per request':16}{'':13}{titles}"
    for compared in result.compared:
        for system in SYSTEMS:
            yield _line(compared, system)
        aim, least = LIMITS.get(compared.operation, (1.0, 1.0))
        yield f"{'':16}times PostGraphile {ratio(compared, POSTGRAPHILE)}; wanted {least:g}, aim {aim:g}"
        yield f"{'':16}times {DUTIFUL} {ratio(compared, DUTIFUL)}"
        yield (
            f"{'':16}share of the limit {ratio(compared, PGBENCH)}; wanted {SHARES[1]:.2f}, aim {SHARES[0]:.2f};"
            f" {compared.statements} statements"
        )
    yield "memory after all: " + ", ".join(f"{system} {size:.0f} MB" for system, size in result.megabytes.items())
    yield "Processor time is the figure: instructions are not counted (docs/benchmarks.md says why)."


def _line(compared: Compared, system: str) -> str:
    rounds = compared.rounds[system]
    name = compared.operation if system == WARDSHIP else ""
    size = f"{compared.bytes[system] / 1000:.1f}" if system in compared.bytes else ""
    taken = latencies(rounds)
    wait = f"{taken[0]:.1f}, {taken[1]:.1f}" if taken else "-"
    server, database = parts(rounds)
    shares = f"{server:.2f} + {database:.2f}"
    who = _SHORT.get(system, system)
    return f"{name:16}{who:13}{costs(rounds)!s:25}{shares:20}{rates(rounds).whole():20}{wait:15}{size:>6}".rstrip()
