"""What attackers without a credential take from a signed-in client, and what ever new documents take of memory.

`python -m bench attack` runs it: bounded, on loopback, against one process with the options of `wardship serve`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench import ours
from bench.attackers import ADDRESSES, CONNECTIONS, HEAD_MIB, ask, attacking, document
from bench.data import Caller, Size, fill, make_caller
from bench.documents import Memory, measure_memory
from bench.load import Latency, read_metrics
from bench.operations import ask_ours, our_headers
from bench.place import Place, make_place, scratch_folder
from tools.prepare.steps import say

_NETWORKS: Final = (1, ADDRESSES)
_EVERY_S: Final = 0.5
_WAITING: Final = "wardship_graphql_compile_waiting"
_OK: Final = b"HTTP/1.1 200"


@dataclass(frozen=True, slots=True)
class Attacked:
    """What a signed-in client got.

    Attributes:
        documents: the part of its new documents that was answered, and what they took, beside a flood by its networks;
            0 networks: alone.
        refused: documents of the flood in a second, by its networks.
        left: requests that waited for a document once the flood had ended.
        requests: a known request, each on a new connection: alone, beside silent connections, and beside long heads.
        longest_ms: the longest of each.
        cut: heads that were cut off.
        memory: of ever new documents.
    """

    documents: dict[int, tuple[float, Latency]]
    refused: dict[int, float]
    left: float
    requests: dict[str, Latency]
    longest_ms: dict[str, float]
    cut: int
    memory: Memory

    def lines(self) -> Iterator[str]:
        """Yield the lines of the table."""
        yield "new documents of a signed-in client"
        for networks, (part, took) in self.documents.items():
            beside = f"beside {ADDRESSES} addresses of {networks} /64" if networks else "alone"
            yield f"    {beside:36}{part:.0%} answered, p50 {took.p50_ms:.0f} ms, p99 {took.p99_ms:.0f} ms"
            if networks:
                yield f"    {'':36}of theirs {self.refused[networks]:.0f} are refused in a second"
        yield f"    {'afterwards':36}{self.left:.0f} requests wait"
        yield "known request, each on a new connection"
        for beside, took in self.requests.items():
            longest = self.longest_ms[beside]
            yield f"    {beside:36}p50 {took.p50_ms:.1f} ms, p99 {took.p99_ms:.1f} ms, longest {longest:.1f} ms"
        yield f"    {'':36}{self.cut} heads were cut off"
        yield from self.memory.lines()


async def measure_attacks(place: Place, caller: Caller, *, seconds: float, minutes: float) -> Attacked:
    """Measure on servers of its own, one for the attacks and one for the memory."""
    numbers = itertools.count(1)
    documents, refused, requests = {}, {}, {}
    with ours.serving(place) as server:
        port = server.port
        known = (await ask_ours(port, "small read", caller)).request.message
        documents[0] = await _documents(port, caller, numbers, seconds)
        for networks in _NETWORKS:
            say(f"  new documents beside a flood from {networks} networks …")
            with attacking("flood", port, networks) as in_vain:
                documents[networks] = await _documents(port, caller, numbers, seconds)
            refused[networks] = in_vain[0] / seconds
        left = (await read_metrics(port))[_WAITING]
        say("  known requests beside connections and heads …")
        requests["alone"] = await _requests(port, known, seconds)
        with attacking("crowd", port):
            requests[f"beside {CONNECTIONS:,} silent connections"] = await _requests(port, known, seconds)
        with attacking("heads", port) as in_vain:
            requests[f"beside heads of {HEAD_MIB} MiB"] = await _requests(port, known, seconds)
    memory = await measure_memory(place, caller, minutes=minutes)
    latencies = {beside: Latency.of(taken) for beside, taken in requests.items()}
    longest = {beside: 1000 * max(taken) for beside, taken in requests.items()}
    return Attacked(documents, refused, left, latencies, longest, in_vain[0], memory)


async def _documents(port: int, caller: Caller, numbers: Iterator[int], seconds: float) -> tuple[float, Latency]:
    """Send new documents at a steady pace; return the part that was answered, and what the answers took."""
    sending = []
    for _ in range(int(seconds / _EVERY_S)):
        message = document(port, our_headers(caller), f"own{next(numbers)}")
        sending.append(asyncio.create_task(_timed(port, message)))
        await asyncio.sleep(_EVERY_S)
    answers = await asyncio.gather(*sending)
    taken = [took for head, took in answers if head.startswith(_OK)]
    return len(taken) / len(answers), Latency.of(taken or [seconds])


async def _requests(port: int, message: bytes, seconds: float) -> list[float]:
    """Send a known request over and over, each on a connection of its own; return the seconds that each took."""
    ends, taken = time.perf_counter() + seconds, []
    while time.perf_counter() < ends:
        taken.append((await _timed(port, message))[1])
    return taken


async def _timed(port: int, message: bytes) -> tuple[bytes, float]:
    begun = time.perf_counter()
    return await ask(port, message), time.perf_counter() - begun


class _Options(argparse.Namespace):
    seconds: float
    minutes: float


def main(arguments: list[str]) -> int:
    """Measure this alone, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench attack", description="Measure attacks.")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each case")
    parser.add_argument(
        "--minutes", type=float, default=1.2, help="of ever new documents, with all of the time: 1.2 are 30 by default"
    )
    options = parser.parse_args(arguments, namespace=_Options())
    for line in asyncio.run(_measured(options)).lines():
        print(line)
    return 0


async def _measured(options: _Options) -> Attacked:
    with scratch_folder() as folder, make_place(folder) as place:
        say("filling the database …")
        await ours.migrate(place)
        async with place.superuser() as connection:
            await fill(connection, Size(organisations=3, members=300))
            async with ours.services_here(place) as services:
                caller = await make_caller(services, connection)
        say("attacks …")
        return await measure_attacks(place, caller, seconds=options.seconds, minutes=options.minutes)
