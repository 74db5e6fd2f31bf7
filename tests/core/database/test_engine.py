"""Each fault of Piccolo's transactions is shown on the unpatched class, and its cure on ours."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from piccolo.engine.postgres import PostgresEngine

from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE, EmbeddedPostgres
from wardship.core.database.engine import Engine, NestedTransactionError
from wardship.core.database.scope import Scope

pytestmark = pytest.mark.anyio

DEFERRED = """
    create table parent (id int primary key);
    create table child (parent_id int references parent deferrable initially deferred);
    grant all on parent, child to wardship_serve;
"""
BREAKS_AT_COMMIT = "insert into child values (1)"


@pytest.fixture
async def dsn(postgres: EmbeddedPostgres, database_name: str, owner: asyncpg.Connection) -> dict[str, str | int]:
    await owner.execute(DEFERRED)
    return postgres.dsn(role=ROLE_SERVE, database=database_name)


@pytest.fixture
async def unpatched(dsn):
    class Stock(PostgresEngine):
        """Piccolo's own, but for the connection at construction, which can't run inside a running loop."""

        async def check_version(self):
            pass

    engine = Stock(config=dsn)
    await engine.start_connection_pool(min_size=1, max_size=3)
    yield engine
    engine.pool.terminate()


@pytest.fixture
async def ours(dsn):
    engine = Engine(config=dsn)
    await engine.start_connection_pool(min_size=1, max_size=3)
    yield engine
    await engine.close_connection_pool()


async def _fail_at_commit(engine) -> None:
    async with engine.transaction():
        await engine.run_ddl(BREAKS_AT_COMMIT)


async def _in_its_own_task(engine) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await asyncio.create_task(_fail_at_commit(engine))


async def test_unpatched_failing_commit_keeps_its_connection_for_ever(unpatched):
    for _ in range(3):
        await _in_its_own_task(unpatched)
    assert unpatched.pool.get_idle_size() == 0
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(unpatched.pool.acquire(), 0.05)


async def test_failing_commit_gives_its_connection_back(ours):
    for _ in range(7):
        await _in_its_own_task(ours)
    assert ours.pool.get_idle_size() == ours.pool.get_size()


async def test_unpatched_dead_transaction_stays_current_and_later_ones_autocommit(unpatched, owner):
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await _fail_at_commit(unpatched)
    assert unpatched.transaction_exists()
    with pytest.raises(RuntimeError, match="changed my mind"):
        async with unpatched.transaction():
            await unpatched.run_ddl("insert into parent values (7)")
            raise RuntimeError("changed my mind")
    assert await owner.fetchval("select count(*) from parent") == 1


async def test_failed_transaction_is_forgotten_and_the_next_rolls_back(ours, owner):
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await _fail_at_commit(ours)
    assert not ours.transaction_exists()
    with pytest.raises(RuntimeError, match="changed my mind"):
        async with ours.transaction():
            await ours.run_ddl("insert into parent values (7)")
            raise RuntimeError("changed my mind")
    assert await owner.fetchval("select count(*) from parent") == 0


async def test_unpatched_nested_rollback_undoes_nothing(unpatched, owner):
    async with unpatched.transaction():
        with pytest.raises(RuntimeError, match="inner"):
            async with unpatched.transaction():
                await unpatched.run_ddl("insert into parent values (7)")
                raise RuntimeError("inner")
    assert await owner.fetchval("select count(*) from parent") == 1


async def test_nested_transaction_is_refused(ours):
    async with ours.transaction():
        with pytest.raises(NestedTransactionError):
            async with ours.transaction():
                pytest.fail("was entered")


async def test_unpatched_gather_inside_a_transaction_raises(unpatched):
    with pytest.raises(asyncpg.InterfaceError, match="another operation is in progress"):
        async with unpatched.transaction():
            await asyncio.gather(*(unpatched.run_ddl("select pg_sleep(0.01)") for _ in range(2)))


async def test_gather_inside_a_transaction_runs_in_sequence(ours):
    async with ours.transaction() as transaction:
        ddl = [ours.run_ddl(f"insert into parent values ({number})") for number in range(3)]
        await asyncio.gather(*ddl, *(transaction.fetchval("select 1") for _ in range(3)))
        assert await transaction.fetchval("select count(*) from parent") == 3


async def test_swallowed_statement_error_is_an_error_at_commit(ours, owner):
    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        async with ours.transaction() as transaction:
            await transaction.execute("insert into parent values (1)")
            with pytest.raises(asyncpg.DivisionByZeroError):
                await transaction.execute("select 1/0")
    assert await owner.fetchval("select count(*) from parent") == 0
    assert ours.pool.get_idle_size() == ours.pool.get_size()


@pytest.mark.parametrize("writes", [0, 1, 2])
async def test_read_that_failed_is_no_error_at_its_end_and_what_follows_is_written(ours, owner, writes):
    async with ours.transaction(Scope(read_only=True)) as transaction:
        for number in range(writes):
            transaction.after_commit(Scope(), f"insert into parent values ({number})")
        with pytest.raises(asyncpg.DivisionByZeroError):
            await transaction.fetch("select 1/0")
    assert await owner.fetchval("select count(*) from parent") == writes
    assert ours.pool.get_idle_size() == ours.pool.get_size()
    assert await ours.pool.fetchval("select pg_current_xact_id_if_assigned()") is None


async def test_what_follows_a_change_that_failed_is_not_written(ours, owner):
    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        async with ours.transaction() as transaction:
            transaction.after_commit(Scope(), "insert into parent values (1)")
            with pytest.raises(asyncpg.DivisionByZeroError):
                await transaction.fetch("select 1/0")
    assert await owner.fetchval("select count(*) from parent") == 0


async def test_cancellation_rolls_back_and_releases(ours, owner):
    async def work() -> None:
        async with ours.transaction() as transaction:
            await transaction.execute("insert into parent values (1)")
            await transaction.execute("select pg_sleep(30)")

    task = asyncio.create_task(work())
    # PostgreSQL drops a request to cancel that comes before the statement has begun.
    sleeping = "select exists (select from pg_stat_activity where wait_event = 'PgSleep')"
    while not await owner.fetchval(sleeping):  # noqa: ASYNC110 - the event is in another process
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await owner.fetchval("select count(*) from parent") == 0
    assert ours.pool.get_idle_size() == ours.pool.get_size()


async def test_killed_connection_is_replaced(ours, owner):
    ended = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
    with pytest.raises(ended):
        async with ours.transaction() as transaction:
            pid = await transaction.fetchval("select pg_backend_pid()")
            await owner.execute("select pg_terminate_backend($1)", pid)
            await transaction.execute("select 1")
    assert not ours.transaction_exists()
    async with ours.transaction() as transaction:
        assert await transaction.fetchval("select 1") == 1


async def test_scope_is_set_in_the_transaction_and_gone_after_it(ours):
    tenant = uuid4()
    setting = "select coalesce(current_setting('wardship.organisation_id', true), '')"
    for _ in range(4):
        async with ours.transaction(Scope(tenant)) as transaction:
            assert await transaction.fetchval("select current_tenant()") == tenant
        async with ours.transaction() as transaction:
            assert await transaction.fetchval(setting) == ""


async def test_read_only_scope_refuses_change(ours):
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with ours.transaction(Scope(read_only=True)) as transaction:
            await transaction.execute("insert into parent values (1)")


async def test_read_only_scope_sees_one_moment(ours, owner):
    async with ours.transaction(Scope(read_only=True)) as transaction:
        assert await transaction.fetchval("select count(*) from parent") == 0
        await owner.execute("insert into parent values (1)")
        assert await transaction.fetchval("select count(*) from parent") == 0
    async with ours.transaction(Scope(read_only=True)) as transaction:
        assert await transaction.fetchval("select count(*) from parent") == 1


async def test_engine_does_not_connect_when_constructed():
    engine = Engine(config={"host": "/nowhere", "user": ROLE_OWNER})
    assert engine.pool is None


async def test_pool_connection_carries_no_state_of_the_last_user(database: Database):
    async with database.transaction(Scope(uuid4(), directory=True)) as transaction:
        await transaction.fetchval("select 1")
    async with database.transaction(Scope()) as transaction:
        assert await transaction.fetchval("select directory_is_open()") is False
        assert await transaction.fetchval("select current_tenant()") is None
    # Nor in a statement that is sent without a transaction, which sets nothing.
    row = await database.look_up("select directory_is_open() as is_open, current_tenant() as tenant")
    assert dict(row) == {"is_open": False, "tenant": None}
