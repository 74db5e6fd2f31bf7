"""Part (h): a large answer that its readers take slowly: what memory and how many database connections it holds."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from bench.large_answer import CONNECTIONS_IDLE, POOL, command
from bench.load import WrongAnswerError, post, read_metrics, send_once
from bench.place import ROOT, Place, clean_environment
from bench.ports import free_port, require_only_listener
from bench.processes import Running, answers, running
from bench.processor import resident_megabytes

_BYTES_PER_SECOND = 65_536
_BYTES_PER_ROW = 225
_EVERY_S = 0.02
_LATE_S = 60.0


@dataclass(frozen=True, slots=True)
class Slow:
    """How slow the readers are: how many at the same time, seconds at 64 KB/s, and the rows of the answer."""

    readers: int
    seconds: float
    rows: int


@dataclass(frozen=True, slots=True)
class Large:
    """What a large answer held.

    Attributes:
        megabytes: of one answer.
        readers: who read at the same time.
        before_mb: the server's memory before, after a small answer.
        most_mb: the most that it was until all had the whole answer.
        waiting_mb: the most that it was while the readers were slow.
        first_byte_s: the longest that a reader waited for the answer to begin.
        most_connections: of the database, in use at the same time until the answer had begun for all.
        slow_connections: the same while the readers were slow.
    """

    megabytes: float
    readers: int
    before_mb: float
    most_mb: float
    waiting_mb: float
    first_byte_s: float
    most_connections: float
    slow_connections: float


@dataclass(slots=True)
class _Watch:
    """The most that was seen: of memory in MB, ever and since it was last cleared, and of connections since then."""

    most_ever: float = 0.0
    memory: float = 0.0
    in_use: float = 0.0


async def measure_large(place: Place, slow: Slow) -> Large:
    """Measure on an application that has the engine and nothing else of Wardship."""
    port = free_port()
    log = place.folder / "large.log"
    ready = answers("/metrics")
    with running(
        command(place, port), port, environment=clean_environment(), log=log, ready=ready, folder=ROOT
    ) as server:
        require_only_listener(port, server.pid)
        await send_once(port, _asked(port, 10))
        return await _read(server, slow)


async def _read(server: Running, slow: Slow) -> Large:
    before = resident_megabytes(server.pid)
    watch, begun = _Watch(), time.perf_counter()
    watching = asyncio.gather(_watch_memory(server, watch), _watch_connections(server, watch))
    try:
        readers = [await _Reader.ask(server.port, slow.rows) for _ in range(slow.readers)]
        await asyncio.gather(*(reader.begin() for reader in readers))
        first_byte, at_first = time.perf_counter() - begun, watch.in_use
        watch.memory = watch.in_use = 0.0
        await asyncio.gather(*(reader.dawdle(slow.seconds) for reader in readers))
        waiting, slow_connections = watch.memory, watch.in_use
        async with asyncio.timeout(_LATE_S):
            sizes = {len(await reader.rest()) for reader in readers}
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    (size,) = sizes
    return Large(size / 1e6, slow.readers, before, watch.most_ever, waiting, first_byte, at_first, slow_connections)


async def _watch_memory(server: Running, watch: _Watch) -> None:
    while True:
        memory = resident_megabytes(server.pid)
        watch.most_ever = max(watch.most_ever, memory)
        watch.memory = max(watch.memory, memory)
        await asyncio.sleep(_EVERY_S)


async def _watch_connections(server: Running, watch: _Watch) -> None:
    while True:
        idle = (await read_metrics(server.port))[CONNECTIONS_IDLE]
        watch.in_use = max(watch.in_use, POOL - idle)
        await asyncio.sleep(_EVERY_S)


@dataclass(slots=True)
class _Reader:
    """One who asks for the large answer over a socket that holds little."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    rows: int
    head: bytes = b""
    body: bytearray = field(default_factory=bytearray)

    @classmethod
    async def ask(cls, port: int, rows: int) -> _Reader:
        connection = socket.socket()
        # What the kernel keeps for the reader is nothing that the server holds, and must not be the whole answer.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BYTES_PER_SECOND)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=connection, limit=_BYTES_PER_SECOND)
        writer.write(_asked(port, rows))
        return cls(reader, writer, rows)

    async def begin(self) -> None:
        self.head = await self.reader.readuntil(b"\r\n\r\n")
        if not self.head.startswith(b"HTTP/1.1 200"):
            raise WrongAnswerError(f"The large answer was refused: {self.head!r}")

    async def dawdle(self, seconds: float) -> None:
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            self.body += await self.reader.read(_BYTES_PER_SECOND // 10)
            await asyncio.sleep(0.1)

    async def rest(self) -> bytes:
        """Read what is left as fast as it comes, and return the body, which must be whole."""
        while not self._is_whole() and (part := await self.reader.read(_BYTES_PER_SECOND)):
            self.body += part
        self.writer.close()
        body = _unchunked(bytes(self.body)) if b"chunked" in self.head.lower() else bytes(self.body)
        rows = json.loads(body)["data"]["rows"]
        if [row["number"] for row in rows] != list(range(1, self.rows + 1)):
            raise WrongAnswerError("The large answer lacks rows.")
        return body

    def _is_whole(self) -> bool:
        if b"chunked" in self.head.lower():
            return self.body.endswith(b"\r\n0\r\n\r\n")
        line = next(line for line in self.head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        return len(self.body) >= int(line[15:])


def _unchunked(body: bytes) -> bytes:
    parts, at = [], 0
    while size := int(body[at : (end := body.index(b"\r\n", at))], 16):
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(parts)


def _asked(port: int, rows: int) -> bytes:
    query = {"query": "query Large($count: Int!) { rows(count: $count) { number text } }", "variables": {"count": rows}}
    return post(port, "/graphql", json.dumps(query).encode(), {})


def large_lines(large: Large) -> Iterator[str]:
    """Yield the lines of the table."""
    each = (large.waiting_mb - large.before_mb) / large.readers
    yield f"(h) large answer      {large.megabytes:.1f} MB, to {large.readers} at a time who read 64 KB/s each;"
    yield f"                      begins after {large.first_byte_s:.2f} s"
    yield f"    memory            {large.before_mb:.0f} MB before, {large.most_mb:.0f} MB at most;"
    yield f"                      {large.waiting_mb:.0f} MB while they are slow ({each:.1f} MB for each of them)"
    yield f"    connections       {large.most_connections:.0f} in use at most until it begins;"
    yield f"                      {large.slow_connections:.0f} while they are slow"
