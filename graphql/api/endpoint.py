"""The API over HTTP: who calls, one transaction for each operation, and what a client may see of an error."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
import structlog
from litestar import Request
from litestar.handlers import ASGIRouteHandler

from wardship.core.actor import Actor
from wardship.core.database.scope import Scope
from wardship.core.errors import WardshipError
from wardship.core.identifiers import uuid7
from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.schema import make_schema
from wardship.graphql.engine import (
    GraphQLHandler,
    GraphQLOverWebSocket,
    Limits,
    Operation,
    RequestRefusedError,
    graphql_route,
)
from wardship.tenants.access import Access
from wardship.tenants.data_access.record import record_access
from wardship.tenants.services import Services

AnyRequest: TypeAlias = Request[Any, Any, Any]
Authenticate: TypeAlias = Callable[[AnyRequest], Awaitable[Actor]]
"""Tells who calls, or raises a ``WardshipError`` whose ``status`` is the HTTP status."""

_log = structlog.get_logger("wardship.graphql")


def request_id_of(request: Any) -> str:  # noqa: ANN401 - whatever the host gave; commands give none
    """Return the identifier of a request in logs and audit, made at the first call."""
    state = getattr(request, "state", None)
    if state is None:
        return str(uuid7())
    if not hasattr(state, "request_id"):
        state.request_id = str(uuid7())
    return str(state.request_id)


def make_handler(services: Services, authenticate: Authenticate) -> GraphQLHandler:
    """Return the handler of the whole API.

    Args:
        services: the deployment.
        authenticate: tells who calls.
    """
    return GraphQLHandler(
        make_schema(),
        limits=Limits(compile_share=services.settings.document_share),
        context=_context_hook(services, authenticate),
        mask=mask,
        introspection=services.settings.introspection,
        client=_client(authenticate),
    )


def make_route(handler: GraphQLHandler, sockets: GraphQLOverWebSocket | None = None) -> ASGIRouteHandler:
    """Return the route `/graphql`: POST, WebSocket, and GET for queries, which pages of other sites may not send."""
    return graphql_route(handler, "/graphql", sockets=sockets)


def mask(error: Exception, request: Any) -> tuple[str, Mapping[str, Any]]:  # noqa: ANN401 - the engine's signature
    """Show a refusal of the domain as it stands; log anything else and show its request id only."""
    if isinstance(error, WardshipError):
        return error.message, {"code": error.code, "path": list(error.path)}
    if isinstance(error, asyncpg.DataError):
        return "A value can't be looked up: it is out of range, or holds a NUL character.", {"code": "INVALID_INPUT"}
    request_id = request_id_of(request)
    _log.error("unexpected_error", request_id=request_id, exc_info=error)
    return "Something went wrong on our side: tell us the request id.", {"code": "INTERNAL", "requestId": request_id}


def _context_hook(
    services: Services, authenticate: Authenticate
) -> Callable[[AnyRequest, Operation], AbstractAsyncContextManager[ApiContext]]:
    @asynccontextmanager
    async def context(request: AnyRequest, operation: Operation) -> AsyncIterator[ApiContext]:
        actor = await _caller(authenticate, request)
        scope = Scope.tenant(actor.organisation_id, read_only=operation.is_read_only)
        request_id = request_id_of(request)
        database = services.database
        async with database.single_read(scope) if operation.is_single else database.transaction(scope) as transaction:
            opened = ApiContext(Access(actor, transaction, services, request_id))
            yield opened
            # With the end of the query, before the answer is sent: one that can't be recorded is not given.
            record_access(opened.access, opened.seen)

    return context


def _client(authenticate: Authenticate) -> Callable[[AnyRequest], Awaitable[Hashable]]:
    """Tell clients apart by account, and those without a credential by their address."""

    async def client(request: AnyRequest) -> Hashable:
        try:
            return (await authenticate(request)).account_id
        except WardshipError:
            peer = getattr(request, "client", None)
            return None if peer is None else str(peer.host)

    return client


async def _caller(authenticate: Authenticate, request: AnyRequest) -> Actor:
    try:
        return await authenticate(request)
    except WardshipError as error:
        status: int = getattr(error, "status", 403)
        raise RequestRefusedError(error.message, code=error.code, http_status=status) from error
