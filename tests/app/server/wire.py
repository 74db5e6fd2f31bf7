"""A connection without a network: bytes go in by hand, what comes out is kept, and time is virtual."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from tests.virtual_time import VirtualLoop
from wardship.app.server.connection_limits import ConnectionLimits
from wardship.app.server.connections import Connections
from wardship.app.server.http_protocol import BoundedHttpProtocol
from wardship.app.server.socket_protocol import BoundedSocketProtocol

HIGH_WATER = 65_536
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Wire(asyncio.Transport):
    """The server's end of a connection."""

    def __init__(self, server: Server, address: str) -> None:
        super().__init__()
        self.server = server
        self.address = address
        self.written = b""
        self.taken = 0
        self.unread = 0
        self.reads = True
        self.is_eof = self.is_closed = self.is_cut = self.is_paused = False
        self.protocol: Any = BoundedHttpProtocol(server.config, server.state, {}, server.loop)
        self.protocol.connection_made(self)

    def send(self, data: bytes, *, at_once: int = 65_536) -> Wire:
        """Bring data as the network would, until the connection is closed."""
        for start in range(0, len(data), at_once):
            if self.is_closed:
                break
            part = data[start : start + at_once]
            self.taken += len(part)
            self.protocol.data_received(part)
        return self

    def send_on(self, piece: bytes, length: int = 64 * 1024 * 1024) -> Wire:
        """Bring a piece again and again, 64 MiB in all, until the connection is closed."""
        part = piece * (65_536 // len(piece) + 1)
        while not self.is_closed and self.taken < length:
            self.send(part)
        return self

    @property
    def statuses(self) -> list[int]:
        return [int(part[:3]) for part in self.written.decode("latin-1").split("HTTP/1.1 ")[1:]]

    # What the protocol calls.

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return [self.address, 1] if name == "peername" else default

    def get_protocol(self) -> Any:
        return self.protocol

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def write(self, data: Any) -> None:
        assert not self.is_eof, "it wrote after the end"
        self.written += data
        if not self.reads:
            self.unread += len(data)
            if self.unread > HIGH_WATER >= self.unread - len(data):
                self.protocol.pause_writing()

    def get_write_buffer_size(self) -> int:
        return self.unread

    def take(self, length: int) -> None:
        """Let the client read what waits for it."""
        before, self.unread = self.unread, max(0, self.unread - length)
        if self.unread <= HIGH_WATER // 4 < before:
            self.protocol.resume_writing()
        if self.unread == 0 and self.is_closed:
            self.server.loop.call_soon(self.protocol.connection_lost, None)

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.is_eof = True

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            if self.unread == 0:
                self.server.loop.call_soon(self.protocol.connection_lost, None)

    def abort(self) -> None:
        if not self.is_cut:
            self.is_cut = True
            self.unread, is_lost = 0, self.is_closed and self.unread == 0
            self.is_closed = True
            if not is_lost:
                self.server.loop.call_soon(self.protocol.connection_lost, None)

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False


class Server:
    """A server of one application, which answers 200 when it has read the body, unless told otherwise."""

    def __init__(self, **limits: Any) -> None:
        self.loop = VirtualLoop()
        asyncio.set_event_loop(self.loop)
        self.state = ServerState()
        self.limits = replace(ConnectionLimits(), **limits)
        self.all = Connections(self.limits, self.loop)
        self.all.serve(self.state)
        self.config = uvicorn.Config(
            self.app,
            http=BoundedHttpProtocol,
            ws=BoundedSocketProtocol,
            interface="asgi3",
            lifespan="off",
            log_config=None,
        )
        self.config.load()
        self.read: list[int] = []
        self.messages: list[int] = []
        self.asked: list[dict[str, Any]] = []
        self.is_known = False
        self.answer = b"ok"
        self.parts = 1
        self.answers_at_once = False
        self.never_answers = False

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope)
        if self.is_known:
            scope["state"]["vouch"]()
        if scope["type"] == "websocket":
            await self._listen(receive, send)
            return
        if self.never_answers:
            await asyncio.Event().wait()
        length, more = 0, not self.answers_at_once
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.read.append(-1)
                return
            length += len(message["body"])
            more = message["more_body"]
        self.read.append(length)
        whole = b"%d" % (len(self.answer) * self.parts)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", whole)]})
        for left in reversed(range(self.parts)):
            await send({"type": "http.response.body", "body": self.answer, "more_body": left > 0})

    async def _listen(self, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.messages.append(len(message["text"]))

    def connect(self, address: str = "203.0.113.7") -> Wire:
        return Wire(self, address)

    def connect_all(self, addresses: Iterable[str]) -> list[Wire]:
        return [self.connect(address) for address in addresses]

    def run(self, seconds: float = 0.0) -> None:
        """Let what is to be done be done, for some seconds of virtual time."""
        self.loop.run_until_complete(asyncio.sleep(seconds))
        self.loop.run_until_complete(_turns())

    def close(self) -> None:
        """Nothing of a connection that has gone may be left."""
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.run()
        asyncio.set_event_loop(None)
        self.loop.close()


async def _turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)
