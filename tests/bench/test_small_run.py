"""Everything but the peer and the server processes, on little data and a real database."""

from __future__ import annotations

import dataclasses

import pytest

from bench import ours
from bench.audit import measure_audit
from bench.blocks import blocks_of
from bench.data import Size, fill, make_caller
from bench.erasure import Erasing, NotErasedError, time_erasures
from bench.limit import PgbenchError, replay
from bench.measuring import begin_of_ended, used_by_ended
from bench.obligations import measure_dispatch, measure_obligations
from bench.place import make_place
from bench.recording import application_of, record, script_of
from bench.slow_reader import Slow, measure_large
from bench.town import TownSize, build
from bench.vendors import measure_vendors

pytestmark = pytest.mark.anyio
SIZE = Size(organisations=11, members=60)


@pytest.fixture
async def filled(tmp_path):
    with make_place(tmp_path, settings={"fsync": "off", "synchronous_commit": "off"}) as place:
        await ours.migrate(place)
        async with place.superuser() as connection:
            await fill(connection, SIZE)
            async with ours.services_here(place) as services:
                caller = await make_caller(services, connection)
            yield place, connection, caller


async def test_small_run(filled, tmp_path):
    place, connection, caller = filled
    await data_is_as_described(connection, caller)
    await recorded_mutation_is_done_again(place, connection, caller, tmp_path)
    await recorded_page_is_read_again(place, connection, caller, tmp_path)
    await blocks_are_counted_and_nothing_is_committed(place, connection, caller)
    await parts_measure_something(place)


async def data_is_as_described(connection, caller):
    assert await connection.fetchval("select count(*) from member") == 60 + 10 * 200
    for table, each in (("group_membership", 3), ("subject_link", 2)):
        rows = await connection.fetch(f"select count(*) from {table} group by member_id")
        assert {row[0] for row in rows} == {each}
    assert await connection.fetchval("select count(*) from member where id = $1", caller.member_id) == 1


async def recorded_mutation_is_done_again(place, connection, caller, folder):
    script = folder / "mutation.sql"
    script.write_text(await script_of(place, "mutation", caller))
    length = "select sequence from audit_head where organisation_id = $1"
    await connection.execute("update member set title = '' where id = $1", caller.member_id)
    before = await connection.fetchval(length, caller.organisation_id)
    parent = await begin_of_ended(connection)
    done = await replay(place, script, seconds=1, connections=2)
    assert 0.02 < await used_by_ended(parent) < 2.5
    assert await connection.fetchval(length, caller.organisation_id) - before == done.transactions > 5
    assert await connection.fetchval("select title from member where id = $1", caller.member_id) == "Professor"
    script.write_text("select 1/0;")
    with pytest.raises(PgbenchError, match="division by zero"):
        await replay(place, script, seconds=1, connections=1)


async def recorded_page_is_read_again(place, connection, caller, folder):
    script = folder / "page.sql"
    script.write_text(await script_of(place, "nested page", caller))
    before = await connection.fetchval("select count(*) from data_access_person")
    done = await replay(place, script, seconds=1, connections=2)
    seen = await connection.fetchval("select count(*) from data_access_person") - before
    assert seen == done.transactions * 49 > 0


async def blocks_are_counted_and_nothing_is_committed(place, connection, caller):
    async with ours.services_here(place) as services:
        app = application_of(services)
        once, again = [await record(app, services, "nested page", caller) for _ in range(3)][1:]
    rows = await connection.fetchval("select count(*) from data_access_person")
    found = await blocks_of(place, once, again)
    assert len([each for each in found if each.statement.startswith("select")]) >= 4
    assert all(each.count > 0 for each in found)
    assert await connection.fetchval("select count(*) from data_access_person") == rows > 0


async def parts_measure_something(place):
    owed = await measure_obligations(place, organisations=1)
    assert owed.count == 200
    assert all(value > 0 for value in dataclasses.astuple(owed))
    large = await measure_large(place, Slow(readers=2, seconds=0.2, rows=1000))
    assert large.most_mb >= large.waiting_mb > 0
    assert large.megabytes == pytest.approx(0.22, abs=0.01)
    assert large.most_connections <= 2
    dispatch = await measure_dispatch(calls=50, rounds=1)
    assert dispatch.dispatched_us > dispatch.bare_us > 0
    audit = await measure_audit(place, appends=16, entries=50)
    assert audit.entries == 50
    assert all(value > 0 for value in dataclasses.astuple(audit))


async def test_erasures_are_timed_and_seen_to_have_been_done(tmp_path):
    size = TownSize(authors=20, posts=600, files=12, installations=2, sought=3, by_hand=2)
    erasing = Erasing(size, own=100, alone=2, rounds=0, together=0, seconds=0.1)
    with make_place(tmp_path, settings={"fsync": "off", "synchronous_commit": "off"}) as place:
        await ours.migrate(place)
        async with place.superuser() as connection, ours.services_here(place, registry=ours.with_nothing()) as services:
            town = await build(services, connection, size)
            posts = "select count(*) from post where author_id = $1"
            assert await connection.fetchval("select count(*) from subject_link where state = 'shared'") == 3 * 2
            times, cost_ms = await time_erasures(services, connection, town, erasing)
            assert all(len(each) == 2 and min(each) > 0 for each in dataclasses.astuple(times))
            assert cost_ms.keys() == {"previewed", "carried_out", "worked_off"}
            assert min(cost_ms.values()) >= 0
            (first, _), (second, _), (last, _) = town.sought
            assert [await connection.fetchval(posts, each.member_id) for each in (first, second, last)] == [0, 100, 0]
            states = "select id from member where state = 'erased'"
            gone = {first.member_id, second.member_id, *(each.member_id for each in town.by_hand)}
            assert {row["id"] for row in await connection.fetch(states)} == gone
            again = dataclasses.replace(erasing, town=dataclasses.replace(size, installations=99), alone=1)
            with pytest.raises(NotErasedError, match="fulfilled, 2 integrations did it, and 0 posts"):
                await time_erasures(services, connection, dataclasses.replace(town, sought=town.sought[2:]), again)


async def test_vendors_are_measured_beside_what_is_bare(tmp_path):
    with make_place(tmp_path, settings={"fsync": "off", "synchronous_commit": "off"}) as place:
        await ours.migrate(place)
        found = await measure_vendors(place, members=110, pages=3, many=150)
    assert min(found.delivered, found.bare, found.fetched_ms, found.selected_ms, found.few_mb) > 0
    assert found.dispatch.dispatched_us > found.dispatch.bare_us > 0
    # Twenty thousand are measured by hand; of a few more nothing stays either.
    assert found.many_mb < found.few_mb + 20
    assert set(found.ratios) == {
        "bare requests for each delivery",
        "fetched page to SELECT",
        "dispatched call to bare call",
        "memory of many to few",
    }
