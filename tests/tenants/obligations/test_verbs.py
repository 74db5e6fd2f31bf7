"""What follows from single verbs: exports are kept for the person, reconciliations mend, identifiers are sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for
from tests.fakes.recorder import recorder
from wardship.core.identifiers import uuid7
from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import IdentifierType, Outcome, Verb
from wardship.tenants.exports.vendor_exports import collected_exports, drop_exports
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.members.fields import members_changed
from wardship.tenants.obligations.for_member import enqueue_for_member
from wardship.tenants.obligations.read import obligations_of_right


@pytest.mark.usefixtures("recording")
async def test_an_export_is_kept_encrypted_for_the_person_and_expires(services, connections, admin, ada, owner):
    await connections.connect()
    async with access_for(services, admin) as access:
        (identifier,) = await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
    await connections.work()

    async with access_for(services, admin) as access:
        collected = (await collected_exports(access, [identifier]))[identifier]
    held = {row.name: (row.category, row.value) for row in collected.rows}
    assert held["email"] == ("user.contact", "ada@example.org")
    stored = await owner.fetchval("select content from vendor_export")
    assert b"ada@example.org" not in stored
    for row in await owner.fetch("select o::text as text from obligation o"):
        assert "ada@example.org" not in row["text"]

    await connections.pass_time(days=36)
    assert await owner.fetchval("select count(*) from vendor_export") == 0


@pytest.mark.usefixtures("recording")
async def test_an_export_opens_with_its_own_obligation_only(services, connections, admin, ada, owner):
    await connections.connect()
    async with access_for(services, admin) as access:
        (first,) = await enqueue_for_member(access, ada.member_id, Verb.EXPORT, arguments={"round": 1})
        (second,) = await enqueue_for_member(access, ada.member_id, Verb.EXPORT, arguments={"round": 2})
    await connections.work()
    await owner.execute(
        "update vendor_export set content = (select content from vendor_export where obligation_id = $1)"
        " where obligation_id = $2",
        first,
        second,
    )
    async with access_for(services, admin) as access:
        assert set(await collected_exports(access, [first])) == {first}
        with pytest.raises(UnreadableSecretError):
            await collected_exports(access, [second])
        assert await drop_exports(access, [first, second]) == 2


async def test_a_vendor_that_knows_people_by_address_is_told_it_after_the_address_is_gone_here(
    services, connections, recording, admin, ada, owner
):
    await connections.connect()
    right_id = uuid7()
    async with access_for(services, admin) as access:
        (identifier,) = await enqueue_for_member(access, ada.member_id, Verb.ERASE, right_id=right_id)
        assert await enqueue_for_member(access, ada.member_id, Verb.ERASE, right_id=right_id) == [identifier]
        await access.transaction.execute(
            "update member set email = '', first_name = '', last_name = '', phone = '', state = 'erased',"
            " display_name = pseudonym where organisation_id = $1 and id = $2",
            access.organisation_id,
            ada.member_id,
        )
        await members_changed(access, [ada.member_id], frozenset({"state"}))
    sealed = await owner.fetchval("select sealed from obligation where id = $1", identifier)
    assert b"ada@example.org" not in sealed
    await connections.work()

    calls = [call for call in recording.heard if call.verb in {Verb.ERASE, Verb.ATTEST}]
    assert [call.verb for call in calls] == [Verb.ERASE, Verb.ATTEST], "the change of state orders no second erasure"
    assert calls[0].argument.identifier(IdentifierType.EMAIL) == "ada@example.org"
    assert calls[1].argument.subjects[0].identifier(IdentifierType.EMAIL) == "ada@example.org"
    async with access_for(services, admin) as access:
        ended = (await obligations_of_right(access, [right_id]))[right_id]
    assert [(each.verb, each.state, each.proof.level) for each in ended] == [
        ("erase", "completed", "self_reported"),
        ("attest", "completed", "self_reported"),
    ]
    assert await owner.fetchval("select count(*) from obligation where sealed is not null") == 0


async def test_identifiers_that_a_vendor_never_received_are_not_told_it(services, connections, ada, admin):
    shy = recorder("shy")
    services.integrations.register(shy, "shy")
    await connections.connect("shy", grants=[Grantable("user.name", "functional.service")])
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.EXPORT)
    await connections.work()

    assert shy.heard[-1].verb is Verb.EXPORT
    assert shy.heard[-1].argument.identifiers == ()


@pytest.mark.usefixtures("recording")
async def test_a_member_whom_no_integration_knows_owes_nothing(services, connections, admin, ada):
    await connections.install()
    async with access_for(services, admin) as access:
        assert await enqueue_for_member(access, ada.member_id, Verb.ERASE) == []


@pytest.fixture
async def mirrored(services, connections, ada):  # noqa: ARG001 - somebody has to be there
    mirror = recorder("mirror", supports={"reconcile": True})
    services.integrations.register(mirror, "mirror")
    await connections.connect("mirror")
    return mirror


async def test_what_the_vendor_lost_is_shared_again(connections, mirrored):
    lost = next(key for key, record in mirrored.held.items() if record.text("first_name") == "Ada")
    del mirrored.held[lost]
    await connections.pass_time(days=7)

    assert "reconcile" in mirrored.verbs()
    assert mirrored.held[lost].text("first_name") == "Ada"


async def test_what_the_vendor_should_not_have_is_erased_again(services, connections, mirrored, admin, ada):
    key, record = next(item for item in mirrored.held.items() if item[1].text("first_name") == "Ada")
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
        await access.transaction.execute(
            "update member set state = 'removed' where organisation_id = $1 and id = $2",
            access.organisation_id,
            ada.member_id,
        )
    await connections.work()
    mirrored.held[key] = record
    await connections.pass_time(days=7)
    assert key not in mirrored.held

    mirrored.heard.clear()
    await connections.pass_time(days=6, hours=23)
    assert mirrored.verbs() == []
    await connections.pass_time(hours=2)
    assert mirrored.verbs() == ["reconcile"]


async def test_what_the_vendor_is_found_to_hold_counts_as_held_until_it_is_erased(
    services, connections, mirrored, admin, ada, owner
):
    key, record = next(item for item in mirrored.held.items() if item[1].text("first_name") == "Ada")
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await owner.execute("update member set state = 'removed' where id = $1", ada.member_id)
    await connections.work()
    assert await owner.fetchval("select state from subject_link where member_id = $1", ada.member_id) == "erased"

    mirrored.held[key] = record
    mirrored.always[Verb.ERASE] = lambda _: Outcome(status="in_progress")
    await connections.pass_time(days=7)
    assert await owner.fetchval("select state from subject_link where member_id = $1", ada.member_id) == "shared"

    mirrored.always.clear()
    await connections.pass_time(hours=1)
    assert await owner.fetchval("select state from subject_link where member_id = $1", ada.member_id) == "erased"


@pytest.mark.parametrize(
    ("state", "verb", "link"),
    [("deactivated", "restrict", "restricted"), ("removed", "erase", "erased")],
)
async def test_a_member_who_is_no_longer_active_is_taken_back(
    state, verb, link, services, connections, recording, admin, ada, owner
):
    await connections.connect()
    async with access_for(services, admin) as access:
        await access.transaction.execute(
            "update member set state = $3 where organisation_id = $1 and id = $2",
            access.organisation_id,
            ada.member_id,
            state,
        )
        await members_changed(access, [ada.member_id], frozenset({"state"}))
    await connections.work()

    assert verb in recording.verbs()
    assert await owner.fetchval("select state from subject_link where member_id = $1", ada.member_id) == link
    assert "Ada" not in {record.text("first_name") for record in recording.held.values()}


@pytest.mark.usefixtures("recording")
async def test_reminders_come_at_half_four_fifths_and_all_of_the_time(services, connections, admin, ada, owner, clock):
    await connections.connect()
    async with access_for(services, admin) as access:
        (identifier,) = await enqueue_for_member(
            access, ada.member_id, Verb.CORRECT, due_at=clock.now() + timedelta(days=10)
        )
    worker, seen = connections.worker(), []
    for days in (4.9, 0.2, 2.8, 0.2, 1.8, 0.2, 5):
        clock.advance(timedelta(days=days))
        await worker.sweep()
        seen.append(await owner.fetchval("select reminded from obligation where id = $1", identifier))

    assert seen == [0, 50, 50, 80, 80, 100, 100]
