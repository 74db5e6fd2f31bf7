"""What may not be called now is not leased, however much of it waits, and nothing else waits for it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.builders import NOW, access_for, make_member, system_access
from tests.fakes.recorder import Recorder, recorder
from tests.tenants.obligations.test_faults import raising
from wardship.core.outbound.breaking import FAILURES_TO_OPEN
from wardship.core.outbound.pacing import Pace, PacedPlace, Rate, given
from wardship.plugins.api import Deadlines, Limits, Outcome, TemporarilyUnavailable, Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installations.paces import PlacePaces
from wardship.tenants.obligations.deadlines import RETRY_FRACTION
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.leases import ClaimLimits, claim
from wardship.tenants.obligations.told import ToldResult, keep_told

PEOPLE = 12
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LEASES = "select coalesce(sum(attempt), 0)::integer from obligation"
OPEN = "select count(*) from obligation where ended_at is null"


@dataclass(frozen=True)
class Held:
    """An installation with people of whom something is owed, and the hands on its pace."""

    services: Any
    connections: Any
    owner: Any
    organisation: Any
    plugin: Recorder
    installation: Any
    people: list[Any]

    @property
    def place(self) -> PacedPlace:
        return PacedPlace(str(self.installation.organisation_id), str(self.installation.place_id))

    @property
    def now(self):
        return self.services.clock.now()

    @property
    def admin(self):
        return self.connections.admin.actor(at=self.now)

    async def hold(self, span: timedelta) -> None:
        """Have the vendor ask to be left alone."""
        await PlacePaces(self.services.database).hold(self.place, self.now, span.total_seconds())

    async def send(self, count: int, rate: Rate) -> None:
        """Send so many requests, for calls of which nothing is seen here."""
        for _ in range(count):
            await PlacePaces(self.services.database).give(self.place, rate, self.now, within_s=0)

    async def owe(self, verb: Verb = Verb.SHARE) -> list[Any]:
        async with access_for(self.services, self.admin) as access:
            members = [each.member_id for each in self.people]
            if verb is Verb.SHARE:
                return await bring_in_line(access, members)
            return [made for each in members for made in await enqueue_for_member(access, each, verb)]

    async def claim(self, **limits: Any):
        return await claim(self.services, "w", ClaimLimits(**limits), after=None, busy=[])

    async def leases(self) -> int:
        return await self.owner.fetchval(LEASES)


@pytest.fixture
async def connect(services, connections, owner, database, acme):
    """Connect an integration with so many people, and let a quiet minute pass."""

    async def connected(people: int = PEOPLE, **declared: Any) -> Held:
        plugin = recorder("paced", **declared)
        services.integrations.register(plugin, "paced")
        installation = await connections.install("paced")
        while await owner.fetchval(OPEN + " and verb <> 'reconcile'"):
            await connections.work()
            services.clock.advance(MINUTE)
        made = [await make_member(database, acme, first_name=f"Nr {number}") for number in range(people)]
        found = Held(services, connections, owner, acme, plugin, installation, made)
        await found.owe()
        while await owner.fetchval(OPEN + " and verb <> 'reconcile'"):
            await connections.work()
            services.clock.advance(MINUTE)
        plugin.heard.clear()
        await owner.execute("update obligation set attempt = 0")
        return found

    return connected


async def test_a_place_that_asked_to_be_left_alone_costs_no_lease(connect):
    held = await connect()
    await held.hold(90 * SECOND)
    await held.owe()
    for _ in range(90):
        assert await held.connections.work() == 0
        held.services.clock.advance(SECOND)
    assert await held.connections.work() == PEOPLE
    assert await held.leases() == len(held.plugin.heard) == PEOPLE


@pytest.mark.parametrize("per_minute", [1, 3, 5])
async def test_no_more_is_leased_than_the_pace_leaves_turns_for(connect, per_minute):
    held = await connect(limits=Limits(batch=20, per_minute=per_minute))
    await held.owe()
    for minute in range(-(-PEOPLE // per_minute)):
        assert len(held.plugin.heard) == minute * per_minute
        await held.connections.work()
        await held.connections.work()
        held.services.clock.advance(MINUTE)
    assert len(held.plugin.heard) == PEOPLE
    assert await held.leases() == PEOPLE


async def test_two_workers_lease_no_more_than_there_are_turns(connect):
    held = await connect(limits=Limits(batch=20, per_minute=6))
    await held.owe()
    await held.send(1, Rate(6))
    sizes = [len(batch.attempts) for _ in range(2) if (batch := await held.claim())]
    assert sizes == [4, 1]
    assert await held.claim() is None


async def test_a_call_that_carries_several_takes_one_turn(connect):
    held = await connect(contract=2, limits=Limits(batch=5, per_minute=3))
    await held.owe()
    await held.send(2, Rate(3))
    batch = await held.claim()
    assert len(batch.attempts) == 5
    assert await held.claim() is None


async def test_a_batch_that_failed_is_leased_whole_where_one_turn_is_left(connect):
    held = await connect(contract=2, limits=Limits(batch=5, per_minute=3))
    await held.owe()
    held.plugin.told[Verb.SHARE] = [raising(TemporarilyUnavailable("not now"))]
    await held.connections.worker().run_once()
    await held.owner.execute("update obligation set next_at = $1 where batch_id is null and ended_at is null", NOW)
    held.services.clock.advance(MINUTE)
    await held.owner.execute(
        "update obligation set next_at = $1 where batch_id is not null and ended_at is null", NOW - SECOND
    )
    await held.send(2, Rate(3))
    batch = await held.claim()
    ids = await held.owner.fetch("select id from obligation where batch_id is not null and ended_at is null")
    assert set(batch.attempts) == {row["id"] for row in ids}
    assert len(batch.attempts) == 5


async def test_others_are_called_meanwhile_in_turn(connect, connections, recording):
    held = await connect()
    await held.hold(timedelta(days=1))
    await held.owe()
    await connections.connect("recorder")
    assert recording.verbs().count("share") == PEOPLE + 1
    assert held.plugin.heard == []
    assert await held.leases() == await held.owner.fetchval(
        LEASES + " where installation_id <> $1", held.installation.id
    )


async def test_a_revocation_waits_for_no_pace(connect):
    held = await connect()
    await held.hold(timedelta(days=1))
    async with access_for(held.services, held.admin) as access:
        await uninstall(access, held.installation.id)
    await held.owner.execute("update obligation set state = 'cancelled', ended_at = $1 where verb = 'erase'", NOW)
    await held.connections.work()
    assert held.plugin.verbs() == ["revoke"]


async def test_what_is_late_goes_to_a_person_though_the_place_is_left_alone(connect):
    held = await connect(people=2, deadlines=Deadlines(acknowledge_s=1, export_d=20))
    await held.hold(timedelta(days=90))
    made = await held.owe(Verb.EXPORT)
    late = timedelta(days=20) * RETRY_FRACTION
    held.services.clock.advance(late - SECOND)
    assert await held.connections.work() == 0
    held.services.clock.advance(SECOND)
    await held.connections.work()
    states = await held.owner.fetch("select state from obligation where id = any($1)", made)
    assert [row["state"] for row in states] == ["manual", "manual"]
    assert held.plugin.heard == []


@pytest.mark.parametrize("keeps_away", ["pace", "breaker"])
async def test_what_a_vendor_told_is_heard_though_it_may_not_be_called(connect, keeps_away):
    held = await connect(people=1)
    held.plugin.told[Verb.ERASE] = [lambda _: Outcome.in_progress("job", retry_after_s=86_400)]
    (made,) = await held.owe(Verb.ERASE)
    await held.connections.work()
    await held.hold(timedelta(days=3)) if keeps_away == "pace" else await silence(held, timedelta(days=3))
    held.plugin.heard.clear()
    async with system_access(held.services, held.organisation) as access:
        assert await keep_told(access, held.installation.id, str(made), Outcome.completed(1)) is ToldResult.APPLIED
    await held.connections.work()
    assert await held.owner.fetchval("select state from obligation where id = $1", made) == "completed"
    assert held.plugin.heard == []


@pytest.mark.parametrize(
    ("verb", "supports"),
    [(Verb.ERASE, {"erase": "manual"}), (Verb.EXPORT, {"export": "manual"}), (Verb.RESTRICT, {"restrict": False})],
)
async def test_what_a_person_does_is_handed_over_though_the_vendor_may_not_be_called(connect, verb, supports):
    held = await connect(people=1, supports=supports)
    await held.hold(timedelta(days=3))
    (made,) = await held.owe(verb)
    await held.connections.work()
    assert await held.owner.fetchval("select state from obligation where id = $1", made) == "manual"
    assert await held.owner.fetchval("select count(*) from manual_task where state = 'open'") == 1


async def test_the_trial_after_an_outage_is_one_lease(connect):
    held = await connect()
    await held.owe()
    await silence(held, timedelta(0))
    assert len((await held.claim()).attempts) == 1


async def silence(held: Held, span: timedelta) -> None:
    await held.owner.execute(
        "update installation_place set failures = $1, failing_since = $2, next_try_at = $3 where id = $4",
        FAILURES_TO_OPEN,
        held.now,
        held.now + span,
        held.installation.place_id,
    )


async def test_a_worker_that_hears_nothing_goes_on_when_the_pace_does(connect):
    held = await connect(people=3)
    await held.hold(MINUTE)
    await held.owe()
    stop, worker = asyncio.Event(), held.connections.worker(poll_s=0.02)
    running = asyncio.create_task(worker.run(stop))
    await asyncio.sleep(0.2)
    assert held.plugin.heard == []
    held.services.clock.advance(MINUTE)
    async with asyncio.timeout(5):
        while len(held.plugin.heard) < 3:  # noqa: ASYNC110 - what is waited for is that nothing has to tell
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(running, 5)


async def test_a_place_with_turns_is_not_behind_one_without(connect, owner):
    held = await connect()
    await held.hold(timedelta(days=1))
    await held.owe()
    # The same installation has another place, to which nobody has spoken yet.
    await owner.execute(
        "insert into installation_place (organisation_id, id, created_at, installation_id, state)"
        " select organisation_id, time_ordered_id(), created_at, installation_id, 'leaving' from installation_place"
    )
    moved = await owner.fetchval("select id from installation_place where state = 'leaving'")
    await owner.execute(
        "update obligation set place_id = $1 where id in (select id from obligation where ended_at is null"
        " and verb = 'share' order by id desc limit 3)",
        moved,
    )
    batch = await held.claim()
    assert (batch.place_id, len(batch.attempts)) == (moved, 3)


@pytest.mark.parametrize("seed", range(6))
async def test_the_database_and_the_rule_agree_on_turns(owner, seed):
    dice = random.Random(seed)  # noqa: S311 - a scenario that can be repeated
    rate, pace, now = Rate(dice.randint(1, 9), dice.choice([None, 1, 3, 4])), Pace(), NOW
    for _ in range(60):
        now += timedelta(seconds=dice.choice([0, 0, 0.1, 1, 7.3, 20]))
        if dice.random() < 0.05:
            pace = pace.held(now + timedelta(seconds=dice.choice([1, 30])))
        ahead = dice.choice([0, 0.5, 2, 30])
        left = await owner.fetchval(
            "select turns_left($1::jsonb, $2, $3, $4, $5)",
            msgspec.json.encode(pace).decode(),
            rate.per_minute,
            rate.per_second,
            now,
            now + timedelta(seconds=ahead),
        )
        assert left == turns_by_rule(pace, rate, now, ahead)
        pace, _ = given(pace, rate, now, within_s=dice.choice([0, 2, None]))


def turns_by_rule(pace: Pace, rate: Rate, now, ahead: float) -> int:
    turns = 0
    while True:
        pace, wait = given(pace, rate, now, within_s=ahead)
        if wait > ahead:
            return turns
        turns += 1
