"""Strangers are counted by their networks and take places of their own: no flood of theirs keeps a vendor out."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from wardship.core.http.budgets import RateLimitedError
from wardship.core.identifiers import uuid7
from wardship.tenants.inbound import admission
from wardship.tenants.inbound.admission import Admission

VENDOR, ELSEWHERE = "198.51.100.7", "203.0.113.{}"


@pytest.fixture
def moment() -> list[float]:
    return [1_000_000.0]


@pytest.fixture
def gate(moment) -> Admission:
    return Admission(lambda: moment[0])


def test_a_flood_of_strangers_takes_no_place_of_a_vendor_that_is_known(gate):
    here = uuid7()
    with gate.turn(here, VENDOR) as turn:
        turn.vouch()
    with ExitStack() as flood:
        for number in range(admission.STRANGERS_AT_ONCE):
            flood.enter_context(gate.turn(here, ELSEWHERE.format(number)))
        with pytest.raises(RateLimitedError), gate.turn(here, ELSEWHERE.format(200)):
            pass
        for _ in range(admission.KNOWN_AT_ONCE):
            flood.enter_context(gate.turn(here, VENDOR))
        with pytest.raises(RateLimitedError), gate.turn(here, VENDOR):
            pass
    with gate.turn(here, ELSEWHERE.format(201)):
        pass


def test_strangers_of_all_installations_are_bounded_together(gate):
    with ExitStack() as flood:
        for number in range(admission.ALL_STRANGERS_AT_ONCE):
            flood.enter_context(gate.turn(uuid7(), f"2001:db8:{number}::1"))
        with pytest.raises(RateLimitedError), gate.turn(uuid7(), "2001:db8:ffff::1"):
            pass


def test_calls_that_prove_nothing_are_counted_by_network_whatever_address_they_try(gate, moment):
    for number in range(admission.UNVERIFIED):
        with gate.turn(uuid7(), f"2001:db8::{number:x}"):
            pass
    with pytest.raises(RateLimitedError), gate.turn(uuid7(), "2001:db8::ffff"):
        pass
    with gate.turn(uuid7(), "2001:db8:0:1::1"):
        pass
    moment[0] += 60
    with gate.turn(uuid7(), "2001:db8::ffff"):
        pass


def test_neighbours_are_counted_together_in_the_wider_network(gate):
    refused = 0
    for number in range(admission.UNVERIFIED_WIDE + 10):
        try:
            with gate.turn(uuid7(), f"2001:db8:0:{number:x}::1"):
                pass
        except RateLimitedError:
            refused += 1
    assert refused == 10


def test_a_vendors_own_calls_are_counted_by_installation(gate, moment):
    here, other = uuid7(), uuid7()

    def call(installation) -> None:
        with gate.turn(installation, VENDOR) as turn:
            turn.vouch()

    for _ in range(admission.VERIFIED):
        call(here)
    with pytest.raises(RateLimitedError):
        call(here)
    call(other)
    moment[0] += 60
    call(here)


def test_a_network_is_known_for_a_day_and_nothing_is_kept_of_calls_that_ended(gate, moment, monkeypatch):
    monkeypatch.setattr(admission, "_MOST_KNOWN", 3)
    for number in range(10):
        with gate.turn(uuid7(), ELSEWHERE.format(number)) as turn:
            turn.vouch()
    assert len(gate._known) == 3
    assert not gate._running
    here = uuid7()
    with gate.turn(here, VENDOR) as turn:
        turn.vouch()
    moment[0] += admission.KNOWN_FOR_S + 1
    with ExitStack() as calls:
        for _ in range(admission.STRANGERS_AT_ONCE):
            calls.enter_context(gate.turn(here, VENDOR))
        with pytest.raises(RateLimitedError), gate.turn(here, VENDOR):
            pass
