"""The statements that Wardship sends for one request, as a pgbench script: the same work without Wardship."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
from asyncpg.connection import LoggedQuery
from litestar import Litestar

from bench.data import Caller
from bench.operations import our_body, our_headers
from bench.ours import services_here
from bench.place import Place
from wardship.app.application import routes
from wardship.tenants.access import Services

_PLACE = re.compile(r"\$(\d+)")
_IDENTIFIER = re.compile(r"'[0-9a-f]{32}'")
_LITERAL = re.compile(r"'\{[0-9a-f,]*\}'|'[0-9a-f]*'|\b\d+\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as it was sent.

    Attributes:
        arguments: in the order of its places.
        types: their PostgreSQL types, such as ``uuid[]``.
    """

    sql: str
    arguments: tuple[object, ...]
    types: tuple[str, ...] = ()


async def script_of(place: Place, operation: str, caller: Caller) -> str:
    """Return the pgbench script of one operation.

    The operation runs three times in this process: once to fill caches, then twice to tell the values that are new each
    time (identifiers of rows) from those that belong to the request.
    """
    async with services_here(place) as services:
        app = application_of(services)
        await record(app, services, operation, caller)
        first = await record(app, services, operation, caller)
        second = await record(app, services, operation, caller)
    if [_shape(each) for each in first] != [_shape(each) for each in second]:
        raise RuntimeError(f"The {operation} sends other statements each time: it can't be replayed.")
    return "\n".join(_lines(one, other) for one, other in zip(first, second, strict=True)) + "\n"


def application_of(services: Services) -> Litestar:
    """Return the application, to be asked inside this process; it keeps the plans of what it was asked."""
    return Litestar(routes(services), openapi_config=None, logging_config=None)


async def record(
    app: Litestar, services: Services, operation: str, caller: Caller, *, after: str | None = None
) -> list[Statement]:
    """Return the statements that Wardship sends for one operation; the nested page begins after a cursor.

    The first time it is asked there is one more: who asks is also looked up to tell whose turn it is to have a new
    document compiled.
    """
    pool = services.database.engine.pool
    if pool is None:
        raise RuntimeError("The pool is closed.")
    sent: list[LoggedQuery] = []
    # Requests come one after the other, so that all of them use the connection that was used last.
    async with pool.acquire() as connection:
        connection.add_query_logger(sent.append)
    await _send(app, services, our_body(operation, caller, after=after), caller)
    async with pool.acquire() as connection:
        connection.remove_query_logger(sent.append)
        return [await _statement(connection, query) for query in sent]


async def _send(app: Litestar, services: Services, body: bytes, caller: Caller) -> None:
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]  # the two describe ASGI differently
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as client:
        headers = our_headers(caller) | {"Content-Type": "application/json"}
        answer = await client.post("/graphql", content=body, headers=headers)
        answer.raise_for_status()


async def _statement(connection: Any, query: LoggedQuery) -> Statement:  # noqa: ANN401 - asyncpg has no types
    sql = query.query.strip()
    if not query.args:
        return Statement(sql, ())
    prepared = await connection.prepare(sql)
    return Statement(sql, tuple(query.args), tuple(_type_name(each) for each in prepared.get_parameters()))


def _type_name(found: Any) -> str:  # noqa: ANN401 - asyncpg has no types
    return f"{found.name.removesuffix('[]').removeprefix('_')}[]" if found.kind == "array" else str(found.name)


def _shape(statement: Statement) -> str:
    return statement.sql if statement.arguments else _LITERAL.sub("…", statement.sql)


def _lines(one: Statement, other: Statement) -> str:
    if not one.arguments and ";" in one.sql:
        # Sent in one round trip by Wardship, hence as a pipeline.
        parts = "\n".join(f"{one_line(part)};" for part in made_anew(one.sql, other.sql).split(";") if part.strip())
        return f"\\startpipeline\n{parts}\n\\endpipeline"
    literals = [
        literal(value, kind, again)
        for value, again, kind in zip(one.arguments, other.arguments, one.types, strict=True)
    ]
    return one_line(_PLACE.sub(lambda found: literals[int(found[1]) - 1], one.sql)) + ";"


def made_anew(sql: str, again: str) -> str:
    """Return a statement that holds its values itself; an identifier that was another the second time is made again."""
    others = iter(_IDENTIFIER.findall(again))
    return _IDENTIFIER.sub(lambda found: found[0] if found[0] == next(others) else "time_ordered_id()", sql)


def one_line(sql: str) -> str:
    """Return a statement on one line: its comments and line breaks mean something to pgbench."""
    return " ".join(re.sub(r"--[^\n]*", "", sql).split())


def literal(value: object, kind: str, again: object) -> str:
    """Return a value as SQL of its type; an identifier that was another the second time is made again each time."""
    return f"{_expression(value, again, kind)}::{kind}"


def _expression(value: object, again: object, kind: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, (list, tuple)):
        others = again if isinstance(again, (list, tuple)) and len(again) == len(value) else value
        return f"array[{', '.join(_expression(*pair, kind) for pair in zip(value, others, strict=True))}]"
    if isinstance(value, UUID) and value != again:
        return "time_ordered_id()"
    return f"E'{_escaped(value)}'"


def _escaped(value: object) -> str:
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, bool):
        return str(value).lower()
    text = value.isoformat() if isinstance(value, date) else str(value)
    # A colon would begin one of pgbench's own variables.
    for character, escape in (("\\", "\\\\"), ("'", "''"), (":", "\\x3a"), ("\n", "\\n")):
        text = text.replace(character, escape)
    return text
