"""The parts of a run, each on its own or all in one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.audit import measure_audit
from bench.data import Caller, Size
from bench.erasure import Erasing, measure_erasure
from bench.flood import Flood, measure_flood
from bench.grouping import measure_grouping
from bench.obligations import measure_dispatch, measure_obligations
from bench.place import Place, make_place
from bench.requests import Effort, measure_requests
from bench.scale import Scales, measure_scale
from bench.slow_reader import Slow, measure_large
from bench.starting import measure_starting
from bench.town import TownSize
from tools.prepare.steps import say

ALL = "abcdefghi"
"""The letters of the parts, as performance is spoken of."""

WITH_DATA = frozenset("acegh")
"""Those that share one deployment, in which one organisation is large."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of everything: of a run whose figures mean something, or of one that only shows that all works."""

    size: Size
    effort: Effort
    scales: Scales
    scale_rounds: int
    starts: int
    obligations_of: int
    calls: int
    appends: int
    entries: int
    flood: Flood
    slow: Slow
    erasing: Erasing
    grouped_accounts: int
    grouping_rounds: int


def whole(size: Size, effort: Effort) -> Amount:
    """Return the amount of a real run."""
    base = Size(100, 2_000, others=20)
    scales = Scales(base, Size(10_000, 2_000, others=20), Size(100, 1_000_000, others=20))
    flood = Flood((20, 100), ahead=1_500, rounds=6, seconds=1.5)
    erasing = Erasing(
        TownSize(500, 110_000, 2_000, 20, 30, 20), own=10_000, alone=20, rounds=5, together=2, seconds=2.0
    )
    slow = Slow(4, 5.0, 45_000)
    return Amount(size, effort, scales, 15, 3, 15, 2_000, 2_000, 20_000, flood, slow, erasing, 200_000, 3)


def quick() -> Amount:
    """Return the amount that shows in about a minute that everything works."""
    size = Size(12, 300)
    scales = Scales(Size(12, 300, others=20), Size(120, 300, others=20), Size(12, 3_000, others=20))
    flood = Flood((20,), ahead=50, rounds=1, seconds=1.0)
    erasing = Erasing(TownSize(20, 1_100, 20, 3, 4, 2), own=100, alone=2, rounds=1, together=2, seconds=0.5)
    slow = Slow(2, 1.0, 5_000)
    return Amount(size, Effort(1, 1.0, 1.0), scales, 1, 1, 2, 200, 80, 500, flood, slow, erasing, 2_000, 1)


def measure_alone(folder: Path, only: str, amount: Amount) -> dict[str, Any]:
    """Return what the parts find that come before any deployment runs, by the names of the result's attributes."""
    if "f" not in only:
        return {}
    say("(f) starting …")
    return {"starting": measure_starting(folder, repetitions=amount.starts)}


async def measure_scales(folder: Path, only: str, amount: Amount) -> dict[str, Any]:
    """Return what the part finds that has deployments of its own."""
    if "b" not in only:
        return {}
    say("(b) scale …")
    return {"scaled": await measure_scale(folder, amount.scales, rounds=amount.scale_rounds)}


async def measure_erasures(folder: Path, only: str, amount: Amount) -> dict[str, Any]:
    """Return what the part finds that erases, in a deployment of its own."""
    if "d" not in only:
        return {}
    say("(d) erasure …")
    (folder / "erasure").mkdir()
    with make_place(folder / "erasure") as place:
        return {"erased": await measure_erasure(place, amount.erasing)}


async def measure_groupings(folder: Path, only: str, amount: Amount) -> dict[str, Any]:
    """Return what the part finds that groups accounts, in a deployment of its own."""
    if "i" not in only:
        return {}
    say("(i) grouping …")
    (folder / "grouping").mkdir()
    with make_place(folder / "grouping") as place:
        return {"grouped": await measure_grouping(place, amount.grouped_accounts, amount.grouping_rounds)}


async def measure_with_data(place: Place, caller: Caller, only: str, amount: Amount) -> dict[str, Any]:
    """Return what the parts find that share a deployment."""
    found: dict[str, Any] = {}
    if "a" in only:
        say("(a) requests …")
        found["requests"] = await measure_requests(place, caller, amount.size, amount.effort)
    if "c" in only:
        say("(c) obligations and dispatch …")
        found["obligations"] = await measure_obligations(place, organisations=amount.obligations_of)
        found["dispatch"] = await measure_dispatch(calls=amount.calls, rounds=3)
    if "e" in only:
        say("(e) audit …")
        found["audit"] = await measure_audit(place, appends=amount.appends, entries=amount.entries)
    if "g" in only:
        say("(g) a flood of documents …")
        found["flooded"] = await measure_flood(place, caller, amount.flood)
    if "h" in only:
        say("(h) a large answer, read slowly …")
        found["large"] = await measure_large(place, amount.slow)
    return found
