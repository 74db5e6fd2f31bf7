"""What the endpoint gets, over real HTTP: verified by the contract's own verification, as a vendor would."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.fakes.vendor_plugin import record
from tests.plugins.host.remote.declared import desk
from tests.plugins.host.remote.test_answers import SHARE, SUBJECT, answer
from tests.plugins.host.servers import Seen, raw_server, saying
from wardship.plugins.api import (
    Cause,
    Continuation,
    InboundCall,
    Share,
    Verb,
    WebhookRefusedError,
    new_webhook_secret,
    verify_webhook,
)
from wardship.plugins.host.reply import Fault


def call_of(seen: Seen) -> InboundCall:
    return InboundCall(headers=tuple(seen.headers.items()), body=seen.body)


@pytest.fixture
async def endpoint():
    async with raw_server(saying(answer(204))) as server:
        yield server


async def test_a_message_is_signed_and_says_what_is_asked(clock, endpoint):
    with desk(clock, f"{endpoint.url}/in?tenant=7") as made:
        await made.call(Verb.ERASE, SUBJECT, obligation_id="o-7", cause=Cause.REQUEST)
    (seen,) = endpoint.seen
    signed = verify_webhook(call_of(seen), made.secrets[0], now=clock.now())
    assert seen.line == "POST /in?tenant=7 HTTP/1.1"
    assert (seen.headers["webhook-id"], signed.id) == (signed.id, seen.headers["idempotency-key"])
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["user-agent"].startswith("Wardship/")
    said = json.loads(seen.body)
    deadline = said["data"].pop("deadline")
    assert datetime.fromisoformat(deadline) > clock.now()
    assert said == {
        "type": "wardship.erase",
        "timestamp": clock.now().isoformat(),
        "data": {
            "verb": "erase",
            "installation_id": "i-1",
            "obligation_id": "o-7",
            "settings": {"workspace": "harbour"},
            "secrets": {"api_key": "k3y-of-harbour"},
            "continuation": None,
            "cause": "request",
            "callback_url": "https://wardship.example/integrations/i-1/inbound",
            "argument": {"id": "subject-0001", "identifiers": [], "known_as": None, "earlier": []},
        },
    }


async def test_a_record_arrives_as_it_was_built(clock, endpoint):
    with desk(clock, endpoint.url) as made:
        shared = Share(records=(record(first_name="Łukasz", last_name="مريم 田中"),))
        await made.call(Verb.SHARE, shared)
    assert Share.model_validate(json.loads(endpoint.seen[0].body)["data"]["argument"]) == shared


async def test_while_a_secret_is_replaced_each_of_both_verifies_alone(clock, endpoint):
    with desk(clock, endpoint.url) as made:
        old, new = made.secrets[0], new_webhook_secret()
        made.secrets[:] = [new, old]
        await made.call(Verb.CHECK)
        made.secrets[:] = [new]
        await made.call(Verb.CHECK)
    during, after = map(call_of, endpoint.seen)
    for secret in (old, new):
        verify_webhook(during, secret, now=clock.now())
    verify_webhook(after, new, now=clock.now())
    with pytest.raises(WebhookRefusedError):
        verify_webhook(after, old, now=clock.now())


async def ids(made, endpoint, verb, argument, clock, **kept):
    """Return the ids of three tries, a minute apart."""
    endpoint.seen.clear()
    for _ in range(3):
        await made.call(verb, argument, **kept)
        clock.advance(timedelta(minutes=1))
    return [each.headers["webhook-id"] for each in endpoint.seen]


async def test_a_message_that_is_tried_again_keeps_its_id_and_another_has_another(clock, endpoint):
    with desk(clock, endpoint.url) as made:
        erasures = await ids(made, endpoint, Verb.ERASE, SUBJECT, clock)
        others = await ids(made, endpoint, Verb.ERASE, SUBJECT, clock, obligation_id="o-2")
        shares = await ids(made, endpoint, Verb.SHARE, SHARE, clock)
        corrected = Share(records=(record(first_name="Augusta"),))
        changed = await ids(made, endpoint, Verb.SHARE, corrected, clock)
    assert [len(set(each)) for each in (erasures, others, shares, changed)] == [1, 1, 1, 1]
    assert len({*erasures, *others, *shares, *changed}) == 4


async def test_what_only_looks_is_each_time_another_message(clock, endpoint):
    begun = Continuation(external_ref="job-7")
    with desk(clock, endpoint.url) as made:
        polls = await ids(made, endpoint, Verb.ERASE, SUBJECT, clock, continuation=begun)
        checks = await ids(made, endpoint, Verb.CHECK, None, clock)
    assert len({*polls, *checks}) == 6


async def test_without_a_secret_nothing_is_sent(clock, endpoint):
    with desk(clock, endpoint.url) as made:
        made.secrets.clear()
        reply = await made.call(Verb.SHARE, SHARE)
    assert reply.fault is Fault.UNAVAILABLE
    assert "signing secret" in reply.outcome.detail
    assert endpoint.seen == []


async def test_a_secret_that_need_not_be_filled_in_is_left_out(clock, endpoint):
    with desk(clock, endpoint.url) as made:
        made.installed.secrets.clear()  # type: ignore[attr-defined] # a mapping that the test made itself
        await made.call(Verb.CHECK)
    assert "secrets" not in json.loads(endpoint.seen[0].body)["data"]
