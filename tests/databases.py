"""Databases for tests: one in which a test wrote rows alone is emptied and used again; every other is dropped.

Making a database copies a thousand files, and dropping it removes them; emptying it takes a tenth of that. What a test
did is told by PostgreSQL's own counters, which a session adds to before it has ended: a database whose catalogue was
written to (a table, a function, a right, statistics) is never used again, and one that is has the rows of its first
moment, in tables that no session holds.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO

import asyncpg

from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE, ROLE_SUPERUSER, EmbeddedPostgres

TEMPLATE = "wardship_template"
MOST_USES = 25
"""So often one is used: what was deleted stays in the files, and a scan passes over it."""

_LOOK_S, _LOOKS, _PATIENCE_MS = 0.002, 25, 10_000
_numbers = itertools.count(1)

_OTHERS = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
_STATE = """
    select (select coalesce(sum(pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid)
                + pg_stat_get_tuples_deleted(oid)), 0)::bigint
            from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and not relisshared),
        (select array[datacl::text, datconnlimit::text, datallowconn::text] from pg_database
            where datname = current_database())
        || (select array_agg(setconfig::text) from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
            where d.datname = current_database())
        || (select array[sum(relpages)::text, sum(reltuples)::text] from pg_class)
        || (select array_agg(sequencename || ' ' || last_value order by sequencename) from pg_sequences)
"""
_COUNTED = """
    select relname::text, pg_stat_get_tuples_inserted(oid),
        pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid)
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
"""
_WITH_ROWS = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
_WITH_ROWS += " and pg_relation_size(oid) > 0 order by relname"


@dataclass
class _Used:
    """One database: how often it was used, and how many rows of each table had been written when it was emptied."""

    uses: int = 0
    inserted: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Beginning:
    """A database as it is made: rights, settings, sequences and sizes, and the rows of the tables that have any."""

    marks: list[str]
    rows: dict[str, bytes]


class Databases:
    """The databases of one process, on its server, which has the template."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._known: dict[str, _Used] = {}
        self._idle: list[str] = []
        self._beginning: _Beginning | None = None

    @asynccontextmanager
    async def one(self) -> AsyncIterator[str]:
        """Yield the name of a migrated database that is as it was made, and that nobody else uses."""
        name = self._idle.pop() if self._idle else await self._make()
        self._known[name].uses += 1
        try:
            yield name
        finally:
            if self._known[name].uses < MOST_USES and await self._is_emptied(name):
                self._idle.append(name)
            else:
                del self._known[name]
                await self._run(f"drop database if exists {name} with (force)")

    async def _make(self) -> str:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        await self._run(
            f"create database {name} template {TEMPLATE} owner {ROLE_OWNER} strategy file_copy",
            f"revoke all on database {name} from public",
            f"grant connect on database {name} to {ROLE_SERVE}",
        )
        self._known[name] = _Used()
        if self._beginning is None:
            self._beginning = await self._look_at(name)
        return name

    async def _look_at(self, name: str) -> _Beginning:
        async with self._connected(name) as connection:
            _, marks = await connection.fetchrow(_STATE)
            rows = {}
            for (table,) in await connection.fetch(_WITH_ROWS):
                kept = BytesIO()
                await connection.copy_from_table(table, output=kept, format="binary")
                rows[table] = kept.getvalue()
            return _Beginning(marks, rows)

    async def _is_emptied(self, name: str) -> bool:
        """Bring a database back to its beginning; false where that can't be told of it."""
        used, beginning = self._known[name], self._beginning
        assert beginning is not None
        try:
            async with self._connected(name) as connection:
                await _be_alone(connection)
                written, marks = await connection.fetchrow(_STATE)
                if written or marks != beginning.marks:
                    return False
                await _empty(connection, used, beginning)
                return True
        except (asyncpg.PostgresError, TimeoutError, OSError):
            return False  # renamed, dropped, or closed to us by a test

    async def _run(self, *statements: str) -> None:
        async with self._connected("postgres") as connection:
            for statement in statements:
                await connection.execute(statement)

    @asynccontextmanager
    async def _connected(self, name: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(**self._server.dsn(role=ROLE_SUPERUSER, database=name))
        try:
            yield connection
        finally:
            await connection.close()


async def _be_alone(connection: asyncpg.Connection) -> None:
    """Wait for the sessions that were closed, and end those that were not: what they did is counted when they end."""
    for _ in range(_LOOKS):
        if not await connection.fetch(_OTHERS):
            return
        await asyncio.sleep(_LOOK_S)
    ended = await connection.fetch(f"select pg_terminate_backend(pid, {_PATIENCE_MS}) from ({_OTHERS}) others")
    if not all(each[0] for each in ended):
        raise TimeoutError


async def _empty(connection: asyncpg.Connection, used: _Used, beginning: _Beginning) -> None:
    counted = await connection.fetch(_COUNTED)
    emptied = [table for table, inserted, _ in counted if inserted != used.inserted.get(table, 0)]
    restored = [
        table for table, _, changed in counted if table in beginning.rows and changed != used.changed.get(table, 0)
    ]
    restored = sorted({*restored, *(beginning.rows.keys() & set(emptied))})
    deleting = "".join(f'delete from only "{table}";' for table in {*emptied, *restored})
    async with connection.transaction():
        # Without triggers, some of which refuse deletions, and without a look at what refers to a row.
        await connection.execute(f"set local session_replication_role = replica;{deleting}")
        for table in restored:
            await connection.copy_to_table(table, source=BytesIO(beginning.rows[table]), format="binary")
    used.inserted = {table: inserted for table, inserted, _ in counted}
    used.changed = {table: None if table in restored else changed for table, _, changed in counted}
