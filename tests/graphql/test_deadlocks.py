"""A deadlock is chance: a mutation that met one is done once more, and what it did before is undone."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from tests.builders import make_member, make_organisation
from tests.graphql.calls import gid, make_api
from wardship.core.actor import Role

pytestmark = pytest.mark.anyio

DEACTIVATE = "mutation M($input: MemberInput!) { deactivateMember(input: $input) { member { state } errors { code } } }"
LOCK = "select from member where id = $1 for update"


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    return olga, await make_member(database, organisation, name="Ann")


async def test_a_mutation_that_lost_a_deadlock_is_done_once_more(services, owner, place):
    olga, ann = place
    assert olga.member_id < ann.member_id, "members are locked in the order of their ids"
    api = make_api(services)
    async with owner.transaction():
        await owner.execute(LOCK, ann.member_id)
        call = asyncio.create_task(api.data(olga, DEACTIVATE, input={"memberId": gid("Member", ann.member_id)}))
        while not await owner.fetchval("select count(*) from pg_locks where not granted"):
            pass
        await owner.execute("set local deadlock_timeout = '1min'")  # so that the call is the one that is ended
        await owner.execute(LOCK, olga.member_id)
    assert (await call)["deactivateMember"] == {"member": {"state": "DEACTIVATED"}, "errors": []}
    assert await owner.fetchval("select count(*) from audit_entry where action = 'member.deactivated'") == 1


async def test_a_mutation_that_loses_again_is_refused_as_a_conflict(services, owner, place, monkeypatch):
    olga, ann = place
    tries = []

    async def lose(access, member_id):
        tries.append(member_id)
        await access.execute(
            "update member set state = 'deactivated' where organisation_id = $1 and id = $2", member_id
        )
        raise asyncpg.DeadlockDetectedError("deadlock detected")

    monkeypatch.setattr("wardship.graphql.members.mutations.deactivate_member", lose)
    made = await make_api(services).data(olga, DEACTIVATE, input={"memberId": gid("Member", ann.member_id)})
    assert made["deactivateMember"] == {"member": None, "errors": [{"code": "CONFLICT"}]}
    assert tries == [ann.member_id, ann.member_id]
    assert await owner.fetchval("select state from member where id = $1", ann.member_id) == "active"
