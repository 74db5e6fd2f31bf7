"""A call to an installation that rests is to be made again, and acts then: nothing that a vendor told is lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.builders import access_for
from tests.fakes.calling_vendor import KEY, CallingVendor, calling_vendor
from wardship.plugins.api import Rejected, Verb, new_webhook_secret
from wardship.tenants.inbound import admission
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume

pytestmark = pytest.mark.anyio
HOST = "recorder.example"
CHANGED = "select (select count(*) from objection) + (select count(*) from inbound_message)"


@pytest.fixture
def calling() -> CallingVendor:
    """One that may ask its vendor."""
    return calling_vendor(hosts=(HOST,))


@pytest.mark.parametrize("state", ["paused", "load_failed", "migration_failed"])
async def test_what_is_told_while_an_installation_rests_is_to_be_told_again_and_acts_then(
    vendor_calls, services, connections, owner, state
):
    here, event = vendor_calls.installation_id, vendor_calls.event("objected")
    async with access_for(services, connections.admin) as access:
        await pause(access, here)
    await owner.execute("update installation set state = $2 where id = $1", here, state)
    answer = await vendor_calls.send([event])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3600")
    assert answer.json()["code"] == "INBOUND_UNAVAILABLE"
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


@pytest.fixture
def few(monkeypatch):
    """Strangers have three calls a minute; made before the server counts."""
    monkeypatch.setattr(admission, "UNVERIFIED", 3)


@pytest.fixture
def busy(monkeypatch):
    """A vendor has five calls a minute to one installation."""
    monkeypatch.setattr(admission, "VERIFIED", 5)


async def rest(services, connections, owner, here, state) -> None:
    async with access_for(services, connections.admin) as access:
        await pause(access, here)
    await owner.execute("update installation set state = $2 where id = $1", here, state)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("state", ["paused", "load_failed", "migration_failed"])
async def test_a_vendors_calls_to_a_resting_installation_are_its_own_and_strangers_stay_limited(
    vendor_calls, services, connections, owner, state
):
    await rest(services, connections, owner, vendor_calls.installation_id, state)
    event = vendor_calls.event("objected")
    answers = [await vendor_calls.send([event]) for _ in range(10)]
    assert {(each.status_code, each.headers["retry-after"]) for each in answers} == {(503, "3600")}
    forged = [await vendor_calls.send([event], secrets=(new_webhook_secret(),)) for _ in range(5)]
    assert [each.status_code for each in forged] == [503, 503, 503, 429, 429], "a stranger learns nothing more"
    assert await owner.fetchval(CHANGED) == 0


@pytest.mark.usefixtures("few")
async def test_a_signed_call_of_another_time_is_a_strangers(vendor_calls, services, connections, owner):
    await rest(services, connections, owner, vendor_calls.installation_id, "paused")
    old = vendor_calls.clock.now() - timedelta(minutes=6)
    answers = [await vendor_calls.send([vendor_calls.event("objected")], sent_at=old) for _ in range(4)]
    assert [each.status_code for each in answers] == [503, 503, 503, 429]


@pytest.mark.usefixtures("busy")
async def test_a_vendors_own_calls_to_a_resting_installation_have_their_bound_too(
    vendor_calls, services, connections, owner
):
    await rest(services, connections, owner, vendor_calls.installation_id, "paused")
    answers = [await vendor_calls.send([vendor_calls.event("objected")]) for _ in range(6)]
    assert [each.status_code for each in answers] == [503] * 5 + [429]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("is_known", [True, False])
async def test_where_nothing_can_verify_a_call_it_is_the_vendors_from_where_that_called_lately(
    vendor_calls, services, connections, owner, calling, is_known
):
    event = vendor_calls.event("objected")
    if is_known:
        assert (await vendor_calls.send([event])).status_code == 200
    await rest(services, connections, owner, vendor_calls.installation_id, "load_failed")
    services.integrations._by_key.pop(KEY)
    calling.calls.clear()
    answers = [await vendor_calls.send([event]) for _ in range(6)]
    assert [each.status_code for each in answers] == ([503] * 6 if is_known else [503, 503, 503, 429, 429, 429])
    assert calling.calls == []


async def test_a_connector_that_verifies_for_a_resting_installation_reaches_no_host(
    vendor_calls, services, connections, owner, calling
):
    await rest(services, connections, owner, vendor_calls.installation_id, "paused")
    reached: list[str] = []

    async def asking(_):
        try:
            await calling.contexts[-1].http.request("GET", f"https://{HOST}/events")
            reached.append("the vendor")
        except Rejected as error:
            reached.append(error.message)

    calling.told[Verb.RECEIVE].append(asking)
    assert (await vendor_calls.send([vendor_calls.event("objected")])).status_code == 503
    assert reached == [f"{HOST} is not among the hosts that the integration declares"]
