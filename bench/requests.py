"""Part (a): a nested page, a small read and a mutation, on Wardship, on PostGraphile twice, and by pgbench alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bench import limit, ours, peer
from bench.data import Caller, Size, make_caller
from bench.duties import require_duties
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
from bench.operations import (
    OPERATIONS,
    ask_dutiful_peer,
    ask_ours,
    ask_peer,
    require_equal,
    require_whole_page,
)
from bench.place import Place
from bench.processes import Running
from bench.processor import resident_megabytes
from bench.recording import script_of
from tools.prepare.steps import say

WARDSHIP, POSTGRAPHILE, PGBENCH = "Wardship", "PostGraphile", "pgbench"
DUTIFUL = "PostGraphile with the same duties"
SYSTEMS = (WARDSHIP, POSTGRAPHILE, DUTIFUL, PGBENCH)

_SERVERS = MappingProxyType(
    {
        WARDSHIP: (ours.APPLICATION_NAME, ask_ours),
        POSTGRAPHILE: (peer.APPLICATION_NAME, ask_peer),
        DUTIFUL: (peer.DUTIFUL_APPLICATION_NAME, ask_dutiful_peer),
    }
)
"""Those that are servers: the name under which each works in the database, and how it is asked."""

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
    """Part (a) as a whole; memory in MB of the servers after all rounds."""

    compared: list[Compared]
    megabytes: dict[str, float]


async def measure_requests(place: Place, caller: Caller, size: Size, effort: Effort) -> RequestsResult:
    """Measure every operation on every system in turn, so that a slow moment of the machine meets all of them."""
    scripts = {operation: await _script(place, operation, caller) for operation in OPERATIONS}
    async with place.superuser() as connection:
        await peer.prepare_database(connection)
        await connection.execute("vacuum analyze")
        async with ours.services_here(place) as services:
            ordinary = await make_caller(services, connection, role="member")
        with (
            ours.serving(place) as server,
            peer.serving(place) as rival,
            peer.serving(place, with_duties=True) as third,
        ):
            servers = {WARDSHIP: server, POSTGRAPHILE: rival, DUTIFUL: third}
            await require_duties(connection, server.port, third.port, caller, ordinary)
            compared = [
                await _compare(_Bench(place, connection, servers, operation, scripts[operation]), caller, size, effort)
                for operation in OPERATIONS
            ]
            megabytes = {name: resident_megabytes(each.pid) for name, each in servers.items()}
    return RequestsResult(compared, megabytes)


async def _script(place: Place, operation: str, caller: Caller) -> Path:
    path = place.folder / f"{operation.replace(' ', '-')}.sql"
    path.write_text(await script_of(place, operation, caller))
    return path


@dataclass(frozen=True, slots=True)
class _Bench:
    place: Place
    connection: Any
    servers: Mapping[str, Running]
    operation: str
    script: Path

    def on_server(self, system: str, request: Request) -> Measured:
        """Return the measurement of a server."""
        application_name, _ = _SERVERS[system]

        async def measure(seconds: float) -> Round:
            return await measure_server(self.connection, self.servers[system], application_name, request, seconds)

        return measure

    async def by_pgbench(self, seconds: float) -> Round:
        """Measure the limit: its database processes end with it, so that their parent tells what they used."""
        return await unspoiled(lambda: self._replay(seconds))

    async def _replay(self, seconds: float) -> Round:
        await require_nobody_else(self.connection, *(name for name, _ in _SERVERS.values()))
        before = await begin_of_ended(self.connection)
        whole = max(1, round(seconds))
        done = await limit.replay(self.place, self.script, seconds=whole, connections=CONNECTIONS)
        return Round(done.transactions, whole, done.processor_s, await used_by_ended(before))


async def _compare(bench: _Bench, caller: Caller, size: Size, effort: Effort) -> Compared:
    asked = {
        system: await ask(bench.servers[system].port, bench.operation, caller) for system, (_, ask) in _SERVERS.items()
    }
    for system in (POSTGRAPHILE, DUTIFUL):
        require_equal(bench.operation, asked[WARDSHIP], asked[system])
    if bench.operation == "nested page":
        require_whole_page(asked[WARDSHIP], size.members)
    measured = {system: bench.on_server(system, each.request) for system, each in asked.items()}
    measured[PGBENCH] = bench.by_pgbench
    for system in asked:
        await measured[system](effort.warm_up)
    rounds: dict[str, list[Round]] = {system: [] for system in SYSTEMS}
    for number in range(effort.rounds):
        # Another one goes first each time.
        for place_ in range(len(SYSTEMS)):
            system = SYSTEMS[(number + place_) % len(SYSTEMS)]
            rounds[system].append(await measured[system](effort.seconds))
        say(f"  {bench.operation}, round {number + 1} of {effort.rounds}: " + _costs(rounds))
    sizes = {system: each.size for system, each in asked.items()}
    statements = sum(line.endswith(";") for line in bench.script.read_text().splitlines())
    return Compared(bench.operation, rounds, sizes, statements)


def _costs(rounds: dict[str, list[Round]]) -> str:
    return ", ".join(f"{system} {found[-1].cost:.2f} ms" for system, found in rounds.items())
