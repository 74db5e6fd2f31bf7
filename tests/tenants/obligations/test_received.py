"""The statement that changes a profile tells whether an installation receives what it changes."""

from __future__ import annotations

import asyncio

import pytest

from tests.builders import access_for
from wardship.tenants.installations.records import InstallationState
from wardship.tenants.members.profile import update_own_profile
from wardship.tenants.obligations.for_member import _connected

pytestmark = pytest.mark.usefixtures("recording")


@pytest.fixture
def owed(owner):
    async def count():
        return await owner.fetchval("select count(*) from obligation where verb = 'share' and state = 'pending'")

    return count


@pytest.mark.parametrize("state", list(InstallationState))
async def test_it_tells_what_looking_for_installations_would_find(services, connections, admin, owner, state):
    await connections.connect()
    await owner.execute("update installation set state = $1", state)
    async with access_for(services, admin) as access:
        for fields in (["last_name"], ["company"], ["company", "last_name"], []):
            told = await access.transaction.fetchval("select is_received($1, $2)", access.organisation_id, fields)
            assert told == bool(await _connected(access, frozenset(fields)))


async def test_only_a_change_of_what_is_received_is_owed(services, connections, ada, owed):
    await connections.connect()
    await connections.work()
    assert await owed() == 0
    async with access_for(services, ada) as access:
        await update_own_profile(access, {"company": "Analytical Engines"})
    assert await owed() == 0
    async with access_for(services, ada) as access:
        await update_own_profile(access, {"last_name": "King"})
    assert await owed() == 1


async def test_a_recipient_that_comes_while_the_change_waits_for_the_row_is_told(
    services, connections, ada, owner, owed
):
    await connections.connect()
    await connections.work()
    await owner.execute("update installation set state = 'installed'")
    async with owner.transaction():  # as one who sends Ada's record to an installation that has just become active
        await owner.execute("select from member where id = $1 for no key update", ada.member_id)

        async def change():
            async with access_for(services, ada) as access:
                await update_own_profile(access, {"last_name": "King"})

        changing = asyncio.create_task(change())
        while not await owner.fetchval("select count(*) from pg_locks where not granted"):  # noqa: ASYNC110 - the event is in another process
            await asyncio.sleep(0.005)
        await owner.execute("update installation set state = 'active'")
    await changing
    assert await owed() == 1
