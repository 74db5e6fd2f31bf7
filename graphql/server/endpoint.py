"""The API over HTTP: who calls, one transaction for each operation, and what a client may see of an error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from types import TracebackType
from typing import Any, Literal, TypeAlias

import asyncpg
import strawberry
import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import ASGIRouteHandler

from wardship.core.actor import Actor
from wardship.core.database.scope import Scope
from wardship.core.errors import WardshipError
from wardship.core.http.request_id import request_id_of as id_of_connection
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.handlers.dependencies import holders_of
from wardship.graphql.api.context import ApiContext
from wardship.graphql.engine import (
    GraphQLHandler,
    GraphQLOverWebSocket,
    Limits,
    Operation,
    TrustedDocuments,
    core_schema_of,
    graphql_route,
)
from wardship.graphql.server.clients import client_hook, credentials_of, refused
from wardship.graphql.server.documents import text_refusal
from wardship.graphql.server.tables import table_documents
from wardship.tenants.access import Access, Services
from wardship.tenants.data_access.record import record_access

AnyRequest: TypeAlias = Request[Any, Any, Any]
Authenticate: TypeAlias = Callable[[AnyRequest], Awaitable[Actor]]
"""Tells who calls, or raises a ``WardshipError`` whose ``status`` is the HTTP status."""

_log = structlog.get_logger("wardship.graphql")


def request_id_of(request: object) -> str:
    """Return the identifier of a request in logs and audit; a new one where there is no request."""
    if isinstance(request, ASGIConnection):
        return id_of_connection(request)
    return getattr(request, "request_id", None) or str(uuid7())


def make_handler(
    services: Services,
    authenticate: Authenticate,
    schema: strawberry.Schema,
    documents: Mapping[str, str] | None = None,
) -> GraphQLHandler:
    """Return the handler of the whole API.

    Args:
        services: the deployment.
        authenticate: tells who calls.
        schema: of the whole API.
        documents: the console's own, by their identifiers; none where it was not built.
    """
    core = core_schema_of(schema)
    return GraphQLHandler(
        schema,
        limits=Limits(compile_share=services.settings.document_share),
        context=partial(OperationTransaction, services, authenticate),
        mask=mask,
        is_fault=is_fault,
        introspection=services.settings.introspection,
        client=client_hook(services, authenticate),
        documents=TrustedDocuments({**(documents or {}), **table_documents(core)}, text_refusal(services)),
    )


def make_route(handler: GraphQLHandler, sockets: GraphQLOverWebSocket | None = None) -> ASGIRouteHandler:
    """Return the route `/graphql`: POST, WebSocket, and GET for queries, which pages of other sites may not send."""
    return graphql_route(handler, "/graphql", sockets=sockets)


def mask(error: Exception, request: object) -> tuple[str, Mapping[str, Any]]:
    """Show a refusal of the domain as it stands; log anything else and show its request id only."""
    if isinstance(error, WardshipError):
        return error.message, {"code": error.code, "path": list(error.path)}
    if isinstance(error, asyncpg.DataError):
        return "A value can't be looked up: it is out of range, or holds a NUL character.", {"code": "INVALID_INPUT"}
    request_id = request_id_of(request)
    _log.error("unexpected_error", request_id=request_id, exc_info=error)
    return "Something went wrong on our side: tell us the request id.", {"code": "INTERNAL", "requestId": request_id}


def is_fault(error: Exception) -> bool:
    """Return whether an exception is a fault of ours: neither a refusal, nor what comes of a value that was sent."""
    return not isinstance(error, WardshipError | asyncpg.DataError)


class OperationTransaction(AbstractAsyncContextManager[ApiContext]):
    """What an operation works in: authenticated, in a transaction of the caller's organisation, on one connection.

    A class rather than a generator, which costs more, because every request enters it.
    """

    def __init__(
        self, services: Services, authenticate: Authenticate, request: AnyRequest, operation: Operation
    ) -> None:
        self._services = services
        self._authenticate = authenticate
        self._request = request
        self._operation = operation

    async def __aenter__(self) -> ApiContext:
        database = self._services.database
        self._pinned = database.pinned_connection()
        self._pinned.begin()
        try:
            actor = await self._caller()
            scope = Scope(actor.organisation_id, read_only=self._operation.is_read_only)
            request_id = request_id_of(self._request)
            self._transaction = (database.single_read if self._operation.is_single else database.transaction)(scope)
            await self._transaction.__aenter__()
        except BaseException:
            await self._pinned.end()
            raise
        self._context = ApiContext(Access(actor, self._transaction, self._services, request_id))
        return self._context

    async def _caller(self) -> Actor:
        """Return who calls, and take what the operation costs from what he or she and the organisation may ask for."""
        operation, services = self._operation, self._services
        try:
            actor = await self._authenticate(self._request)
            if operation.is_first:
                holders = holders_of(actor, credentials_of(self._request, services))
                operation.headers.update(services.budgets.charge(*holders, operation.cost))
        except WardshipError as error:
            raise refused(error) from error
        return actor

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        self._operation.asked = self._transaction.statements
        try:
            if error is None:
                await self._record()
            await self._transaction.__aexit__(kind, error, traceback)
        finally:
            await self._pinned.end()
        return False

    async def _record(self) -> None:
        """Record who was seen, with the end of the query: an answer that can't be recorded is not given."""
        try:
            record_access(self._context.access, self._context.seen, as_staff=self._context.seen_as_staff)
        except BaseException as fault:
            await self._transaction.__aexit__(type(fault), fault, fault.__traceback__)
            raise
