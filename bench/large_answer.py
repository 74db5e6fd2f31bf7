"""A small application on the engine alone, whose answers may be of 10 MB: Wardship's own limits allow none of them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import strawberry
import uvicorn
from litestar import Litestar, get

from bench.place import ROOT, Place
from wardship.core.database.embedded import ROLE_SERVE
from wardship.graphql.engine import GraphQLHandler, Limits, Operation, field, graphql_route, root_field

POOL = 8
"""Connections of the pool, all of them open from the start."""

CONNECTIONS_IDLE = "wardship_database_connections_idle"
_ROWS = "select n as number, repeat(md5(n::text), 6) as text from generate_series(1, $1) n"


def command(place: Place, port: int) -> list[str]:
    """Return the command that serves the application from the repository's folder."""
    assert ROOT.is_dir()  # noqa: S101 - where `python -m bench…` finds itself
    return [sys.executable, "-m", "bench.large_answer", place.address(ROLE_SERVE), str(port)]


@strawberry.type(description="A row.")
class Row:
    """One row of the answer, of about 230 bytes."""

    number: int = field(description="Its place.")
    text: str = field(description="Some text.")


@strawberry.type
class Query:
    """What may be asked."""

    @root_field(cost=1, description="That many rows, from the database.", size=1)
    async def rows(self, info: strawberry.Info[Any, None], count: int) -> list[Row]:
        """Return rows that one statement gives."""
        return [Row(**row) for row in await info.context.fetch(_ROWS, count)]


def make_app(address: str) -> Litestar:
    """Return the application on the database at an address."""
    pool: Any = None

    @asynccontextmanager
    async def context(_: object, operation: Operation) -> AsyncIterator[Any]:
        async with pool.acquire() as connection, connection.transaction(readonly=operation.is_read_only):
            yield connection

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        nonlocal pool
        async with asyncpg.create_pool(address, min_size=POOL, max_size=POOL) as pool:
            yield

    @get("/metrics", media_type="text/plain")
    async def metrics() -> str:
        return f"{CONNECTIONS_IDLE} {pool.get_idle_size()}\n"

    handler = GraphQLHandler(strawberry.Schema(Query), context=context, limits=Limits(cost=10**9))
    return Litestar([graphql_route(handler), metrics], lifespan=[lifespan], openapi_config=None, logging_config=None)


if __name__ == "__main__":
    uvicorn.run(make_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_config=None, access_log=False)
