"""A vendor that is away for three days loses nothing; a worker that is killed sends the same message again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member
from tests.tenants.remote_integrations.test_endpoints import answering, owe
from wardship.app.demo.letters import Answer
from wardship.plugins.api import Verb
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.obligations.leases import ClaimLimits

pytestmark = pytest.mark.anyio
LEASED = "update obligation set state = 'leased', lease_until = $2, lease_owner = 'killed' where id = $1"
ERASED = "select state, failures, next_at from obligation where id = $1"


class KilledError(BaseException):
    """The process is gone: nothing of it goes on."""


@pytest.mark.parametrize("status", [500, 503])
async def test_three_days_of_outage_lose_nothing(
    services, admin, ada, acme, database, installation, connections, server, owner, monkeypatch, clock, status
):
    server.vendor.takes_time = False
    began, tries, waits = clock.now(), [], []
    with monkeypatch.context() as away:
        away.setattr(server.vendor, "take", lambda *_: tries.append(clock.now()) or Answer(status))
        obligation_id = await owe(services, admin, ada)
        bob = await make_member(database, acme, name="Bob", email="bob@example.org", first_name="Bob")
        async with access_for(services, admin) as access:
            await bring_in_line(access, [bob.member_id])
        while clock.now() < began + timedelta(days=3):
            await connections.work()
            row = await owner.fetchrow(ERASED, obligation_id)
            assert row["state"] == "pending"
            waits.append(row["next_at"] - clock.now())
            clock.advance(max(await _next(owner) - clock.now(), timedelta(seconds=1)))
    assert max(waits) <= timedelta(hours=1, minutes=12), "an hour at most, and a fifth of it by chance"
    assert len({wait.total_seconds() % 60 for wait in waits[10:20]}) > 5, "spread, so that not all come together"
    assert 70 < len(tries) < 500
    await connections.pass_time(hours=2)
    assert (await owner.fetchrow(ERASED, obligation_id))["state"] == "completed"
    assert "bob@example.org" in {held.get("email") for held in server.vendor.held.values()}
    assert (await connections.read(installation.id)).state == "active"
    assert not await owner.fetchval("select count(*) from manual_task")


async def _next(owner):
    return await owner.fetchval("select min(next_at) from obligation where state in ('pending', 'waiting')")


async def test_what_the_vendor_asks_to_wait_is_waited(
    services, admin, ada, installation, connections, server, owner, monkeypatch, clock
):
    answering(server, monkeypatch, 202)
    monkeypatch.setattr(server.vendor, "take", lambda *_: Answer(429, {"detail": "later"}, {"retry-after": "86400"}))
    obligation_id = await owe(services, admin, ada)
    await connections.work()
    row = await owner.fetchrow(ERASED, obligation_id)
    assert (row["state"], row["failures"], row["next_at"]) == ("pending", 0, clock.now() + timedelta(days=1))
    assert (await connections.read(installation.id)).state == "active"


async def test_an_outage_that_does_not_end_goes_to_a_person(
    services, admin, ada, installation, connections, server, owner, monkeypatch, clock
):
    answering(server, monkeypatch, 500)
    obligation_id = await owe(services, admin, ada)
    assert installation.state == "active"
    for _ in range(3):
        await connections.work()
        clock.advance(timedelta(days=9))
    await connections.work()
    assert (await owner.fetchrow(ERASED, obligation_id))["state"] == "manual"
    assert await owner.fetchval("select count(*) from manual_task where obligation_id = $1", obligation_id) == 1


@pytest.mark.parametrize("verb", [Verb.ERASE, Verb.EXPORT, Verb.CORRECT])
async def test_a_worker_that_dies_before_it_settles_sends_the_same_message_again(
    services, admin, ada, installation, connections, server, owner, clock, verb
):
    """Killed between sending and settling: its lease ends by the clock, and nothing of the call was kept."""
    server.vendor.takes_time = False
    obligation_id = await owe(services, admin, ada, verb)
    worker = connections.worker()

    async def killed(*_args: object) -> None:
        raise KilledError

    worker._settle_surely = killed
    with pytest.raises(BaseExceptionGroup):
        await worker.run_once()
    assert await owner.fetchval("select state from obligation where id = $1", obligation_id) == "leased"
    clock.advance(ClaimLimits().lease + timedelta(seconds=1))
    await connections.work()
    said = [headers for headers, message in server.vendor.heard if message["data"]["verb"] == verb.value]
    assert len(said) == 2
    assert len({headers["webhook-id"] for headers in said}) == 1
    assert len({headers["webhook-timestamp"] for headers in said}) == 2
    assert installation.state == "active"
