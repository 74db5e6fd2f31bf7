"""How fast a vendor is asked: when the next request to a place may be sent, by its limits and by what it asked for.

One state for each place, where every process that calls it sees it. Moments are given in order, each at once counted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, Protocol

import msgspec

AT_ONCE: Final = 4
"""How many calls of one place run together in one process; urgent ones have as many of their own."""

_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rate:
    """What a place takes: so many in any minute, and where it says so, no two closer than a part of a second.

    Attributes:
        begins_within_s: for how long a call waits for its first turn; one that would wait longer is not made.
    """

    per_minute: int
    per_second: int | None = None
    begins_within_s: float = 0.0

    @property
    def at_once(self) -> int:
        """How many calls run together: calls that share too few requests would all run out of them half-way."""
        each_second = min(self.per_minute // 60, self.per_second or AT_ONCE)
        return max(1, min(each_second, AT_ONCE))


class Pace(msgspec.Struct, frozen=True):
    """What was sent to one place in the last minute, and what is not to be sent yet.

    Attributes:
        held_until: the vendor asked for a slower pace: nothing is sent before.
        given: the moments that were given, the oldest first; those of one second are one entry: the last of them, and
            how many they are.
    """

    held_until: datetime | None = None
    given: tuple[tuple[datetime, int], ...] = ()

    def next_at(self, rate: Rate, now: datetime) -> datetime:
        """Return the moment at which one more may be sent."""
        at = max(now, self.held_until or now)
        if self.given:
            apart = timedelta(seconds=1 / rate.per_second) if rate.per_second else timedelta()
            at = max(at, self.given[-1][0] + apart)
        left = sum(count for _, count in self.given)
        for moment, count in self.given:
            if moment + _MINUTE > at and left < rate.per_minute:
                break
            at, left = max(at, moment + _MINUTE), left - count
        return at

    def with_moment(self, at: datetime) -> Pace:
        """Return the pace with one more moment given, which counts as none before the last."""
        kept = [entry for entry in self.given if entry[0] + _MINUTE > at]
        count = 1
        if self.given:
            last, before = self.given[-1]
            at = max(at, last)
            if kept and (last - _EPOCH) // _SECOND == (at - _EPOCH) // _SECOND:
                kept, count = kept[:-1], before + 1
        return msgspec.structs.replace(self, given=(*kept, (at, count)))

    def held(self, until: datetime) -> Pace:
        """Return the pace of a place that is left alone until a moment."""
        return msgspec.structs.replace(self, held_until=max(until, self.held_until or until))


class PacedPlace(NamedTuple):
    """Which place, as far as its pace is concerned."""

    organisation_id: str
    id: str


class Paces(Protocol):
    """Keeps the pace of every place."""

    async def give(self, place: PacedPlace, rate: Rate, now: datetime, *, within_s: float | None) -> float:
        """Return the seconds until one more may be sent, which is then counted, unless they are more than ``within_s``.

        With None it is counted, and sent at once: what is urgent waits for nobody.
        """
        ...

    async def wait_s(self, place: PacedPlace, rate: Rate, now: datetime) -> float:
        """Return the seconds until one more could be sent; nothing is counted."""
        ...

    async def hold(self, place: PacedPlace, now: datetime, for_s: float) -> None:
        """Leave a place alone for some seconds."""
        ...


class ProcessPaces:
    """Keeps paces in this process alone: for what runs in no other."""

    def __init__(self) -> None:
        self._paces: defaultdict[PacedPlace, Pace] = defaultdict(Pace)

    async def give(self, place: PacedPlace, rate: Rate, now: datetime, *, within_s: float | None) -> float:
        """Return the seconds until one more may be sent, which is then counted (see ``Paces``)."""
        self._paces[place], wait = given(self._paces[place], rate, now, within_s=within_s)
        return wait

    async def wait_s(self, place: PacedPlace, rate: Rate, now: datetime) -> float:
        """Return the seconds until one more could be sent."""
        return (self._paces[place].next_at(rate, now) - now).total_seconds()

    async def hold(self, place: PacedPlace, now: datetime, for_s: float) -> None:
        """Leave a place alone for some seconds."""
        self._paces[place] = self._paces[place].held(now + timedelta(seconds=for_s))


def given(pace: Pace, rate: Rate, now: datetime, *, within_s: float | None) -> tuple[Pace, float]:
    """Return the pace with one more moment given, where it comes in time, and the seconds until it (see ``Paces``)."""
    if within_s is None:
        return pace.with_moment(now), 0.0
    at = pace.next_at(rate, now)
    wait = (at - now).total_seconds()
    return (pace, wait) if wait > within_s else (pace.with_moment(at), wait)
