"""A query that asked for one statement becomes a single read, and is run in a transaction where it asks for more."""

from __future__ import annotations

import pytest

from tests.graphql.calls import gid, make_api
from tests.graphql.sample import all_populate
from tests.graphql.sent_statements import taken_down
from tests.graphql.world import make_world
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_SERVE
from wardship.graphql.members import model

pytestmark = pytest.mark.anyio

ONE = "query One($id: ID!) { member(id: $id) { id email } }"
SEEN = "select count(*) from data_access"


@pytest.fixture
async def database(postgres, database_name):
    """A pool of one connection, so that all that is sent can be taken down."""
    pool = Database(postgres.dsn(role=ROLE_SERVE, database=database_name), maximum=1)
    await pool.open()
    yield pool
    await pool.close()


async def test_query_that_met_a_second_statement_is_run_again_and_what_it_showed_is_recorded_once(
    services, owner, monkeypatch
):
    world = await make_world(services, owner, "Alpha", all_populate())
    api, caller = make_api(services), world.actors()["owner"]
    member = world.people["member"]
    statements, read = [1], model.optional_members

    async def read_after_others(context, *arguments):
        for _ in range(statements[0] - 1):
            assert await context.access.transaction.fetchval("select current_tenant()") == caller.organisation_id
        return await read(context, *arguments)

    monkeypatch.setattr(model, "optional_members", read_after_others)
    found = []
    async with taken_down(services.database) as take:
        for asked in (1, 1, 2, 1):
            statements[0], before = asked, await owner.fetchval(SEEN)
            await take()
            answer = await api.data(caller, ONE, id=gid("Member", member.member_id))
            sent = await take()
            found.append((sent.begun, len(sent.reading), await owner.fetchval(SEEN) - before))
            assert answer["member"]["id"] == gid("Member", member.member_id)
    assert found == [
        (1, 1, 1),
        (0, 1, 1),
        (1, 3, 1),  # the one of the single read, then both in a transaction
        (1, 1, 1),
    ]
