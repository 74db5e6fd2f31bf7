"""The memory of a process that compiles ever new documents, with all of the time for them."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench import ours
from bench.data import Caller
from bench.load import post, read_metrics
from bench.operations import our_headers
from bench.pacing import neighbour
from bench.place import Place
from bench.processor import resident_megabytes
from tools.prepare.steps import say

_FIRST: Final = 1 / 30
"""The part of half an hour that its first minute is."""
_SHAPES: Final = (
    "id displayName email",
    "displayName state roles { role } groups(first: 3) { edges { node { id name } } }",
    "firstName lastName title company groups(first: 5) { edges { cursor node { name kind } } pageInfo { endCursor } }",
    "username phone joinedAt holdings(first: 3) { edges { node { state since installation { integrationKey } } } }",
)
_ALIASES: Final = (1, 4, 8, 16)
_NOTES: Final = 10
_MISSES: Final = "wardship_graphql_plan_misses_total"


@dataclass(frozen=True, slots=True)
class Memory:
    """What ever new documents took.

    Attributes:
        minutes: how long they were sent.
        documents: how many.
        megabytes: of the server: after the first thirtieth of that time, at most afterwards, and at the end.
    """

    minutes: float
    documents: int
    megabytes: tuple[float, float, float]

    def lines(self) -> Iterator[str]:
        """Yield the lines of the table."""
        first, most, end = self.megabytes
        yield f"memory            {self.documents:,} new documents in {self.minutes:g} min that were all for them:"
        yield f"                  {first:.0f} MB after a thirtieth, {most:.0f} MB at most, {end:.0f} MB at the end"


async def measure_memory(place: Place, caller: Caller, *, minutes: float) -> Memory:
    """Send new documents as fast as they are answered, to a server of its own."""
    with ours.serving(place, WARDSHIP_DOCUMENT_SHARE="1") as server:
        begun, seconds, seen = time.perf_counter(), minutes * 60, []
        async with neighbour(server.port, _documents(server.port, caller), per_second=100_000):
            await asyncio.sleep(seconds * _FIRST)
            first = resident_megabytes(server.pid)
            for _ in range(_NOTES):
                await asyncio.sleep(seconds * (1 - _FIRST) / _NOTES)
                seen.append(resident_megabytes(server.pid))
                say(f"  memory after {(time.perf_counter() - begun) / 60:.1f} min: {seen[-1]:.0f} MB")
        documents = int((await read_metrics(server.port))[_MISSES])
    return Memory(minutes, documents, (first, max(seen), seen[-1]))


def _documents(port: int, caller: Caller) -> Iterator[bytes]:
    """Yield requests for pages of members, none of which has the same document as another."""
    headers = our_headers(caller)
    for number, shape, aliases in zip(
        itertools.count(), itertools.cycle(_SHAPES), itertools.cycle(_ALIASES), strict=False
    ):
        pages = " ".join(
            f"n{number}x{place}: members(first: 2) {{ edges {{ node {{ {shape} }} }} }}" for place in range(aliases)
        )
        yield post(port, "/graphql", json.dumps({"query": f"{{ {pages} }}"}).encode(), headers)
