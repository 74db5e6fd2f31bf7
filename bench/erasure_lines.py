"""The lines of the table about erasures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bench.erasure import Beside, Erased
from bench.spread import Spread

_ROWS = (
    ("carried out", "carried_out"),
    ("obligations", "worked_off"),
    ("closed", "closed"),
    ("from lease to end", "whole"),
    ("by hand, bare SQL", "by_hand"),
    ("preview", "previewed"),
    ("commit", "committed"),
)

_WITH_COST = {"previewed": ", from the question to the commit"}


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of them, at least one, does not exceed: one of them, not a mean of two."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -(-len(ordered) * round(share * 100) // 100) - 1))]


def times_by_hand(erased: Erased) -> Spread:
    """Return how many times as long as bare SQL the transaction takes that carries out, pair by pair."""
    pairs = zip(erased.times.carried_out, erased.times.by_hand, strict=True)
    return Spread.of([own / bare for own, bare in pairs])


def lost_ms(erased: Erased, who: str) -> Spread:
    """Return the milliseconds of somebody else's work that one erasure takes, round by round."""
    return Spread.of([each.during.seconds * 1000 * (1 - each.share) / erased.together for each in erased.beside[who]])


def shares(rounds: Sequence[Beside]) -> Spread:
    """Return what others get done beside erasures, as a share of what they get done without."""
    return Spread.of([each.share for each in rounds])


def erasure_figures(erased: Erased) -> dict[str, Any]:
    """Return what is made of the single values, for the JSON."""
    rows = {name: getattr(erased.times, name) for _, name in _ROWS}
    return {
        "ms": {
            name: {"median": Spread.of(values).median * 1000, "p95": percentile(values, 0.95) * 1000}
            for name, values in rows.items()
        },
        "times_by_hand": times_by_hand(erased).median,
        "share_of_others": {who: shares(rounds).median for who, rounds in erased.beside.items()},
        "lost_ms": {who: lost_ms(erased, who).median for who in erased.beside},
    }


def erasure_lines(erased: Erased) -> Iterator[str]:
    """Yield the lines of the table."""
    town = erased.size.town
    size = f"{erased.size.own:,} of {town.posts:,} posts and {town.installations} integrations"
    yield f"(d) erasure of somebody with {size}:"
    yield f"    median and 95th percentile of {len(erased.times.carried_out)}, the vendors' calls apart"
    for title, name in _ROWS:
        values = [each * 1000 for each in getattr(erased.times, name)]
        line = f"    {title:20}{Spread.of(values).median:>8.1f}{percentile(values, 0.95):>9.1f} ms"
        cost = erased.cost_ms.get(name)
        yield line + (f"   {cost:.0f} processor ms" + _WITH_COST.get(name, "") if cost is not None else "")
    yield f"    carried out in {times_by_hand(erased)} times as long as by hand"
    rounds = len(next(iter(erased.beside.values())))
    yield f"    what others get done meanwhile ({rounds} rounds of {erased.together}), and what one erasure costs them"
    for who, beside in erased.beside.items():
        late = sum(each.during.refused for each in beside)
        line = f"    {who:28}{shares(beside)!s:24}{lost_ms(erased, who).whole():>20} ms"
        yield line + (f"   {late} answered too late" if late else "")
