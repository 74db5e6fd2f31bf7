"""The decision after a call, over all replies: trying ends in time, and what is owed ends with a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from wardship.plugins.api import Outcome, OutcomeStatus, Reason, RevocationMethod, RevocationStep, Verb
from wardship.plugins.host.reply import Fault, Reply, failure
from wardship.tenants.obligations.deadlines import REMINDERS, reminder_at, reminder_level, wait_before_retry
from wardship.tenants.obligations.leases import Lease
from wardship.tenants.obligations.settle import DUTIES, decide
from wardship.tenants.obligations.states import ObligationState

SUBMITTED = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEFT = RevocationStep(
    verb=Verb.REVOKE,
    method=RevocationMethod.MANUAL,
    deletes="the password",
    deadline_h=24,
    proof="manual",
    instructions="Delete it.",
)


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    verb = draw(st.sampled_from([verb for verb in Verb if verb is not Verb.RECEIVE]))
    wait = draw(st.none() | st.floats(0, 1e7))
    if draw(st.booleans()):
        return failure(verb, draw(st.sampled_from([*Fault])), "said", retry_after_s=wait, fatal=draw(st.booleans()))
    outcome = Outcome(
        status=draw(st.sampled_from([*OutcomeStatus])),
        reason=draw(st.sampled_from([*Reason])),
        retry_after_s=wait,
        fatal=draw(st.booleans()),
        expected_completion_at=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
    )
    return Reply(verb=verb, outcome=outcome, manual_steps=draw(st.sampled_from([(), (LEFT,)])))


owed_times = st.timedeltas(timedelta(minutes=1), timedelta(days=60))


@given(replies(), owed_times, st.floats(0, 2), st.integers(0, 50))
def test_every_call_leaves_its_obligation_ended_with_a_person_or_due_again_in_time(reply, time, spent, failures):
    lease = Lease(
        id=UUID(int=7),
        installation_id=UUID(int=8),
        place_id=UUID(int=9),
        verb=reply.verb,
        submitted_at=SUBMITTED,
        due_at=SUBMITTED + time,
        attempt=1,
        failures=failures,
    )
    now = SUBMITTED + time * spent

    decision = decide(lease, reply, now)

    if decision.state in {ObligationState.PENDING, ObligationState.WAITING}:
        assert now < lease.give_up_at
        assert decision.at is not None
        assert now <= decision.at <= lease.give_up_at
    else:
        assert decision.at is None
    if decision.state is ObligationState.FAILED:
        assert reply.verb not in DUTIES
    if decision.state is ObligationState.COMPLETED:
        assert (reply.fault, reply.outcome.status) == (None, OutcomeStatus.COMPLETED)
    assert decision == decide(lease, reply, now), "a moment can be replayed"


@given(st.integers(1, 100))
def test_waits_grow_to_an_hour_and_are_spread_by_a_fifth(failures):
    wait = wait_before_retry(UUID(int=failures * 977), failures).total_seconds()
    plain = min(5.0 * 2 ** min(failures - 1, 12), 3600)

    assert plain * 0.8 <= wait <= plain * 1.2


def test_reminders_come_in_order_and_end():
    due = SUBMITTED + timedelta(days=10)
    moments = [reminder_at(SUBMITTED, due, after=level) for level in (0, *REMINDERS)]

    assert moments == [SUBMITTED + timedelta(days=days) for days in (5, 8, 10)] + [None]
    assert [reminder_level(SUBMITTED, due, SUBMITTED + timedelta(days=days)) for days in (0, 4.9, 5, 8, 9.9, 30)] == [
        0,
        0,
        50,
        80,
        80,
        100,
    ]
