"""The route that serves a handler over WebSocket in Litestar."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler

from wardship.graphql.engine.transport_ws import GraphQLOverWebSocket


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


def graphql_socket_route(
    server: GraphQLOverWebSocket,
    path: str = "/graphql",
    **options: Any,  # noqa: ANN401 (whatever Litestar's decorator takes)
) -> WebsocketRouteHandler:
    """Return the Litestar route of a server; its ``admit`` gets Litestar's ``WebSocket``.

    Args:
        server: what serves each socket.
        path: where; it may be the path of the HTTP route.
        options: passed on to Litestar's ``websocket``.
    """

    @websocket(path, **options)
    async def graphql_socket(socket: WebSocket[Any, Any, Any]) -> None:
        await server.serve(LitestarSocket(socket))

    return graphql_socket
