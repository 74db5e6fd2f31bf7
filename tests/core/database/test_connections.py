"""One connection serves what follows one another in a task, and goes back to its pool at once when that is over."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import asyncpg
import pytest

from wardship.core.database.connections import PinnedConnection, acquire, release, return_to_pool
from wardship.core.database.embedded import ROLE_SERVE

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pool(postgres, database_name):
    dsn = postgres.dsn(role=ROLE_SERVE, database=database_name)
    async with asyncpg.create_pool(**dsn, min_size=2, max_size=2) as pool:
        yield pool
        assert pool.get_idle_size() == pool.get_size()


@asynccontextmanager
async def pinned(pool):
    connection = PinnedConnection(pool)
    connection.begin()
    try:
        yield connection
    finally:
        await connection.end()


async def test_the_same_connection_serves_one_use_after_the_other(pool):
    async with pinned(pool):
        first = await acquire(pool)
        await release(pool, first)
        assert pool.get_idle_size() == 1
        second = await acquire(pool)
        assert second is first
        assert await second.fetchval("select 1") == 1
        await release(pool, second)
    assert pool.get_idle_size() == 2
    with pytest.raises(asyncpg.InterfaceError, match="released back"):
        await first.fetchval("select 1")


async def test_two_uses_at_once_have_a_connection_each(pool):
    async with pinned(pool):
        first, second = await acquire(pool), await acquire(pool)
        assert first is not second
        await release(pool, second)
        assert pool.get_idle_size() == 1
        await release(pool, first)
        assert await acquire(pool) is first
        await release(pool, first)


async def test_without_a_pinned_connection_each_use_gives_its_connection_back(pool):
    connection = await acquire(pool)
    await release(pool, connection)
    assert pool.get_idle_size() == 2


async def test_connection_of_another_pool_is_not_pinned(pool, postgres, database_name):
    async with (
        asyncpg.create_pool(**postgres.dsn(role=ROLE_SERVE, database=database_name), min_size=1, max_size=1) as other,
        pinned(pool),
    ):
        connection = await acquire(other)
        await release(other, connection)
        assert other.get_idle_size() == 1


async def test_connection_left_inside_a_transaction_is_not_pinned(pool):
    loop = asyncio.get_running_loop()
    told: list[str] = []
    loop.set_exception_handler(lambda _, context: told.append(context["message"]))
    async with pinned(pool):
        first = await acquire(pool)
        await first.execute("begin; set local wardship.directory = 'on'")
        await release(pool, first)
        second = await acquire(pool)
        assert second is not first
        assert await second.fetchval("select directory_is_open()") is False
        await release(pool, second)
    loop.set_exception_handler(None)
    assert "active transaction" in told[0]


async def test_connection_that_ended_meanwhile_is_replaced(pool):
    async with pinned(pool):
        first = await acquire(pool)
        await release(pool, first)
        first.terminate()
        second = await acquire(pool)
        assert await second.fetchval("select 1") == 1
        await release(pool, second)
        assert await acquire(pool) is second
        await release(pool, second)


async def test_task_that_outlives_it_gives_back_what_it_uses(pool):
    inside, over = asyncio.Event(), asyncio.Event()

    async def outlive() -> None:
        connection = await acquire(pool)
        inside.set()
        await over.wait()
        assert await connection.fetchval("select 1") == 1
        await release(pool, connection)
        again = await acquire(pool)
        await release(pool, again)

    async with pinned(pool):
        task = asyncio.create_task(outlive())
        await inside.wait()
    over.set()
    await task
    assert pool.get_idle_size() == 2


async def test_task_that_is_cancelled_while_waiting_pins_nothing(pool):
    held = [await pool.acquire(), await pool.acquire()]

    async def wait() -> None:
        async with pinned(pool):
            await acquire(pool)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for connection in held:
        await pool.release(connection)
    assert pool.get_idle_size() == 2


@pytest.fixture
async def single_pool(postgres, database_name):
    dsn = postgres.dsn(role=ROLE_SERVE, database=database_name)
    async with asyncpg.create_pool(**dsn, min_size=1, max_size=1) as pool:
        yield pool


async def test_connection_in_order_is_back_without_giving_way_to_another_task(single_pool):
    connection = await single_pool.acquire()
    assert await connection.fetchval("select 1") == 1
    with pytest.raises(StopIteration):
        return_to_pool(single_pool, connection).send(None)
    assert single_pool.get_idle_size() == 1
    with pytest.raises(asyncpg.InterfaceError, match="released back"):
        await connection.fetchval("select 1")


async def test_waiting_task_gets_the_connection(single_pool):
    connection = await single_pool.acquire()
    waiting = asyncio.create_task(single_pool.fetchval("select 2"))
    await asyncio.sleep(0)
    await return_to_pool(single_pool, connection)
    assert await waiting == 2


async def test_connection_left_inside_a_transaction_is_rolled_back(single_pool):
    loop = asyncio.get_running_loop()
    told: list[str] = []
    loop.set_exception_handler(lambda _, context: told.append(context["message"]))
    connection = await single_pool.acquire()
    await connection.execute("begin; set local wardship.directory = 'on'")
    await return_to_pool(single_pool, connection)
    loop.set_exception_handler(None)
    assert "active transaction" in told[0]
    assert await single_pool.fetchval("select directory_is_open()") is False


async def test_connection_with_a_listener_is_freed_of_it(single_pool):
    connection = await single_pool.acquire()
    heard: list[object] = []
    await connection.add_listener("channel", lambda *_: heard.append(_))
    with pytest.warns(asyncpg.InterfaceWarning, match="active"):
        await return_to_pool(single_pool, connection)
    await single_pool.execute("select pg_notify('channel', '')")
    assert heard == []


async def test_closed_connection_is_replaced(single_pool):
    connection = await single_pool.acquire()
    await connection.close()
    await return_to_pool(single_pool, connection)
    assert await single_pool.fetchval("select 1") == 1


async def test_connection_that_is_returned_twice_is_one_connection(single_pool):
    connection = await single_pool.acquire()
    await return_to_pool(single_pool, connection)
    await return_to_pool(single_pool, connection)
    assert (single_pool.get_size(), single_pool.get_idle_size()) == (1, 1)
