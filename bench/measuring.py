"""Processor time of one round: of a server and of exactly the database processes that work for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.load import Latency, Request, send_for
from bench.processes import Running
from bench.processor import children_of, process_times
from tools.prepare.steps import say

CONNECTIONS = 4
"""How many send at the same time."""

_ATTEMPTS = 3


class SpoiledError(RuntimeError):
    """The round tells nothing: a process that was measured ended in it. It has to be repeated."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of load on one system took.

    Attributes:
        requests: answered rightly.
        seconds: by the clock.
        server_s: processor time of the server (of pgbench, for the limit).
        database_s: processor time of its database processes.
        latency: of its requests; pgbench tells none.
    """

    requests: int
    seconds: float
    server_s: float
    database_s: float
    latency: Latency | None = None

    @property
    def cost(self) -> float:
        """Return milliseconds of processor time for each request."""
        return (self.server_s + self.database_s) * 1000 / self.requests

    @property
    def database_cost(self) -> float:
        """Return the database's part of it."""
        return self.database_s * 1000 / self.requests

    @property
    def rate(self) -> float:
        """Return requests per second."""
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True)
class Reading:
    """Processor seconds so far, of the server and of each database process."""

    server: float
    backends: Mapping[int, float]


async def read_times(connection: Any, server: int, application_name: str) -> Reading:  # noqa: ANN401 - asyncpg has no types
    """Return what a server and its database processes have used so far."""
    return Reading(
        process_times(server).own,
        {pid: process_times(pid).own for pid in await _backends(connection, application_name)},
    )


async def _backends(connection: Any, application_name: str) -> list[int]:  # noqa: ANN401 - asyncpg has no types
    rows = await connection.fetch(
        "select pid from pg_stat_activity where application_name = $1 and backend_type = 'client backend'",
        application_name,
    )
    return [row["pid"] for row in rows]


def used_between(before: Reading, after: Reading) -> tuple[float, float]:
    """Return the seconds used by the server and by its database processes, those that began meanwhile included.

    Raises:
        SpoiledError: a database process ended meanwhile and took its account with it.
    """
    if gone := before.backends.keys() - after.backends.keys():
        raise SpoiledError(f"Database processes ended during the round: {sorted(gone)}.")
    database = sum(used - before.backends.get(pid, 0.0) for pid, used in after.backends.items())
    return after.server - before.server, database


async def measure_server(  # noqa: PLR0913 - what is measured, and for how long
    connection: Any,  # noqa: ANN401 - asyncpg has no types
    server: Running,
    application_name: str,
    request: Request,
    seconds: float,
    *,
    connections: int = CONNECTIONS,
) -> Round:
    """Send a request to a server for some seconds, and return what that took; a round that is spoiled is repeated.

    Raises:
        SpoiledError: it was spoiled three times.
    """

    async def measure() -> Round:
        before = await read_times(connection, server.pid, application_name)
        load = await send_for(server.port, request, seconds=seconds, connections=connections)
        after = await read_times(connection, server.pid, application_name)
        return Round(load.requests, load.seconds, *used_between(before, after), load.latency)

    return await unspoiled(measure)


async def unspoiled(measure: Callable[[], Awaitable[Round]]) -> Round:
    """Return the first of three rounds that is not spoiled.

    Raises:
        SpoiledError: all are.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return await measure()
        except SpoiledError as error:
            if attempt == _ATTEMPTS - 1:
                raise
            say(f"  a round is repeated: {error}")
    raise AssertionError


@dataclass(frozen=True, slots=True)
class Parent:
    """The database server's first process before a measurement: its children, and what ended ones had used."""

    pid: int
    children: frozenset[int]
    ended_children: float


async def begin_of_ended(connection: Any) -> Parent:  # noqa: ANN401 - asyncpg has no types
    """Return where the account of ended database processes stands."""
    postmaster = process_times(await connection.fetchval("select pg_backend_pid()")).parent
    return Parent(postmaster, frozenset(children_of(postmaster)), process_times(postmaster).ended_children)


async def used_by_ended(before: Parent) -> float:
    """Return the seconds used by database processes that began and ended since; waits until all of them have ended.

    Raises:
        SpoiledError: some go on for more than five seconds.
    """
    # One that is ending is no longer listed by the database, yet it is not in the account until its parent saw the end.
    for _ in range(500):
        if before.children.issuperset(children_of(before.pid)):
            return process_times(before.pid).ended_children - before.ended_children
        await asyncio.sleep(0.01)
    raise SpoiledError("Database processes that should have ended go on.")


async def require_nobody_else(connection: Any, *names: str) -> None:  # noqa: ANN401 - asyncpg has no types
    """Refuse to measure by ended processes while others than these could end.

    Raises:
        SpoiledError: naming them.
    """
    rows = await connection.fetch(
        "select coalesce(nullif(application_name, ''), backend_type) as name from pg_stat_activity"
        " where pid <> pg_backend_pid() and backend_type in ('client backend', 'parallel worker', 'autovacuum worker')"
        " and not application_name = any($1::text[])",
        list(names),
    )
    if rows:
        raise SpoiledError(f"Others use the database: {sorted({row['name'] for row in rows})}.")
