"""Keep one connection from one use to the next, while a request works with the database.

Taking a connection from asyncpg's pool and giving it back costs a third of a small statement. Who calls is looked up,
then the caller's rows are read: between the two the connection need not go back. Nothing of the one reaches the other,
since whatever is set on a connection is local to a transaction.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import Any

from wardship.core.database.giving_back import give_back, is_in_order


class Keeping:
    """Keeps the first connection that is taken from a pool, until it ends.

    Tasks that are begun meanwhile take part; one that outlives it takes connections as if there were none.

    Args:
        pool: asyncpg's; what is taken from another isn't kept.
    """

    __slots__ = ("_token", "connection", "is_free", "is_over", "pool")

    def __init__(self, pool: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        self.pool = pool
        self.connection: Any = None
        self.is_free = False
        self.is_over = False

    def begin(self) -> None:
        """Keep from now on, in this task."""
        self._token: Token[Keeping | None] = _current.set(self)

    async def end(self) -> None:
        """Give the connection back, or leave that to whoever uses it still."""
        _current.reset(self._token)
        connection, self.connection, self.is_over = self.connection, None, True
        if connection is not None and self.is_free:
            await give_back(self.pool, connection)


_current: ContextVar[Keeping | None] = ContextVar("keeping", default=None)


async def take(pool: Any) -> Any:  # noqa: ANN401 - asyncpg has no types
    """Return a connection: the one that is kept, when nobody uses it, or one from the pool."""
    keeping = _current.get()
    if keeping is None or keeping.is_over or keeping.pool is not pool:
        return await pool.acquire()
    if keeping.is_free:
        keeping.is_free = False
        if is_in_order(pool, keeping.connection):
            return keeping.connection
        closed, keeping.connection = keeping.connection, None
        await give_back(pool, closed)
    connection = await pool.acquire()
    if keeping.connection is None and not keeping.is_over:
        keeping.connection = connection
    return connection


async def leave(pool: Any, connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
    """Return a connection that was taken; it stays with the request that keeps it, while it is in order."""
    keeping = _current.get()
    if keeping is not None and keeping.connection is connection:
        if is_in_order(pool, connection):
            keeping.is_free = True
            return
        keeping.connection = None
    await give_back(pool, connection)
