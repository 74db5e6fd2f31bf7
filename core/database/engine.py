"""Piccolo's PostgreSQL engine without its transaction faults.

Unpatched Piccolo 1.38 never releases the connection of a failing COMMIT, leaves the dead transaction in its context
variable (so that later "transactions" of the task autocommit), treats nested transactions as silent no-ops, and lets
``asyncio.gather`` inside a transaction run two statements on one connection. ``tests/core/database/test_engine.py``
reproduces each fault on the unpatched class.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Literal, Self, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from piccolo.engine.postgres import AsyncBatch, PostgresEngine, PostgresTransaction
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from wardship.core.database.connections import acquire, release
from wardship.core.database.rows import ColumnValue, Row
from wardship.core.database.scope import Scope

Record: TypeAlias = Mapping[str, Any]
"""A row: asyncpg's, which has no types of its own; columns by name, and no attributes."""

RowT = TypeVar("RowT", bound=Row)


DATABASE_FAULTS: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what asyncpg says when the connection ended between two statements
)
"""What a database that is away, or that refuses us, raises."""


_TOGETHER: Final = 100
"""How many statements go into one message at most: PostgreSQL parses a message as a whole."""


class NestedTransactionError(RuntimeError):
    """A transaction was begun inside another; pass the open one instead."""


class Transaction(PostgresTransaction):
    """One database transaction with its scope set, on a connection of its own.

    Piccolo queries awaited inside it run in it; ``fetch`` and its siblings send SQL. A lock keeps concurrent
    callers in sequence on the one connection. Leaving it commits, or rolls back on an exception; the connection is
    released and the context reset whatever happens.
    """

    __slots__ = ("_begun_as", "has_failed", "last_statements", "lock", "scope", "statements")

    def __init__(self, engine: Engine, scope: Scope | None = None) -> None:
        if engine.current_transaction.get() is not None:
            raise NestedTransactionError("A transaction is already open in this task: use it.")
        super().__init__(engine, allow_nested=False)
        self.scope = self._begun_as = scope or Scope()
        self.lock = asyncio.Lock()
        self.has_failed = False
        self.last_statements: list[str] = []
        self.statements = 0

    async def __aenter__(self) -> Self:
        """Take a connection, begin, and set the scope."""
        self.connection = await self.get_connection()
        try:
            await self.connection.execute(self.scope.begin_sql())
        except BaseException:
            await self._release()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: object, exception: object, traceback: object) -> Literal[False]:
        """Commit or roll back, then release the connection and reset the context even when that fails."""
        try:
            if exception is not None:
                await self.rollback()
            else:
                await self._commit_or_undo()
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._release()
        return False

    @asynccontextmanager
    async def reaching(self, scope: Scope) -> AsyncIterator[None]:
        """Reach the rows of another scope instead for as long as the context lasts, in this same transaction.

        For what two organisations have to be told together or not at all: the provider's staff decides about an
        organisation. What is queued for the commit inside runs in the inner scope. The caller has checked who may.
        """
        await self.execute(scope.set_sql())
        before, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = before
            if not self.has_failed:
                await self.execute(before.set_sql())

    async def _commit_or_undo(self) -> None:
        try:
            await self.commit()
        except BaseException:
            if self.last_statements:  # then it may be one of them that failed, and the transaction is open still
                await self.rollback()
            raise

    def at_commit(self, sql: str) -> None:
        """Send a statement in the message of COMMIT, in the order of the calls and only if there is a commit.

        For what takes a lock that every transaction of a tenant needs: taken last and let go in the same round trip, it
        can be part of no deadlock. The statement can have no parameters.
        """
        self.statements += 1
        if self.scope is not self._begun_as:
            sql = f"{self.scope.set_sql()};{sql};{self._begun_as.set_sql()}"
        self.last_statements.append(sql)

    def after_commit(self, scope: Scope, sql: str) -> None:
        """Send a statement in a transaction of its own, of another scope, in the message of COMMIT.

        For what has to be written after a transaction that only reads, without a round trip more. Its failure is that
        of the commit. The statement can have no parameters.
        """
        # In a transaction that had failed unnoticed this statement fails, and PostgreSQL drops the rest of the message.
        own = f"set local wardship.directory = '{'on' if self.scope.directory else 'off'}'"
        self.statements += 1
        self.last_statements += [own, "commit", scope.begin_sql(), sql]

    async def commit(self) -> None:
        """Commit; a transaction that had failed inside is an error here rather than a silent rollback.

        One that only reads has lost nothing: the sender of the statement that failed was told. It is rolled back, and
        what was to be written after it is written.
        """
        last = self.last_statements
        if self.has_failed and self.scope.read_only:
            await self.rollback()
            last = last[2:]  # without the end of this transaction
            if not last:
                return
        async with self.lock:
            for start in range(0, len(last) - _TOGETHER, _TOGETHER):
                await self.connection.execute(";".join(last[start : start + _TOGETHER]))
            rest = last[(len(last) - 1) // _TOGETHER * _TOGETHER :]
            status = await self.connection.execute(";".join((*rest, "commit")))
        self._committed = True
        if status == "ROLLBACK":
            raise asyncpg.InFailedSQLTransactionError("A statement of this transaction had failed: rolled back.")

    async def rollback(self) -> None:
        """Roll back, unless the connection is already gone."""
        async with self.lock:
            if not self.connection.is_closed():
                await self.connection.execute("rollback")
        self._rolled_back = True

    async def fetch(self, sql: str, *arguments: object) -> list[Record]:
        """Return all rows of one statement."""
        rows: list[Record] = await self._ask("fetch", sql, arguments)
        return rows

    async def fetch_as(self, kind: type[RowT], sql: str, *arguments: object) -> list[RowT]:
        """Return all rows of one statement, as rows of a kind."""
        rows: list[RowT] = await self._ask("fetch", sql, arguments, record_class=kind)
        return rows

    async def fetchrow_as(self, kind: type[RowT], sql: str, *arguments: object) -> RowT | None:
        """Return the first row of one statement as a row of a kind, or None."""
        row: RowT | None = await self._ask("fetchrow", sql, arguments, record_class=kind)
        return row

    async def fetchrow(self, sql: str, *arguments: object) -> Record | None:
        """Return the first row of one statement, or None."""
        row: Record | None = await self._ask("fetchrow", sql, arguments)
        return row

    async def fetchval(self, sql: str, *arguments: object) -> ColumnValue:
        """Return the first column of the first row, or None."""
        return await self._ask("fetchval", sql, arguments)

    async def execute(self, sql: str, *arguments: object) -> int:
        """Run one statement and return how many rows it touched."""
        status: str = await self._ask("execute", sql, arguments)
        count = status.rsplit(" ", 1)[-1]
        return int(count) if count.isdigit() else 0

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one prepared statement for many rows in one round trip."""
        await self._ask("executemany", sql, (rows,))

    async def _ask(self, method: str, sql: str, arguments: Sequence[Any], **how: object) -> Any:  # noqa: ANN401 - as asyncpg's method
        async with self.lock:
            self.statements += 1
            try:
                return await getattr(self.connection, method)(sql, *arguments, **how)
            except asyncpg.PostgresError:
                self.has_failed = True
                raise

    async def get_connection(self) -> PoolConnectionProxy:
        """Take a connection from the pool, or open one where there is none."""
        pool = self.engine.pool
        if pool:
            return await acquire(pool)
        connection: Any = await self.engine.get_new_connection()
        return connection

    async def _release(self) -> None:
        if self.engine.pool:
            await release(self.engine.pool, self.connection)
        else:
            await asyncio.shield(self.connection.close())


class Engine(PostgresEngine):
    """A Piccolo engine that doesn't connect when constructed and whose transactions are ``Transaction``."""

    async def check_version(self) -> None:
        """Skip Piccolo's connection at construction; ``doctor`` tells the version."""

    async def prep_database(self) -> None:
        """Create no extension: Wardship needs none."""

    def transaction(  # type: ignore[override]  # a scope in place of silent nesting
        self, scope: Scope | None = None, *, allow_nested: bool = False
    ) -> Transaction:
        """Return a transaction of this scope, to be entered.

        Raises:
            NestedTransactionError: when one is already open in this task.
        """
        if allow_nested:
            raise NestedTransactionError("Nested transactions are not offered: pass the open one.")
        return Transaction(self, scope)

    def _open_transaction(self) -> Transaction | None:
        current = self.current_transaction.get()
        return current if isinstance(current, Transaction) else None

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:  # noqa: ANN401, FBT001, FBT002 - Piccolo's signature
        """Run a Piccolo query, under the lock of the open transaction if there is one."""
        current = self._open_transaction()
        if current is None:
            return await super().run_querystring(querystring, in_pool)
        sql, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await current.fetch(sql, *arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:  # noqa: ANN401, FBT001, FBT002 - Piccolo's signature
        """Run a definition statement, under the lock of the open transaction if there is one."""
        current = self._open_transaction()
        if current is None:
            return await super().run_ddl(ddl, in_pool)
        return await current.fetch(ddl)

    async def batch(self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None) -> AsyncBatch:
        """Refuse: a batch runs on a connection of its own, outside the tenant's scope."""
        del query, batch_size, node
        raise NotImplementedError("Page with a keyset inside a transaction: a batch has no tenant scope.")
