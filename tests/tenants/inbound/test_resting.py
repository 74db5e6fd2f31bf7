"""A call to an installation that rests is to be made again, and acts then: nothing that a vendor told is lost."""

from __future__ import annotations

import asyncio

import pytest

from tests.builders import access_for
from wardship.plugins.api import Verb
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume

pytestmark = pytest.mark.anyio
CHANGED = "select (select count(*) from objection) + (select count(*) from inbound_message)"


@pytest.mark.parametrize("state", ["paused", "load_failed", "migration_failed"])
async def test_what_is_told_while_an_installation_rests_is_to_be_told_again_and_acts_then(
    vendor_calls, services, connections, owner, calling, state
):
    here, event = vendor_calls.installation_id, vendor_calls.event("objected")
    async with access_for(services, connections.admin) as access:
        await pause(access, here)
    await owner.execute("update installation set state = $2 where id = $1", here, state)
    answer = await vendor_calls.send([event])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3600")
    assert answer.json()["code"] == "INBOUND_UNAVAILABLE"
    assert calling.calls == []
    assert await owner.fetchval(CHANGED) == 0

    await owner.execute("update installation set state = 'paused' where id = $1", here)
    async with access_for(services, connections.admin) as access:
        await resume(access, here)
    assert (await vendor_calls.send([event])).status_code == 200
    assert await owner.fetchval("select count(*) from objection") == 1


async def test_a_pause_that_comes_while_a_call_is_verified_keeps_it_out(
    vendor_calls, services, connections, owner, calling
):
    async def pausing(_: object) -> None:
        async with access_for(services, connections.admin) as access:
            await pause(access, vendor_calls.installation_id)

    loop = asyncio.get_running_loop()
    calling.told[Verb.RECEIVE].append(
        lambda call: asyncio.wrap_future(asyncio.run_coroutine_threadsafe(pausing(call), loop))
    )
    answer = await vendor_calls.send([vendor_calls.event("objected")])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3600")
    assert await owner.fetchval(CHANGED) == 0
