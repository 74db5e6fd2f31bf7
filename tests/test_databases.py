"""A database that is used again is as it was made; one of which that can't be told is not used again."""

from __future__ import annotations

import asyncpg
import pytest

from tests import databases as module
from tests.builders import NOW, make_organisation
from tests.databases import Databases
from tests.rows import fill
from tests.tables import digest, tenant_table_names
from wardship.core.actor import PROVIDER_ID
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_SERVE, ROLE_SUPERUSER

pytestmark = pytest.mark.anyio

WRITTEN_BESIDES_ROWS = [
    "create table kept (n int)",
    "create temporary table kept as select 1 as n",
    "alter table member disable trigger all",
    "drop index disclosure_order",
    "alter table member drop column phone",
    "create function kept() returns int language sql return 1",
    "grant update on audit_entry to wardship_serve",
    "alter table member no force row level security",
    "truncate notice cascade",
    "select lo_create(0)",
    "comment on table member is 'kept'",
    "analyze organisation",
    "vacuum account",
    "select nextval('migration_id_seq')",
    "do $$ begin execute format('alter database %I set work_mem = ''1MB''', current_database()); end $$",
    "do $$ begin execute format('revoke all on database %I from wardship_serve', current_database()); end $$",
    "do $$ begin execute format('alter database %I connection limit 5', current_database()); end $$",
]


@pytest.fixture
def own(postgres) -> Databases:
    return Databases(postgres)


def connect(postgres, name):
    return asyncpg.connect(**postgres.dsn(role=ROLE_SUPERUSER, database=name))


async def test_rows_in_every_table_are_gone_and_those_of_the_beginning_are_back(own, postgres):
    async with own.one() as name:
        connection = await connect(postgres, name)
        before = await digest(connection), await connection.fetch("select * from migration order by id")
        pool = Database(postgres.dsn(role=ROLE_SERVE, database=name))
        await pool.open()
        organisation = await make_organisation(pool)
        await pool.close()
        await fill(connection, organisation.id, await tenant_table_names(connection), "left")
        await connection.execute("update organisation set name = 'left' where id = $1", PROVIDER_ID)
        await connection.execute("update migration set name = 'left'; delete from migration where id % 2 = 0")
        assert await digest(connection) != before[0]
        await connection.close()
    for _ in range(2):
        async with own.one() as again:
            connection = await connect(postgres, again)
            after = await digest(connection), await connection.fetch("select * from migration order by id")
            assert (again, after) == (name, before)
            await connection.execute("insert into account (id, created_at) values (gen_random_uuid(), $1)", NOW)
            await connection.close()


@pytest.mark.parametrize("statement", WRITTEN_BESIDES_ROWS)
async def test_database_in_which_more_than_rows_was_written_is_not_used_again(own, postgres, statement):
    async with own.one() as name:
        connection = await connect(postgres, name)
        await connection.execute(statement)
        await connection.close()
    async with own.one() as other:
        assert other != name
    server = await connect(postgres, "postgres")
    assert await server.fetchval("select count(*) from pg_database where datname = $1", name) == 0
    await server.close()


async def test_session_that_was_left_open_in_a_transaction_is_ended_and_leaves_nothing(own, postgres):
    async with own.one() as name:
        left = await connect(postgres, name)
        await left.execute("begin; insert into account (id, created_at) values (gen_random_uuid(), now())")
    assert left.is_closed() or await _is_ended(left)
    async with own.one() as again:
        connection = await connect(postgres, again)
        assert (again, await connection.fetchval("select count(*) from account")) == (name, 0)
        await connection.close()


async def _is_ended(connection: asyncpg.Connection) -> bool:
    try:
        await connection.execute("select 1")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return True
    return False


async def test_database_that_a_test_has_dropped_is_followed_by_another(own, postgres):
    async with own.one() as name:
        server = await connect(postgres, "postgres")
        await server.execute(f"drop database {name}")
        await server.close()
    async with own.one() as other:
        assert other != name


async def test_two_at_once_are_two_and_none_is_used_for_ever(own, monkeypatch):
    monkeypatch.setattr(module, "MOST_USES", 2)
    async with own.one() as first, own.one() as second:
        assert first != second
    async with own.one() as again:
        assert again in {first, second}
    async with own.one() as third, own.one() as fourth:
        assert again not in {third, fourth}
