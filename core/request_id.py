"""An identifier for each request: in its answer, in every log line while it runs, and in the audit."""

from __future__ import annotations

from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from wardship.core.identifiers import uuid7
from wardship.core.log import bind_request

REQUEST_ID_HEADER: Final = "X-Request-Id"
_STATE_KEY: Final = "request_id"


class RequestIdMiddleware(ASGIMiddleware):
    """Gives each request an identifier of ours; one that a client sends is not adopted, since it could be anything."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Bind the identifier, and answer with it."""
        request_id = str(uuid7())
        scope["state"][_STATE_KEY] = request_id
        bind_request(request_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (REQUEST_ID_HEADER.lower().encode(), request_id.encode()),
                ]
            await send(message)

        await next_app(scope, receive, send_with_id)


def request_id_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the identifier of a request; empty where the middleware is not installed."""
    return str(connection.state.get(_STATE_KEY, ""))
