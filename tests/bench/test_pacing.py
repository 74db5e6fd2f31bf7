"""A neighbour sends no more than it may, and a refusal is not counted as an answer."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager

import pytest

from bench.load import WrongAnswerError, post
from bench.pacing import neighbour, send_all

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def serving(body: bytes):
    """A server that gives one answer to everything."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(int(x[15:]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length:"))
                seen.append(await reader.readexactly(length))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], seen


def messages(port, count):
    return (post(port, "/graphql", b"%d" % number, {}) for number in range(count))


async def test_all_messages_are_sent_once():
    async with serving(b'{"data":{}}') as (port, seen):
        assert await send_all(port, messages(port, 30)) == 30
        assert sorted(map(int, seen)) == list(range(30))


async def test_neighbour_keeps_to_its_rate():
    async with serving(b'{"data":{}}') as (port, seen):
        async with neighbour(port, itertools.repeat(post(port, "/", b"1", {})), per_second=50) as beside:
            await asyncio.sleep(0.2)
        assert 1 <= beside.sent <= len(seen) <= 12


async def test_neighbour_without_messages_sends_none():
    async with serving(b'{"data":{}}') as (port, seen):
        async with neighbour(port, iter(()), per_second=1) as beside:
            await asyncio.sleep(0.02)
        assert beside.sent == len(seen) == 0


async def test_refusal_ends_the_flood():
    async with serving(b'{"errors":[{"message":"Too much."}]}') as (port, _):
        with pytest.raises(WrongAnswerError, match="Too much"):
            await send_all(port, messages(port, 3))
