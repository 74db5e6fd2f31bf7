"""A call that is forged, replayed, out of order, too large or late changes nothing; addresses answer alike."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from tests.builders import access_for, make_member
from tests.fakes.calling_vendor import EARLIER, SECRET
from tests.tenants.inbound.vendor_calls import VendorCalls, fields, nobody
from wardship.plugins.api import (
    InboundAnswer,
    Outcome,
    OutcomeStatus,
    Reason,
    Received,
    Rejected,
    TemporarilyUnavailable,
    Verb,
    new_webhook_secret,
    sign_webhook,
)
from wardship.tenants.grants.choices import withdraw_objection
from wardship.tenants.inbound.admission import STRANGERS_AT_ONCE, UNVERIFIED
from wardship.tenants.inbound.messages import KEPT_FOR, forget_messages
from wardship.tenants.inbound.reading import LARGEST_BODY
from wardship.tenants.installation_lifecycle.lifecycle import pause, uninstall, update_settings
from wardship.tenants.obligations.for_member import bring_in_line

pytestmark = pytest.mark.anyio
CHANGED = (
    "select (select count(*) from objection) + (select count(*) from received_datum)"
    " + (select count(*) from consent_withdrawal)"
)
MESSAGES = "select count(*) from inbound_message"


@pytest.fixture
async def unchanged(owner, vendor_calls):
    """Nothing is there afterwards that was not before: rows, messages, entries of the audit, notices."""
    assert vendor_calls.subject
    sql = f"select ({CHANGED}), ({MESSAGES}), (select count(*) from audit_entry), (select count(*) from notice)"
    before = tuple(await owner.fetchrow(sql))
    yield
    assert tuple(await owner.fetchrow(sql)) == before


@pytest.mark.usefixtures("unchanged")
async def test_a_forged_call_is_refused_and_changes_nothing(vendor_calls: VendorCalls):
    event = vendor_calls.event("objected")
    stranger = new_webhook_secret()
    answers = [await vendor_calls.send([event], secrets=(stranger,))]
    body = json.dumps({"events": [event]}).encode()
    signed = sign_webhook("message", vendor_calls.clock.now(), body, SECRET)
    answers.append(await vendor_calls.post(body.replace(b"objected", b"erased"), signed))
    answers.append(await vendor_calls.post(body, {}))
    answers.append(await vendor_calls.post(body, signed | {"webhook-id": "another"}))
    answers.append(await vendor_calls.post(body, signed | {"webhook-signature": "v1,"}))
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(400, "INBOUND_REFUSED")] * len(answers)
    assert len({each.json()["detail"] for each in answers}) == 1, "which of them is wrong is nobody's business"


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_call_of_another_time_is_refused_though_it_is_signed(vendor_calls: VendorCalls, minutes):
    at = vendor_calls.clock.now() + timedelta(minutes=minutes)
    assert (await vendor_calls.send([vendor_calls.event("objected")], sent_at=at)).status_code == 400


@pytest.mark.usefixtures("unchanged")
async def test_what_a_connector_calls_late_is_refused_by_the_host(vendor_calls: VendorCalls, calling):
    """A connector of its own making may verify no time: the moment that it tells is looked at here."""
    event = {"kind": "objected", "subject": {"id": vendor_calls.subject}}
    old = vendor_calls.clock.now() - timedelta(minutes=6)
    received = Received.model_validate(
        {"outcome": Outcome.completed(), "message_id": "old", "sent_at": old, "events": (event,)}
    )
    calling.always[Verb.RECEIVE] = lambda _: received
    assert (await vendor_calls.post(b"{}", {})).status_code == 400


@pytest.mark.usefixtures("unchanged")
async def test_too_large_a_call_is_refused_before_it_is_read(vendor_calls: VendorCalls, calling):
    event = vendor_calls.event("objected")
    assert (await vendor_calls.send([event], padding="x" * LARGEST_BODY)).status_code == 413

    async def endless():
        for _ in range(LARGEST_BODY // 1024 + 2):
            yield b"x" * 1024

    assert (await vendor_calls.http.post(vendor_calls.address, content=endless())).status_code == 413
    crowded = await vendor_calls.send([event], headers={"x-padding": "x" * 17_000})
    assert (crowded.status_code, crowded.json()["code"]) == (431, "REQUEST_HEAD_TOO_LARGE")
    many = await vendor_calls.http.post(vendor_calls.address, params=[("a", "b")] * 101)
    assert many.status_code == 431
    assert calling.calls == []


async def test_a_body_that_never_comes_is_not_waited_for(vendor_calls: VendorCalls, monkeypatch, calling):
    monkeypatch.setattr("wardship.tenants.inbound.reading.READ_WITHIN_S", 0.05)

    parts = urlsplit(vendor_calls.address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-length: 1000\r\n\r\n"
    writer.write(head.encode() + b"{")
    answer = await asyncio.wait_for(reader.readuntil(b"}"), 5)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"BODY_TOO_SLOW" in answer
    assert calling.calls == []


async def test_a_repeated_message_changes_nothing_and_is_answered_as_the_first(vendor_calls, owner, services, ada):
    said = {"message_id": "once", "answer": {"body": "code 4711"}}
    first = await vendor_calls.send([vendor_calls.event("objected")], **said)
    async with access_for(services, ada) as access:
        await withdraw_objection(access, await owner.fetchval("select id from objection"))
    before = await owner.fetch("select * from objection")
    # Tried again, as senders do: under the same id, signed anew.
    vendor_calls.clock.advance(timedelta(minutes=20))
    again = await vendor_calls.send([vendor_calls.event("objected")], **said)
    replay = await vendor_calls.send([vendor_calls.event("erased")], message_id="once", answer={"body": "other"})
    assert [(each.status_code, each.text) for each in (first, again, replay)] == [(200, "code 4711")] * 3
    assert await owner.fetch("select * from objection") == before
    assert await owner.fetchval(MESSAGES) == 1


async def test_twenty_copies_at_once_act_once(vendor_calls: VendorCalls, owner):
    await vendor_calls.tell("objected", purpose="analytics")  # from now on its network is known
    told = vendor_calls.event("objected", purpose="personalize")
    answers = await asyncio.gather(*(vendor_calls.send([told], message_id="same") for _ in range(16)))
    assert {(each.status_code, each.text) for each in answers} == {(200, '{"results":["applied"]}')}
    assert await owner.fetchval("select count(*) from objection where purpose = 'personalize'") == 1
    assert await owner.fetchval("select count(*) from audit_entry where action = 'objection.made'") == 2


async def test_a_message_is_known_for_as_long_as_is_said(vendor_calls: VendorCalls, owner, services, clock):
    await vendor_calls.send([vendor_calls.event("objected")], message_id="dated")
    await vendor_calls.send([vendor_calls.event("unsubscribed")], message_id="undated", undated=True)
    clock.advance(KEPT_FOR - timedelta(seconds=1))
    await forget_messages(services)
    assert await owner.fetchval(MESSAGES) == 2
    clock.advance(timedelta(seconds=2))
    await forget_messages(services)
    assert await owner.fetchval(f"{MESSAGES} where kept_until is null") == await owner.fetchval(MESSAGES) == 1
    undated = await vendor_calls.send(
        [vendor_calls.event("objected", purpose="sales")], message_id="undated", undated=True
    )
    assert undated.json() == {"results": ["applied"]}, "that of the first"
    assert await owner.fetchval("select count(*) from objection where purpose = 'sales'") == 0


async def test_messages_go_with_the_installation(vendor_calls, owner, services, connections, installation):
    await vendor_calls.send([vendor_calls.event("objected")], undated=True)
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert (await connections.read(installation.id)).state == "removed"
    await forget_messages(services)
    assert await owner.fetchval(MESSAGES) == 0


async def test_a_message_without_a_name_is_known_by_what_it_says(vendor_calls: VendorCalls, calling, owner):
    event = {"kind": "objected", "subject": {"id": vendor_calls.subject}, "purpose": "analytics"}
    received = Received.model_validate({"outcome": Outcome.completed(), "events": (event,)})
    calling.always[Verb.RECEIVE] = lambda _: received
    answers = [await vendor_calls.post(body, {}) for body in (b'{"n": 1}', b'{"n": 1}', b'{"n": 2}')]
    assert [each.json()["results"] for each in answers] == [["applied"], ["applied"], ["nothing_new"]]
    assert await owner.fetchval(MESSAGES) == 2


async def test_an_older_event_never_overrides_a_newer_one(vendor_calls: VendorCalls, owner, clock):
    now = clock.now()
    for name, times in (("by moment", [now - timedelta(hours=h) for h in (1, 2)]), ("by number", [7, 6])):
        key = "at" if name == "by moment" else "sequence"
        new, old = times
        assert await vendor_calls.tell("new_data", fields=fields(city="Bath"), **{key: new}) == ["applied"]
        assert await vendor_calls.tell("new_data", fields=fields(city="Rome"), **{key: old}) == ["outdated"]
        assert await owner.fetchval("select value from received_datum where name = 'city'") == '"Bath"', name
        # What is newer in one respect only counts in that.
        told = fields(city="Rome", visits=3)
        assert await vendor_calls.tell("new_data", fields=told, **{key: old}) in (["applied"], ["outdated"])
        assert await owner.fetchval("select value from received_datum where name = 'city'") == '"Bath"', name


async def test_a_moment_that_has_not_come_keeps_nothing_out(vendor_calls: VendorCalls, owner, clock):
    later = clock.now() + timedelta(days=3650)
    assert await vendor_calls.tell("new_data", fields=fields(city="Bath"), at=later) == ["applied"]
    clock.advance(timedelta(seconds=1))
    assert await vendor_calls.tell("new_data", fields=fields(city="Rome")) == ["applied"]
    assert await owner.fetchval("select value from received_datum") == '"Rome"'


async def test_an_address_without_an_installation_answers_like_one_that_takes_no_calls(
    vendor_calls, services, connections, owner, calling
):
    event, answers = vendor_calls.event("objected"), []
    here = vendor_calls.installation_id
    other = await connections.connect("recorder")

    async def ask(installation_id) -> None:
        vendor_calls.installation_id = installation_id
        answers.append(await vendor_calls.send([event]))

    await ask(nobody())
    await ask(other.id)
    async with access_for(services, connections.admin) as access:
        await pause(access, other.id)
    await ask(other.id)
    async with access_for(services, connections.admin) as access:
        await uninstall(access, here)
    await ask(here)
    await connections.work()
    await ask(here)
    await owner.execute("update installation set state = 'active', removed_at = null where id = $1", here)
    await owner.execute("update organisation set suspended_at = now()")
    await ask(here)
    told = {(each.status_code, each.json()["detail"], *sorted(each.headers.keys())) for each in answers}
    assert len(answers) == 6
    assert len(told) == 1
    assert answers[0].status_code == 404
    assert calling.calls == []
    assert await owner.fetchval(CHANGED) == 0
    malformed = await vendor_calls.http.post(f"{vendor_calls.url}/integrations/nobody/inbound")
    assert malformed.status_code == 404


async def test_an_erring_connector_harms_only_its_call(vendor_calls: VendorCalls, calling, connections, installation):
    def raising(error: BaseException):
        def act(_: object) -> None:
            raise error

        return act

    def blocked(_: object) -> Outcome:
        return Outcome(status=OutcomeStatus.FAILED, reason=Reason.VENDOR_ERROR)

    faults = [
        (raising(RuntimeError("the body was secret")), 503),
        (raising(TemporarilyUnavailable("later")), 503),
        (raising(Rejected("no")), 400),
        (lambda _: "nonsense", 503),
        (lambda _: Received(outcome=blocked(None)), 400),
    ]
    for act, status in [*faults, *faults, (lambda _: asyncio.sleep(30), 503)]:
        calling.told[Verb.RECEIVE].append(act)
        answer = await vendor_calls.send([vendor_calls.event("objected")])
        assert answer.status_code == status
        assert "secret" not in answer.text
        assert (answer.headers.get("retry-after") == "60") is (status == 503)
    # However often in a row: a breaker of what goes out would be open by now.
    for _ in range(6):
        calling.told[Verb.RECEIVE].append(raising(RuntimeError("again")))
        assert (await vendor_calls.send([vendor_calls.event("objected")])).status_code == 503
    # Neither the breaker nor the state of what goes out has noticed anything.
    assert (await connections.read(installation.id)).state == "active"
    assert await vendor_calls.tell("objected") == ["applied"]
    await connections.work()
    assert "erase" in calling.verbs()


async def test_calls_that_hang_hold_up_nothing_that_goes_out(
    vendor_calls: VendorCalls, calling, connections, services, ada
):
    calling.told[Verb.RECEIVE] += [lambda _: asyncio.sleep(30)] * STRANGERS_AT_ONCE
    hanging = [
        asyncio.create_task(vendor_calls.send([vendor_calls.event("objected")])) for _ in range(STRANGERS_AT_ONCE)
    ]
    for _ in range(500):
        if len(calling.calls) == STRANGERS_AT_ONCE:
            break
        await asyncio.sleep(0.01)
    calling.heard.clear()
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    assert Verb.SHARE in {heard.verb for heard in calling.heard}
    assert not any(each.done() for each in hanging)
    assert {each.status_code for each in await asyncio.gather(*hanging)} == {503}


async def test_nothing_of_a_call_gets_into_the_log(vendor_calls: VendorCalls, calling, caplog, capfd):
    def chatty(call) -> None:
        connector_log.append(call)

    connector_log: list[object] = []
    calling.told[Verb.RECEIVE].append(chatty)
    await vendor_calls.send([vendor_calls.event("new_data", fields=fields(city="Tewkesbury"))], padding="Swordfish")
    await vendor_calls.send([vendor_calls.event("objected")], secrets=(EARLIER,), padding="Swordfish")
    out, err = capfd.readouterr()
    for text in (caplog.text, out, err):
        assert "Tewkesbury" not in text
        assert "Swordfish" not in text
        assert vendor_calls.subject not in text
    assert connector_log


async def test_the_earlier_secret_is_taken_while_it_is_set(vendor_calls, services, connections, installation):
    event = vendor_calls.event("objected")
    assert (await vendor_calls.send([event], secrets=(EARLIER,))).status_code == 400
    async with access_for(services, connections.admin) as access:
        await update_settings(access, installation.id, {"earlier_secret": EARLIER})
    await connections.work()
    assert (await vendor_calls.send([event], secrets=(EARLIER,))).status_code == 200
    assert (await vendor_calls.send([event], secrets=(new_webhook_secret(), SECRET))).status_code == 200


async def test_calls_that_are_nobodys_are_counted_and_the_vendors_own_are_not(vendor_calls: VendorCalls, calling):
    event = vendor_calls.event("objected")
    for _ in range(UNVERIFIED + 5):
        assert (await vendor_calls.send([event])).status_code == 200
    calling.calls.clear()
    answers = [await vendor_calls.post(b"{}", {}) for _ in range(UNVERIFIED + 2)]
    assert [each.status_code for each in answers] == [400] * UNVERIFIED + [429] * 2
    assert len(calling.calls) == UNVERIFIED
    assert int(answers[-1].headers["retry-after"]) >= 1
    vendor_calls.clock.advance(timedelta(minutes=1))
    assert (await vendor_calls.send([event])).status_code == 200


async def test_a_challenge_is_answered_as_plain_text_that_no_browser_runs(vendor_calls: VendorCalls, owner):
    asked = {"hub.verify_token": SECRET, "hub.challenge": "<script>alert(1)</script>"}
    answer = await vendor_calls.http.get(vendor_calls.address, params=asked)
    assert (answer.status_code, answer.text) == (200, asked["hub.challenge"])
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    refused = await vendor_calls.http.get(vendor_calls.address, params=asked | {"hub.verify_token": "guessed"})
    assert refused.status_code == 400
    assert await owner.fetchval(MESSAGES) == 0


async def test_a_confirmation_reaches_the_vendor_with_what_became_of_each_event(vendor_calls: VendorCalls):
    answer = {"status": 201, "media_type": "application/json", "body": '{"code": "A-17"}'}
    events = [vendor_calls.event("objected"), {"kind": "erased", "subject": {"id": "somebody-else"}}]
    reply = await vendor_calls.send(events, answer=answer)
    assert (reply.status_code, reply.json()) == (201, {"code": "A-17"})
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-wardship-results"] == "applied, unknown_subject"
    empty = await vendor_calls.send([])
    assert (empty.status_code, empty.content) == (204, b"")


def test_an_answer_is_no_page_no_redirect_and_short():
    for wrong in (
        {"status": 302},
        {"status": 500},
        {"status": 204, "body": "x"},
        {"media_type": "text/html"},
        {"body": "x" * 4097},
    ):
        with pytest.raises(ValueError, match="validation error"):
            InboundAnswer(**wrong)


async def test_two_messages_about_the_same_people_in_other_order_wait_for_no_one(
    vendor_calls, services, connections, database, acme, owner
):
    bob = await make_member(database, acme, name="Bob", email="bob@example.org", first_name="Bob")
    async with access_for(services, connections.admin) as access:
        await bring_in_line(access, [bob.member_id])
    await connections.work()
    refs = [row["subject_ref"] for row in await owner.fetch("select subject_ref from subject_link order by member_id")]
    assert len(refs) >= 2
    purposes = ["analytics", "personalize", "sales", "operations", "employment", "marketing"]
    await vendor_calls.tell("objected", purpose="third_party_sharing")

    def about(order: list[str], purpose: str):
        return [{"kind": "objected", "subject": {"id": ref}, "purpose": purpose} for ref in order]

    sends = [vendor_calls.send(about(refs if n % 2 else refs[::-1], purpose)) for n, purpose in enumerate(purposes)]
    answers = await asyncio.gather(*sends)
    assert {each.status_code for each in answers} == {200}
    assert all(one is not other for one, other in pairwise(answers))
    assert await owner.fetchval("select count(*) from objection") == len(purposes) * len(refs) + 1
