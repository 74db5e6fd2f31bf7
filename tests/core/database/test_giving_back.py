"""A connection in order goes back at once; any other goes the way of asyncpg."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from wardship.core.database.embedded import ROLE_SERVE
from wardship.core.database.giving_back import give_back

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pool(postgres, database_name):
    dsn = postgres.dsn(role=ROLE_SERVE, database=database_name)
    async with asyncpg.create_pool(**dsn, min_size=1, max_size=1) as pool:
        yield pool


async def test_connection_in_order_is_back_without_giving_way_to_another_task(pool):
    connection = await pool.acquire()
    assert await connection.fetchval("select 1") == 1
    with pytest.raises(StopIteration):
        give_back(pool, connection).send(None)
    assert pool.get_idle_size() == 1
    with pytest.raises(asyncpg.InterfaceError, match="released back"):
        await connection.fetchval("select 1")


async def test_whoever_waits_gets_the_connection(pool):
    connection = await pool.acquire()
    waiting = asyncio.create_task(pool.fetchval("select 2"))
    await asyncio.sleep(0)
    await give_back(pool, connection)
    assert await waiting == 2


async def test_connection_left_inside_a_transaction_is_rolled_back(pool):
    loop = asyncio.get_running_loop()
    told: list[str] = []
    loop.set_exception_handler(lambda _, context: told.append(context["message"]))
    connection = await pool.acquire()
    await connection.execute("begin; set local wardship.directory = 'on'")
    await give_back(pool, connection)
    loop.set_exception_handler(None)
    assert "active transaction" in told[0]
    assert await pool.fetchval("select directory_is_open()") is False


async def test_connection_with_a_listener_is_freed_of_it(pool):
    connection = await pool.acquire()
    heard: list[object] = []
    await connection.add_listener("channel", lambda *_: heard.append(_))
    with pytest.warns(asyncpg.InterfaceWarning, match="active"):
        await give_back(pool, connection)
    await pool.execute("select pg_notify('channel', '')")
    assert heard == []


async def test_closed_connection_is_replaced(pool):
    connection = await pool.acquire()
    await connection.close()
    await give_back(pool, connection)
    assert await pool.fetchval("select 1") == 1


async def test_what_is_given_back_twice_is_one_connection(pool):
    connection = await pool.acquire()
    await give_back(pool, connection)
    await give_back(pool, connection)
    assert (pool.get_size(), pool.get_idle_size()) == (1, 1)
