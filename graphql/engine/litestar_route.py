"""The route that serves a handler in Litestar."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler

from wardship.graphql.engine.handler import GraphQLHandler
from wardship.graphql.engine.over_http import GraphQLOverHttp, HttpRequest

METHODS = [HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE]


def graphql_route(
    handler: GraphQLHandler,
    path: str = "/graphql",
    *,
    is_get_allowed: bool = True,
    **options: Any,  # noqa: ANN401 (whatever Litestar's route takes)
) -> HTTPRouteHandler:
    """Return the Litestar route of a handler.

    The context hook gets Litestar's ``Request``. Other methods than those served are answered with 405 and `Allow`.

    Args:
        handler: what executes.
        path: where it is served.
        is_get_allowed: whether queries may come by GET.
        options: passed on to Litestar's ``route``, such as ``guards`` or ``opt``.
    """
    http = GraphQLOverHttp(handler, is_get_allowed=is_get_allowed)

    @route(path, http_method=METHODS, include_in_schema=False, request_max_body_size=None, **options)
    async def graphql(request: Request[Any, Any, Any]) -> Response[bytes]:
        asked = HttpRequest(
            request.method,
            request.headers.get("accept"),
            request.headers.get("content-type"),
            await _body(request, http.request_bytes),
            request.scope["query_string"].decode("latin-1"),
            request.headers.get("sec-fetch-site"),
        )
        answer = await http.respond(asked, request)
        return Response(answer.body, status_code=answer.status, headers=dict(answer.headers))

    return graphql


async def _body(request: Request[Any, Any, Any], most: int) -> bytes:
    """Read the body, and stop above the limit: what was read by then is enough to refuse it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            break
    return bytes(body)
