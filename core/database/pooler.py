"""A pooler between Wardship and PostgreSQL: fit where a connection keeps its server process until it is closed.

Settings, prepared statements and LISTEN belong to one of PostgreSQL's processes. A pooler that gives a connection
another process after each transaction or statement loses them, most of the time unnoticed at first: while nobody else
asks, the same process answers again. So two connections are held open at once, and each is asked which process answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Final

import asyncpg

from wardship.core.errors import WardshipError

_PATIENCE_S: Final = 10
_ROUNDS: Final = 3
_MIXED: Final = (
    "a pooler gives this connection different processes of PostgreSQL in turn, and loses what belongs to a session: "
    "settings, prepared statements, LISTEN; let it keep sessions together (PgBouncer: pool_mode = session), or name "
    "PostgreSQL itself"
)
_EMPTY: Final = (
    f"a pooler had no second connection within {_PATIENCE_S} seconds: let it keep as many as all processes of "
    "Wardship open (PgBouncer: default_pool_size)"
)
_UNREADABLE: Final = "the address can't be read: write signs such as / and @ of a password as %2F and %40"
_LOST: Final = (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError)
"""What is said of a statement that was prepared in another process."""


class UnfitPoolerError(WardshipError):
    """A pooler does not keep a session together."""

    code: ClassVar[str] = "UNFIT_POOLER"


async def pooler_fault(connection: Mapping[str, Any]) -> str | None:
    """Return what is wrong with how connections are made, and what to do; None where each keeps its server process.

    Args:
        connection: asyncpg connect arguments.

    Raises:
        OSError, asyncpg.PostgresError, asyncpg.InterfaceError: there is no connection at all.
    """
    async with _connected(connection) as first:
        own = await _process(first)
        async with _connected(connection) as second:
            try:
                return await _mixed(own, first, second)
            except (TimeoutError, asyncpg.ConnectionDoesNotExistError):
                return _EMPTY
            except _LOST:
                return _MIXED


async def _mixed(own: int, first: asyncpg.Connection, second: asyncpg.Connection) -> str | None:
    """Ask both, each twice in turn: so the answers differ for any order in which a pooler gives its processes."""
    other = await _process(second)
    is_fit = own != other
    for _ in range(_ROUNDS):
        is_fit = is_fit and {await _process(first), await _process(first)} == {own}
        is_fit = is_fit and {await _process(second), await _process(second)} == {other}
    return None if is_fit else _MIXED


async def _process(connection: asyncpg.Connection) -> int:
    return int(await connection.fetchval("select pg_backend_pid()", timeout=_PATIENCE_S) or 0)


@asynccontextmanager
async def _connected(connection: Mapping[str, Any]) -> AsyncIterator[asyncpg.Connection]:
    """Connect, preparing no statement by a name, which another process might know already."""
    try:
        opened = await asyncpg.connect(**connection, timeout=_PATIENCE_S, statement_cache_size=0)
    except ValueError as error:
        if isinstance(error, asyncpg.InterfaceError):
            raise
        # Its words may quote a part of the password, where that was taken for the port.
        raise asyncpg.InterfaceError(_UNREADABLE) from None
    try:
        yield opened
    finally:
        opened.terminate()
