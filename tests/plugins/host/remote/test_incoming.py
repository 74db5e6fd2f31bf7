from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.plugins.host.remote.declared import desk
from wardship.plugins.api import InboundCall, InboundKind, Outcome, Received, Verb, new_webhook_secret, sign_webhook
from wardship.plugins.host.reply import Fault

OUTCOME = {"type": "outcome", "data": {"obligation_id": "o-1", "outcome": {"status": "completed"}}}
EVENTS = {"type": "events", "data": {"events": [{"kind": "objected", "subject": {"id": "subject-0001"}}]}}


async def received(clock, said, *, secret=None, sent_at=None, drop=()):
    with desk(clock, "http://127.0.0.1:1/") as made:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        signed = sign_webhook("msg-1", sent_at or clock.now(), body, secret or made.secrets[0])
        headers = tuple((name, value) for name, value in signed.items() if name not in drop)
        return await made.call(Verb.RECEIVE, InboundCall(headers=headers, body=body))


async def test_an_outcome_of_what_was_begun_is_read(clock):
    reply = await received(clock, OUTCOME)
    assert isinstance(reply.value, Received)
    assert (reply.fault, reply.value.message_id, reply.value.sent_at) == (None, "msg-1", clock.now())
    (told,) = reply.value.outcomes
    assert (told.obligation_id, told.outcome) == ("o-1", Outcome.completed())


async def test_events_are_read(clock):
    reply = await received(clock, EVENTS)
    assert [event.kind for event in reply.value.events] == [InboundKind.OBJECTED]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 50_000,
        {},
        {"type": "erase_everything", "data": {}},
        {"type": "outcome"},
        {"type": "outcome", "data": {"obligation_id": "../o", "outcome": {"status": "completed"}}},
        {"type": "outcome", "data": {"obligation_id": "o-1", "outcome": {"status": "completed"}, "level": "probed"}},
        {"type": "events", "data": {"events": []}},
        {"type": "events", "data": EVENTS["data"], "surprise": 1},
    ],
)
async def test_a_call_that_says_nothing_that_there_is_is_refused(clock, said):
    reply = await received(clock, said)
    assert (reply.fault, reply.value) == (Fault.REJECTED, None)


async def test_a_call_that_does_not_prove_itself_is_refused(clock):
    for wrong in (
        {"secret": new_webhook_secret()},
        {"sent_at": clock.now() - timedelta(minutes=6)},
        {"sent_at": clock.now() + timedelta(minutes=6)},
        {"drop": ("webhook-signature",)},
        {"drop": ("webhook-timestamp",)},
        {"drop": ("webhook-id",)},
    ):
        reply = await received(clock, OUTCOME, **wrong)
        assert (reply.fault, reply.value) == (Fault.REJECTED, None), wrong
