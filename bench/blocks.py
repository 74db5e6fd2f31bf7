"""The blocks of the database that each statement of a request reads: a figure that no busy neighbour changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from bench.place import Place
from bench.recording import Statement, literal, made_anew, one_line
from wardship.core.database.embedded import ROLE_SERVE

_EXPLAIN = "explain (analyze, buffers, costs off, timing off, summary off, format json)"
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Blocks:
    """What one statement read, from memory or from disk; of 8 KB each.

    Attributes:
        statement: how it begins.
    """

    statement: str
    count: int


async def blocks_of(place: Place, once: Sequence[Statement], again: Sequence[Statement]) -> list[Blocks]:
    """Execute the statements of a request as the serving role, with plans made for all arguments; nothing is committed.

    Procedures are called too, and what they read is not counted: PostgreSQL doesn't explain it.

    Args:
        place: where the database is.
        once: the statements as they were recorded.
        again: the same of a second recording, which tells the identifiers that differ each time.
    """
    connection = await asyncpg.connect(
        place.address(ROLE_SERVE), server_settings={"plan_cache_mode": "force_generic_plan", "jit": "off"}
    )
    try:
        found = [await _execute(connection, *both) for pair in zip(once, again, strict=True) for both in _parts(*pair)]
    finally:
        await connection.close()
    return [blocks for blocks in found if blocks is not None]


def _parts(statement: Statement, again: Statement) -> Iterator[tuple[Statement, Statement]]:
    """Yield each statement of a message by itself; those of several hold their values, which have no semicolon."""
    if statement.arguments or ";" not in statement.sql:
        yield statement, again
        return
    for part in made_anew(statement.sql, again.sql).split(";"):
        yield Statement(part.strip(), ()), Statement(part.strip(), ())


async def _execute(connection: Any, statement: Statement, again: Statement) -> Blocks | None:  # noqa: ANN401 - asyncpg has no types
    sql = one_line(statement.sql)
    if sql.startswith("commit"):
        await connection.execute("rollback")
        return None
    if sql.startswith(("begin", "set local", "call")):
        await connection.execute(sql)
        return None
    types = f" ({', '.join(statement.types)})" if statement.types else ""
    values = ", ".join(
        literal(value, kind, other)
        for value, kind, other in zip(statement.arguments, statement.types, again.arguments, strict=True)
    )
    await connection.execute(f"prepare asked{types} as {sql}")
    execute = f"execute asked{f' ({values})' if values else ''}"
    # A session's first execution reads what the catalogue says, too.
    await connection.execute(execute)
    plan = await connection.fetchval(f"{_EXPLAIN} {execute}")
    await connection.execute("deallocate asked")
    root = json.loads(plan)[0]["Plan"]
    return Blocks(sql[:_SHOWN], root["Shared Hit Blocks"] + root["Shared Read Blocks"])
