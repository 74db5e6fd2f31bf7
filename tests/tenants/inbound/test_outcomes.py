"""Each of the six things that a vendor may tell acts as its name says, and people are told of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.builders import access_for, make_member
from tests.tenants.inbound.vendor_calls import VendorCalls, fields
from wardship.plugins.api import KnownAs, Outcome, Verb
from wardship.tenants.data_access.read import audit_log
from wardship.tenants.grants.choices import give_consent, withdraw_objection
from wardship.tenants.obligations.enqueue import share_with_audience
from wardship.tenants.obligations.for_member import bring_in_line

pytestmark = pytest.mark.anyio
OBJECTIONS = "select purpose, installation_id from objection where withdrawn_at is null order by purpose"
LINK = "select state from subject_link where subject_ref = $1"


async def notices(owner) -> list[str]:
    rows = await owner.fetch("select kind from notice where kind like '%vendor%' order by kind")
    return [row["kind"] for row in rows]


async def held_fields(calling, vendor_calls) -> set[str]:
    record = calling.held.get(vendor_calls.subject)
    return {field.name for field in record.fields} if record else set()


async def test_who_objected_there_has_objected_to_that_purpose_at_this_installation(
    vendor_calls: VendorCalls, owner, connections, calling, installation
):
    assert await held_fields(calling, vendor_calls) == {"first_name", "last_name", "email"}
    assert await vendor_calls.tell("objected", purpose="functional.service") == ["applied"]
    assert [tuple(row) for row in await owner.fetch(OBJECTIONS)] == [("functional.service", installation.id)]
    await connections.work()
    assert await held_fields(calling, vendor_calls) == {"email"}
    assert await vendor_calls.tell("objected", purpose="functional.service") == ["nothing_new"]
    assert await vendor_calls.tell("objected") == ["applied"]
    await connections.work()
    assert calling.held == {}
    assert await owner.fetchval(LINK, vendor_calls.subject) == "erased"
    assert await notices(owner) == ["choice_from_vendor", "choice_from_vendor", "choices_from_vendor"]


async def test_a_consent_withdrawn_there_ends_for_this_recipient_and_what_was_sent_is_taken_back(
    vendor_calls: VendorCalls, owner, connections, calling
):
    assert await vendor_calls.tell("consent_withdrawn", purpose="marketing.communications.email") == ["applied"]
    assert await owner.fetchval("select count(*) from consent_withdrawal") == 1
    assert await owner.fetchval("select withdrawn_at from consent") is None, "it holds for others"
    await connections.work()
    assert await held_fields(calling, vendor_calls) == {"first_name", "last_name"}
    assert await vendor_calls.tell("consent_withdrawn") == ["nothing_new"]
    assert await notices(owner) == ["choice_from_vendor", "choices_from_vendor"]


async def test_a_consent_that_was_given_since_stays(
    vendor_calls: VendorCalls, owner, services, ada, clock, installation
):
    before = clock.now() - timedelta(seconds=1)
    assert await vendor_calls.tell("consent_withdrawn", at=before) == ["nothing_new"]
    assert await vendor_calls.tell("consent_withdrawn") == ["applied"]
    clock.advance(timedelta(hours=1))
    async with access_for(services, ada.actor(at=clock.now())) as access:
        await give_consent(access, "marketing.communications.email", installation_id=installation.id)
    late = clock.now() - timedelta(minutes=1)
    assert await vendor_calls.tell("consent_withdrawn", at=late) == ["nothing_new"]
    assert await owner.fetchval("select count(*) from consent where withdrawn_at is null") == 2


async def test_who_unsubscribed_gets_no_marketing_by_this_recipient(
    vendor_calls: VendorCalls, owner, connections, calling, installation
):
    assert await vendor_calls.tell("unsubscribed") == ["applied"]
    assert [tuple(row) for row in await owner.fetch(OBJECTIONS)] == [("marketing", installation.id)]
    await connections.work()
    assert await held_fields(calling, vendor_calls) == {"first_name", "last_name"}
    assert (await vendor_calls.send([vendor_calls.event("unsubscribed", purpose="analytics")])).status_code == 503


async def test_what_a_person_lifted_since_is_not_objected_to_again_by_an_older_event(
    vendor_calls: VendorCalls, owner, services, ada, clock
):
    then = clock.now()
    assert await vendor_calls.tell("objected") == ["applied"]
    clock.advance(timedelta(minutes=30))
    async with access_for(services, ada.actor(at=clock.now())) as access:
        await withdraw_objection(access, await owner.fetchval("select id from objection"))
    clock.advance(timedelta(minutes=30))
    assert await vendor_calls.tell("objected", at=then + timedelta(minutes=10)) == ["outdated"]
    assert await vendor_calls.tell("erased", at=then + timedelta(minutes=20)) == ["outdated"]
    assert await owner.fetchval("select count(*) from objection where withdrawn_at is null") == 0
    assert await vendor_calls.tell("objected") == ["applied"]


async def test_a_correction_from_there_is_kept_beside_the_profile_which_stays(vendor_calls: VendorCalls, owner, ada):
    assert await vendor_calls.tell("corrected", fields=fields(phone="+49 30 1234")) == ["applied"]
    row = await owner.fetchrow("select kind, source, name, value, member_id from received_datum")
    assert tuple(row) == ("corrected", "Recorder Ltd", "phone", '"+49 30 1234"', ada.member_id)
    assert await owner.fetchval("select phone from member where id = $1", ada.member_id) == "+44 20 7946 0958"
    assert await notices(owner) == ["data_from_vendor"]


async def test_who_was_erased_there_is_not_shared_again_by_itself(
    vendor_calls: VendorCalls, owner, connections, calling, services, ada, clock, installation
):
    await vendor_calls.tell("new_data", fields=fields(visits=3))
    calling.held.clear()
    clock.advance(timedelta(minutes=1))
    assert await vendor_calls.tell("erased") == ["applied"]
    assert await owner.fetchval(LINK, vendor_calls.subject) == "erased"
    assert await owner.fetchval("select count(*) from received_datum") == 0
    calling.heard.clear()
    present = await connections.read(installation.id)
    async with access_for(services, connections.admin.actor(at=clock.now())) as access:
        await bring_in_line(access, [ada.member_id])
        await share_with_audience(access, present)
    await connections.work()
    assert vendor_calls.subject not in {
        record.subject.id for call in calling.heard for record in getattr(call.argument, "records", ())
    }
    assert calling.held.get(vendor_calls.subject) is None
    assert await vendor_calls.tell("new_data", fields=fields(visits=4), at=clock.now() - timedelta(seconds=30)) == [
        "outdated"
    ]
    assert "choice_from_vendor" in await notices(owner)
    # It is hers to lift.
    async with access_for(services, ada.actor(at=clock.now())) as access:
        await withdraw_objection(access, await owner.fetchval("select id from objection"))
    await connections.work()
    assert calling.held.get(vendor_calls.subject) is not None


async def test_what_was_sent_since_an_erasure_there_is_owed_back(
    vendor_calls: VendorCalls, owner, connections, calling, clock
):
    earlier = clock.now() - timedelta(minutes=1)
    assert await vendor_calls.tell("erased", at=earlier) == ["applied"]
    assert await owner.fetchval(LINK, vendor_calls.subject) == "shared", "it was sent after that"
    await connections.work()
    assert "erase" in calling.verbs()
    assert calling.held == {key: value for key, value in calling.held.items() if key != vendor_calls.subject}


async def test_an_erasure_is_older_than_what_came_after_it(vendor_calls: VendorCalls, owner):
    assert await vendor_calls.tell("new_data", fields=fields(visits=3), sequence=5) == ["applied"]
    assert await vendor_calls.tell("erased", sequence=4) == ["outdated"]
    assert await owner.fetchval("select count(*) from received_datum") == 1
    assert await owner.fetchval("select count(*) from objection") == 0


async def test_the_audit_names_the_installation_as_who_acted(
    vendor_calls: VendorCalls, services, connections, owner, installation
):
    await vendor_calls.tell("objected")
    await vendor_calls.tell("erased")
    rows = await owner.fetch("select action, entry from audit_entry order by sequence")
    found = {row["action"]: json.loads(row["entry"]) for row in rows}
    for action in ("objection.made", "member.erased_by_vendor"):
        actor = found[action]["actor"]
        assert actor == {"kind": "vendor", "account": None, "member": None, "installation": str(installation.id)}
    async with access_for(services, connections.admin) as access:
        page = await audit_log(access, 100)
    assert "vendor" in {entry.actor.kind for entry in page.items}


async def test_a_person_is_found_by_our_id_by_the_vendors_own_name_and_by_what_the_vendor_was_sent(
    vendor_calls: VendorCalls, calling, connections, services, ada, owner
):
    calling.told[Verb.SHARE].append(
        lambda share: Outcome.completed(
            known_as=tuple(KnownAs(subject_id=each.subject.id, name="vendor/77") for each in share.records)
        )
    )
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    named = [
        {"known_as": "vendor/77"},
        {"identifier": {"type": "email", "value": " ADA@example.org"}},
        {"id": vendor_calls.subject},
    ]
    # As kept before there were hashes of names: it is found all the same.
    await owner.execute("update subject_link set known_as_key = null")
    for number, subject in enumerate(named):
        event = {"kind": "objected", "subject": subject, "purpose": ["sales", "analytics", "operations"][number]}
        assert (await vendor_calls.send([event])).json() == {"results": ["applied"]}, subject
    assert await owner.fetchval("select count(*) from objection") == 3
    assert await owner.fetchval("select count(*) from subject_link where known_as_key is not null") > 0
    unknown = [
        {"known_as": "vendor/78"},
        {"identifier": {"type": "email", "value": "eda@example.org"}},
        {"identifier": {"type": "phone", "value": "+44 20 7946 0958"}},
        {"id": "0" * 32},
    ]
    events = [{"kind": "objected", "subject": subject} for subject in unknown]
    assert (await vendor_calls.send(events)).json() == {"results": ["unknown_subject"] * 4}
    assert await owner.fetchval("select count(*) from objection") == 3


async def test_a_vendor_can_t_ask_who_is_here_by_what_it_was_not_sent(
    vendor_calls: VendorCalls, owner, database, acme, connections, services
):
    # Bob has consented to nothing: his address was never sent there, his name was.
    bob = await make_member(database, acme, name="Bob", email="bob@example.org", first_name="Bob")
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [bob.member_id])
    await connections.work()
    assert await owner.fetchval("select count(*) from subject_link where member_id = $1", bob.member_id) == 1
    for address in ("bob@example.org", "nobody@example.org"):
        event = {"kind": "objected", "subject": {"identifier": {"type": "email", "value": address}}}
        assert (await vendor_calls.send([event])).json() == {"results": ["unknown_subject"]}
    assert await owner.fetchval("select count(*) from objection") == 0


async def test_an_identifier_that_is_two_peoples_is_nobodys(
    vendor_calls: VendorCalls, owner, database, acme, services, connections
):
    other = await make_member(database, acme, name="Adam", email="ADA@example.org", first_name="Adam")
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [other.member_id])
    await connections.work()
    event = {"kind": "objected", "subject": {"identifier": {"type": "email", "value": "ada@example.org"}}}
    assert (await vendor_calls.send([event])).json() == {"results": ["applied"]}
    await owner.execute("update disclosure set fields = array_append(fields, 'email')")
    assert (await vendor_calls.send([event])).json() == {"results": ["unknown_subject"]}


async def test_connectors_are_told_the_address(calling, services, installation):
    assert calling.urls == {"check": f"{services.settings.public_url}/integrations/{installation.id}/inbound"}
