"""The log leaves no attempt out: one whose worker died, was stopped, or was taken out of a batch is seen as such."""

from __future__ import annotations

import asyncio

import pytest

from tests.builders import access_for, make_member
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.tenants.obligations.test_deliveries import failing, log, of, owe, refused
from tests.tenants.obligations.test_leases import LEASE, call, prepared, settled, take
from tests.tenants.vendor_access.desk import make_client, make_vendor, vendor_actor
from wardship.core.actor import system_actor
from wardship.plugins.api import Limits, Verb
from wardship.tenants.access import Access
from wardship.tenants.obligations import prepare as preparing
from wardship.tenants.obligations.attempts import MOST_ATTEMPTS
from wardship.tenants.obligations.deliveries import DeliveryRecord, list_vendor_deliveries
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio
__all__ = ["failing"]


def codes(owed: DeliveryRecord) -> list[tuple[int, str, str]]:
    return [(each.number, each.status, each.code) for each in owed.attempts]


async def die(services, clock, times: int = 1) -> None:
    """Let so many workers lease what is due, prepare its call, and never come back."""
    for _ in range(times):
        await prepared(services, await take(services, "dying"))
        clock.advance(LEASE)


@pytest.fixture
async def owed(connections, services, admin, ada):
    """An installation at which an erasure is owed that nobody has tried."""
    installation = await connections.connect()
    await owe(services, admin, ada, Verb.ERASE)
    return installation


async def test_an_attempt_whose_worker_died_is_kept_as_lost(owed, connections, services, admin, clock):
    await die(services, clock)
    taken_over = clock.now()
    await connections.work()
    found = await of(Verb.ERASE, services, admin, owed)
    assert codes(found) == [(1, "failed", "worker_lost"), (2, "completed", "completed")]
    assert (found.attempts[0].at, found.attempts[0].http, found.attempt, found.failures) == (taken_over, None, 2, 1)


async def test_what_kills_every_worker_is_in_both_logs_before_any_attempt_has_ended(owed, services, admin, clock):
    vera = await make_vendor(services)
    await make_client(services, vera)
    await die(services, clock, 3)
    await prepared(services, await take(services, "fourth"))
    found = await of(Verb.ERASE, services, admin, owed)
    assert (found.state, codes(found)) == ("leased", [(n, "failed", "worker_lost") for n in (1, 2, 3)])
    assert found.tried_at == clock.now()
    async with access_for(services, vendor_actor(services, vera)) as access:
        seen = (await list_vendor_deliveries(access, PageRequest(50))).items
    assert codes(next(each for each in seen if each.id == found.id)) == codes(found)


async def test_those_that_ended_stay_between_those_that_were_lost(failing, connections, services, admin, clock):
    installation, first = failing
    clock.advance(first.next_at - clock.now())
    await die(services, clock, 2)
    await connections.work()
    found = await of(Verb.ERASE, services, admin, installation)
    assert codes(found) == [
        (1, "failed", "unavailable"),
        (2, "failed", "worker_lost"),
        (3, "failed", "worker_lost"),
        (4, "failed", "unavailable"),
    ]
    assert found.attempts[0] == first.attempts[0]


async def test_however_many_workers_died_the_first_and_the_newest_are_kept(owed, services, admin, clock, connections):
    await die(services, clock, MOST_ATTEMPTS + 5)
    await connections.work()
    found = await of(Verb.ERASE, services, admin, owed)
    assert found.attempt == MOST_ATTEMPTS + 6
    assert [each.number for each in found.attempts] == [1, *range(found.attempt - MOST_ATTEMPTS + 2, found.attempt + 1)]
    assert {each.code for each in found.attempts[:-1]} == {"worker_lost"}


async def test_many_that_died_at_once_stay_within_the_bound(owed, services, admin, connections, owner):
    """As when nobody could prepare anything meanwhile: then no worker noted those before it."""
    await owner.execute("update obligation set attempt = 60 where verb = 'erase'")
    await connections.work()
    found = await of(Verb.ERASE, services, admin, owed)
    assert [each.number for each in found.attempts] == [41, *range(43, 62)]


async def test_one_that_comes_back_too_late_stays_lost_and_tells_nothing_twice(owed, services, admin, clock):
    (late,) = await prepared(services, await take(services, "sleeper"))
    reply = await call(services, late)
    clock.advance(LEASE)
    (second,) = await prepared(services, await take(services, "second"))
    assert await settled(services, late, reply) is False
    await settled(services, second, await call(services, second))
    found = await of(Verb.ERASE, services, admin, owed)
    assert codes(found) == [(1, "failed", "worker_lost"), (2, "completed", "completed")]


async def test_a_fault_of_ours_on_the_way_leaves_out_none_of_those_before(
    owed, connections, services, admin, clock, monkeypatch
):
    await die(services, clock)

    async def fail(*_: object) -> None:
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(preparing, "_connections", fail)
        with pytest.raises(LookupError):
            await connections.worker().run_once()
    found = await of(Verb.ERASE, services, admin, owed)
    assert codes(found) == [(1, "failed", "worker_lost"), (2, "failed", "internal")]


async def test_an_attempt_that_ends_because_the_server_stops_is_kept_as_interrupted(
    owed, connections, recording, services, admin
):
    async def never(_: object) -> None:
        await asyncio.Event().wait()

    recording.always[Verb.ERASE] = never
    serving = asyncio.create_task(connections.worker().run_once())
    async with asyncio.timeout(20):
        while not recording.heard or recording.heard[-1].verb is not Verb.ERASE:  # noqa: ASYNC110 - another thread's
            await asyncio.sleep(0.01)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    found = await of(Verb.ERASE, services, admin, owed)
    assert (found.state, codes(found), found.failures) == ("pending", [(1, "failed", "interrupted")], 0)
    recording.always.clear()
    await connections.work()
    found = await of(Verb.ERASE, services, admin, owed)
    assert codes(found) == [(1, "failed", "interrupted"), (2, "completed", "completed")]


async def test_an_attempt_in_a_batch_that_was_taken_apart_is_kept_of_each_member(services, admin, ada, acme, database):
    plugin = recorder("batches", contract=2, limits=Limits(batch=5))
    services.integrations.register(plugin, "batches")
    connections = Connections(services, admin)
    installation = await connections.connect("batches")
    grace = await make_member(database, acme, name="Grace", first_name="Grace", email="grace@example.org")
    plugin.always[Verb.SHARE] = refused
    async with access_for(services, admin) as access:
        await bring_in_line(access, [ada.member_id, grace.member_id])
    await connections.work()
    found = [
        each for each in await log(services, admin, installation) if each.verb is Verb.SHARE and each.state == "failed"
    ]
    assert {each.member_id for each in found} == {ada.member_id, grace.member_id}
    assert [codes(each) for each in found] == [[(1, "denied", "batch_taken_apart"), (2, "denied", "rejected")]] * 2


async def test_of_what_was_tried_before_attempts_were_kept_nothing_is_said_to_be_lost(
    failing, connections, services, admin, clock, owner
):
    installation, first = failing
    await owner.execute("update obligation set attempts = '[]' where verb = 'erase'")
    clock.advance(first.next_at - clock.now())
    await connections.work()
    found = await of(Verb.ERASE, services, admin, installation)
    assert codes(found) == [(2, "failed", "unavailable")]


async def test_only_what_a_dead_worker_held_costs_a_statement_more(owed, services, clock):
    assert owed.state == "active"
    counted = []
    for _ in range(2):
        batch = await take(services, "counting")
        async with services.database.tenant(batch.organisation_id) as transaction:
            await preparing.prepare(Access(system_actor(batch.organisation_id), transaction, services, "test"), batch)
            counted.append(transaction.statements)
        clock.advance(LEASE)
    assert counted[1] == counted[0] + 1
