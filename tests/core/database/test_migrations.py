from __future__ import annotations

import asyncio

import asyncpg
import pytest

from tests.builders import make_group, make_member, make_organisation
from wardship.app.migrations import MIGRATIONS
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_OWNER, EmbeddedPostgres
from wardship.core.database.migrations import migrate, pending_migrations
from wardship.core.database.scope import Scope


@pytest.fixture
async def empty(postgres: EmbeddedPostgres, owner: asyncpg.Connection, database_name: str):
    """Connect arguments of the owning role on a database without any table."""
    await owner.execute("drop owned by wardship_owner cascade")
    await owner.execute("create schema if not exists public authorization wardship_owner")
    return postgres.dsn(role=ROLE_OWNER, database=database_name)


async def _tables(owner: asyncpg.Connection) -> set[str]:
    rows = await owner.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
    )
    return {row["relname"] for row in rows}


async def test_empty_database_is_brought_forward(empty, owner):
    assert await _tables(owner) == set()
    ran = await migrate(empty, MIGRATIONS)
    assert ran[0] == "core-0001-directory"
    assert {"account", "member", "obligation", "data_request", "audit_entry"} <= await _tables(owner)


async def test_second_run_changes_nothing(empty):
    assert await migrate(empty, MIGRATIONS)
    assert await migrate(empty, MIGRATIONS) == []


async def test_two_processes_migrating_at_once_run_each_migration_once(empty, owner):
    first, second = await asyncio.gather(migrate(empty, MIGRATIONS), migrate(empty, MIGRATIONS))
    assert sorted(first + second) == sorted(set(first + second))
    assert await owner.fetchval("select count(*) from migration") == len(first + second)


async def test_failing_migration_leaves_nothing_behind_and_is_run_again(empty, owner, tmp_path, monkeypatch):
    package = tmp_path / "broken_migrations"
    package.mkdir()
    (package / "__init__.py").write_text("")
    script = (
        "from wardship.core.database.migrations import sql_migration\nID = 'broken'\n"
        "async def forwards():\n    return sql_migration(ID, 'broken', '', 'create table half (id int); {rest}')\n"
    )
    (package / "m0001.py").write_text(script.format(rest="select 1/0"))
    monkeypatch.syspath_prepend(str(tmp_path))
    apps = [*MIGRATIONS, ("broken", "broken_migrations")]
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty, apps)
    assert "half" not in await _tables(owner)
    assert await owner.fetchval("select count(*) from migration where app_name = 'broken'") == 0


async def test_pending_migrations_are_told_to_a_server(database: Database):
    async with database.transaction(Scope(read_only=True)) as transaction:
        assert await pending_migrations(transaction, MIGRATIONS) == []
        later = [*MIGRATIONS, ("later", "wardship.core.migrations")]
        assert "core-0001-directory" in await pending_migrations(transaction, later)


async def test_filled_database_keeps_its_rows(database: Database, owner, postgres, database_name):
    organisation = await make_organisation(database)
    person = await make_member(database, organisation)
    await make_group(database, organisation, "Crew", person)
    before = await owner.fetch("select * from member")
    assert await migrate(postgres.dsn(role=ROLE_OWNER, database=database_name), MIGRATIONS) == []
    assert await owner.fetch("select * from member") == before
