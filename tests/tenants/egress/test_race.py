"""A withdrawal and a delivery at the same moment: neither misses the other."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from tests.builders import access_for
from wardship.core.actor import system_actor
from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.grants.change import withdraw_grant
from wardship.tenants.grants.choices import object_to
from wardship.tenants.obligations.leases import claim
from wardship.tenants.obligations.prepare import prepare
from wardship.tenants.obligations.worker import WorkerLimits


@pytest.fixture
async def due(connections, recording, ada):  # noqa: ARG001 - somebody has to be there
    """An installation that is checked and owes its first records."""
    installation = await connections.install()
    await connections.worker().run_once()
    recording.heard.clear()
    return installation


async def next_batch(services):
    return await claim(services, "test", WorkerLimits(), after=None, busy=())


@pytest.mark.usefixtures("due")
async def test_a_withdrawal_that_committed_first_is_seen_by_the_gate(services, connections, recording, ada, owner):
    batch = await next_batch(services)
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id)
    await connections.worker()._serve(batch)

    assert [record.get("first_name") for call in recording.heard for record in call.argument.records] == [None]
    assert await owner.fetchval("select count(*) from disclosure where member_id = $1", ada.member_id) == 0


@pytest.mark.usefixtures("due", "connections", "recording")
async def test_a_withdrawal_waits_for_a_gate_that_came_first_and_then_orders_the_erasure(services, ada, owner):
    batch = await next_batch(services)
    async with services.database.tenant(batch.organisation_id) as transaction:
        works = await prepare(Access(system_actor(batch.organisation_id), transaction, services, "test"), batch)
        objecting = asyncio.create_task(_object(services, ada), context=contextvars.Context())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(objecting), 0.2)
    await asyncio.wait_for(objecting, 5)

    assert len(works) == 2
    owed = await owner.fetch("select verb from obligation where member_id = $1 and state = 'pending'", ada.member_id)
    assert [row["verb"] for row in owed] == ["erase"]


@pytest.mark.usefixtures("due", "ada")
async def test_what_was_under_way_when_it_was_withdrawn_is_erased_after_it(services, connections, recording, owner):
    begun, go_on = threading.Event(), threading.Event()

    async def slowly(_):
        begun.set()
        await asyncio.to_thread(go_on.wait, 5)

    recording.always[Verb.SHARE] = slowly
    working = asyncio.create_task(connections.work())
    await asyncio.to_thread(begun.wait, 5)
    for grant in await owner.fetch("select id from integration_grant"):
        async with access_for(services, connections.admin) as access:
            await withdraw_grant(access, grant["id"])
    assert recording.held == {}
    go_on.set()
    await working
    await connections.work()

    verbs = recording.verbs()
    assert verbs.count("share") == verbs.count("erase") == 2
    assert recording.held == {}
    assert {row["state"] for row in await owner.fetch("select state from subject_link")} == {"erased"}


async def _object(services, person):
    async with access_for(services, person) as access:
        await object_to(access, person.member_id)
