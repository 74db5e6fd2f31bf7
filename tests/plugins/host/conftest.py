"""A dispatcher with one scripted plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixed_clock import FixedClock
from tests.plugins.host.scripted import Bench


@pytest.fixture
def bench(clock: FixedClock) -> Iterator[Bench]:
    bench = Bench(clock)
    yield bench
    bench.dispatcher.close()
