"""Clients that read slowly, or not at all: they are dropped with a reason, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import socket as sockets

import orjson
import pytest

from tests.graphql.engine.socket_place import WATCH, until
from tests.sockets import PATIENCE_S, SUBPROTOCOL

pytestmark = pytest.mark.anyio


async def test_client_that_floods_and_reads_nothing_is_not_read_either(place):
    """What it is refused waits to be told, and nothing more of it is taken until then."""
    place.limit(operations=2, send_s=0.5, close_s=0.1)
    place.board.padding = "x" * 4_000_000
    flooding = await raw_subscriber(place.port)
    with flooding:
        await until(lambda: len(place.board.watches) == 1)
        flooding.setblocking(False)
        most, number = 0, 1

        while not place.metrics.dropped:
            with contextlib.suppress(BlockingIOError, ConnectionError):
                number += 1
                message = {"id": str(number), "type": "subscribe", "payload": {"query": "{ nothing }"}}
                flooding.sendall(framed(orjson.dumps(message)))
            most = max(most, len(asyncio.all_tasks()))
            await asyncio.sleep(0)
    await until(lambda: place.metrics.sockets == 0)
    assert place.metrics.dropped == {"4450": 1}
    assert most < 25


async def test_slow_reader_is_dropped_with_a_reason_and_others_go_on(place):
    place.limit(send_s=0.3)
    place.board.padding = "x" * 400_000
    async with place.open(init={"as": "quick"}) as quick:
        await quick.subscribe(**WATCH)
        await quick.receive()
        slow = await raw_subscriber(place.port)
        with slow:
            await until(lambda: len(place.board.watches) == 2)
            for value in range(1, 60):
                place.board.set("a", value)
                assert (await quick.receive())["payload"]["data"] == {"countChanged": {"value": value}}
                if place.metrics.dropped:
                    break
            await until(lambda: place.metrics.dropped == {"4450": 1})
            await asyncio.to_thread(read_to_end, slow, b"A message was not taken within 0.3 s: read faster.")
        place.board.set("a", 100)
        assert (await quick.receive())["payload"]["data"] == {"countChanged": {"value": 100}}


async def test_reader_that_never_reads_again_is_let_go(place):
    place.limit(send_s=0.2, close_s=0.2)
    place.board.padding = "x" * 4_000_000
    slow = await raw_subscriber(place.port)
    with slow:
        await until(lambda: len(place.board.watches) == 1)
        for value in range(1, 9):
            place.board.set("a", value)
            await asyncio.sleep(0.02)
        await until(lambda: place.metrics.sockets == 0)
    assert place.metrics.dropped == {"4450": 1}


async def raw_subscriber(port: int) -> sockets.socket:
    """A client that subscribes to much and then reads nothing."""
    slow = sockets.socket()
    slow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    slow.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(slow, ("127.0.0.1", port))
    handshake = (
        f"GET /graphql HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
    )
    await loop.sock_sendall(slow, handshake.encode())
    assert (await loop.sock_recv(slow, 1000)).startswith(b"HTTP/1.1 101")
    query = "subscription { countChanged { value padding } }"
    for message in ({"type": "connection_init"}, {"id": "1", "type": "subscribe", "payload": {"query": query}}):
        await loop.sock_sendall(slow, framed(orjson.dumps(message)))
    slow.setblocking(True)
    return slow


def framed(text: bytes) -> bytes:
    """A text frame of a client, masked with zeros."""
    assert len(text) < 126
    return bytes([0x81, 0x80 | len(text)]) + b"\0\0\0\0" + text


def read_to_end(slow: sockets.socket, expected: bytes) -> None:
    slow.settimeout(PATIENCE_S)
    tail = b""
    while (chunk := slow.recv(1_000_000)) and expected not in tail:
        tail = (tail + chunk)[-1000:]
    assert expected in tail
