"""A client of graphql-transport-ws, on a WebSocket library of other people's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE_S = 20.0
SUBPROTOCOL = "graphql-transport-ws"


class Client:
    """Sends and receives JSON."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def receive(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            found: dict[str, Any] = orjson.loads(await self.connection.recv())
            return found

    async def subscribe(self, identifier: str = "1", **payload: Any) -> None:
        await self.send(id=identifier, type="subscribe", payload=payload)

    async def closed(self) -> tuple[int, str]:
        """Wait until the server closes, whatever it says before; return the code and the reason."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while True:
                    await self.connection.recv()
            except ConnectionClosed as closing:
                frame = closing.rcvd
        assert frame is not None, "the connection broke"
        return frame.code, frame.reason

    async def acknowledged(self, **payload: Any) -> Client:
        """Initialise, and be acknowledged."""
        await self.send(type="connection_init", payload=payload)
        assert await self.receive() == {"type": "connection_ack"}
        return self

    async def refused(self, **payload: Any) -> tuple[int, str]:
        """Initialise, and be closed."""
        await self.send(type="connection_init", payload=payload)
        return await self.closed()


@asynccontextmanager
async def opened(port: int, **headers: str) -> AsyncIterator[Client]:
    """Open a socket to Wardship on loopback."""
    offered: Any = (SUBPROTOCOL,)
    address = f"ws://127.0.0.1:{port}/graphql"
    async with connect(address, subprotocols=offered, additional_headers=headers, compression=None) as connection:
        yield Client(connection)
