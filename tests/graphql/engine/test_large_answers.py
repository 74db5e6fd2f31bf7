"""Large answers: written part by part, sent as fast as they are read, while nothing of the host is held."""

from __future__ import annotations

import asyncio
import socket
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
import pytest
import strawberry
from litestar import Litestar

from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, Limits, Operation, graphql_route, root_field
from wardship.graphql.engine import field as plain
from wardship.graphql.engine.planning.code import LONG

ROWS = 60_000
TEXT = "t" * 140
QUERY = b'{"query":"{ rows { number text } }"}'


@strawberry.type(description="A row.")
class Row:
    number: int = plain(cost=0, description="Which.")
    text: str = plain(cost=0, description="Its text.")


@cache
def made_rows() -> list[Row]:
    """Return the rows, made once, so that only rendering is measured."""
    return [Row(number=number, text=TEXT) for number in range(ROWS)]


@strawberry.type
class Query:
    @root_field(cost=1, size=1, description="Many rows.")
    async def rows(self) -> list[Row]:
        return made_rows()


@dataclass
class Pool:
    """Counts the contexts that are open, as a pool of connections would."""

    in_use: int = 0
    times: int = field(default=0)

    @asynccontextmanager
    async def context(self, _request: Any, _operation: Operation) -> AsyncIterator[None]:
        self.in_use += 1
        self.times += 1
        try:
            yield
        finally:
            self.in_use -= 1


def ask(address: str) -> socket.socket:
    """Send the query over a connection that takes little at a time, and read nothing yet."""
    host, port = address.removeprefix("http://").split(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(20)
    connection.connect((host, int(port)))
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(QUERY)}\r\n\r\n"
    )
    connection.sendall(head.encode() + QUERY)
    return connection


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_slow_reader_holds_nothing_of_the_host(serve: Callable[[Litestar], str]) -> None:
    pool = Pool()
    handler = GraphQLHandler(strawberry.Schema(Query), context=pool.context, limits=Limits(seconds=60))
    address = serve(Litestar([graphql_route(handler)]))
    with ask(address) as reader:
        first = reader.recv(64)
        until(lambda: pool.in_use == 0)
        assert pool.times == 1
        received = len(first)
        head, _, body = first.partition(b"\r\n\r\n")
        while b"\r\n\r\n" not in head + body:
            head += reader.recv(64)
        head, _, body = head.partition(b"\r\n\r\n")
        length = int(
            next(line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        )
        assert length > 10_000_000
        chunks = [body]
        received = len(body)
        while received < length:
            chunk = reader.recv(1 << 20)
            assert chunk
            chunks.append(chunk)
            received += len(chunk)
    data = orjson.loads(b"".join(chunks))["data"]["rows"]
    assert (len(data), data[0], data[-1]["number"]) == (ROWS, {"number": 0, "text": TEXT}, ROWS - 1)
    assert handler.metrics.unread == 0


def test_whoever_reads_too_slowly_is_given_up(serve: Callable[[Litestar], str]) -> None:
    pool = Pool()
    limits = Limits(seconds=60, send_seconds=0.2, send_rate=1e12)
    handler = GraphQLHandler(strawberry.Schema(Query), context=pool.context, limits=limits)
    address = serve(Litestar([graphql_route(handler)]))
    with ask(address) as reader:
        assert reader.recv(16).startswith(b"HTTP/1.1 200")
        until(lambda: handler.metrics.unread == 1)
        received = 0
        while chunk := reader.recv(1 << 20):
            received += len(chunk)
    assert received < 10_000_000


def test_a_long_list_is_never_a_tree_as_a_whole() -> None:
    handler = GraphQLHandler(strawberry.Schema(Query), limits=Limits(seconds=60))

    async def answer() -> tuple[int, int]:
        await handler.execute(ExecutionRequest("{ rows { number } }"))
        tracemalloc.start()
        try:
            answer = await handler.answer(ExecutionRequest("{ rows { number text } }"))
            return sum(map(len, answer.parts)), tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    length, peak = asyncio.run(answer())
    assert length > 10_000_000
    assert peak < 1.2 * length  # once, in parts


@pytest.mark.parametrize("length", [0, 1, LONG - 1, LONG, LONG + 1, 2 * LONG, 2 * LONG + 1])
async def test_lists_of_every_length_are_whole(length: int) -> None:
    @strawberry.type
    class Numbers:
        @root_field(cost=1, description="Numbers.")
        async def numbers(self) -> list[int]:
            return list(range(length))

        @root_field(cost=1, description="Rows.")
        async def rows(self) -> list[Row | None]:
            return [None if number % 3 == 0 else Row(number=number, text="x") for number in range(length)]

    handler = GraphQLHandler(strawberry.Schema(Numbers))
    data = orjson.loads(await handler.execute(ExecutionRequest("{ numbers rows { number } }")))["data"]
    assert data["numbers"] == list(range(length))
    assert data["rows"] == [None if number % 3 == 0 else {"number": number} for number in range(length)]
