"""Part (a): a nested page, a small read and a mutation, on Wardship, on PostGraphile, and by pgbench alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import limit, ours, peer
from bench.data import Caller, Size
from bench.load import Request
from bench.measuring import (
    CONNECTIONS,
    Round,
    begin_of_ended,
    measure_server,
    require_nobody_else,
    unspoiled,
    used_by_ended,
)
from bench.operations import OPERATIONS, ask_ours, ask_peer, require_equal, require_whole_page
from bench.place import Place
from bench.processes import Running
from bench.processor import resident_megabytes
from bench.recording import script_of
from bench.says import say

WARDSHIP, POSTGRAPHILE, PGBENCH = "Wardship", "PostGraphile", "pgbench"
SYSTEMS = (WARDSHIP, POSTGRAPHILE, PGBENCH)

Measured = Callable[[float], Awaitable[Round]]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: rounds of each operation on each system, seconds of each, seconds to warm up."""

    rounds: int
    seconds: float
    warm_up: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One operation on all systems.

    Attributes:
        rounds: by system; those with the same place in the lists were run one after the other.
        bytes: the size of the answer, by system that sends one.
        statements: how many statements Wardship sends.
    """

    operation: str
    rounds: dict[str, list[Round]]
    bytes: dict[str, int]
    statements: int


@dataclass(frozen=True, slots=True)
class RequestsResult:
    """Part (a) as a whole; memory in MB of the two servers after all rounds."""

    compared: list[Compared]
    megabytes: dict[str, float]


async def measure_requests(place: Place, caller: Caller, size: Size, effort: Effort) -> RequestsResult:
    """Measure every operation on every system in turn, so that a slow moment of the machine meets all of them."""
    scripts = {operation: await _script(place, operation, caller) for operation in OPERATIONS}
    async with place.superuser() as connection:
        await peer.prepare_database(connection)
        await connection.execute("vacuum analyze")
        with ours.serving(place) as server, peer.serving(place) as rival:
            compared = [
                await _compare(
                    _Bench(place, connection, server, rival, operation, scripts[operation]), caller, size, effort
                )
                for operation in OPERATIONS
            ]
            megabytes = {WARDSHIP: resident_megabytes(server.pid), POSTGRAPHILE: resident_megabytes(rival.pid)}
    return RequestsResult(compared, megabytes)


async def _script(place: Place, operation: str, caller: Caller) -> Path:
    path = place.folder / f"{operation.replace(' ', '-')}.sql"
    path.write_text(await script_of(place, operation, caller))
    return path


@dataclass(frozen=True, slots=True)
class _Bench:
    place: Place
    connection: Any
    server: Running
    rival: Running
    operation: str
    script: Path

    def on_server(self, server: Running, application_name: str, request: Request) -> Measured:
        """Return the measurement of a server."""

        async def measure(seconds: float) -> Round:
            return await measure_server(self.connection, server, application_name, request, seconds)

        return measure

    async def by_pgbench(self, seconds: float) -> Round:
        """Measure the limit: its database processes end with it, so that their parent tells what they used."""
        return await unspoiled(lambda: self._replay(seconds))

    async def _replay(self, seconds: float) -> Round:
        await require_nobody_else(self.connection, ours.APPLICATION_NAME, peer.APPLICATION_NAME)
        before = await begin_of_ended(self.connection)
        whole = max(1, round(seconds))
        done = await limit.replay(self.place, self.script, seconds=whole, connections=CONNECTIONS)
        return Round(done.transactions, whole, done.processor_s, await used_by_ended(before))


async def _compare(bench: _Bench, caller: Caller, size: Size, effort: Effort) -> Compared:
    ours_asked = await ask_ours(bench.server.port, bench.operation, caller)
    theirs_asked = await ask_peer(bench.rival.port, bench.operation, caller)
    require_equal(bench.operation, ours_asked, theirs_asked)
    if bench.operation == "nested page":
        require_whole_page(ours_asked, size.members)
    measured: dict[str, Measured] = {
        WARDSHIP: bench.on_server(bench.server, ours.APPLICATION_NAME, ours_asked.request),
        POSTGRAPHILE: bench.on_server(bench.rival, peer.APPLICATION_NAME, theirs_asked.request),
        PGBENCH: bench.by_pgbench,
    }
    for system in (WARDSHIP, POSTGRAPHILE):
        await measured[system](effort.warm_up)
    rounds: dict[str, list[Round]] = {system: [] for system in SYSTEMS}
    for number in range(effort.rounds):
        # Another one goes first each time.
        for place_ in range(len(SYSTEMS)):
            system = SYSTEMS[(number + place_) % len(SYSTEMS)]
            rounds[system].append(await measured[system](effort.seconds))
        say(f"  {bench.operation}, round {number + 1} of {effort.rounds}: " + _costs(rounds))
    sizes = {WARDSHIP: ours_asked.size, POSTGRAPHILE: theirs_asked.size}
    statements = sum(line.endswith(";") for line in bench.script.read_text().splitlines())
    return Compared(bench.operation, rounds, sizes, statements)


def _costs(rounds: dict[str, list[Round]]) -> str:
    return ", ".join(f"{system} {found[-1].cost:.2f} ms" for system, found in rounds.items())
