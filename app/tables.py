"""Tables: what a list of the API shows, handed out as a file for spreadsheets, and entered in the audit chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, TypeAlias

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
from wardship.graphql.engine import Answer, ExecutionRequest, GraphQLHandler, document_id
from wardship.graphql.server.sockets import SocketCall
from wardship.graphql.server.tables import TABLES, cells, table_arguments, table_document, without_texts
from wardship.tenants.access import Access, InsufficientScopeError, Services

MOST_ROWS: Final = 50_000
_PAGE: Final = 100
_CSV: Final = "text/csv"
_KNOWN: Final = {each.code: each for each in (NotFoundError, PermissionDeniedError, InsufficientScopeError)}


class TableTooLongError(InvalidInputError):
    """A table has at most fifty thousand rows: filter the list, and hand it out in parts."""

    code: ClassVar[str] = "TABLE_TOO_LONG"


@dataclass(frozen=True, slots=True)
class Tables:
    """Reads lists as tables.

    Attributes:
        services: the deployment.
        handler: of the API, whose lists they are.
    """

    services: Services
    handler: GraphQLHandler

    async def made(self, call: SocketCall, actor: Actor, table: str, given: Mapping[str, Any]) -> Spreadsheet:
        """Return a table, once it is whole and entered in the audit chain.

        Raises:
            WardshipError: the list refuses, or there is too much of it; then nothing is left of it.
        """
        sheet = Spreadsheet(TABLES[table])
        try:
            await self._fill(sheet, call, table, given)
            filtered = without_texts(self.handler.schema, table, given)
            async with self.services.database.tenant(actor.organisation_id) as transaction:
                access = Access(actor, transaction, self.services, call.request_id)
                details = {"table": table, "rows": sheet.rows, "filter": filtered}
                await access.audit("table.exported", "organisation", actor.organisation_id, **details)
        except BaseException:
            sheet.close()
            raise
        return sheet

    async def _fill(self, sheet: Spreadsheet, call: SocketCall, table: str, given: Mapping[str, Any]) -> None:
        """Write every row; pages are read one after the other, and no more than one is held."""
        identifier = document_id(table_document(self.handler.schema, table))
        after: str | None = None
        while True:
            asked = ExecutionRequest("", {**given, "first": _PAGE, "after": after}, document_id=identifier)
            page = _page(await self.handler.answer(asked, call), table)
            for edge in page["edges"]:
                sheet.add(cells(edge["node"], table))
            if not page["pageInfo"]["hasNextPage"]:
                return
            if sheet.rows >= MOST_ROWS:
                raise TableTooLongError(
                    f"This list has more than {MOST_ROWS} rows: filter it, and ask for it in parts."
                )
            after = page["pageInfo"]["endCursor"]


InTables: TypeAlias = NamedDependency[SkipValidation[Tables]]
InTableCall: TypeAlias = NamedDependency[SkipValidation[SocketCall]]


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
async def table_handler(
    tables: InTables, table_call: InTableCall, actor: InActor, table: FromPath[str], variables: FromQuery[str] = "{}"
) -> Stream:
    """Hand out what a list shows, as CSV in UTF-8: `members`, `requests`, `auditLog`, `disclosures`, `obligations`.

    Its `variables` are the list's arguments as JSON, paging apart. Rows, rights, looks and costs are the list's own.
    """
    if table not in TABLES:
        raise NotFoundError(f"There is no such table: ask for one of {', '.join(TABLES)}.")
    sheet = await tables.made(table_call, actor, table, _variables(tables.handler.schema, table, variables))
    name = f"{table}-{tables.services.clock.now():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(sheet.parts(), media_type=_CSV, headers=headers)


def provide_table_call(
    request: AnyRequest, credentials: InCredentials, organisation: FromQuery[str | None] = None
) -> SocketCall:
    """Return what stands for the request in the operations that read a table; a link names the organisation."""
    chosen = credentials.organisation or organisation
    return SocketCall(replace(credentials, organisation=chosen), request_id_of(request))


def table_router(services: Services, handler: GraphQLHandler) -> Router:
    """Return the route of tables."""
    tables = Tables(services, handler)
    dependencies = {
        "tables": Provide(lambda: tables, sync_to_thread=False),
        "table_call": Provide(provide_table_call, sync_to_thread=False),
        **sign_in_dependencies(services),
    }
    return Router("/", route_handlers=[table_handler], dependencies=dependencies, tags=["Lists"])


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


def _page(answer: Answer, table: str) -> dict[str, Any]:
    response: dict[str, Any] = msgspec.json.decode(answer.body)
    if response.get("errors"):
        raise _refusal(response["errors"][0], answer.headers)
    page: dict[str, Any] = response["data"][table]
    return page


def _refusal(error: Mapping[str, Any], headers: Mapping[str, str]) -> WardshipError:
    """Return a refusal of the list as one of the route."""
    code, message = error.get("extensions", {}).get("code", ""), error["message"]
    if code == RateLimitedError.code:
        return RateLimitedError(int(headers["Retry-After"]), headers)
    if code == WardshipError.code:
        return WardshipError(message)
    return _KNOWN.get(code, InvalidInputError)(message)
