"""Everything but the peer and the server processes, on little data and a real database."""

from __future__ import annotations

import dataclasses

import pytest

from bench import ours
from bench.audit import measure_audit
from bench.data import Size, fill, make_caller
from bench.limit import PgbenchError, replay
from bench.measuring import begin_of_ended, used_by_ended
from bench.obligations import measure_dispatch, measure_obligations
from bench.place import make_place
from bench.recording import script_of

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


async def parts_measure_something(place):
    owed = await measure_obligations(place, organisations=1)
    assert owed.count == 200
    assert all(value > 0 for value in dataclasses.astuple(owed))
    dispatch = await measure_dispatch(calls=50, rounds=1)
    assert dispatch.dispatched_us > dispatch.bare_us > 0
    audit = await measure_audit(place, appends=16, entries=50)
    assert audit.entries == 50
    assert all(value > 0 for value in dataclasses.astuple(audit))
