"""The circuit breaker of a place is one for all workers, and outlasts them: it stands in the database."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOW, access_for, make_member
from wardship.core.outbound.breaking import FAILURES_TO_OPEN, NOTED_EVERY, OPEN_FOR, WELL, CallEnd, Health
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.outbound.pacing import PacedPlace
from wardship.plugins.api import TemporarilyUnavailable, Verb
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.tenants.installation_lifecycle.lifecycle import uninstall, update_settings
from wardship.tenants.installations.paces import PlaceBreakers
from wardship.tenants.installations.records import read_places
from wardship.tenants.obligations.deadlines import RETRY_FRACTION
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member


@pytest.fixture
async def place(connections, acme):
    installation = await connections.install()
    return PacedPlace(str(acme.id), str(installation.place_id))


async def known(connections, place: PacedPlace) -> Health:
    """Return what is read of a place before it is called."""
    async with access_for(connections.services, connections.admin) as access:
        (found,) = (await read_places(access, [UUID(place.id)])).values()
        return found.health


def down(_):
    raise TemporarilyUnavailable("down")


async def test_failures_of_two_workers_count_together(database, place, connections):
    here, there = PlaceBreakers(database), PlaceBreakers(database)
    await asyncio.gather(*(each.note(place, WELL, CallEnd.UNANSWERED, NOW) for each in [here, there] * 2))
    assert (await known(connections, place)).next_try_at is None
    await here.note(place, WELL, CallEnd.UNANSWERED, NOW)

    assert await known(connections, place) == Health(FAILURES_TO_OPEN, NOW, None, NOW + OPEN_FOR)
    assert await there.admit(place, await known(connections, place), NOW) == 60.0


async def test_of_many_that_would_try_at_the_same_moment_one_does(database, place, connections):
    for _ in range(FAILURES_TO_OPEN):
        await PlaceBreakers(database).note(place, WELL, CallEnd.UNANSWERED, NOW)
    then, health = NOW + OPEN_FOR, await known(connections, place)
    for _ in range(20):
        waits = await asyncio.gather(*(PlaceBreakers(database).admit(place, health, then) for _ in range(8)))
        assert sorted(waits) == [0.0, *[60.0] * 7]
        # The trial is never made, as by a worker that dies: the clock lets the next through.
        then, health = then + OPEN_FOR, await known(connections, place)


async def test_whoever_has_read_before_that_it_answers_again_is_told_so(database, place, connections):
    breakers = PlaceBreakers(database)
    for _ in range(FAILURES_TO_OPEN):
        await breakers.note(place, WELL, CallEnd.UNANSWERED, NOW)
    then, health = NOW + OPEN_FOR, await known(connections, place)
    assert await breakers.admit(place, health, then) == 0
    await breakers.note(place, health, CallEnd.SUCCEEDED, then)
    assert await breakers.admit(place, health, then) == 0
    assert await known(connections, place) == Health(succeeded_at=then)


@pytest.mark.parametrize("seed", range(4))
async def test_the_database_and_the_rule_agree(database, place, connections, seed):
    breakers, rule = PlaceBreakers(database), WELL
    chosen = random.Random(seed)  # noqa: S311 - a scenario that can be repeated
    for number in range(40):
        now, end = NOW + timedelta(seconds=97 * number), chosen.choice([*CallEnd, *[CallEnd.UNANSWERED] * 6])
        health = await known(connections, place)
        await breakers.note(place, health, end, now)
        if not rule.is_told_by(end, now):
            rule = rule.after(end, now)
        assert await known(connections, place) == rule


async def test_a_place_that_works_costs_no_statement(database, place, monkeypatch):
    asked = []
    tenant = database.tenant
    monkeypatch.setattr(database, "tenant", lambda *given, **named: asked.append(given) or tenant(*given, **named))
    breakers, well = PlaceBreakers(database), Health(succeeded_at=NOW)
    for end in (CallEnd.SUCCEEDED, CallEnd.ANSWERED):
        assert await breakers.admit(place, well, NOW) == 0
        await breakers.note(place, well, end, NOW)
    assert asked == []
    await breakers.note(place, well, CallEnd.SUCCEEDED, NOW + NOTED_EVERY)
    assert len(asked) == 1


async def test_what_another_worker_has_found_holds_back_one_that_starts_now(
    services, connections, recording, ada, owner
):
    await connections.connect()
    await _silence(owner, NOW + OPEN_FOR)
    recording.heard.clear()
    fresh = _restarted(services, connections)
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])

    assert await fresh.work() == 0
    assert recording.verbs() == []
    services.clock.advance(OPEN_FOR)
    assert await fresh.work() == 1
    assert recording.verbs() == ["share"]
    fresh.services.dispatcher.close()


async def test_of_many_that_are_owed_one_tries_and_the_rest_stay_unleased(
    connections, recording, database, acme, owner, services
):
    for number in range(12):
        await make_member(database, acme, first_name=f"Nr {number}")
    recording.always[Verb.SHARE] = down
    installation = await connections.connect()
    assert (await connections.read(installation.id)).state == "degraded"
    # Four at a time are called: the second batch ends with the fifth failure, and more.
    assert recording.verbs().count("share") == 2 * FAILURES_TO_OPEN - 2
    for _ in range(30):
        recording.heard.clear()
        before = await owner.fetchval("select sum(attempt) from obligation")
        services.clock.advance(OPEN_FOR)
        await connections.work()
        assert recording.verbs() == ["share"]
        assert await owner.fetchval("select sum(attempt) from obligation") - before <= 4
    recording.always.clear()
    for _ in range(20):
        await connections.pass_time(minutes=5)

    assert len(recording.held) == 13
    assert (await connections.read(installation.id)).state == "active"


async def test_a_revocation_is_called_however_silent_the_place_is(services, connections, recording, ada, owner):
    installation = await connections.connect()
    await _silence(owner, NOW + timedelta(days=1))
    recording.heard.clear()
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await owner.execute("update obligation set state = 'cancelled', ended_at = $1 where verb = 'erase'", NOW)
    await connections.worker().run_once()

    assert recording.verbs() == ["revoke"]
    del ada


async def test_what_is_late_goes_to_a_person_however_silent_the_place_is(services, connections, recording, ada, owner):
    await connections.connect()
    await _silence(owner, NOW + timedelta(days=90))
    async with access_for(services, connections.admin) as access:
        (identifier,) = await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
    row = await owner.fetchrow("select submitted_at, due_at from obligation where id = $1", identifier)
    recording.heard.clear()
    time = (row["due_at"] - row["submitted_at"]) * RETRY_FRACTION
    services.clock.advance(time - timedelta(seconds=1))
    assert await connections.work() == 0
    services.clock.advance(timedelta(seconds=1))
    await connections.work()

    assert await owner.fetchval("select state from obligation where id = $1", identifier) == "manual"
    assert recording.verbs() == []


async def test_new_settings_are_tried_at_once(services, connections, recording, owner):
    installation = await connections.connect()
    await _silence(owner, NOW + timedelta(days=1))
    recording.heard.clear()
    async with access_for(services, connections.admin) as access:
        await update_settings(access, installation.id, {})
    await connections.work()

    assert recording.verbs()[0] == "check"
    assert await owner.fetchval("select failing_since from installation_place") is None


async def _silence(owner, until) -> None:
    """Note of every place what another worker has found."""
    await owner.execute(
        "update installation_place set failures = $1, failing_since = $2, next_try_at = $3",
        FAILURES_TO_OPEN,
        NOW,
        until,
    )


def _restarted(services, connections):
    """Return an administrator's hands on another process of the deployment."""
    limits = DispatchLimits(network=NetworkPolicy.development(), breakers=PlaceBreakers(services.database))
    dispatcher = Dispatcher(services.integrations, services.clock, limits)
    return replace(connections, services=replace(services, dispatcher=dispatcher))
