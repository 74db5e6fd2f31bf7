"""Tables: what a list of the API shows, handed out as a file for spreadsheets, and entered in the audit chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

import msgspec
from graphql import GraphQLSchema
from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, SkipValidation
from litestar.response import Stream

from wardship.app.spreadsheets import Spreadsheet
from wardship.core.actor import Actor
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError, WardshipError
from wardship.core.http.budgets import RateLimitedError
from wardship.core.http.credentials import require_own_page
from wardship.core.http.problems import refusals
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.handlers.dependencies import (
    ORGANISATION_REFUSALS,
    AnyRequest,
    InActor,
    InCredentials,
    sign_in_dependencies,
)
from wardship.graphql.engine import ExecutionRequest, GraphQLHandler, document_id
from wardship.graphql.server.sockets import SocketCall
from wardship.graphql.server.tables import TABLES, cells, table_arguments, table_document, without_texts
from wardship.tenants.access import Access, InsufficientScopeError, Services
from wardship.tenants.exports.routes import InServices

MOST_ROWS: Final = 50_000
_PAGE: Final = 100
_CSV: Final = "text/csv"
_KNOWN: Final = {each.code: each for each in (NotFoundError, PermissionDeniedError, InsufficientScopeError)}

InHandler = NamedDependency[SkipValidation[GraphQLHandler]]


class TableTooLongError(InvalidInputError):
    """A table has at most fifty thousand rows: filter the list, and hand it out in parts."""

    code: ClassVar[str] = "TABLE_TOO_LONG"


@get(
    "/tables/{table:str}",
    guards=[require_own_page],
    responses=refusals(
        *ORGANISATION_REFUSALS,
        InvalidInputError,
        NotFoundError,
        PermissionDeniedError,
        InsufficientScopeError,
        RateLimitedError,
        TableTooLongError,
    ),
)
async def table_handler(  # noqa: PLR0913, PLR0917 - what Litestar injects
    request: AnyRequest,
    services: InServices,
    handler: InHandler,
    actor: InActor,
    credentials: InCredentials,
    table: FromPath[str],
    variables: FromQuery[str] = "{}",
    organisation: FromQuery[str | None] = None,
) -> Stream:
    """Hand out what a list shows, as CSV in UTF-8: `members`, `requests`, `auditLog`, `disclosures`, `obligations`.

    Its `variables` are the list's arguments as JSON, paging apart. Rows, rights, looks and costs are the list's own.
    """
    if table not in TABLES:
        raise NotFoundError(f"There is no such table: ask for one of {', '.join(TABLES)}.")
    given = _variables(handler.schema, table, variables)
    chosen = credentials.organisation or organisation
    call = SocketCall(replace(credentials, organisation=chosen), request_id_of(request))
    sheet = Spreadsheet(TABLES[table])
    try:
        await _fill(sheet, handler, call, table, given)
        event = {"table": table, "rows": sheet.rows, "filter": without_texts(handler.schema, table, given)}
        await _audit(services, actor, call, event)
    except BaseException:
        sheet.close()
        raise
    name = f"{table}-{services.clock.now():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(sheet.parts(), media_type=_CSV, headers=headers)


def table_router(services: Services, handler: GraphQLHandler) -> Router:
    """Return the route of tables."""
    return Router(
        "/",
        route_handlers=[table_handler],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "handler": Provide(lambda: handler, sync_to_thread=False),
            **sign_in_dependencies(services),
        },
        tags=["Requests"],
    )


def _variables(schema: GraphQLSchema, table: str, text: str) -> dict[str, Any]:
    try:
        given = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise InvalidInputError("Give the list's arguments as a JSON object.", path=("variables",)) from error
    allowed = table_arguments(schema, table)
    if unknown := sorted(set(given) - allowed):
        raise InvalidInputError(
            f"This list has no {unknown[0]}: it has {', '.join(sorted(allowed)) or 'no arguments'}.",
            path=("variables",),
        )
    return given


async def _fill(
    sheet: Spreadsheet, handler: GraphQLHandler, call: SocketCall, table: str, given: Mapping[str, Any]
) -> None:
    """Write every row; pages are read one after the other, and no more than one is held."""
    identifier = document_id(table_document(handler.schema, table))
    after: str | None = None
    while True:
        asked = ExecutionRequest("", {**given, "first": _PAGE, "after": after}, document_id=identifier)
        answer = await handler.answer(asked, call)
        response = msgspec.json.decode(answer.body)
        if response.get("errors"):
            raise _refusal(response["errors"][0], answer.headers)
        page = response["data"][table]
        for edge in page["edges"]:
            sheet.add(cells(edge["node"], table))
        if not page["pageInfo"]["hasNextPage"]:
            return
        if sheet.rows >= MOST_ROWS:
            raise TableTooLongError(f"This list has more than {MOST_ROWS} rows: filter it, and ask for it in parts.")
        after = page["pageInfo"]["endCursor"]


def _refusal(error: Mapping[str, Any], headers: Mapping[str, str]) -> WardshipError:
    """Return a refusal of the list as one of the route."""
    code, message = error.get("extensions", {}).get("code", ""), error["message"]
    if code == RateLimitedError.code:
        return RateLimitedError(int(headers["Retry-After"]), headers)
    if code == WardshipError.code:
        return WardshipError(message)
    return _KNOWN.get(code, InvalidInputError)(message)


async def _audit(services: Services, actor: Actor, call: SocketCall, details: Mapping[str, Any]) -> None:
    async with services.database.tenant(actor.organisation_id) as transaction:
        access = Access(actor, transaction, services, call.request_id)
        await access.audit("table.exported", "organisation", actor.organisation_id, **details)
