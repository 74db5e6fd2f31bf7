"""Part (g): what one client loses while a neighbour floods the cache of plans with ever new documents."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass

from bench import ours
from bench.data import Caller
from bench.load import post, read_metrics
from bench.measuring import Round, measure_server
from bench.operations import ask_ours, our_headers
from bench.pacing import neighbour, send_all
from bench.place import Place
from bench.processor import resident_megabytes
from bench.spread import Spread, latencies, rates
from tools.prepare.steps import say
from wardship.graphql.api.identifiers import global_id

FIELDS = 20
_PLANS, _PLAN_BYTES = "wardship_graphql_plans", "wardship_graphql_plan_bytes"
_ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Flood:
    """How hard to flood.

    Attributes:
        rates: documents per second of the neighbour at most.
        ahead: distinct documents sent before anything is measured, so that the cache is full.
        rounds: of each case.
        seconds: of a round.
    """

    rates: tuple[int, ...]
    ahead: int
    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Flooded:
    """What one client with a known document got, by case: alone, beside a neighbour's known or new documents.

    Attributes:
        rounds: of the known document; their processor time holds the neighbour's too.
        sent: requests per second of the neighbour.
        distinct: documents that the server had not seen before, in all.
        plans: in the cache at the end; None where the server does not tell.
        plan_bytes: their estimated memory, likewise.
        megabytes: the server's memory before and after the documents that were sent ahead, and at the end.
    """

    rounds: dict[str, list[Round]]
    sent: dict[str, float]
    distinct: int
    plans: float | None
    plan_bytes: float | None
    megabytes: tuple[float, float, float]


@dataclass(slots=True)
class _Case:
    name: str
    per_second: int
    messages: Iterator[bytes]
    sent: int = 0


async def measure_flood(place: Place, caller: Caller, flood: Flood) -> Flooded:
    """Measure on a server of its own; the cases are interleaved."""
    numbers = itertools.count(1)
    with ours.serving(place) as server:
        port = server.port
        async with place.superuser() as connection:
            known = (await ask_ours(port, "nested page", caller)).request
            at_first = resident_megabytes(server.pid)
            await send_all(port, documents(port, caller, itertools.islice(numbers, flood.ahead)))
            after = resident_megabytes(server.pid)
            cases = _cases(port, caller, flood.rates, numbers)
            rounds: dict[str, list[Round]] = {case.name: [] for case in cases}
            for number in range(flood.rounds):
                for case in cases:
                    async with neighbour(port, case.messages, per_second=case.per_second) as beside:
                        found = await measure_server(
                            connection, server, ours.APPLICATION_NAME, known, flood.seconds, connections=1
                        )
                    rounds[case.name].append(found)
                    case.sent += beside.sent
                say(f"  known document, round {number + 1} of {flood.rounds}: {_halves(rounds)}")
            counted = await read_metrics(port)
            memory = (at_first, after, resident_megabytes(server.pid))
    rate = {case.name: case.sent / sum(each.seconds for each in rounds[case.name]) for case in cases}
    return Flooded(rounds, rate, next(numbers) - 1, counted.get(_PLANS), counted.get(_PLAN_BYTES), memory)


def documents(port: int, caller: Caller, numbers: Iterator[int]) -> Iterator[bytes]:
    """Yield requests for the caller's own entry, with twenty aliases of its own for each number."""
    variables = {"id": global_id("Member", caller.member_id)}
    for number in numbers:
        fields = " ".join(f"n{number}x{place}: displayName" for place in range(FIELDS))
        asked = {"query": f"query Q($id: ID!) {{ member(id: $id) {{ {fields} }} }}", "variables": variables}
        yield post(port, "/graphql", json.dumps(asked).encode(), our_headers(caller))


def _cases(port: int, caller: Caller, per_second: tuple[int, ...], numbers: Iterator[int]) -> list[_Case]:
    (known,) = documents(port, caller, iter([0]))
    cases = [_Case(_ALONE, 1, iter(()))]
    for rate in per_second:
        cases.append(_Case(f"{rate}/s known", rate, itertools.repeat(known)))
        cases.append(_Case(f"{rate}/s distinct", rate, documents(port, caller, numbers)))
    return cases


def slowdown(flooded: Flooded, case: str, other: str) -> Spread:
    """Return how many times as long half of the known document's answers take in a case, round by round."""
    pairs = zip(flooded.rounds[other], flooded.rounds[case], strict=True)
    return Spread.of(
        [each.latency.p50_ms / base.latency.p50_ms for base, each in pairs if each.latency and base.latency]
    )


def flood_lines(flooded: Flooded) -> Iterator[str]:
    """Yield the lines of the table."""
    titles = f"{'neighbour/s':>12}{'p50 ms':>8}{'p99 ms':>8}  {'requests/s':22}times as long as alone"
    yield f"{'(g) known document':20}{titles}"
    for case, rounds in flooded.rounds.items():
        half, most = latencies(rounds) or (0.0, 0.0)
        line = f"{case:20}{flooded.sent[case]:>12.0f}{half:>8.1f}{most:>8.1f}  {rates(rounds).whole():22}"
        yield line + str(slowdown(flooded, case, _ALONE))
    for case in flooded.rounds:
        if case.endswith("distinct"):
            yield f"    {case} against known ones: {slowdown(flooded, case, case.replace('distinct', 'known'))}"
    plans = "-" if flooded.plans is None else f"{flooded.plans:.0f}"
    megabytes = "-" if flooded.plan_bytes is None else f"{flooded.plan_bytes / 2**20:.1f}"
    before, after, end = flooded.megabytes
    yield f"    {flooded.distinct} distinct documents leave {plans} plans of {megabytes} MiB; the server's memory:"
    yield f"    {before:.0f} MB before, {after:.0f} MB with a full cache, {end:.0f} MB at the end"


def _halves(rounds: dict[str, list[Round]]) -> str:
    return ", ".join(f"{case} {found[-1].latency.p50_ms:.1f} ms" for case, found in rounds.items() if found[-1].latency)
