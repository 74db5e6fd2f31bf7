"""What a server counts itself: the gauges and counters of `/metrics`, read over the loopback."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bench.load import get, send_once

_LINE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*) (\S+)$")


def parse_metrics(text: str) -> dict[str, float]:
    """Return the samples without labels in a Prometheus text."""
    found = (_LINE.match(line) for line in text.splitlines())
    return {match[1]: float(match[2]) for match in found if match}


async def read_metrics(port: int) -> Mapping[str, float]:
    """Return what a server counts now."""
    return parse_metrics((await send_once(port, get(port, "/metrics"))).decode())
