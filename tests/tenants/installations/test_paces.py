"""The pace of a place is one for all workers: it stands in the database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from wardship.core.outbound.pacing import PacedPlace, Rate
from wardship.tenants.installations.paces import PlacePaces

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def place(connections, acme):
    installation = await connections.install()
    return PacedPlace(str(acme.id), str(installation.place_id))


async def test_two_workers_count_together(database, place):
    here, there = PlacePaces(database), PlacePaces(database)
    waits = await asyncio.gather(
        *(paces.give(place, Rate(5), NOW, within_s=0) for paces in (here, there) for _ in range(10))
    )
    assert sorted(waits) == [0.0] * 5 + [60.0] * 15


async def test_what_one_worker_is_asked_holds_the_other_back(database, place):
    await PlacePaces(database).hold(place, NOW, 90)
    assert await PlacePaces(database).wait_s(place, Rate(5), NOW) == 90.0
    assert await PlacePaces(database).give(place, Rate(5), NOW, within_s=0) == 90.0


async def test_a_place_that_was_never_asked_waits_for_nothing(database, place):
    assert await PlacePaces(database).wait_s(place, Rate(1), NOW) == 0.0


async def test_what_was_sent_more_than_a_minute_ago_is_not_kept(database, place, owner):
    paces = PlacePaces(database)
    for minute in range(4):
        await paces.give(place, Rate(5), NOW + timedelta(minutes=minute), within_s=0)
    assert await owner.fetchval("select jsonb_array_length(pace -> 'given') from place_pace") == 1
