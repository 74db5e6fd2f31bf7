"""Part (b): the nested page where there are many organisations, and where the one that is asked about is large."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import ours
from bench.blocks import Blocks, blocks_of
from bench.data import Caller, Size, fill, make_caller
from bench.load import Request
from bench.measuring import Round, measure_server
from bench.operations import ask_ours, require_whole_page
from bench.place import make_place
from bench.processes import Running
from bench.recording import application_of, record
from bench.spread import Spread, costs, times_as_dear
from tools.prepare.steps import say
from wardship.graphql.engine import encode_cursor

PAGES = ("first page", "deep page")
BASE = "base"
_NAMES = (BASE, "many organisations", "large organisation")
# A million rows at a time are written in one go rather than in pieces forced out by the log's size.
_SETTINGS = {"max_wal_size": "8GB"}
_DEPTH = 0.75


@dataclass(frozen=True, slots=True)
class Scales:
    """The three deployments: the base, one with more organisations, one with more members in the one asked about."""

    base: Size
    many: Size
    large: Size


@dataclass(frozen=True, slots=True)
class Scaled:
    """What the page costs by page and deployment.

    Attributes:
        sizes: by deployment.
        rounds: by page and deployment; those with the same place in the lists were run one after the other.
        blocks: what each statement of the page reads, likewise.
        filled_s: seconds that all the data took.
    """

    sizes: dict[str, Size]
    rounds: dict[str, dict[str, list[Round]]]
    blocks: dict[str, dict[str, list[Blocks]]]
    filled_s: float


@dataclass(frozen=True, slots=True)
class _Deployment:
    connection: Any
    server: Running
    requests: dict[str, Request]
    blocks: dict[str, list[Blocks]]


async def measure_scale(folder: Path, scales: Scales, *, rounds: int, seconds: float = 1.0) -> Scaled:
    """Measure the first page and one deep in the list on each deployment in turn, each with a database of its own."""
    sizes = dict(zip(_NAMES, (scales.base, scales.many, scales.large), strict=True))
    found: dict[str, dict[str, list[Round]]] = {page: {name: [] for name in sizes} for page in PAGES}
    begun = time.monotonic()
    async with AsyncExitStack() as stack:
        deployments = {
            name: await stack.enter_async_context(_deployment(folder / name.replace(" ", "-"), size))
            for name, size in sizes.items()
        }
        filled_s = time.monotonic() - begun
        for deployment in deployments.values():
            for page in PAGES:
                await _measure(deployment, page, seconds)
        for number in range(rounds):
            for page in PAGES:
                for place in range(len(_NAMES)):
                    # Another one goes first each time.
                    name = _NAMES[(number + place) % len(_NAMES)]
                    found[page][name].append(await _measure(deployments[name], page, seconds))
                costs = ", ".join(f"{name} {done[-1].cost:.2f} ms" for name, done in found[page].items())
                say(f"  {page}, round {number + 1} of {rounds}: {costs}")
        blocks = {page: {name: each.blocks[page] for name, each in deployments.items()} for page in PAGES}
    return Scaled(sizes, found, blocks, filled_s)


async def _measure(deployment: _Deployment, page: str, seconds: float) -> Round:
    return await measure_server(
        deployment.connection, deployment.server, ours.APPLICATION_NAME, deployment.requests[page], seconds
    )


@asynccontextmanager
async def _deployment(folder: Path, size: Size) -> AsyncIterator[_Deployment]:
    say(f"  filling {size.organisations} organisations, {size.members} members in the first …")
    folder.mkdir()  # noqa: ASYNC240 - nobody waits for this loop
    with make_place(folder, settings=_SETTINGS) as place:
        await ours.migrate(place)
        async with place.superuser() as connection:
            await fill(connection, size)
            async with ours.services_here(place) as services:
                caller = await make_caller(services, connection)
                afters = await _afters(connection, caller, size)
                app = application_of(services)
                recorded = {
                    page: [await record(app, services, "nested page", caller, after=after) for _ in range(3)][1:]
                    for page, after in afters.items()
                }
            blocks = {page: await blocks_of(place, *both) for page, both in recorded.items()}
            with ours.serving(place) as server:
                asked = {
                    page: await ask_ours(server.port, "nested page", caller, after=after)
                    for page, after in afters.items()
                }
                for each in asked.values():
                    require_whole_page(each, size.members)
                requests = {page: each.request for page, each in asked.items()}
                yield _Deployment(connection, server, requests, blocks)


async def _afters(connection: Any, caller: Caller, size: Size) -> dict[str, str | None]:  # noqa: ANN401 - asyncpg has no types
    """Return the cursor that each page begins after."""
    row = await connection.fetchrow(
        "select created_at, id from member where organisation_id = $1 and state = 'active'"
        " order by created_at, id offset $2 limit 1",
        caller.organisation_id,
        int(size.members * _DEPTH),
    )
    return {"first page": None, "deep page": encode_cursor(tuple(row))}


def scale_ratios(scaled: Scaled) -> dict[str, dict[str, Spread]]:
    """Return how many times as dear as in the base a page is, by page and deployment, round by round."""
    return {
        page: {name: times_as_dear(by_name[BASE], by_name[name]) for name in by_name if name != BASE}
        for page, by_name in scaled.rounds.items()
    }


def scale_lines(scaled: Scaled) -> Iterator[str]:
    """Yield the lines of the table."""
    titles = f"{'organisations':>13}{'members':>10}{'blocks':>7}  {'processor ms':25}times the base's"
    yield f"{'(b) nested page':16}{'':20}{titles}"
    found = scale_ratios(scaled)
    for page, by_name in scaled.rounds.items():
        for name, rounds in by_name.items():
            size = scaled.sizes[name]
            label = page if name == BASE else ""
            blocks = sum(each.count for each in scaled.blocks[page][name])
            line = f"{label:16}{name:20}{size.organisations:>13,}{size.members:>10,}{blocks:>7,}  {costs(rounds)!s:25}"
            yield (line + str(found[page].get(name, ""))).rstrip()
            if name != BASE:
                database = Spread.of([each.database_cost for each in rounds]).median
                base = Spread.of([each.database_cost for each in by_name[BASE]]).median
                yield f"{'':36}the database alone {database:.2f} ms, {database / base:.2f} times the base's"
    yield f"    all three were filled in {scaled.filled_s:.0f} s"
