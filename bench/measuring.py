"""Processor time of one round: of a server and of exactly the database processes that work for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.processor import process_times


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
    """

    requests: int
    seconds: float
    server_s: float
    database_s: float

    @property
    def cost(self) -> float:
        """Return milliseconds of processor time for each request."""
        return (self.server_s + self.database_s) * 1000 / self.requests

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


async def postmaster_of(connection: Any) -> int:  # noqa: ANN401 - asyncpg has no types
    """Return the pid of the database server's first process."""
    return process_times(await connection.fetchval("select pg_backend_pid()")).parent


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
