from __future__ import annotations

from datetime import timedelta

from tests.fixed_clock import FixedClock
from wardship.plugins.host.dispatch import FAILURES_TO_OPEN, OPEN_FOR, CircuitBreaker, RateLimit


def fail(breaker: CircuitBreaker, clock: FixedClock, times: int) -> None:
    for _ in range(times):
        breaker.record(is_answered=False, now=clock.now())


def test_it_opens_after_consecutive_failures_only(clock):
    breaker = CircuitBreaker()
    fail(breaker, clock, FAILURES_TO_OPEN - 1)
    breaker.record(is_answered=True, now=clock.now())
    fail(breaker, clock, FAILURES_TO_OPEN - 1)
    assert breaker.wait_s(clock.now()) == 0
    fail(breaker, clock, 1)
    assert breaker.wait_s(clock.now()) == 60.0


def test_it_lets_one_trial_through_which_closes_it(clock):
    breaker = CircuitBreaker()
    fail(breaker, clock, FAILURES_TO_OPEN)
    clock.advance(OPEN_FOR)
    assert breaker.wait_s(clock.now()) == 0
    assert breaker.wait_s(clock.now()) == 1.0
    breaker.record(is_answered=True, now=clock.now())
    assert breaker.wait_s(clock.now()) == 0
    assert breaker.wait_s(clock.now()) == 0


def test_a_failed_trial_opens_it_again(clock):
    breaker = CircuitBreaker()
    fail(breaker, clock, FAILURES_TO_OPEN)
    clock.advance(OPEN_FOR)
    assert breaker.wait_s(clock.now()) == 0
    fail(breaker, clock, 1)
    assert breaker.wait_s(clock.now()) == 60.0


def test_a_trial_that_was_never_made_is_given_back(clock):
    breaker = CircuitBreaker()
    fail(breaker, clock, FAILURES_TO_OPEN)
    clock.advance(OPEN_FOR)
    assert breaker.wait_s(clock.now()) == 0
    breaker.release()
    assert breaker.wait_s(clock.now()) == 0


def test_a_rate_limit_counts_the_last_minute(clock):
    limit = RateLimit()
    assert [limit.wait_s(2, clock.now()) for _ in range(3)] == [0.0, 0.0, 60.0]
    clock.advance(timedelta(seconds=45))
    assert limit.wait_s(2, clock.now()) == 15.0
    clock.advance(timedelta(seconds=15))
    assert limit.wait_s(2, clock.now()) == 0.0
