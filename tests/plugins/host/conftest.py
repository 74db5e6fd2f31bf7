"""A dispatcher with one scripted plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.plugins.host.scripted import Bench
from wardship.core.clock import FixedClock


@pytest.fixture
def bench(clock: FixedClock) -> Iterator[Bench]:
    bench = Bench(clock)
    yield bench
    bench.dispatcher.close()
