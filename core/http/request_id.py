"""An identifier for each request: in its answer, in every log line while it runs, and in the audit."""

from __future__ import annotations

from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from wardship.core.identifiers import uuid7
from wardship.core.log import bind_request

REQUEST_ID_HEADER: Final = "X-Request-Id"
_STATE_KEY: Final = "request_id"


def request_id_middleware(app: ASGIApp) -> ASGIApp:
    """Give each request an identifier of ours; one that a client sends is not adopted, since it could be anything."""

    async def identified(scope: Scope, receive: Receive, send: Send) -> None:
        request_id = str(uuid7())
        scope["state"][_STATE_KEY] = request_id
        bind_request(request_id)
        await app(scope, receive, send)

    return identified


async def tell_request_id(message: Message, scope: Scope) -> None:
    """Answer with the identifier: a hook of Litestar's for what is about to be sent."""
    if message["type"] == "http.response.start" and (request_id := scope["state"].get(_STATE_KEY)):
        message["headers"] = [*message["headers"], (REQUEST_ID_HEADER.lower().encode(), request_id.encode())]


def request_id_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the identifier of a request, made at the first call where the middleware is not installed."""
    state: dict[str, Any] = connection.scope["state"]
    if _STATE_KEY not in state:
        state[_STATE_KEY] = str(uuid7())
    return str(state[_STATE_KEY])
