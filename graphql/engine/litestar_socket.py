"""Litestar's WebSocket, served at the path of the HTTP route."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect


class LitestarSocket:
    """Litestar's WebSocket as the transport sees it."""

    def __init__(self, connection: WebSocket[Any, Any, Any]) -> None:
        self.connection = connection
        self.subprotocols = list(connection.scope["subprotocols"])

    async def accept(self, subprotocol: str | None) -> None:
        """Accept the handshake, unless the client has gone already."""
        with suppress(OSError, WebSocketDisconnect):
            await self.connection.accept(subprotocols=subprotocol)

    async def receive(self) -> str | bytes | None:
        """Return the next message; None when the client has gone."""
        event: Any = await self.connection.receive()
        if event["type"] == "websocket.disconnect":
            return None
        text: str | None = event.get("text")
        data: bytes = event.get("bytes") or b""
        return data if text is None else text

    async def send(self, text: str) -> None:
        """Send a message; what the client left before it came is nobody's loss."""
        with suppress(OSError, WebSocketDisconnect):
            await self.connection.send_text(text)

    async def close(self, code: int, reason: str) -> None:
        """Close, unless the client has gone already."""
        with suppress(OSError, WebSocketDisconnect):
            await self.connection.close(code, reason)
