"""Every class of answer, over real HTTP, through the dispatcher: what the host makes of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.fakes.vendor_plugin import record
from tests.plugins.host.remote.declared import desk
from tests.plugins.host.servers import raw_server, saying
from wardship.core.outbound.pacing import ProcessPaces
from wardship.plugins.api import (
    Claim,
    Claimed,
    Inquiry,
    Outcome,
    OutcomeStatus,
    Reason,
    Share,
    SubjectRef,
    SubjectState,
    Verb,
)
from wardship.plugins.host.call import Call, DispatchLimits
from wardship.plugins.host.exchanges import random_digest
from wardship.plugins.host.registry import Form
from wardship.plugins.host.remote.answers import LARGEST_ANSWER
from wardship.plugins.host.reply import Fault

SHARE = Share(records=(record(first_name="Ada", email="ada@example.org"),))
SUBJECT = SubjectRef(id="subject-0001")
JSON = b"content-type: application/json"


def answer(status: int, body: object = b"", *headers: bytes) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    if not isinstance(body, bytes):
        headers = (*headers, JSON)
    head = (b"HTTP/1.1 %d Said" % status, b"content-length: %d" % len(content), *headers)
    return b"\r\n".join((*head, b"", content))


async def replied(clock, *answers, verb=Verb.SHARE, argument=SHARE, request_s=5.0):
    async with raw_server(saying(*answers)) as server:
        with desk(clock, f"{server.url}/in", request_s=request_s) as made:
            reply = await made.call(verb, argument)
    return reply, server.seen


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (answer(200, {"status": "completed", "records_affected": 2}), Outcome.completed(2)),
        (answer(204), Outcome.completed()),
        (answer(202), Outcome.in_progress()),
        (answer(202, b"", b"retry-after: 90"), Outcome.in_progress(retry_after_s=90)),
        (answer(202, {"status": "in_progress", "external_ref": "job-7"}), Outcome.in_progress("job-7")),
        (
            answer(202, {"status": "in_progress", "retry_after_s": 5}, b"retry-after: 90"),
            Outcome.in_progress(retry_after_s=5),
        ),
        (
            answer(200, {"status": "denied", "reason": "legal_hold", "detail": "a court asked"}),
            Outcome(status=OutcomeStatus.DENIED, reason=Reason.LEGAL_HOLD, detail="a court asked"),
        ),
    ],
)
async def test_an_outcome_is_taken_as_it_is(clock, said, outcome):
    reply, _ = await replied(clock, said)
    assert (reply.fault, reply.outcome) == (None, outcome)


@pytest.mark.parametrize(
    ("said", "fault", "status", "detail"),
    [
        (answer(401), Fault.UNAUTHORISED, OutcomeStatus.FAILED, "refused our credentials"),
        (answer(404, {"detail": "no such workspace"}), Fault.REJECTED, OutcomeStatus.DENIED, "no such workspace"),
        (answer(400, {"title": "unknown verb"}), Fault.REJECTED, OutcomeStatus.DENIED, "unknown verb"),
        (answer(422, {"detail": "no ada@example.org"}), Fault.REJECTED, OutcomeStatus.DENIED, "no [cut]"),
        (answer(422, {"detail": "k3y-of-harbour"}), Fault.REJECTED, OutcomeStatus.DENIED, "[cut]"),
        (answer(410), Fault.GONE, OutcomeStatus.FAILED, "taken its endpoint away"),
        (answer(500), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "unavailable"),
        (answer(301, b"", b"location: /elsewhere"), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "leads elsewhere"),
        (
            answer(302, b"", b"location: https://evil.example/"),
            Fault.UNAVAILABLE,
            OutcomeStatus.FAILED,
            "leads elsewhere",
        ),
        (answer(307, b"", b"location: http://10.0.0.1/"), Fault.REJECTED, OutcomeStatus.DENIED, "not among the hosts"),
        (answer(308, b"", b"location: http://169.254.169.254/"), Fault.REJECTED, OutcomeStatus.DENIED, "not among"),
        (answer(200, b"{}", b"content-type: text/html"), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "text/html"),
        (answer(200, b"{}"), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "content type is missing"),
        (answer(200, b"{", JSON), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "no Outcome"),
        (answer(200, b"", JSON), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "no Outcome"),
        (answer(200, []), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "no Outcome"),
        (answer(200, {"status": "perhaps"}), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "status: enum"),
        (
            answer(200, {"status": "completed", "more": 1}),
            Fault.UNAVAILABLE,
            OutcomeStatus.FAILED,
            "more: extra_forbidden",
        ),
        (answer(200, {"status": "failed"}), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "value_error"),
        (
            answer(200, {"status": "completed", "records_affected": -1}),
            Fault.UNAVAILABLE,
            OutcomeStatus.FAILED,
            "records",
        ),
        (answer(202, {"status": "completed"}), Fault.UNAVAILABLE, OutcomeStatus.FAILED, "not in_progress"),
        (
            answer(200, b'{"status":"completed"}' + b" " * LARGEST_ANSWER, JSON),
            Fault.UNAVAILABLE,
            OutcomeStatus.FAILED,
            "more than",
        ),
        (answer(200, b"", JSON, b"content-encoding: gzip"), Fault.REJECTED, OutcomeStatus.DENIED, "compressed"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\ncontent-type: application/json\r\n\r\n{",
            Fault.UNAVAILABLE,
            OutcomeStatus.FAILED,
            "did not answer",
        ),
        (b"nonsense\r\n\r\n", Fault.UNAVAILABLE, OutcomeStatus.FAILED, "did not answer"),
    ],
)
async def test_an_answer_that_is_none_is_refused_with_its_reason(clock, said, fault, status, detail):
    reply, seen = await replied(clock, said)
    assert (reply.fault, reply.outcome.status) == (fault, status)
    assert detail in reply.outcome.detail
    assert reply.outcome.records_affected == 0
    assert [each.line for each in seen] == ["POST /in HTTP/1.1"]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_wait_that_is_asked_for_is_handed_on(clock, status):
    reply, _ = await replied(clock, answer(status, b"", b"retry-after: 1234"))
    assert (reply.outcome.status, reply.outcome.retry_after_s) == (OutcomeStatus.FAILED, 1234)
    assert reply.outcome.fatal is False


async def test_one_thing_that_is_forbidden_is_refused_alone_and_all_that_is_asks_to_reconnect(clock):
    alone, _ = await replied(clock, answer(403), answer(204))
    assert (alone.fault, alone.outcome.status) == (Fault.REJECTED, OutcomeStatus.DENIED)
    everything, _ = await replied(clock, answer(403), answer(403))
    assert (everything.fault, everything.outcome.reason) == (Fault.UNAUTHORISED, Reason.AUTH_REVOKED)


async def test_an_endpoint_that_does_not_answer_in_time_is_unavailable(clock):
    async def never(_seen, _writer):
        await asyncio.Event().wait()

    async with raw_server(never) as server:
        with desk(clock, server.url, request_s=0.05) as made:
            reply = await made.call(Verb.SHARE, SHARE)
    assert reply.fault is Fault.UNAVAILABLE
    assert len(server.seen) == 1


async def test_a_message_may_take_all_the_time_of_its_call(clock):
    with desk(clock, "http://127.0.0.1:1/") as made:
        loaded = made.registry.get("letters")
        made.registry.adopt(loaded, "1")
        kept = {"limits": DispatchLimits(), "clock": clock, "paces": ProcessPaces(), "digest": random_digest()}
        named = {"installed": made.installed, "verb": Verb.CHECK, "argument": None, "obligation_id": "o"}
        calls = [Call(**named, **kept, integration=each) for each in (loaded, replace(loaded, form=Form.REMOTE))]
        for call in calls:
            call.prepare()
    assert [call.client.limits.request_s for call in calls] == [15, 20]


async def test_an_export_brings_rows_and_may_take_its_time(clock):
    rows = [{"category": "user.contact.email", "name": "email", "value": "ada@example.org"}]
    whole = answer(200, {"outcome": {"status": "completed"}, "rows": rows})
    reply, _ = await replied(clock, whole, verb=Verb.EXPORT, argument=SUBJECT)
    assert reply.value.rows[0].value == "ada@example.org"
    begun, _ = await replied(clock, answer(202), verb=Verb.EXPORT, argument=SUBJECT)
    assert begun.outcome.status is OutcomeStatus.IN_PROGRESS
    none, _ = await replied(clock, answer(204), verb=Verb.EXPORT, argument=SUBJECT)
    assert none.fault is Fault.UNAVAILABLE


async def test_a_receipt_is_a_receipt_and_a_probe_is_none(clock):
    claim = Claim(claimed=Claimed.ERASED, subjects=(SUBJECT,))
    at = datetime(2026, 11, 1, tzinfo=UTC).isoformat()
    receipt = {"level": "receipt", "checked_at": at, "method": "receipt", "vendor_confirmation": {"code": "r-1"}}
    reply, _ = await replied(clock, answer(200, receipt), verb=Verb.ATTEST, argument=claim)
    assert reply.value.level == "receipt"
    probe = {"level": "probed", "checked_at": at, "method": "looked", "evidence_sha256": "0" * 64}
    reply, _ = await replied(clock, answer(200, probe), verb=Verb.ATTEST, argument=claim)
    assert reply.value.level == "unverifiable"
    for said in (answer(202), answer(204)):
        reply, _ = await replied(clock, said, verb=Verb.ATTEST, argument=claim)
        assert reply.fault is Fault.UNAVAILABLE


async def test_a_reconciliation_brings_the_states_of_people(clock):
    states = {"standings": [{"subject_id": "subject-0001", "state": "active"}]}
    reply, _ = await replied(clock, answer(200, states), verb=Verb.RECONCILE, argument=Inquiry(subjects=(SUBJECT,)))
    assert reply.value.standings[0].state is SubjectState.ACTIVE
