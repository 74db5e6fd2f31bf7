"""Under every fault of an integration or its vendor each obligation ends, and somebody sees what went wrong."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.builders import access_for, make_member
from tests.fakes.recorder import recorder
from wardship.plugins.api import AuthorisationExpired, Outcome, Rejected, TemporarilyUnavailable, Verb
from wardship.plugins.host.registry import IntegrationUnavailableError
from wardship.tenants.installation_lifecycle.lifecycle import update_settings
from wardship.tenants.installations.declarations import available_integrations
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import list_tasks


def raising(error: Exception):
    def act(_):
        raise error

    return act


@pytest.fixture
async def connected(connections, recording, ada):  # noqa: ARG001 - somebody has to be there
    installation = await connections.connect()
    recording.heard.clear()
    return installation


async def owe(services, admin, member, verb: Verb, **keywords):
    async with access_for(services, admin) as access:
        (obligation_id,) = await enqueue_for_member(access, member.member_id, verb, **keywords)
    return obligation_id


async def obligation(owner, obligation_id):
    return await owner.fetchrow("select *, outcome ->> 'code' as code from obligation where id = $1", obligation_id)


@pytest.mark.usefixtures("connected")
async def test_an_unavailable_vendor_is_tried_again_with_growing_waits(
    connections, recording, services, admin, ada, owner, clock
):
    recording.told[Verb.ERASE] = [raising(TemporarilyUnavailable("busy"))] * 3
    identifier = await owe(services, admin, ada, Verb.ERASE)
    waits = []
    for _ in range(3):
        await connections.work()
        row = await obligation(owner, identifier)
        assert (row["state"], row["code"]) == ("pending", "unavailable")
        waits.append((row["next_at"] - clock.now()).total_seconds())
        clock.advance(row["next_at"] - clock.now())
    await connections.work()

    assert [4 <= waits[0] <= 6, 8 <= waits[1] <= 12, 16 <= waits[2] <= 24] == [True] * 3
    row = await obligation(owner, identifier)
    assert (row["state"], row["failures"], row["attempt"]) == ("completed", 3, 4)
    assert recording.verbs().count("erase") == 4


@pytest.mark.usefixtures("connected")
async def test_a_vendor_that_asks_to_wait_is_waited_for(connections, recording, services, admin, ada, owner, clock):
    recording.told[Verb.ERASE] = [raising(TemporarilyUnavailable("busy", retry_after_s=900))]
    identifier = await owe(services, admin, ada, Verb.ERASE)
    await connections.work()

    assert (await obligation(owner, identifier))["next_at"] == clock.now() + timedelta(seconds=900)


@pytest.mark.usefixtures("clock")
async def test_after_four_fifths_of_its_time_an_erasure_becomes_a_task_for_a_person(
    connections, connected, recording, services, admin, ada, owner
):
    recording.always[Verb.ERASE] = raising(TemporarilyUnavailable("down"))
    identifier = await owe(services, admin, ada, Verb.ERASE)
    for _ in range(50):
        await connections.pass_time(hours=12)

    row = await obligation(owner, identifier)
    assert (row["state"], row["ended_at"], row["reminded"]) == ("manual", None, 80)
    async with access_for(services, admin) as access:
        (task,) = (await list_tasks(access, PageRequest(10))).items
    assert (task.obligation_id, task.state, task.due_at) == (identifier, "open", row["due_at"])
    assert "privacy@recorder.example" in task.instructions
    assert (await connections.read(connected.id)).state == "degraded"


@pytest.mark.usefixtures("connected")
async def test_a_task_that_is_done_ends_its_obligation_and_is_looked_up(
    connections, recording, services, admin, ada, owner
):
    recording.always[Verb.ERASE] = raising(Rejected("never"))
    identifier = await owe(services, admin, ada, Verb.ERASE)
    await connections.work()
    recording.held.clear()
    async with access_for(services, admin) as access:
        (task,) = (await list_tasks(access, PageRequest(10))).items
        done = await complete_manual_task(access, task.id, "I deleted it by hand; ticket 4711")
    await connections.work()

    assert (done.state, done.completed_by) == ("done", admin.member_id)
    row = await obligation(owner, identifier)
    assert (row["state"], row["code"]) == ("completed", "done_by_hand")
    levels = await owner.fetch(
        "select verb, attestation ->> 'level' as level from obligation where attestation is not null"
    )
    # A look that rests on nothing seen does not take the place of what the person said.
    assert {(row["verb"], row["level"]) for row in levels} == {("attest", "self_reported"), ("erase", "manual")}
    assert "4711" not in (await owner.fetchval("select string_agg(obligation::text, '') from obligation"))


async def test_a_refused_delivery_fails_and_one_task_shows_it(
    connections, connected, recording, services, admin, database, acme, owner
):

    recording.always[Verb.SHARE] = raising(Rejected("the vendor refused the call (HTTP 422)"))
    people = [await make_member(database, acme, first_name="New") for _ in range(3)]
    async with access_for(services, admin) as access:
        await bring_in_line(access, [person.member_id for person in people])
    await connections.work()

    rows = await owner.fetch("select state, outcome ->> 'code' as code from obligation where verb = 'share'")
    assert [(row["state"], row["code"]) for row in rows if row["state"] == "failed"] == [("failed", "rejected")] * 3
    assert await owner.fetchval("select count(*) from manual_task where state = 'open'") == 1
    assert (await connections.read(connected.id)).state_reason == "delivery_failed:rejected"
    ledger = await owner.fetch("select state from disclosure where member_id = any($1)", [p.member_id for p in people])
    assert [row["state"] for row in ledger] == ["rejected"] * 3


@pytest.mark.usefixtures("ada")
async def test_refused_credentials_stop_everything_until_the_administrator_reconnects(
    connections, connected, recording, services, admin, database, acme, owner
):

    recording.always[Verb.SHARE] = raising(AuthorisationExpired("no longer"))
    people = [await make_member(database, acme, first_name="New") for _ in range(12)]
    async with access_for(services, admin) as access:
        await bring_in_line(access, [person.member_id for person in people])
    await connections.work()

    degraded = await connections.read(connected.id)
    assert (degraded.state, degraded.state_reason) == ("degraded", "unauthorised")
    assert recording.verbs().count("share") <= 4, "the refused credentials are not tried on and on"
    assert await owner.fetchval("select count(*) from obligation where state = 'waiting'") == 12

    recording.always.clear()
    recording.heard.clear()
    async with access_for(services, admin) as access:
        await update_settings(access, connected.id, {})
    await connections.work()
    assert (await connections.read(connected.id)).state == "active"
    assert recording.verbs()[0] == "check"
    assert len(recording.held) == 14
    assert await owner.fetchval("select count(*) from obligation where ended_at is null") == 0


@pytest.mark.usefixtures("connected")
async def test_a_deed_under_way_at_the_vendor_is_asked_for_again(
    connections, recording, services, admin, ada, owner, clock
):
    later = clock.now() + timedelta(hours=6)
    recording.told[Verb.ERASE] = [
        lambda _: Outcome(status="in_progress", expected_completion_at=later, external_ref="job-1")
    ]
    identifier = await owe(services, admin, ada, Verb.ERASE)
    await connections.work()
    row = await obligation(owner, identifier)
    assert (row["state"], row["next_at"], row["failures"]) == ("waiting", later, 0)

    await connections.pass_time(hours=6)
    assert (await obligation(owner, identifier))["state"] == "completed"
    calls = [call.obligation_id for call in recording.heard if call.verb is Verb.ERASE]
    assert calls == [str(identifier)] * 2, "the same idempotency key"


@pytest.mark.usefixtures("connected")
async def test_what_was_left_is_erased_again_and_then_shown_to_a_person(
    connections, recording, services, admin, ada, owner
):
    recording.always[Verb.ERASE] = lambda _: Outcome.completed(0)
    await owe(services, admin, ada, Verb.ERASE)
    await connections.work()

    states = await owner.fetch("select verb, state from obligation where verb in ('erase', 'attest') order by id")
    assert [(row["verb"], row["state"]) for row in states] == [
        ("erase", "completed"),
        ("attest", "completed"),
        ("erase", "completed"),
        ("attest", "completed"),
        ("erase", "completed"),
        ("attest", "completed"),
        ("erase", "manual"),
    ]


async def test_what_the_integration_cannot_do_is_a_task_at_once(connections, services, admin, ada, owner):
    services.integrations.register(
        recorder("clumsy", supports={"erase": "manual", "correct": False, "restrict": False, "attest": "none"}),
        "clumsy",
    )
    await connections.connect("clumsy")
    erase = await owe(services, admin, ada, Verb.ERASE)
    restrict = await owe(services, admin, ada, Verb.RESTRICT, arguments={"active": True})
    await connections.work()

    assert (await obligation(owner, erase))["state"] == "manual"
    assert (await obligation(owner, restrict))["state"] == "manual"
    tasks = await owner.fetch("select instructions from manual_task order by obligation_id")
    assert tasks[0]["instructions"] == "Write to Recorder Ltd to erase."


async def test_a_correction_is_carried_by_a_record_that_replaces_all(connections, services, admin, ada, owner):
    simple = recorder("simple", supports={"correct": False})
    services.integrations.register(simple, "simple")
    await connections.connect("simple")
    simple.heard.clear()
    identifier = await owe(services, admin, ada, Verb.CORRECT)
    await connections.work()

    assert simple.verbs() == ["share"]
    assert (await obligation(owner, identifier))["state"] == "completed"


@pytest.mark.usefixtures("connected", "recording")
async def test_a_fault_of_our_own_is_counted_and_ends_with_a_person(
    connections, services, admin, ada, owner, clock, monkeypatch
):
    identifier = await owe(services, admin, ada, Verb.ERASE)

    async def broken(*_):
        raise KeyError("a bug")

    monkeypatch.setattr("wardship.tenants.obligations.worker.prepare", broken)
    for expected in ("pending", "manual"):
        with pytest.raises(KeyError):
            await connections.worker().run_once()
        assert (await obligation(owner, identifier))["state"] == expected
        clock.advance(timedelta(days=25))
    async with access_for(services, admin) as access:
        (task,) = (await list_tasks(access, PageRequest(10))).items
    assert task.instructions == "Wardship failed to erase: see its log, then do this at the vendor."


async def _hang(_):
    await asyncio.sleep(30)


@pytest.mark.usefixtures("recording", "ada")
@pytest.mark.parametrize(
    ("act", "code"),
    [
        (_hang, "timeout"),
        (raising(RuntimeError("boom for ada@example.org")), "crash"),
        (raising(SystemExit(3)), "crash"),
        (lambda _: "nonsense", "nonsense"),
    ],
    ids=["hangs", "raises", "exits", "answers nonsense"],
)
async def test_a_misbehaving_integration_harms_only_its_own_obligations_and_is_shown(
    act, code, connections, services, owner
):
    bad = recorder("bad")
    bad.always[Verb.SHARE] = act
    services.integrations.register(bad, "bad")
    good_installation = await connections.connect()
    bad_installation = await connections.install("bad")
    await connections.work()

    shown = await connections.read(bad_installation.id)
    assert (shown.state, shown.state_reason) == ("degraded", code)
    assert (await connections.read(good_installation.id)).state == "active"
    rows = await owner.fetch(
        "select installation_id, state, outcome::text as kept from obligation where verb = 'share'"
    )
    assert {row["state"] for row in rows if row["installation_id"] == good_installation.id} == {"completed"}
    assert {row["state"] for row in rows if row["installation_id"] == bad_installation.id} == {"pending"}
    assert not any("ada@example.org" in row["kept"] for row in rows)
    ledger = await owner.fetch("select state from disclosure where installation_id = $1", bad_installation.id)
    assert {row["state"] for row in ledger} == {"unknown"}


@pytest.mark.usefixtures("connections")
async def test_an_integration_that_cannot_be_imported_is_shown_with_its_reason(services, admin):

    services.integrations.register(object(), "broken")
    async with access_for(services, admin) as access:
        broken = {item.key: item for item in available_integrations(access)}["broken"]

    assert broken.failure == "the plugin does not implement wardship_receives; mark it with @hookimpl"
    assert broken.manifest is None
    with pytest.raises(IntegrationUnavailableError):
        services.integrations.require("broken")
