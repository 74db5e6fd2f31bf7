"""Identifiers order as they were made."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

from wardship.core.identifiers import uuid7


def test_identifiers_are_of_version_7_and_tell_the_millisecond():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_identifiers_made_in_sequence_are_in_order():
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == 20_000


def test_threads_never_share_a_tick():
    with ThreadPoolExecutor(4) as pool:
        made = [item for batch in pool.map(lambda _: [uuid7() for _ in range(2_000)], range(4)) for item in batch]
    assert len({item.int >> 64 for item in made}) == 8_000


def test_a_clock_that_goes_back_does_not_take_the_order_with_it(monkeypatch):
    first = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    assert uuid7() > first
