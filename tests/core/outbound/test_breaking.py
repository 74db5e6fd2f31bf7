"""A place that does not answer is left alone, and tried by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW
from wardship.core.outbound.breaking import (
    FAILURES_TO_OPEN,
    NOTED_EVERY,
    OPEN_FOR,
    WELL,
    CallEnd,
    Health,
    ProcessBreakers,
)
from wardship.core.outbound.pacing import PacedPlace

PLACE, OTHER = PacedPlace("organisation", "place"), PacedPlace("organisation", "other")


def after(*ends: CallEnd) -> Health:
    """Return what is known after calls that ended one second after the other."""
    health = WELL
    for number, end in enumerate(ends):
        health = health.after(end, NOW + timedelta(seconds=number))
    return health


async def failing(times: int = FAILURES_TO_OPEN) -> ProcessBreakers:
    breakers = ProcessBreakers()
    for _ in range(times):
        await breakers.note(PLACE, WELL, CallEnd.UNANSWERED, NOW)
    return breakers


def test_failures_in_a_row_open_it_and_no_others():
    few = [CallEnd.UNANSWERED] * (FAILURES_TO_OPEN - 1)
    assert after(*few).next_try_at is None
    assert after(*few, CallEnd.SUCCEEDED, *few).next_try_at is None
    assert after(*few, CallEnd.ANSWERED, *few).next_try_at is None
    last = NOW + timedelta(seconds=FAILURES_TO_OPEN - 1)
    assert after(*few, CallEnd.UNANSWERED) == Health(FAILURES_TO_OPEN, NOW, None, last + OPEN_FOR)


def test_a_refused_credential_is_trouble_and_no_silence():
    locked = after(CallEnd.SUCCEEDED, *[CallEnd.LOCKED_OUT] * (FAILURES_TO_OPEN + 1))
    assert locked == Health(0, NOW + timedelta(seconds=1), NOW)
    assert after(*[CallEnd.UNANSWERED] * FAILURES_TO_OPEN, CallEnd.LOCKED_OUT) == Health(0, NOW)


@pytest.mark.parametrize("end", [CallEnd.SUCCEEDED, CallEnd.ANSWERED])
def test_an_answer_ends_the_trouble(end):
    assert after(*[CallEnd.UNANSWERED] * FAILURES_TO_OPEN, end).failing_since is None
    assert after(*[CallEnd.UNANSWERED] * FAILURES_TO_OPEN, end).next_try_at is None


def test_only_what_is_new_has_to_be_written():
    well = WELL.after(CallEnd.SUCCEEDED, NOW)
    soon, late = NOW + NOTED_EVERY - timedelta(seconds=1), NOW + NOTED_EVERY
    assert well.is_told_by(CallEnd.SUCCEEDED, soon)
    assert well.is_told_by(CallEnd.ANSWERED, late)
    assert not well.is_told_by(CallEnd.SUCCEEDED, late)
    assert not WELL.is_told_by(CallEnd.SUCCEEDED, NOW)
    for end in (CallEnd.UNANSWERED, CallEnd.LOCKED_OUT):
        assert not well.is_told_by(end, soon)
    assert not well.after(CallEnd.UNANSWERED, NOW).is_told_by(CallEnd.SUCCEEDED, soon)


async def test_it_refuses_until_its_time_is_over_then_one_call_tries():
    breakers = await failing()
    assert await breakers.admit(PLACE, WELL, NOW) == 60.0
    assert await breakers.admit(OTHER, WELL, NOW) == 0
    then = NOW + OPEN_FOR
    assert await breakers.admit(PLACE, WELL, then) == 0
    assert await breakers.admit(PLACE, WELL, then) == 60.0
    await breakers.note(PLACE, WELL, CallEnd.SUCCEEDED, then)
    assert await breakers.admit(PLACE, WELL, then) == 0
    assert await breakers.admit(PLACE, WELL, then) == 0


async def test_a_failed_trial_opens_it_again_at_once():
    breakers, then = await failing(), NOW + OPEN_FOR + timedelta(seconds=30)
    assert await breakers.admit(PLACE, WELL, then) == 0
    await breakers.note(PLACE, WELL, CallEnd.UNANSWERED, then)
    assert await breakers.admit(PLACE, WELL, then) == 60.0


async def test_a_trial_that_was_never_made_leaves_the_next_to_the_clock():
    breakers = await failing()
    assert await breakers.admit(PLACE, WELL, NOW + OPEN_FOR) == 0
    assert await breakers.admit(PLACE, WELL, NOW + 2 * OPEN_FOR) == 0
