"""The route that serves a handler in Litestar.

It is an ASGI application of its own, since a request needs none of what Litestar does for an ordinary route, which
costs as much as a small answer. A body goes out part by part, as fast as the client reads it; what the answer was made
of, the host's context included, is let go before.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from litestar import Request, WebSocket, asgi
from litestar.enums import ScopeType
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import ASGIRouteHandler
from litestar.types import HTTPResponseStartEvent, Receive, Scope, Send

from wardship.graphql.engine.execution.handler import GraphQLHandler
from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.transports.over_http import GraphQLOverHttp, HttpRequest, HttpResponse
from wardship.graphql.engine.transports.over_websocket import GraphQLOverWebSocket

PART = 65_536
"""Bytes of a body that are sent at once."""


def graphql_route(
    handler: GraphQLHandler,
    path: str = "/graphql",
    *,
    is_get_allowed: bool = True,
    sockets: GraphQLOverWebSocket | None = None,
) -> ASGIRouteHandler:
    """Return the Litestar route of a handler.

    The context hook gets Litestar's ``Request``. Other methods than those served are answered with 405 and `Allow`.

    Args:
        handler: what executes.
        path: where it is served.
        is_get_allowed: whether queries may come by GET.
        sockets: what serves WebSockets at the same path; without it their handshakes are refused.
    """
    http = GraphQLOverHttp(handler, is_get_allowed=is_get_allowed)

    @asgi(path, copy_scope=False)
    async def graphql(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.WEBSOCKET:
            await _serve_socket(sockets, WebSocket(scope, receive, send))
            return
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        headers = dict(scope["headers"])
        body = await _body(receive, http.request_bytes)
        if body is None:
            return
        asked = HttpRequest(
            request.method,
            _text(headers.get(b"accept")),
            _text(headers.get(b"content-type")),
            body,
            scope["query_string"].decode("latin-1"),
            _text(headers.get(b"sec-fetch-site")),
        )
        await _send(await http.respond(asked, request), send, handler.limits, handler.metrics)

    return graphql


async def _serve_socket(sockets: GraphQLOverWebSocket | None, connection: WebSocket[Any, Any, Any]) -> None:
    if sockets is None:
        await connection.receive()
        await connection.close()
    else:
        await sockets.serve(LitestarSocket(connection))


def _text(header: bytes | None) -> str | None:
    return None if header is None else header.decode("latin-1")


async def _body(receive: Receive, most: int) -> bytes | None:
    """Read the body, and stop above the limit: what was read by then is enough to refuse it. None: the client went."""
    body = b""
    while len(body) <= most:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body = body + message["body"] if body else message["body"]
        if not message["more_body"]:
            break
    return body


async def _send(answer: HttpResponse, send: Send, limits: Limits, metrics: Metrics) -> None:
    """Send an answer, and give up a client that reads too slowly, so that it can't keep the memory of one for ever."""
    length = sum(map(len, answer.parts))
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers.append((b"content-length", str(length).encode("ascii")))
    start: HTTPResponseStartEvent = {"type": "http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    if length <= PART:
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})
        return
    try:
        async with asyncio.timeout(limits.send_seconds + length / limits.send_rate):
            for part in answer.parts:
                for position in range(0, len(part), PART):
                    some = part[position : position + PART]
                    await send({"type": "http.response.body", "body": some, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except TimeoutError:
        # An answer that is not finished makes the server close the connection, which is what is wanted.
        metrics.unread += 1


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
