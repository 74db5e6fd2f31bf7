"""Reads of one statement, without a transaction around it.

PostgreSQL makes a transaction of a statement that comes alone, so a read of one statement needs neither BEGIN nor
COMMIT: half of the round trips of a small request. The statement brings its scope along, in a condition without a
column: PostgreSQL tries such a condition before it runs what it guards (a "One-Time Filter" in its plans), and policies
read the setting when a scan begins. Were it ever the other way round, the statement would find nothing, since the
setting is local to its own transaction and nothing was set before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

import asyncpg

from wardship.core.database.engine import Transaction
from wardship.core.database.scope import Scope

if TYPE_CHECKING:
    from wardship.core.database.engine import Engine


ErrorT = TypeVar("ErrorT", bound=Exception)

_REFUSED = 2
_LOCKS = re.compile(r"\bfor\s+(?:update|no\s+key|share|key\s+share)\b", re.IGNORECASE)


class SecondStatementError(RuntimeError):
    """A single read sent a second statement, which would be of another moment: open a transaction for both."""


class SingleRead(Transaction):
    """A transaction that is one statement, which reads one organisation's rows.

    It holds a connection only while that statement runs. What is given to ``after_commit`` is written in a transaction
    of its own, unless the block is left by an exception, or something was refused: then
    ``statements`` is more than one, and all of the block has to be done again in a transaction.
    """

    __slots__ = ()

    def __init__(self, engine: Engine, scope: Scope) -> None:
        if scope.organisation_id is None or scope.directory or not scope.read_only:
            raise ValueError("A single read is of one organisation, and of nothing else.")
        super().__init__(engine, scope)

    async def __aenter__(self) -> Self:
        """Make it the task's transaction; nothing is sent."""
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: object, exception: object, traceback: object) -> Literal[False]:
        """Write what was to be written afterwards."""
        self.engine.current_transaction.reset(self.context)
        if self.last_statements and exception is None and self.statements <= 1:
            self.connection = await self.get_connection()
            try:
                await self._commit_or_undo()
            finally:
                await self._release()
        return False

    def at_commit(self, sql: str) -> None:
        """Refuse: there is no transaction that writes."""
        del sql
        raise self._refusal(NotImplementedError("A single read writes nothing: use `after_commit`."))

    def after_commit(self, scope: Scope, sql: str) -> None:
        """Send a statement in a transaction of its own, of another scope, when the read is over."""
        self.last_statements += [*(("commit",) if self.last_statements else ()), scope.begin_sql(), sql]

    async def execute(self, sql: str, *arguments: object) -> int:
        """Refuse: whatever touches rows belongs into a transaction."""
        del sql, arguments
        raise self._refusal(NotImplementedError("A single read gives rows, and touches none."))

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Refuse, likewise."""
        del sql, rows
        raise self._refusal(NotImplementedError("A single read gives rows, and touches none."))

    def _refusal(self, error: ErrorT) -> ErrorT:
        self.statements = _REFUSED
        return error

    async def _ask(self, method: str, sql: str, arguments: Sequence[Any], **how: object) -> Any:  # noqa: ANN401 - as asyncpg's method
        if self.statements:
            raise self._refusal(SecondStatementError("This read was to be of one statement: open a transaction."))
        if _locks(sql):  # PostgreSQL would not refuse it this late
            raise self._refusal(ValueError("A single read locks nothing: open a transaction."))
        self.statements = 1
        sql = _scoped(sql, len(arguments) + 1)
        self.connection = await self.get_connection()
        try:
            return await getattr(self.connection, method)(sql, *arguments, self.scope.setting, **how)
        except (asyncpg.SyntaxOrAccessError, asyncpg.FeatureNotSupportedError) as error:
            self._refusal(error)  # a statement that can't stand in parentheses
            raise
        finally:
            await self._release()


@lru_cache(maxsize=1024)
def _locks(sql: str) -> bool:
    return _LOCKS.search(sql) is not None


@lru_cache(maxsize=1024)
def _scoped(sql: str, place: int) -> str:
    """Return a statement that forbids itself to write and sets its scope, then reads."""
    return (
        f"select found.* from ({sql}) found"  # noqa: S608 - a statement of ours
        " where (select set_config('transaction_read_only', 'on', true)) is not null"
        f" and (select set_config('wardship.organisation_id', ${place}, true)) is not null"
    )
