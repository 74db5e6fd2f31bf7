"""Access tokens are renewed before they end, by one request; and what a vendor ends is told, and leads back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import access_for, make_organisation
from tests.fakes.oauth_vendor import KEY, open_vendor
from wardship.core.outbound.pacing import PacedPlace
from wardship.plugins.api import Rejected, TemporarilyUnavailable
from wardship.plugins.host.authorisations import NotConnectedError
from wardship.plugins.host.registry import load_plugin
from wardship.tenants.authorisations import renewing
from wardship.tenants.authorisations.clients import IntegrationClient, put_integration_client, remove_integration_client
from wardship.tenants.authorisations.renewing import PlaceTokens
from wardship.tenants.installation_lifecycle import connecting
from wardship.tenants.installation_lifecycle.checking import check_again

LASTS_S = 80
SOON = timedelta(seconds=3600 - LASTS_S + 1)
PATIENCE_S = 10
"""How long is waited for what comes at once: else it hangs, which says nothing."""


@pytest.fixture
async def connected(desk):
    await desk.connect()
    desk.vendor.seen.clear()
    desk.plugin.tokens.clear()
    return desk


@pytest.fixture
def place(connected) -> PacedPlace:
    return PacedPlace(str(connected.installation.organisation_id), str(connected.installation.place_id))


async def fresh(services, place, **wanted) -> str:
    return await PlaceTokens(services).fresh(place, **({"lasts_s": LASTS_S} | wanted))


async def test_a_token_that_is_good_for_the_call_is_used_as_it_is(connected, services, place, clock):
    clock.advance(timedelta(seconds=3600 - LASTS_S))
    assert connected.vendor.is_accepted(await fresh(services, place))
    assert connected.vendor.count("/token") == 0


async def test_a_token_is_renewed_before_it_ends(connected, services, place, clock):
    before = await fresh(services, place)
    clock.advance(SOON)
    after = await fresh(services, place)
    assert after != before
    assert connected.vendor.is_accepted(after)
    assert await fresh(services, place) == after
    assert connected.vendor.count("/token") == 1


async def test_refresh_tokens_that_rotate_are_kept(connected, services, place, clock):
    for _ in range(3):
        clock.advance(SOON)
        assert connected.vendor.is_accepted(await fresh(services, place))
    assert connected.vendor.count("/token") == 3


async def test_a_vendor_that_keeps_its_refresh_token_goes_on_with_it(connected, services, place, clock):
    connected.vendor.rotates = False
    for _ in range(2):
        clock.advance(SOON)
        assert connected.vendor.is_accepted(await fresh(services, place))
    assert len({form["refresh_token"] for _, path, form in connected.vendor.seen if path == "/token"}) == 1


async def test_fifty_that_want_it_at_once_send_one_request(connected, services, place, clock):
    """Half of them in another process, as far as the database sees it: with tokens of its own."""
    clock.advance(SOON)
    here, there = PlaceTokens(services), PlaceTokens(services)
    connected.vendor.gate = asyncio.Event()
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        wanted = [group.create_task(each.fresh(place, lasts_s=LASTS_S)) for each in (here, there) for _ in range(25)]
        await connected.vendor.reached.wait()
        connected.vendor.gate.set()
    found = [task.result() for task in wanted]
    assert len(set(found)) == 1
    assert connected.vendor.is_accepted(found[0])
    assert connected.vendor.count("/token") == 1


async def test_a_call_that_is_cancelled_loses_no_answer(connected, services, place, clock):
    clock.advance(SOON)
    tokens = PlaceTokens(services)
    connected.vendor.gate = asyncio.Event()
    async with asyncio.timeout(PATIENCE_S):
        asked = asyncio.create_task(tokens.fresh(place, lasts_s=LASTS_S))
        await connected.vendor.reached.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        connected.vendor.gate.set()
        assert connected.vendor.is_accepted(await tokens.fresh(place, lasts_s=LASTS_S))
    assert connected.vendor.count("/token") == 1


async def test_a_token_that_was_refused_before_its_time_is_replaced_and_the_call_made_again(connected, connections):
    vendor = connected.vendor
    for token in [*vendor.access]:
        vendor.access[token] = replace(vendor.access[token][0], is_ended=True), None
    vendor.seen.clear()
    await check(connected)
    await connections.work()
    assert await connected.state() == "active"
    assert vendor.count("/token") == 1
    assert len(set(connected.plugin.tokens)) == 2
    kept = await connected.owner.fetchval(
        "select jsonb_array_length(exchanges) from obligation where verb = 'check' order by id desc limit 1"
    )
    assert kept == 2


async def test_what_the_vendor_has_ended_is_told_once_and_connecting_again_leads_back(connected, connections, clock):
    end_there(connected.vendor)
    clock.advance(SOON)
    await check(connected)
    await connections.work()
    read = await connections.read(connected.installation.id)
    assert (read.state.value, read.state_reason) == ("degraded", "not_connected")
    assert "connect it" in read.problem
    assert await connected.rows() == ["expired"]
    await check(connected)
    await connections.work()
    assert connected.vendor.count("/token") == 1
    assert await told(connected) == ["installation_fails"]

    await connected.connect()
    assert await connected.state() == "active"
    assert await connected.rows() == ["superseded", "connected"]


async def test_of_one_that_is_paused_it_is_told_too(connected, services, place, clock):
    await connected.owner.execute("update installation set state = 'paused'")
    end_there(connected.vendor)
    clock.advance(SOON)
    for _ in range(2):
        with pytest.raises(NotConnectedError):
            await fresh(services, place)
    assert await connected.rows() == ["expired"]
    assert await told(connected) == ["installation_fails"]


async def test_without_a_refresh_token_it_is_used_to_its_end(desk, services, clock):
    desk.vendor.gives_refresh = False
    await desk.connect()
    place = PacedPlace(str(desk.installation.organisation_id), str(desk.installation.place_id))
    clock.advance(timedelta(seconds=3599))
    assert desk.vendor.is_accepted(await fresh(services, place))
    clock.advance(timedelta(seconds=2))
    with pytest.raises(NotConnectedError):
        await fresh(services, place)
    assert await desk.rows() == ["expired"]


async def test_a_token_without_an_end_is_never_renewed(desk, services, clock):
    desk.vendor.access_life = None
    desk.vendor.said = {"expires_in": 0}
    await desk.connect()
    clock.advance(timedelta(days=900))
    place = PacedPlace(str(desk.installation.organisation_id), str(desk.installation.place_id))
    assert desk.vendor.is_accepted(await fresh(services, place))
    assert desk.vendor.count("/token") == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((500, {}, {}), TemporarilyUnavailable),
        ((429, {}, {}), TemporarilyUnavailable),
        ((200, {}, b"<html>"), TemporarilyUnavailable),
        ((302, {"location": "/elsewhere"}, {}), TemporarilyUnavailable),
        ((401, {}, {"error": "invalid_client"}), TemporarilyUnavailable),
        ((200, {}, {"access_token": "a b"}), Rejected),
        ((400, {}, {"error": "invalid_scope"}), Rejected),
    ],
)
async def test_a_vendor_that_errs_ends_nothing(connected, services, place, clock, answer, error):
    clock.advance(SOON)
    before = await connected.rows("state, tokens, expires_at, changed_at")
    connected.vendor.answers["/token"] = answer
    with pytest.raises(error):
        await fresh(services, place)
    assert await connected.rows("state, tokens, expires_at, changed_at") == before
    del connected.vendor.answers["/token"]
    assert connected.vendor.is_accepted(await fresh(services, place))


async def test_a_vendor_that_is_down_delays_and_loses_nothing(connected, connections, clock):
    clock.advance(SOON)
    connected.vendor.is_down = True
    await check(connected)
    await connections.work()
    assert (await connections.read(connected.installation.id)).state_reason == "unavailable"
    connected.vendor.is_down = False
    await connections.pass_time(minutes=10)
    assert await connected.state() == "active"
    assert await connected.rows() == ["connected"]


async def test_an_operator_that_takes_its_client_away_ends_nothing(connected, services, place, clock):
    clock.advance(SOON)
    await remove_integration_client(services, "let_in")
    with pytest.raises(TemporarilyUnavailable, match="its operator enters it again"):
        await fresh(services, place)
    assert await connected.rows() == ["connected"]
    assert connected.vendor.count("/token") == 0


async def test_tokens_of_another_client_are_connected_again(connected, services, place, clock):
    clock.advance(SOON)
    await put_integration_client(services, "let_in", IntegrationClient("another", "secret"))
    with pytest.raises(NotConnectedError):
        await fresh(services, place)
    assert connected.vendor.count("/token") == 0
    assert await connected.rows() == ["expired"]


async def test_another_organisation_reaches_no_token(services, place, database):
    other = await make_organisation(database, "other")
    with pytest.raises(NotConnectedError):
        await fresh(services, PacedPlace(str(other.id), place.id))


def end_there(vendor) -> None:
    """Take the access back at the vendor, where its person may."""
    for consent, _ in vendor.refresh.values():
        consent.is_ended = True


async def check(desk) -> None:
    """Owe a check, as when somebody looks again."""
    installation = await desk.connections.read(desk.installation.id)
    async with access_for(desk.services, desk.actor()) as access:
        await check_again(access, installation)


async def told(desk) -> list[str]:
    rows = await desk.owner.fetch("select kind from notice where kind <> 'new_recipient' order by created_at, id")
    return [row["kind"] for row in rows]


async def test_a_process_that_dies_between_the_answer_and_its_commit_loses_a_rotated_token_and_it_is_said(
    connected, services, place, clock, monkeypatch
):
    """Nothing on this side can mend that: the vendor has replaced the token, and nobody has the new one."""
    clock.advance(SOON)

    async def die(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as dying:
        dying.setattr(renewing, "keep_renewed", die)
        with pytest.raises(ConnectionResetError):
            await fresh(services, place)
    assert await connected.rows() == ["connected"]
    with pytest.raises(NotConnectedError):
        await fresh(services, place)
    assert await connected.rows() == ["expired"]
    assert (await connected.connect()).status_code == 200


async def test_an_upgrade_that_is_not_approved_leads_no_token_elsewhere(connected, services, place, clock):
    async with open_vendor(clock) as elsewhere:
        plugin = connected.vendor.integration(oauth=elsewhere.declared(), hosts=(f"127.0.0.1:{elsewhere.port}",))
        services.integrations._by_key[KEY] = load_plugin(lambda: plugin, KEY, "")
        clock.advance(SOON)
        assert connected.vendor.is_accepted(await fresh(services, place))
        assert connected.vendor.count("/token") == 1
        assert elsewhere.seen == []


async def test_what_could_not_be_kept_is_revoked_at_once(connected, monkeypatch):
    async def refuse(*_: object) -> None:
        raise ConnectionResetError

    good = {token for token in connected.vendor.access if connected.vendor.is_accepted(token)}
    monkeypatch.setattr(connecting, "insert_authorisation", refuse)
    answer = await connected.come_back(connected.vendor.authorize(await connected.begin()))
    assert answer.status_code == 500
    assert await connected.rows() == ["connected"]
    assert {token for token in connected.vendor.access if connected.vendor.is_accepted(token)} == good
