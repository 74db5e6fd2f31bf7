"""The statements that the API sends, taken down where they leave: at the connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from asyncpg.connection import LoggedQuery

from wardship.core.database.database import Database


@dataclass
class Sent:
    """What was sent, in order, without what begins and ends a transaction.

    Attributes:
        reading: the statements of transactions that only read.
        writing: the statements of all others.
        begun: how many transactions were begun that only read.
    """

    reading: list[LoggedQuery] = field(default_factory=list)
    writing: list[LoggedQuery] = field(default_factory=list)
    begun: int = 0
    _is_reading: bool = False

    def add(self, query: LoggedQuery) -> None:
        """Take one statement down; asyncpg's own, once for each type of a connection, are none of ours."""
        if _SINGLE in query.query:
            self.reading.append(query)  # a transaction by itself
        elif query.query.startswith("begin") and query.query.endswith(";commit"):
            self.writing.append(query)  # what is written after such a query, in one message
        elif query.query.startswith("begin"):
            self._is_reading = "read only" in query.query
            self.begun += self._is_reading
        elif self._is_reading and ";begin;" in query.query:
            self.writing.append(query)  # what is written after a query, in the message of its commit
        elif query.query not in {"commit", "rollback"} and not any(own in query.query for own in _OF_ASYNCPG):
            (self.reading if self._is_reading else self.writing).append(query)


_SINGLE = "set_config('wardship.organisation_id'"
_OF_ASYNCPG = ("typeinfo_tree", "set_config('jit'")


@asynccontextmanager
async def taken_down(database: Database) -> AsyncIterator[Callable[[], Awaitable[Sent]]]:
    """Give a function that returns what was sent since its last call; the pool has one connection."""
    pool = database.engine.pool
    assert pool is not None
    assert pool.get_max_size() == 1
    sent = Sent()

    def log(query: LoggedQuery) -> None:
        sent.add(query)

    async def take() -> Sent:
        nonlocal sent
        await asyncio.sleep(0)  # asyncpg tells its loggers a moment later
        taken, sent = sent, Sent()
        return taken

    async with pool.acquire() as connection:
        connection.add_query_logger(log)
    yield take
    async with pool.acquire() as connection:
        connection.remove_query_logger(log)
