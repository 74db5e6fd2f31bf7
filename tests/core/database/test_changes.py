"""Changes reach those who watch them, once however many they are, and again after the listening connection was lost."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from wardship.core.database import changes as changes_module
from wardship.core.database.changes import CHANNEL, Topic, Watch, WatchDroppedError
from wardship.core.database.notifications import APPLICATION_NAME
from wardship.core.identifiers import uuid7

pytestmark = pytest.mark.anyio

PATIENCE_S = 10.0
MOMENT_S = 0.3


@pytest.fixture(autouse=True)
def _no_gap(monkeypatch):
    monkeypatch.setattr(changes_module, "GAP_S", 0.0)


async def soon(watch: Watch) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await anext(watch)


async def stays_silent(watch: Watch) -> bool:
    try:
        async with asyncio.timeout(MOMENT_S):
            await anext(watch)
    except TimeoutError:
        return True
    return False


async def listening(database) -> None:
    for _ in range(500):
        if database.notifications.is_listening:
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody listens")


async def watched(database, topic: Topic) -> Watch:
    """A watch whose first look, at the beginning of listening, has been taken."""
    watch = database.changes.watch(topic)
    await listening(database)
    if not await stays_silent(watch):
        assert await stays_silent(watch)
    return watch


def topic(organisation: UUID | None = None, kind: str = "request") -> Topic:
    return Topic(organisation or uuid7(), kind, uuid7())


async def test_change_reaches_the_watch_of_its_topic_and_no_other(database, owner):
    mine = topic()
    others = [topic(), topic(mine.organisation_id), Topic(uuid7(), "request", mine.id)]
    others.append(Topic(mine.organisation_id, "installation", mine.id))
    watch = await watched(database, mine)
    rest = [await watched(database, other) for other in others]
    await owner.execute("select pg_notify($1, $2)", CHANNEL, mine.payload)
    await soon(watch)
    assert all([await stays_silent(other) for other in rest])


@pytest.mark.parametrize("payload", ["", "::", "nonsense", "a:request:b", "x" * 7000])
async def test_payload_that_is_none_of_ours_reaches_nobody(database, owner, payload):
    watch = await watched(database, topic())
    await owner.execute("select pg_notify($1, $2)", CHANNEL, payload)
    assert await stays_silent(watch)


async def test_many_changes_that_nobody_has_taken_are_one(database, owner):
    mine = topic()
    watch = await watched(database, mine)
    last = await watched(database, topic())
    for payload in [mine.payload] * 500 + list(last._keys):
        await owner.execute("select pg_notify($1, $2)", CHANNEL, payload)
    await soon(last)  # notifications come in the order of the commits: all have come
    await soon(watch)
    assert await stays_silent(watch)


async def test_everybody_looks_again_after_the_listening_connection_was_killed(database, owner):
    first, second = topic(), topic()
    watches = [await watched(database, one) for one in (first, second)]
    killed = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = $1"
    killed += " and datname = current_database()"
    assert await owner.fetchval(killed, APPLICATION_NAME) == 1
    for watch in watches:
        await soon(watch)
    await owner.execute("select pg_notify($1, $2)", CHANNEL, second.payload)
    await soon(watches[1])
    assert await stays_silent(watches[0])
    assert database.notifications.reconnections == 1


async def test_one_connection_listens_however_many_watch(database, owner):
    for _ in range(50):
        database.changes.watch(topic())
    await listening(database)
    count = "select count(*) from pg_stat_activity where application_name = $1 and datname = current_database()"
    assert await owner.fetchval(count, APPLICATION_NAME) == 1
    assert len(database.changes) == 50


async def test_watch_that_is_closed_is_forgotten(database):
    watch = database.changes.watch(topic())
    await watch.aclose()
    await watch.aclose()
    assert len(database.changes) == 0


async def test_watch_whose_changes_nobody_takes_is_dropped_with_a_reason(database):
    watch = database.changes.watch(topic())
    watch.notice(100.0)
    watch.notice(100.0 + changes_module.PATIENCE_S)
    assert len(database.changes) == 1
    watch.notice(101.0 + changes_module.PATIENCE_S)
    assert len(database.changes) == 0
    with pytest.raises(WatchDroppedError) as refusal:
        await anext(watch)
    assert refusal.value.code == "SUBSCRIBER_TOO_SLOW"


async def test_changes_in_a_row_are_taken_with_a_pause_between(database, monkeypatch):
    monkeypatch.setattr(changes_module, "GAP_S", 0.1)
    watch = database.changes.watch(topic())
    clock = asyncio.get_running_loop().time
    watch.notice(clock())
    await soon(watch)
    begun = clock()
    watch.notice(clock())
    await soon(watch)
    assert clock() - begun >= 0.09


async def test_close_ends_the_listening_connection(database, owner):
    database.changes.watch(topic())
    await listening(database)
    database.changes.close()
    await database.notifications.close()
    count = "select count(*) from pg_stat_activity where application_name = $1 and datname = current_database()"
    for _ in range(200):
        if not await owner.fetchval(count, APPLICATION_NAME):
            return
        await asyncio.sleep(0.02)
    pytest.fail("the connection is still there")


async def test_database_that_is_away_is_tried_again(database, owner, monkeypatch):
    connect, tries = asyncpg.connect, []

    async def connect_at_the_third_try(**arguments):
        tries.append(1)
        if len(tries) < 3:
            raise ConnectionRefusedError
        return await connect(**arguments)

    monkeypatch.setattr(asyncpg, "connect", connect_at_the_third_try)
    mine = topic()
    watch = await watched(database, mine)
    assert len(tries) == 3
    await owner.execute("select pg_notify($1, $2)", CHANNEL, mine.payload)
    await soon(watch)
