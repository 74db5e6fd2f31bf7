"""Records go together where the vendor takes several in one call, and no one of them strands the others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member
from tests.fakes.credulous import KEY, TOKEN, credulous, running_shelf
from tests.fakes.recorder import recorder
from wardship.plugins.api import KnownAs, Limits, Outcome, Rejected, TemporarilyUnavailable, Verb
from wardship.tenants.grants.choices import object_to
from wardship.tenants.members.profile import update_member
from wardship.tenants.obligations.for_member import enqueue_for_member
from wardship.tenants.obligations.leases import ClaimLimits, claim
from wardship.tenants.obligations.prepare import prepare

PEOPLE = 7


@pytest.fixture
async def people(database, acme, admin, ada):  # noqa: ARG001 - the administrator is one of them
    """Seven people, the administrator and Ada among them."""
    made = [await make_member(database, acme, first_name=f"Person{number}") for number in range(PEOPLE - 2)]
    return [ada, *made]


@pytest.fixture
def batching(services):
    plugin = recorder("batching", contract=2, limits=Limits(batch=5, per_minute=6000))
    services.integrations.register(plugin, "batching")
    return plugin


def shares(plugin) -> list[tuple[str, list[str]]]:
    """Return each call of ``share``: its id, and the subjects of its records."""
    return [
        (call.obligation_id, [record.subject.id for record in call.argument.records])
        for call in plugin.heard
        if call.verb is Verb.SHARE
    ]


@pytest.mark.usefixtures("people")
async def test_as_many_go_together_as_the_vendor_takes(connections, batching, owner):
    await connections.connect("batching")

    assert sorted(len(subjects) for _, subjects in shares(batching)) == [2, 5]
    assert len({identifier for identifier, _ in shares(batching)}) == 2
    assert len(batching.held) == PEOPLE
    states = await owner.fetch("select state, outcome ->> 'records_affected' as n from obligation where verb = 'share'")
    assert [(row["state"], row["n"]) for row in states] == [("completed", "1")] * PEOPLE
    assert await owner.fetchval("select count(*) from disclosure where state = 'delivered'") == PEOPLE


@pytest.mark.usefixtures("people")
async def test_a_plugin_of_contract_1_gets_one_record_a_call(services, connections):
    plugin = recorder("first", limits=Limits(batch=5, per_minute=6000))
    services.integrations.register(plugin, "first")
    await connections.connect("first")
    assert [len(subjects) for _, subjects in shares(plugin)] == [1] * PEOPLE


@pytest.mark.usefixtures("people")
async def test_a_batch_is_the_same_when_it_is_tried_again(connections, batching, database, acme):
    unavailable = TemporarilyUnavailable("busy")

    def fail(_):
        raise unavailable

    batching.told[Verb.SHARE] = [fail, fail]
    await connections.install("batching")
    await connections.work()
    failed = batching.heard[-2:]
    await make_member(database, acme, first_name="Late")
    batching.heard.clear()
    await connections.pass_time(minutes=2)

    again = [call for call in batching.heard if call.verb is Verb.SHARE]
    assert [(call.obligation_id, call.argument) for call in sorted(again, key=lambda call: call.obligation_id)] == [
        (call.obligation_id, call.argument) for call in sorted(failed, key=lambda call: call.obligation_id)
    ]
    assert len(batching.held) == PEOPLE


@pytest.mark.usefixtures("people")
async def test_a_worker_that_dies_leaves_a_batch_that_another_delivers_as_it_was(
    services, connections, batching, clock
):
    await connections.install("batching")
    worker = connections.worker()
    while "check" not in batching.verbs():
        await worker.run_once()
    leased = await claim(services, "dying", ClaimLimits(), after=None, busy=())
    async with services.database.tenant(leased.organisation_id) as transaction:
        calls = await prepare(worker._access(leased, transaction), leased)
    ids, members = {call.call_id for call in calls}, [call.subject.id for call in calls]
    assert len(ids) == 1
    assert len(members) == 5

    clock.advance(ClaimLimits().lease + timedelta(seconds=1))
    await connections.work()
    found = dict(shares(batching))
    assert sorted(found[ids.pop()]) == sorted(members)
    assert len(batching.held) == PEOPLE


async def test_who_objects_meanwhile_is_in_no_batch_that_is_tried_again(services, connections, batching, people):
    ada = people[0]

    def fail(_):
        raise TemporarilyUnavailable("busy")

    batching.told[Verb.SHARE] = [fail, fail]
    await connections.install("batching")
    await connections.work()
    before = {identifier for identifier, _ in shares(batching)}
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id)
    batching.heard.clear()
    await connections.pass_time(minutes=2)

    assert "Ada" not in {record.text("first_name") for record in batching.held.values()}
    assert len(batching.held) == PEOPLE - 1
    now = {identifier for identifier, _ in shares(batching)}
    assert len(now & before) == 1, "the batch of others is the same; the one without her is a new one"


async def test_one_that_is_refused_strands_no_other(connections, batching, people, owner):
    def refuse(share):
        if any(record.text("first_name") == "Ada" for record in share.records):
            raise Rejected("no Ada")

    batching.always[Verb.SHARE] = refuse
    await connections.connect("batching")

    assert len(batching.held) == PEOPLE - 1
    rows = await owner.fetch("select member_id, state from obligation where verb = 'share' and state <> 'completed'")
    assert [(row["member_id"], row["state"]) for row in rows] == [(people[0].member_id, "failed")]


@pytest.mark.usefixtures("people")
async def test_one_that_the_plugin_crashes_on_strands_no_other(connections, batching):
    def crash(share):
        if any(record.text("first_name") == "Ada" for record in share.records):
            raise RuntimeError

    batching.always[Verb.SHARE] = crash
    await connections.connect("batching")
    assert len(batching.held) == PEOPLE - 1


@pytest.mark.usefixtures("people")
async def test_a_batch_that_fails_three_times_is_taken_apart(connections, batching):
    def fail(share):
        if len(share.records) > 1:
            raise TemporarilyUnavailable("too much")

    batching.always[Verb.SHARE] = fail
    await connections.connect("batching")
    for _ in range(6):
        await connections.pass_time(minutes=10)
    assert len(batching.held) == PEOPLE


@pytest.mark.usefixtures("people")
async def test_each_name_that_the_vendor_tells_is_kept_with_its_person(services, connections, batching, admin, people):
    batching.always[Verb.SHARE] = lambda share: Outcome.completed(
        len(share.records),
        known_as=tuple(
            KnownAs(subject_id=record.subject.id, name=f"name-{record.subject.id}") for record in share.records
        ),
    )
    await connections.connect("batching")
    batching.heard.clear()
    async with access_for(services, admin) as access:
        for person in people:
            await enqueue_for_member(access, person.member_id, Verb.EXPORT)
    await connections.work()

    assert [call.argument.known_as for call in batching.heard] == [
        f"name-{call.argument.id}" for call in batching.heard
    ]


@pytest.mark.usefixtures("people")
async def test_what_goes_on_goes_on_as_the_same_batch(connections, batching):
    batching.told[Verb.SHARE] = [lambda _: Outcome.in_progress("job-1", retry_after_s=5)] * 2
    await connections.connect("batching")
    begun = {call.obligation_id for call in batching.heard if call.verb is Verb.SHARE}
    batching.heard.clear()
    await connections.pass_time(seconds=6)

    again = [call for call in batching.heard if call.verb is Verb.SHARE]
    assert {call.obligation_id for call in again} == begun
    assert {call.continuation.external_ref for call in again} == {"job-1"}


async def test_a_change_is_delivered_alone_or_in_a_batch_of_its_own(services, connections, batching, people, admin):
    await connections.connect("batching")
    batching.heard.clear()
    async with access_for(services, admin) as access:
        await update_member(access, people[1].member_id, {"first_name": "Changed"})
    await connections.work()
    assert [len(subjects) for _, subjects in shares(batching)] == [1]


@pytest.mark.usefixtures("people")
async def test_what_came_in_a_batch_is_proven_to_be_gone_person_by_person(services, connections, admin, people, owner):
    with running_shelf() as shelf:
        plugin = credulous()
        together = {"contract": 2, "limits": Limits(batch=10, per_minute=6000)}
        plugin.declared = plugin.declared.model_copy(update=together)
        services.integrations.register(plugin, KEY)
        await connections.connect(KEY, settings={"server_url": shelf.url, "token": TOKEN})
        assert len(shelf.cards) == PEOPLE
        async with access_for(services, admin) as access:
            await enqueue_for_member(access, people[0].member_id, Verb.ERASE)
        await connections.work()
        assert len(shelf.cards) == PEOPLE - 1
    batch = await owner.fetchval("select count(distinct batch_id) from obligation where batch_id is not null")
    assert batch == 1
    assert await owner.fetchval("select attestation ->> 'level' from obligation where verb = 'erase'") == "probed"
