"""Leases: one worker at a time, none that lost its lease settles, and what a dead worker held is taken up again."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import timedelta

import asyncpg
import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.connecting import Connections, run_until_idle
from tests.fakes.recorder import recorder
from wardship.core.actor import Role, system_actor
from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.grants.choices import object_to, withdraw_objection
from wardship.tenants.obligations import enqueue as enqueueing
from wardship.tenants.obligations import worker as working
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.leases import ClaimLimits, claim
from wardship.tenants.obligations.prepare import prepare
from wardship.tenants.obligations.settle import settle

LEASE = timedelta(seconds=60)


async def take(services, worker="first", *, size=4, after=None, busy=()):
    return await claim(services, worker, ClaimLimits(lease=LEASE, batch=size), after=after, busy=busy)


async def prepared(services, batch):
    async with services.database.tenant(batch.organisation_id) as transaction:
        return await prepare(Access(system_actor(batch.organisation_id), transaction, services, "test"), batch)


async def settled(services, work, reply):
    async with services.database.tenant(work.installation.organisation_id) as transaction:
        access = Access(system_actor(work.installation.organisation_id), transaction, services, "test")
        return await settle(access, work, reply)


async def call(services, work):
    return await services.dispatcher.call(work.installed, work.verb, work.argument, obligation_id=str(work.lease.id))


@pytest.fixture
async def shared(connections, recording, ada):
    """An installation whose members all owe a new record."""
    installation = await connections.connect()
    recording.heard.clear()
    async with access_for(connections.services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
    return installation


@pytest.mark.usefixtures("shared")
async def test_what_is_leased_is_not_leased_again_before_the_lease_ends(services, clock):
    assert (await take(services)).verb is Verb.SHARE
    assert await take(services, "second") is None

    clock.advance(LEASE)
    again = await take(services, "second")
    assert [*again.attempts.values()] == [2]


@pytest.mark.usefixtures("shared")
async def test_a_worker_whose_lease_was_lost_cannot_settle(services, clock, owner):
    first = await take(services)
    (work,) = await prepared(services, first)
    reply = await call(services, work)
    clock.advance(LEASE)
    second = await take(services, "second")
    (taken_over,) = await prepared(services, second)

    assert await settled(services, work, reply) is False
    row = await owner.fetchrow("select state, lease_owner, attempt from obligation where id = $1", work.lease.id)
    assert (row["state"], row["lease_owner"], row["attempt"]) == ("leased", "second", 2)
    assert await settled(services, taken_over, await call(services, taken_over)) is True
    ledger = await owner.fetch("select state, attempt from disclosure where obligation_id = $1", work.lease.id)
    assert [(row["state"], row["attempt"]) for row in ledger] == [("delivered", 2)]


@pytest.mark.usefixtures("shared")
async def test_a_lease_that_ended_counts_as_a_failure(services, clock, owner):
    await take(services)
    clock.advance(LEASE)
    batch = await take(services, "second")

    (identifier,) = batch.attempts
    assert await owner.fetchval("select failures from obligation where id = $1", identifier) == 1


@pytest.mark.usefixtures("services")
async def test_two_workers_share_the_work_and_do_none_of_it_twice(connections, recording, database, acme):
    for _ in range(30):
        await make_member(database, acme, first_name="Many")
    await connections.install()
    await connections.worker().run_once()

    served = await asyncio.gather(*(run_until_idle(connections.worker()) for _ in range(3)))

    assert sum(served) == 31
    calls = [heard.obligation_id for heard in recording.heard if heard.verb is Verb.SHARE]
    assert len(calls) == len(set(calls)) == 31


@pytest.mark.usefixtures("recording", "admin")
async def test_installations_take_turns(connections, services, database, acme):
    services.integrations.register(recorder("other"), "other")
    for _ in range(12):
        await make_member(database, acme, first_name="Many")
    first, second = await connections.install(), await connections.install("other")
    checks = connections.worker()
    assert await checks.run_once() + await checks.run_once() == 2

    worker, order = connections.worker(), []
    while batch := await worker._claim():
        order.append(batch.installation_id)
        await worker._serve(batch)

    assert order[:6] == [first.id, second.id] * 3 or order[:6] == [second.id, first.id] * 3


@pytest.mark.usefixtures("recording")
async def test_a_batch_is_of_one_tenant_one_installation_and_one_verb(services, connections, ada, database):
    elsewhere = await make_organisation(database)
    stranger = await make_member(database, elsewhere, Role.ORG_ADMIN)
    here, there = await connections.connect(), await Connections(services, stranger).connect()
    for admin, person in ((connections.admin, ada), (stranger, stranger)):
        async with access_for(services, admin) as access:
            await enqueue_for_member(access, person.member_id, Verb.EXPORT)
            await enqueue_for_member(access, person.member_id, Verb.CORRECT)

    batches, after = [], None
    while batch := await take(services, after=after):
        batches.append((batch.organisation_id, batch.installation_id, batch.verb, len(batch.attempts)))
        after = batch.installation_id

    assert {(item[0], item[1]) for item in batches} == {
        (here.organisation_id, here.id),
        (there.organisation_id, there.id),
    }
    # One person's calls never run side by side, so the export waits until the correction is settled.
    assert sorted(item[2] for item in batches) == ["correct", "correct"]
    assert all(item[3] == 1 for item in batches)


@pytest.mark.usefixtures("shared", "owner")
async def test_calls_about_one_person_never_run_side_by_side(services, connections, ada):
    batch = await take(services)
    async with access_for(services, connections.admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)

    assert await take(services, "second") is None
    for work in await prepared(services, batch):
        await settled(services, work, await call(services, work))
    assert (await take(services, "second")).verb is Verb.ERASE


async def test_what_ends_the_connection_waits_for_what_is_said_about_single_people(shared, services, connections, ada):
    async with access_for(services, connections.admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
        await enqueue(access, [Demand(installation=shared, verb=Verb.REVOKE)])

    for verb in (Verb.ERASE, Verb.ATTEST):
        batch = await take(services)
        assert batch.verb is verb
        assert await take(services, "second") is None
        for work in await prepared(services, batch):
            await settled(services, work, await call(services, work))
    assert (await take(services)).verb is Verb.REVOKE


@pytest.mark.usefixtures("shared")
async def test_a_demand_that_a_later_one_makes_pointless_is_dropped(services, connections, ada, owner):
    async with access_for(services, connections.admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)

    states = await owner.fetch(
        "select verb, state, outcome ->> 'code' as code from obligation where member_id = $1 and ended_at is distinct"
        " from null and outcome ->> 'code' = 'superseded'",
        ada.member_id,
    )
    assert [(row["verb"], row["state"]) for row in states] == [("share", "cancelled")]


@pytest.mark.usefixtures("shared", "owner")
async def test_the_same_demand_is_queued_once_until_it_is_begun(services, connections, ada):
    async def owe() -> list:
        async with access_for(services, connections.admin) as access:
            return await enqueue_for_member(access, ada.member_id, Verb.EXPORT)

    first = await owe()
    assert await owe() == first
    await connections.work()
    assert await owe() != first


@pytest.mark.usefixtures("shared")
async def test_a_worker_told_to_stop_gives_its_leases_back(services, connections, recording, owner):
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def hang(_):
        loop.call_soon_threadsafe(begun.set)
        await asyncio.sleep(30)

    recording.always[Verb.SHARE] = hang
    stop, worker = asyncio.Event(), connections.worker(poll_s=0.02, grace_s=0.05)
    running = asyncio.create_task(worker.run(stop))
    await asyncio.wait_for(begun.wait(), 5)
    stop.set()
    await asyncio.wait_for(running, 5)

    rows = await owner.fetch(
        "select state, failures, next_at from obligation where verb = 'share' and ended_at is null"
    )
    assert [(row["state"], row["failures"], row["next_at"]) for row in rows] == [("pending", 0, services.clock.now())]
    assert await owner.fetchval("select count(*) from disclosure where state = 'sending'") == 0


@pytest.mark.parametrize("ticks", range(8))
@pytest.mark.usefixtures("services")
async def test_a_worker_ends_though_a_sweep_is_asked_for_while_it_is_told_to_stop(connections, ticks):
    stop, worker = asyncio.Event(), connections.worker(sweep_gap_s=0)
    running = asyncio.create_task(worker.run(stop))
    while not worker._sweep_due._waiters:  # noqa: ASYNC110 - nothing tells that it waits
        await asyncio.sleep(0.01)
    stop.set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    worker._sweep_due.set()
    ended, _ = await asyncio.wait({running}, timeout=5)
    assert ended


@pytest.mark.usefixtures("services", "ada")
async def test_a_running_worker_hears_of_new_obligations(connections, recording):
    stop, worker = asyncio.Event(), connections.worker(poll_s=20.0)
    running = asyncio.create_task(worker.run(stop))
    await asyncio.wait_for(worker._heard.wait(), 5)
    await connections.install()
    for _ in range(250):
        if len(recording.held) == 2:
            break
        await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(running, 5)

    assert len(recording.held) == 2


@pytest.mark.usefixtures("shared")
async def test_demand_that_is_leased_while_it_is_repeated_is_owed_anew(services, admin, ada, owner, monkeypatch):
    look_up = enqueueing._present

    async def leased_meanwhile(access, keys):
        monkeypatch.setattr(enqueueing, "_present", look_up)
        await asyncio.create_task(take(services), context=Context())
        return await look_up(access, keys)

    monkeypatch.setattr(enqueueing, "_present", leased_meanwhile)
    async with access_for(services, admin) as access:
        (made,) = await bring_in_line(access, [ada.member_id])
    rows = await owner.fetch(
        "select id, state from obligation where member_id = $1 and ended_at is null order by created_at, id",
        ada.member_id,
    )
    assert [row["state"] for row in rows] == ["leased", "pending"]
    assert rows[-1]["id"] == made


async def test_what_is_shared_anew_before_an_erasure_is_proven_is_not_taken_for_a_remainder(
    services, connections, recording, ada, owner, clock
):
    await connections.connect()
    async with access_for(services, ada) as access:
        objection = await object_to(access, ada.member_id, purpose="essential.service.notifications")
        await object_to(access, ada.member_id, purpose="functional.service")
    (erasure,) = await prepared(services, await take(services))
    reply = await call(services, erasure)
    async with access_for(services, ada) as access:
        await withdraw_objection(access, objection.id)
    assert erasure.verb is Verb.ERASE
    assert await settled(services, erasure, reply)
    await owner.execute("update obligation set next_at = $1 where verb = 'attest'", clock.now() + timedelta(minutes=5))
    await connections.work()
    recording.heard.clear()
    await connections.pass_time(minutes=6)
    assert recording.verbs() == []
    assert {record.text("email") for record in recording.held.values()} >= {ada.email}
    assert await owner.fetchval("select outcome ->> 'code' from obligation where verb = 'attest'") == "superseded"


@pytest.mark.usefixtures("shared")
async def test_a_deadlock_while_settling_loses_no_answer(services, recording, owner, monkeypatch):
    settled_before = working.settle
    failing = iter([True, True, False])

    async def deadlocked(access, work, reply, others):
        if next(failing, False):
            raise asyncpg.DeadlockDetectedError
        return await settled_before(access, work, reply, others)

    monkeypatch.setattr(working, "settle", deadlocked)
    called = len(recording.heard)
    assert await working.Worker(services).run_once() > 0
    assert len(recording.heard) - called >= 1
    assert await owner.fetchval("select count(*) from obligation where state = 'leased'") == 0
