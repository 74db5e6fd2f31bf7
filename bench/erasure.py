"""Part (d): the erasure of somebody who has shared much, and what others lose while it is carried out."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

from bench import ours, steps
from bench.by_hand import erase_by_hand
from bench.data import Caller
from bench.load import Load, Request, send_until
from bench.measuring import read_times, used_between
from bench.operations import ask_ours
from bench.place import Place
from bench.town import Town, TownSize, build, hand_over
from bench.writing import Somebody
from tools.prepare.steps import say
from wardship.core.database.database import Database
from wardship.tenants.access import Services

_LATE_S = 120.0
_POLL_S = 0.01
_ENDED = {"fulfilled", "partially_fulfilled"}
_COSTED = ("previewed", "carried_out", "worked_off")


class NotErasedError(RuntimeError):
    """An erasure did not do what it should, so that its time means nothing."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """How much to erase.

    Attributes:
        town: the organisation in which it is done.
        own: posts that each of those who are erased has shared.
        alone: erasures that are timed.
        rounds: of erasures beside others who go on working, and as many without.
        together: erasures in each of these rounds.
        seconds: of a round without.
    """

    town: TownSize
    own: int
    alone: int
    rounds: int
    together: int
    seconds: float


@dataclass(slots=True)
class Times:
    """Seconds that each erasure took.

    Attributes:
        previewed: the administrator's preview.
        committed: the commit of it.
        carried_out: from the beginning of the transaction that carries the right out to its commit.
        worked_off: leasing, preparing, calling and settling what every integration owes.
        closed: the transaction that ends the right.
        by_hand: the same to somebody else by bare SQL.
    """

    previewed: list[float] = field(default_factory=list)
    committed: list[float] = field(default_factory=list)
    carried_out: list[float] = field(default_factory=list)
    worked_off: list[float] = field(default_factory=list)
    closed: list[float] = field(default_factory=list)
    by_hand: list[float] = field(default_factory=list)

    @property
    def whole(self) -> list[float]:
        """From the lease to the closing commit, without the waiting in between."""
        return [sum(each) for each in zip(self.carried_out, self.worked_off, self.closed, strict=True)]


@dataclass(frozen=True, slots=True)
class Beside:
    """What somebody else got done while erasures were carried out, and in the round without any before it."""

    during: Load
    without: Load

    @property
    def share(self) -> float:
        """The requests per second during erasures, as a share of those without."""
        return (self.during.requests / self.during.seconds) / (self.without.requests / self.without.seconds)


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasures took, and what they took from others.

    Attributes:
        size: the organisation, and how much each of the erased had shared.
        times: of those that ran alone.
        cost_ms: processor time of three of the steps, the database's included, by the names of ``Times``; the means.
        beside: what others got done, by who they are.
        together: erasures in each round beside others.
    """

    size: Erasing
    times: Times
    cost_ms: dict[str, float]
    beside: dict[str, list[Beside]]
    together: int


async def measure_erasure(place: Place, erasing: Erasing) -> Erased:
    """Measure on an empty deployment of its own."""
    await ours.migrate(place)
    async with place.superuser() as connection:
        async with ours.services_here(place, registry=ours.with_nothing()) as services:
            say(f"  {erasing.town.posts} texts by {erasing.town.authors} authors are written …")
            town = await build(services, connection, erasing.town)
            times, cost_ms = await time_erasures(services, connection, town, erasing)
        beside = await _beside(place, connection, town, erasing)
    return Erased(erasing, times, cost_ms, beside, erasing.together)


async def time_erasures(
    services: Services,
    connection: Any,  # noqa: ANN401 - asyncpg has no types
    town: Town,
    erasing: Erasing,
) -> tuple[Times, dict[str, float]]:
    """Erase one after the other with nobody beside it; return what each took, and the processor ms of three steps.

    Raises:
        NotErasedError: one did not do what it should.
    """
    times, used = Times(), dict.fromkeys(_COSTED, 0.0)
    for number, ((person, caller), other) in enumerate(zip(town.sought[: erasing.alone], town.by_hand, strict=True)):
        await hand_over(connection, town, [person], erasing.own)
        times.by_hand.append(await erase_by_hand(connection, town.organisation_id, other))
        await connection.execute("vacuum post")
        async with _costing(connection, used, "previewed"):
            right_id = await _committed(services, town, caller, times)
        await steps.waive(services, caller, right_id)
        async with _costing(connection, used, "carried_out"):
            times.carried_out.append(await _first_transaction(services))
        async with _costing(connection, used, "worked_off"):
            times.worked_off.append(await _work_off(services))
        times.closed.append(await _first_transaction(services))
        await _require_erased(connection, erasing, person, right_id)
        say(f"  erasure {number + 1} of {erasing.alone}: {times.carried_out[-1] * 1000:.0f} ms")
    return times, {name: seconds * 1000 / erasing.alone for name, seconds in used.items()}


@asynccontextmanager
async def _costing(connection: Any, used: dict[str, float], name: str) -> AsyncIterator[None]:  # noqa: ANN401 - asyncpg has no types
    """Add the processor time of this process and its database processes while the context lasts."""
    before = await read_times(connection, os.getpid(), ours.APPLICATION_NAME)
    yield
    used[name] += sum(used_between(before, await read_times(connection, os.getpid(), ours.APPLICATION_NAME)))


async def _committed(services: Services, town: Town, caller: Caller, times: Times | None = None) -> UUID:
    """Bring an erasure to its moment, with everything worked off that the commit may have made due."""
    done = await steps.commit(services, town.admin, caller)
    await steps.work_off(services)
    if times:
        times.previewed.append(done.preview_s)
        times.committed.append(done.commit_s)
    return done.right_id


async def _first_transaction(services: Services) -> float:
    """Do what is due, and return the seconds of the first transaction in an organisation: what was due first."""
    watch = _Stopwatch(services.database)
    await steps.do_due(replace(services, database=cast("Database", watch)))
    if not watch.seconds:
        raise NotErasedError("Nothing was due.")
    return watch.seconds[0]


class _Stopwatch:
    """A database that times its transactions in organisations, from before BEGIN until after COMMIT."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.seconds: list[float] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the database has
        return getattr(self._database, name)

    @asynccontextmanager
    async def tenant(self, *arguments: Any, **options: Any) -> AsyncIterator[Any]:  # noqa: ANN401 - passed on
        begun = time.perf_counter()
        async with self._database.tenant(*arguments, **options) as transaction:
            yield transaction
        self.seconds.append(time.perf_counter() - begun)


async def _work_off(services: Services) -> float:
    begun = time.perf_counter()
    await steps.work_off(services)
    return time.perf_counter() - begun


async def _require_erased(
    connection: Any,  # noqa: ANN401 - asyncpg has no types
    erasing: Erasing,
    person: Somebody,
    right_id: UUID,
) -> None:
    """Refuse to count an erasure that has not ended, that not everybody was told of, or that left an address.

    Raises:
        NotErasedError: that is so.
    """
    state = await connection.fetchval("select state from request_right where id = $1", right_id)
    told = await connection.fetchval(
        "select count(*) from obligation where right_id = $1 and verb = 'erase' and state = 'completed'", right_id
    )
    left = await connection.fetchval("select count(*) from post where strpos(lower(body), $1) > 0", f" {person.email} ")
    if state not in _ENDED or told != erasing.town.installations or left:
        raise NotErasedError(f"The erasure is {state}, {told} integrations did it, and {left} posts hold the address.")


async def _beside(
    place: Place,
    connection: Any,  # noqa: ANN401 - asyncpg has no types
    town: Town,
    erasing: Erasing,
) -> dict[str, list[Beside]]:
    """Let others work beside a server whose worker erases, as `wardship serve` does both in one process."""
    waiting = list(town.sought[erasing.alone :])
    found: dict[str, list[Beside]] = {}
    with ours.serving(place, with_worker=True) as server:
        others = await _others(server.port, town)
        async with ours.services_here(place, registry=ours.with_nothing()) as services:
            for number in range(erasing.rounds):
                leaving, waiting = waiting[: erasing.together], waiting[erasing.together :]
                await hand_over(connection, town, [person for person, _ in leaving], erasing.own)
                rights = {caller: await _committed(services, town, caller) for _, caller in leaving}
                without = await _while(server.port, others, lambda: asyncio.sleep(erasing.seconds))
                during = await _while(server.port, others, lambda rights=rights: _erase(services, connection, rights))  # type: ignore[misc]  # bound at once
                for name in others:
                    found.setdefault(name, []).append(Beside(during[name], without[name]))
                for person, caller in leaving:
                    await _require_erased(connection, erasing, person, rights[caller])
                shares = ", ".join(f"{name} {rounds[-1].share:.2f}" for name, rounds in found.items())
                say(f"  beside others, round {number + 1} of {erasing.rounds}: {shares}")
    return found


async def _others(port: int, town: Town) -> dict[str, Request]:
    return {
        "another tenant's reads": (await ask_ours(port, "small read", town.neighbour)).request,
        "the organisation's reads": (await ask_ours(port, "small read", town.admin)).request,
        "its changes": (await ask_ours(port, "mutation", town.admin)).request,
    }


async def _while(port: int, others: dict[str, Request], act: Callable[[], Awaitable[None]]) -> dict[str, Load]:
    """Let the others work, each on one connection, for as long as something takes."""
    over = asyncio.Event()
    sending = asyncio.gather(*(send_until(port, each, over, within_s=_LATE_S) for each in others.values()))
    try:
        await act()
    finally:
        over.set()
        loads = await sending
    return dict(zip(others, loads, strict=True))


async def _erase(services: Services, connection: Any, rights: dict[Caller, UUID]) -> None:  # noqa: ANN401 - asyncpg has no types
    """Let erasures fall due, and wait until each has ended and has its certificate."""
    for caller, right_id in rights.items():
        await steps.waive(services, caller, right_id)
    async with asyncio.timeout(_LATE_S):
        while await connection.fetchval(  # noqa: ASYNC110 - the end shows in the table alone
            "select exists (select from data_request where ended_at is null or is_certificate_due)"
        ):
            await asyncio.sleep(_POLL_S)
