"""What a connector may say of a call that came in."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from wardship.plugins.api import Field, InboundCall, InboundEvent, InboundSubject, Outcome, Received, Record, SubjectRef

WHOM = {"id": "subject-0001"}
CITY = {"category": "user.contact.address.city", "name": "city", "value": "Bath"}
REFUSED = {
    "nobody": {"kind": "objected", "subject": {}},
    "two names": {"kind": "objected", "subject": WHOM | {"known_as": "77"}},
    "data without values": {"kind": "new_data", "subject": WHOM},
    "a choice with values": {"kind": "objected", "subject": WHOM, "fields": [CITY]},
    "data with a purpose": {"kind": "new_data", "subject": WHOM, "fields": [CITY], "purpose": "analytics"},
    "a subscription to something else": {"kind": "unsubscribed", "subject": WHOM, "purpose": "analytics"},
    "one field twice": {"kind": "new_data", "subject": WHOM, "fields": [CITY, CITY]},
    "a long value": {"kind": "corrected", "subject": WHOM, "fields": [CITY | {"value": "x" * 2001}]},
    "a long list": {"kind": "corrected", "subject": WHOM, "fields": [CITY | {"value": ["x" * 30] * 100}]},
    "a value with a NUL": {"kind": "corrected", "subject": WHOM, "fields": [CITY | {"value": "a\0b"}]},
    "an invisible identifier": {"kind": "erased", "subject": {"identifier": {"type": "email", "value": "a\u200b@b"}}},
    "a moment without a zone": {"kind": "erased", "subject": WHOM, "at": "2026-11-30T01:00:00"},
    "a number below zero": {"kind": "erased", "subject": WHOM, "sequence": -1},
    "an unknown kind": {"kind": "sold", "subject": WHOM},
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_event_that_contradicts_itself_is_refused(name):
    with pytest.raises(ValidationError):
        InboundEvent.model_validate(REFUSED[name])


def test_records_count_as_events_of_new_data():
    record = Record(subject=SubjectRef(id="subject-0001"), fields=(Field(**CITY),))
    received = Received(outcome=Outcome.completed(), records=(record,))
    (event,) = received.all_events
    assert (event.kind, event.subject, event.fields) == ("new_data", InboundSubject(**WHOM), record.fields)


def test_one_call_brings_at_most_a_hundred_events_records_included():
    record = Record(subject=SubjectRef(id="subject-0001"), fields=(Field(**CITY),))
    event = InboundEvent.model_validate({"kind": "objected", "subject": WHOM})
    assert len(Received(outcome=Outcome.completed(), records=(record,), events=(event,) * 99).all_events) == 100
    with pytest.raises(ValidationError, match="at most 100"):
        Received(outcome=Outcome.completed(), records=(record,), events=(event,) * 100)


def test_a_header_that_is_there_twice_says_nothing():
    call = InboundCall(
        headers=(("X-One", "1"), ("x-two", "a"), ("X-TWO", "b")), body=b"", query=(("a", "1"), ("b", "1"), ("b", "2"))
    )
    assert [call.header(name) for name in ("x-one", "X-ONE", "x-two", "x-three")] == ["1", "1", None, None]
    assert [call.parameter(name) for name in ("a", "b", "c")] == ["1", None, None]
