"""Moments at which requests may be sent: never more in a minute, nor closer, than the vendor takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from wardship.core.outbound.pacing import Pace, PacedPlace, ProcessPaces, Rate, given

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE, THERE = PacedPlace("o", "here"), PacedPlace("o", "there")


def moments(rate: Rate, pauses: list[float]) -> list[datetime]:
    """Return the moments that are given to those who ask after such pauses and wait for as long as it takes."""
    pace, now, found = Pace(), NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        pace, wait = given(pace, rate, now, within_s=1e9)
        found.append(now + timedelta(seconds=wait))
    return found


pauses_between = st.sampled_from([0.0, 0.0, 0.1, 1.0]) | st.floats(0, 90).map(lambda pause: round(pause, 3))


@for_all(
    st.integers(1, 20),
    st.none() | st.integers(1, 5),
    st.lists(pauses_between, min_size=1, max_size=120),
)
def test_no_minute_and_no_second_has_more_than_the_vendor_takes(per_minute, per_second, pauses):
    found = moments(Rate(per_minute, per_second), pauses)
    assert found == sorted(found)
    for first, beyond in zip(found, found[per_minute:], strict=False):
        assert beyond - first >= timedelta(minutes=1)
    for one, following in pairwise(found) if per_second else ():
        # A moment is whole microseconds.
        assert following - one >= timedelta(seconds=1 / per_second) - timedelta(microseconds=1)


@for_all(st.integers(1, 20), st.lists(pauses_between, min_size=1, max_size=60))
def test_nobody_waits_while_the_vendor_takes_more(per_minute, pauses):
    found, now = moments(Rate(per_minute), pauses), NOW
    for position, pause in enumerate(pauses):
        now += timedelta(seconds=pause)
        # What comes within one second counts until a minute after the last of it.
        recent = [each for each in found[:position] if each > now - timedelta(seconds=61)]
        assert found[position] == now or len(recent) >= per_minute


def test_as_many_as_a_minute_takes_go_at_once_and_the_next_waits_for_the_minute_to_end():
    assert moments(Rate(3), [0, 0, 0, 0, 0]) == [NOW] * 3 + [NOW + timedelta(minutes=1)] * 2


def test_a_rate_per_second_spreads_them():
    assert moments(Rate(600, 4), [0, 0, 0]) == [NOW + timedelta(seconds=part / 4) for part in range(3)]


async def test_who_would_wait_too_long_is_told_how_long_and_counts_for_nothing():
    paces, rate = ProcessPaces(), Rate(1)
    assert await paces.give(HERE, rate, NOW, within_s=0) == 0
    assert [await paces.give(HERE, rate, NOW, within_s=59) for _ in range(3)] == [60.0] * 3
    assert await paces.give(HERE, rate, NOW + timedelta(minutes=1), within_s=0) == 0


async def test_places_wait_apart():
    paces = ProcessPaces()
    await paces.hold(HERE, NOW, 90)
    assert await paces.wait_s(HERE, Rate(5), NOW) == 90.0
    assert await paces.give(THERE, Rate(5), NOW, within_s=0) == 0


async def test_a_shorter_hold_does_not_end_a_longer_one():
    paces = ProcessPaces()
    await paces.hold(HERE, NOW, 90)
    await paces.hold(HERE, NOW, 5)
    assert await paces.wait_s(HERE, Rate(5), NOW) == 90.0


async def test_what_is_urgent_waits_for_nobody_and_counts():
    paces, rate = ProcessPaces(), Rate(1)
    await paces.hold(HERE, NOW, 9)
    assert await paces.give(HERE, rate, NOW, within_s=None) == 0
    assert await paces.wait_s(HERE, rate, NOW) == 60.0


@pytest.mark.parametrize(
    ("rate", "at_once"), [(Rate(600), 4), (Rate(120), 2), (Rate(6), 1), (Rate(600, 1), 1), (Rate(6000, 50), 4)]
)
def test_as_many_calls_run_at_once_as_requests_may_go_in_a_second(rate, at_once):
    assert rate.at_once == at_once
