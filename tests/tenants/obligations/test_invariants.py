"""In every order of events: each obligation ends or is with a person, and repeated news changes nothing."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from tests.builders import access_for, make_member
from wardship.core.actor import system_actor
from wardship.plugins.api import AuthorisationExpired, Outcome, Rejected, TemporarilyUnavailable, Verb
from wardship.tenants.access import Access
from wardship.tenants.grants.choices import ChoiceMadeError, object_to
from wardship.tenants.grants.restrictions import RestrictionCause, lift_restrictions, restrict_member
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, uninstall, update_settings
from wardship.tenants.installations.states import InstallationStateError
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.leases import claim
from wardship.tenants.obligations.prepare import prepare
from wardship.tenants.obligations.settle import settle
from wardship.tenants.obligations.worker import WorkerLimits
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import TaskState, list_tasks

ASKABLE = (Verb.EXPORT, Verb.CORRECT, Verb.ERASE, Verb.SHARE)


def mischief(dice: random.Random):
    """Return what a connector does at one call."""

    def act(_):
        kind = dice.choice(
            ["well", "well", "busy", "refuse", "expired", "crash", "later", "failed", "manual", "nonsense"]
        )
        match kind:
            case "busy":
                raise TemporarilyUnavailable("busy", retry_after_s=dice.choice([None, 10, 100_000]))
            case "refuse":
                raise Rejected("no")
            case "expired":
                raise AuthorisationExpired("expired")
            case "crash":
                raise RuntimeError("crash")
            case "later":
                return Outcome(status="in_progress")
            case "failed":
                return Outcome(status="failed", reason="vendor_error", fatal=dice.random() < 0.5)
            case "manual":
                return Outcome.manual("ask them")
            case "nonsense":
                return 42
        return None

    return act


async def act_once(dice: random.Random, connections, installation, person) -> None:
    """Do one thing that an administrator or a member might do."""
    admin = connections.admin.actor(at=connections.services.clock.now())
    with suppress(InstallationStateError, ChoiceMadeError):
        async with access_for(connections.services, admin) as access:
            match dice.choice(["ask", "ask", "restrict", "lift", "object", "pause", "resume", "reconnect", "line"]):
                case "ask":
                    await enqueue_for_member(access, person.member_id, dice.choice(ASKABLE))
                case "restrict":
                    await restrict_member(access, person.member_id, cause=dice.choice([*RestrictionCause]))
                case "lift":
                    await lift_restrictions(access, person.member_id, reason="done")
                case "object":
                    await object_to(access, person.member_id, purpose="functional.service")
                case "pause":
                    await pause(access, installation.id)
                case "resume":
                    await resume(access, installation.id)
                case "reconnect":
                    await update_settings(access, installation.id, {})
                case "line":
                    await bring_in_line(access, [person.member_id])


@pytest.mark.parametrize("seed", range(4))
async def test_every_obligation_ends_or_is_with_a_person(seed, connections, recording, database, acme, owner):
    dice = random.Random(seed)  # noqa: S311 - a scenario that can be repeated
    people = [await make_member(database, acme, first_name=f"Member {number}") for number in range(3)]
    installation = await connections.connect()
    recording.always = dict.fromkeys([verb for verb in Verb if verb is not Verb.CHECK], mischief(dice))
    for _ in range(12):
        await act_once(dice, connections, installation, dice.choice(people))
        await connections.pass_time(hours=dice.choice([0, 1, 30]))
    async with access_for(connections.services, connections.admin.actor(at=connections.services.clock.now())) as access:
        await uninstall(access, installation.id)
    for _ in range(30):
        await connections.pass_time(days=2)

    rows = await owner.fetch("select id, state, verb, failures from obligation where ended_at is null")
    assert {row["state"] for row in rows} <= {"manual"}
    tasks = await owner.fetch("select obligation_id from manual_task where state = 'open'")
    assert {row["obligation_id"] for row in tasks} == {row["id"] for row in rows}

    recording.always.clear()
    recording.held.clear()
    for _ in range(3):
        await finish_tasks(connections)
        await connections.work()
    assert await owner.fetchval("select count(*) from obligation where ended_at is null") == 0
    assert (await connections.read(installation.id)).state == "removed"
    assert await owner.fetchval("select count(*) from disclosure where state = 'sending'") == 0


async def finish_tasks(connections) -> None:
    admin = connections.admin.actor(at=connections.services.clock.now())
    async with access_for(connections.services, admin) as access:
        for task in (await list_tasks(access, PageRequest(100), states=[TaskState.OPEN])).items:
            await complete_manual_task(access, task.id, "done by hand")


@pytest.mark.usefixtures("recording")
async def test_news_that_comes_twice_changes_nothing(connections, services, ada, owner):
    await connections.connect()
    async with access_for(services, connections.admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    batch = await claim(services, "w", WorkerLimits(), after=None, busy=[])

    async def opened(step):
        async with services.database.tenant(batch.organisation_id) as transaction:
            return await step(Access(system_actor(batch.organisation_id), transaction, services, "test"))

    (work,) = await opened(lambda access: prepare(access, batch))
    reply = await services.dispatcher.call(work.installed, work.verb, work.argument, obligation_id=str(work.lease.id))
    assert await opened(lambda access: settle(access, work, reply)) is True
    before = await owner.fetch("select o::text from obligation o order by id")
    entries = await owner.fetchval("select count(*) from audit_entry")
    assert await opened(lambda access: settle(access, work, reply)) is False
    assert await opened(lambda access: prepare(access, batch)) == []

    assert await owner.fetch("select o::text from obligation o order by id") == before
    assert await owner.fetchval("select count(*) from audit_entry") == entries
