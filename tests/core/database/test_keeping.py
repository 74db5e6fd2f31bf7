"""One connection serves what follows one another in a task, and is back when that is over."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import asyncpg
import pytest

from wardship.core.database.embedded import ROLE_SERVE
from wardship.core.database.keeping import Keeping, leave, take

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pool(postgres, database_name):
    dsn = postgres.dsn(role=ROLE_SERVE, database=database_name)
    async with asyncpg.create_pool(**dsn, min_size=2, max_size=2) as pool:
        yield pool
        assert pool.get_idle_size() == pool.get_size()


@asynccontextmanager
async def kept(pool):
    keeping = Keeping(pool)
    keeping.begin()
    try:
        yield keeping
    finally:
        await keeping.end()


async def test_the_same_connection_serves_one_use_after_the_other(pool):
    async with kept(pool):
        first = await take(pool)
        await leave(pool, first)
        assert pool.get_idle_size() == 1
        second = await take(pool)
        assert second is first
        assert await second.fetchval("select 1") == 1
        await leave(pool, second)
    assert pool.get_idle_size() == 2
    with pytest.raises(asyncpg.InterfaceError, match="released back"):
        await first.fetchval("select 1")


async def test_two_uses_at_once_have_a_connection_each(pool):
    async with kept(pool):
        first, second = await take(pool), await take(pool)
        assert first is not second
        await leave(pool, second)
        assert pool.get_idle_size() == 1
        await leave(pool, first)
        assert await take(pool) is first
        await leave(pool, first)


async def test_without_keeping_each_use_gives_its_connection_back(pool):
    connection = await take(pool)
    await leave(pool, connection)
    assert pool.get_idle_size() == 2


async def test_connection_of_another_pool_is_not_kept(pool, postgres, database_name):
    async with (
        asyncpg.create_pool(**postgres.dsn(role=ROLE_SERVE, database=database_name), min_size=1, max_size=1) as other,
        kept(pool),
    ):
        connection = await take(other)
        await leave(other, connection)
        assert other.get_idle_size() == 1


async def test_connection_left_inside_a_transaction_is_not_kept(pool):
    loop = asyncio.get_running_loop()
    told: list[str] = []
    loop.set_exception_handler(lambda _, context: told.append(context["message"]))
    async with kept(pool):
        first = await take(pool)
        await first.execute("begin; set local wardship.directory = 'on'")
        await leave(pool, first)
        second = await take(pool)
        assert second is not first
        assert await second.fetchval("select directory_is_open()") is False
        await leave(pool, second)
    loop.set_exception_handler(None)
    assert "active transaction" in told[0]


async def test_connection_that_ended_meanwhile_is_replaced(pool):
    async with kept(pool):
        first = await take(pool)
        await leave(pool, first)
        first.terminate()
        second = await take(pool)
        assert await second.fetchval("select 1") == 1
        await leave(pool, second)
        assert await take(pool) is second
        await leave(pool, second)


async def test_task_that_outlives_it_gives_back_what_it_uses(pool):
    inside, over = asyncio.Event(), asyncio.Event()

    async def outlive() -> None:
        connection = await take(pool)
        inside.set()
        await over.wait()
        assert await connection.fetchval("select 1") == 1
        await leave(pool, connection)
        again = await take(pool)
        await leave(pool, again)

    async with kept(pool):
        task = asyncio.create_task(outlive())
        await inside.wait()
    over.set()
    await task
    assert pool.get_idle_size() == 2


async def test_whoever_is_cancelled_while_waiting_keeps_nothing(pool):
    held = [await pool.acquire(), await pool.acquire()]

    async def wait() -> None:
        async with kept(pool):
            await take(pool)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for connection in held:
        await pool.release(connection)
    assert pool.get_idle_size() == 2
