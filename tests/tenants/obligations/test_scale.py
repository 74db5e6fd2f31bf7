"""Claiming stays cheap however much waits: it reads what it takes, and not the table."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from wardship.core.database.scope import Scope
from wardship.core.outbound.pacing import PacedPlace, Rate
from wardship.tenants.installations.paces import PlacePaces
from wardship.tenants.obligations.leases import ClaimLimits, claim

MANY = 30_000


class _TakenBackError(Exception):
    """What was done for a look is not to stay."""


@pytest.fixture
async def waiting(connections, acme, owner):
    """An installation to which the records of many are owed."""
    installation = await connections.install()
    await owner.execute(
        "insert into member (organisation_id, id, created_at, display_name, first_name, pseudonym, joined_at)"
        " select $1, time_ordered_id(), now(), 'Member ' || n, 'Member', 'Random ' || n, now()"
        " from generate_series(1, $2) n",
        acme.id,
        MANY,
    )
    await connections.worker().run_once()
    assert await owner.fetchval("select count(*) from obligation where verb = 'share'") == MANY + 1
    await owner.execute("analyze obligation")
    return installation


async def pages_of_a_claim(services) -> int:
    """Return how many pages one claim reads, once its statements are planned; it is taken back."""
    explain = "explain (analyze, buffers) select * from claim_obligations('w', $1, interval '60 s', 4, null, '{}')"
    for _ in range(2):
        with suppress(_TakenBackError):
            async with services.database.transaction(Scope()) as transaction:
                plan = await transaction.fetch(explain, services.clock.now())
                raise _TakenBackError
    text = "\n".join(row[0] for row in plan)
    return int(text.split("shared hit=")[1].split()[0])


@pytest.mark.usefixtures("waiting")
async def test_a_claim_reads_a_few_pages_of_a_long_queue(services):
    assert await pages_of_a_claim(services) < 400
    batch = await claim(services, "w", ClaimLimits(), after=None, busy=[])
    assert len(batch.attempts) == 4


async def test_a_claim_reads_a_few_pages_of_what_may_not_be_called(services, waiting, owner):
    place = PacedPlace(str(waiting.organisation_id), str(waiting.place_id))
    await PlacePaces(services.database).hold(place, services.clock.now(), 3600)
    assert await pages_of_a_claim(services) < 200
    assert await claim(services, "w", ClaimLimits(), after=None, busy=[]) is None
    # One of the last is late: it is found without reading those before it.
    await owner.execute(
        "update obligation set submitted_at = $1, due_at = $2"
        " where id = (select id from obligation order by id desc limit 1)",
        services.clock.now() - timedelta(days=20),
        services.clock.now() + timedelta(days=1),
    )
    assert await pages_of_a_claim(services) < 200
    assert len((await claim(services, "w", ClaimLimits(), after=None, busy=[])).attempts) == 1


async def test_a_claim_reads_a_few_pages_where_few_turns_are_left(services, waiting):
    place = PacedPlace(str(waiting.organisation_id), str(waiting.place_id))
    await PlacePaces(services.database).give(place, Rate(3), services.clock.now(), within_s=0)
    assert await pages_of_a_claim(services) < 200
    assert len((await claim(services, "w", ClaimLimits(), after=None, busy=[])).attempts) == 1
