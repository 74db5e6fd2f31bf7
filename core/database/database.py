"""The database as the rest of Wardship sees it: a pool, and transactions with a scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg.pool import Pool
from piccolo.table import Table

from wardship.core.database.changes import Changes
from wardship.core.database.connections import PinnedConnection, acquire, release
from wardship.core.database.engine import Engine, Record, Transaction
from wardship.core.database.notifications import Notifications
from wardship.core.database.scope import Scope
from wardship.core.database.single import SingleRead
from wardship.core.database.tables import bind_tables

_NAME = {"application_name": "wardship"}
# What a caller gave up on ends even where PostgreSQL missed the request to cancel, and holds no lock for ever.
_SESSION = """
    set plan_cache_mode = force_generic_plan;
    set statement_timeout = '60s';
    set idle_in_transaction_session_timeout = '60s'
"""


async def _begin_session(connection: asyncpg.Connection) -> None:
    """Set what holds for a connection as long as it lives: PgBouncer refuses such settings in the first message."""
    await connection.execute(_SESSION)


async def _keep(connection: object) -> None:
    """Leave a released connection as it is: every setting of ours is local to its transaction.

    asyncpg's own reset is a round trip for each transaction.
    """
    del connection


class Database:
    """A pool of connections under the serving role.

    Args:
        connection: asyncpg connect arguments (``host``, ``user``, ``database``, … or ``dsn``); None when they are known
            only once the server has started, and then given to ``open``.
        tables: the classes that Piccolo's queries may use.
        minimum: connections opened at start.
        maximum: connections at most, besides the one that listens.

    Attributes:
        notifications: the one connection that listens, opened when somebody does.
        changes: who watches what for changes.
    """

    def __init__(
        self,
        connection: Mapping[str, Any] | None = None,
        *,
        tables: Iterable[type[Table]] = (),
        minimum: int = 1,
        maximum: int = 10,
    ) -> None:
        self.engine = Engine(config=dict(connection or {}))
        self._tables = tables
        self._minimum = minimum
        self._maximum = maximum
        self.notifications = Notifications(lambda: self.engine.config)
        self.changes = Changes(self.notifications)

    async def open(self, connection: Mapping[str, Any] | None = None) -> None:
        """Open the pool and let every table class use it."""
        if connection is not None:
            self.engine.config = dict(connection)
        await self.engine.start_connection_pool(
            min_size=self._minimum,
            max_size=self._maximum,
            reset=_keep,
            init=_begin_session,
            server_settings=_NAME,
        )
        bind_tables(self._tables, self.engine)

    async def close(self) -> None:
        """Close the connection that listens and the pool, waiting for connections in use."""
        self.changes.close()
        await self.notifications.close()
        await self.engine.close_connection_pool()

    def pinned_connection(self) -> PinnedConnection:
        """Return what pins one connection to the look-ups and transactions of a task, to be begun and ended."""
        return PinnedConnection(self._pool())

    def transaction(self, scope: Scope) -> Transaction:
        """Return a transaction of this scope, to be entered with ``async with``."""
        return self.engine.transaction(scope)

    def single_read(self, scope: Scope) -> SingleRead:
        """Return a transaction of one statement that reads, to be entered with ``async with``."""
        return SingleRead(self.engine, scope)

    def tenant(self, organisation_id: UUID, *, directory: bool = False, read_only: bool = False) -> Transaction:
        """Return a transaction that reaches one organisation's rows."""
        return self.transaction(Scope(organisation_id, directory=directory, read_only=read_only))

    def directory(self, *, read_only: bool = False) -> Transaction:
        """Return a transaction that reaches the global tables and no tenant."""
        return self.transaction(Scope(directory=True, read_only=read_only))

    async def look_up(self, sql: str, *arguments: object) -> Record | None:
        """Return the first row of one statement outside any transaction, in one round trip.

        It reaches no tenant and no directory: it is for calls of the security-definer functions that look across.
        """
        pool = self._pool()
        connection = await acquire(pool)
        try:
            row: Record | None = await connection.fetchrow(sql, *arguments)
        finally:
            await release(pool, connection)
        return row

    def _pool(self) -> Pool:
        if self.engine.pool is None:
            raise RuntimeError("Open the database before using it.")
        return self.engine.pool
