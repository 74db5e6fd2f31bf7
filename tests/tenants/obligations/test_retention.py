"""What a vendor declared to keep after the end is owed again when its time is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.builders import access_for
from tests.fakes.recorder import RECEIVES, recorder
from tests.tenants.installation_lifecycle.test_upgrades import with_registry
from tests.tenants.obligations.test_faults import raising
from wardship.plugins.api import Cause, Outcome, Retained, TemporarilyUnavailable, VendorConfirmation, Verb
from wardship.plugins.api.outcome import Attestation, AttestationLevel
from wardship.tenants.grants.choices import object_to, withdraw_objection
from wardship.tenants.installation_lifecycle.lifecycle import pause, resume, uninstall
from wardship.tenants.installation_lifecycle.upgrades import look_after_installations
from wardship.tenants.members.profile import update_member
from wardship.tenants.obligations.for_member import bring_in_line
from wardship.tenants.obligations.retention import end_retentions

DAYS = timedelta(days=30)
ERASED = (Verb.ERASE, Cause.RETENTION_ENDED)


@pytest.fixture
async def keeping(services, connections, ada):  # noqa: ARG001 - somebody has to be there
    """A vendor that keeps the contact for 30 days, and whose word nothing proves."""
    plugin = recorder("keeping", supports={"attest": "none"})
    services.integrations.register(plugin, "keeping")
    installation = await connections.connect("keeping")
    plugin.heard.clear()
    return plugin, installation


async def objected(services, connections, who):
    async with access_for(services, who) as access:
        objection = await object_to(access, who.member_id)
    await connections.work()
    return objection


def told(plugin) -> list[tuple[Verb, Cause | None]]:
    return [(call.verb, call.cause) for call in plugin.heard]


async def end(services, connections) -> None:
    await end_retentions(services)
    await connections.work()


async def test_what_was_kept_is_erased_when_its_time_is_over(services, connections, ada, keeping, clock):
    plugin, _ = keeping
    await objected(services, connections, ada)
    plugin.heard.clear()
    clock.advance(DAYS - timedelta(seconds=1))
    await end(services, connections)
    assert told(plugin) == []

    clock.advance(timedelta(seconds=1))
    await end(services, connections)
    assert told(plugin) == [ERASED]

    clock.advance(2 * DAYS)
    await end(services, connections)
    assert told(plugin) == [ERASED], "the end of it begins no new time"


async def test_two_workers_owe_it_once(services, connections, ada, keeping, clock):
    plugin, _ = keeping
    await objected(services, connections, ada)
    plugin.heard.clear()
    clock.advance(DAYS)
    await end_retentions(services)
    await end(services, connections)
    assert told(plugin) == [ERASED]


async def test_what_is_shared_again_is_not_erased(services, connections, ada, keeping, clock):
    plugin, _ = keeping
    objection = await objected(services, connections, ada)
    async with access_for(services, ada) as access:
        await withdraw_objection(access, objection.id)
    await connections.work()
    plugin.heard.clear()
    clock.advance(DAYS)
    await end(services, connections)
    assert told(plugin) == []


async def test_what_the_vendor_confirmed_needs_nothing_more(services, connections, ada, clock):
    plugin = recorder("confirming", supports={"attest": "receipt"})
    services.integrations.register(plugin, "confirming")
    await connections.connect("confirming")
    plugin.always[Verb.ATTEST] = lambda _: Attestation(
        level=AttestationLevel.RECEIPT,
        checked_at=clock.now(),
        method="asked",
        vendor_confirmation=VendorConfirmation(code="R-1"),
    )
    await objected(services, connections, ada)
    plugin.heard.clear()
    clock.advance(DAYS)
    await end(services, connections)
    # The recording vendor answers no request, so that the receipt is its word alone, and the time counts.
    assert told(plugin)[0] == ERASED


async def test_a_day_that_the_vendor_names_counts(services, connections, ada, keeping, clock):
    plugin, _ = keeping
    until = date.fromordinal(clock.now().date().toordinal() + 90)
    kept = Retained(category="user.financial", reason="an invoice", legal_basis="tax law", until=until)
    plugin.told[Verb.ERASE] = [lambda _: Outcome.completed(1, retained=(kept,))]
    await objected(services, connections, ada)
    plugin.heard.clear()
    clock.advance(timedelta(days=89))
    await end(services, connections)
    assert told(plugin) == []
    clock.advance(timedelta(days=2))
    await end(services, connections)
    assert told(plugin) == [ERASED]


async def test_what_is_deleted_at_once_has_no_time(services, connections, ada, owner):
    plugin = recorder("prompt", receives=(RECEIVES[0],), identifiers=(), supports={"attest": "none"})
    services.integrations.register(plugin, "prompt")
    await connections.connect("prompt")
    await objected(services, connections, ada)
    assert await owner.fetchval("select count(*) from obligation where retention_ends_at is not null") == 0


async def test_of_an_installation_that_has_gone_a_person_asks_once(services, connections, admin, keeping, owner, clock):
    plugin, installation = keeping
    async with access_for(services, admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "removed"
    plugin.heard.clear()
    clock.advance(DAYS)
    await end(services, connections)

    assert told(plugin) == []
    (task,) = await owner.fetch("select instructions from manual_task where state = 'open'")
    assert task["instructions"] == (
        "The time is over for which Recorder Ltd declared to keep what was sent: have privacy@recorder.example confirm"
        " that nothing is left, and note the answer here."
    )
    await connections.complete_all("They wrote that nothing is left.")
    assert (await connections.read(installation.id)).state == "removed"
    clock.advance(2 * DAYS)
    await end(services, connections)
    assert await owner.fetchval("select count(*) from manual_task where state = 'open'") == 0


NOTIFICATIONS = "essential.service.notifications"
NAMES, ALL = {"first_name", "last_name"}, {"first_name", "last_name", "email", "phone"}
SENT_AGAIN = (Verb.SHARE, None)


async def made_smaller(services, connections, who):
    """Have somebody object to the purpose for which the contact is sent."""
    async with access_for(services, who) as access:
        objection = await object_to(access, who.member_id, purpose=NOTIFICATIONS)
    await connections.work()
    return objection


async def test_what_went_from_a_record_is_ended_again_by_the_record(services, connections, ada, keeping, clock):
    plugin, _ = keeping
    await made_smaller(services, connections, ada)
    assert (told(plugin), plugin.received_fields()) == ([SENT_AGAIN], [NAMES])
    plugin.heard.clear()
    clock.advance(DAYS - timedelta(seconds=1))
    await end(services, connections)
    assert told(plugin) == []

    clock.advance(timedelta(seconds=1))
    await end(services, connections)
    assert (told(plugin), plugin.received_fields()) == ([SENT_AGAIN], [NAMES])

    clock.advance(2 * DAYS)
    await end(services, connections)
    assert told(plugin) == [SENT_AGAIN], "what it has no more went before, and the time for that is over"


async def test_a_field_that_became_empty_has_gone_too(services, connections, ada, keeping, clock):
    plugin, _ = keeping
    async with access_for(services, connections.admin) as access:
        await update_member(access, ada.member_id, {"phone": ""})
    await connections.work()
    plugin.heard.clear()
    clock.advance(DAYS)
    await end(services, connections)
    assert (told(plugin), plugin.received_fields()) == ([SENT_AGAIN], [ALL - {"phone"}])


async def test_what_came_back_into_the_record_is_not_ended(services, connections, ada, keeping, clock):
    plugin, _ = keeping
    objection = await made_smaller(services, connections, ada)
    clock.advance(timedelta(days=1))
    async with access_for(services, ada) as access:
        await withdraw_objection(access, objection.id)
    await connections.work()
    assert plugin.received_fields()[-1] == ALL
    plugin.heard.clear()
    clock.advance(DAYS)
    await end(services, connections)
    assert told(plugin) == []


async def test_what_was_erased_and_came_back_with_less_is_ended_again_by_the_record(
    services, connections, ada, keeping, clock
):
    plugin, _ = keeping
    objection = await objected(services, connections, ada)
    clock.advance(timedelta(days=1))
    async with access_for(services, ada) as access:
        await object_to(access, ada.member_id, purpose=NOTIFICATIONS)
        await withdraw_objection(access, objection.id)
    await connections.work()
    assert plugin.received_fields()[-1] == NAMES
    plugin.heard.clear()
    clock.advance(DAYS - timedelta(days=1))
    await end(services, connections)
    assert (told(plugin), plugin.received_fields()) == ([SENT_AGAIN], [NAMES])
    clock.advance(2 * DAYS)
    await end(services, connections)
    assert told(plugin) == [SENT_AGAIN], "once, counted from the erasure"


async def test_what_was_erased_after_it_became_less_is_erased_again_once(services, connections, ada, keeping, clock):
    plugin, _ = keeping
    await made_smaller(services, connections, ada)
    clock.advance(timedelta(days=1))
    await objected(services, connections, ada)
    plugin.heard.clear()
    clock.advance(DAYS)
    await end(services, connections)
    assert told(plugin) == [ERASED]


async def test_a_record_of_which_nobody_knows_whether_it_arrived_hides_nothing(
    services, connections, ada, keeping, clock, owner
):
    plugin, _ = keeping
    plugin.told[Verb.SHARE] = [raising(TemporarilyUnavailable("hung up"))]
    await made_smaller(services, connections, ada)
    assert await owner.fetchval("select count(*) from disclosure where state = 'unknown'") == 1
    await owner.execute("update obligation set state = 'failed', ended_at = $1 where ended_at is null", clock.now())
    clock.advance(timedelta(days=1))
    async with access_for(services, ada) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    plugin.heard.clear()
    clock.advance(DAYS)
    await end(services, connections)
    assert (told(plugin), plugin.received_fields()) == ([SENT_AGAIN], [NAMES])


async def test_while_sharing_rests_nothing_is_sent_and_the_end_of_that_sends_it(
    services, connections, admin, ada, keeping, clock
):
    plugin, installation = keeping
    await made_smaller(services, connections, ada)
    plugin.heard.clear()
    async with access_for(services, admin) as access:
        await pause(access, installation.id)
    clock.advance(DAYS)
    await end(services, connections)
    assert told(plugin) == []
    async with access_for(services, admin.actor(at=clock.now())) as access:
        await resume(access, installation.id)
    await connections.work()
    assert NAMES in plugin.received_fields()


@pytest.mark.usefixtures("ada", "keeping")
async def test_what_a_narrower_declaration_leaves_out_is_kept_as_it_was_declared(services, connections, clock):
    narrower = recorder("keeping", receives=(RECEIVES[0],), identifiers=(), supports={"attest": "none"})
    upgraded = with_registry(services, narrower)
    connections = replace(connections, services=upgraded)
    await look_after_installations(upgraded)
    await connections.work()
    assert narrower.received_fields()[-1] == NAMES
    narrower.heard.clear()
    clock.advance(DAYS)
    await end(upgraded, connections)
    # The administrator has no name: of whom nothing was left that was erased, and is again.
    assert sorted(told(narrower)) == [ERASED, SENT_AGAIN]
    assert narrower.received_fields() == [NAMES]
    upgraded.dispatcher.close()


async def test_of_what_is_deleted_at_once_nothing_is_noted(services, connections, ada, owner):
    services.integrations.register(recorder("prompt", receives=(RECEIVES[0],), identifiers=()), "prompt")
    await connections.connect("prompt")
    async with access_for(services, connections.admin) as access:
        await update_member(access, ada.member_id, {"last_name": ""})
    await connections.work()
    assert await owner.fetchval("select count(*) from obligation where retention_ends_at is not null") == 0
