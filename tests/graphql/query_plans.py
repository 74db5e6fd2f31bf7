"""What is wrong with a statement, as the serving role meets it: scans, rows read in vain, operators that leak."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from bench.recording import Statement, literal
from wardship.core.database.embedded import ROLE_SERVE
from wardship.core.database.scope import Scope

FEW_ROWS = 300
"""The most that a statement on some pages of five may read: tens for each parent, never a part of the tenant."""
FEW_PAGES, PAGES_EACH = 30, 6
"""The most pages of tables and indexes: for the statement, and for each row read, from the root of an index to the row.
A plan that reads an index through for what it throws away at once, without a row to show for it, reads more."""

_PLACE = re.compile(r"\$(\d+)")
_OPERATION = re.compile(r"\{(?:OPEXPR|SCALARARRAYOPEXPR|DISTINCTEXPR|NULLIFEXPR) :opno (\d+)")
_ROW = re.compile(
    r"\{ROWCOMPAREEXPR :cmptype \d+ :opnos \(o ([\d ]+)\)|\{ROWCOMPAREEXPR :rctype \d+ :opnos \(o ([\d ]+)\)"
)
_FUNCTION = re.compile(r"\{FUNCEXPR :funcid (\d+)")
_LEAKS = """
    select format('%s (%s)', o.oprname, p.proname) as name from pg_operator o join pg_proc p on p.oid = o.oprcode
    where o.oid = any($1::oid[]) and not p.proleakproof
    union select p.proname || '()' from pg_proc p where p.oid = any($2::oid[]) and not p.proleakproof order by 1
"""
_TENANT_TABLES = """
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organisation_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
"""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a statement may read at most, in rows, and in pages where those are many for each row; how it may filter.

    Attributes:
        leaks: operators and functions that are not leakproof, by their names.
    """

    rows: int = FEW_ROWS
    pages: int = 0
    leaks: frozenset[str] = frozenset()


class Explainer:
    """Explains statements of one organisation.

    Args:
        connection: a superuser's, so that it can become the serving role, look at a parsed statement, and try what
            happens without an index; whatever it does is rolled back.
        organisation_id: whose statements they are.
    """

    def __init__(self, connection: asyncpg.Connection, organisation_id: UUID) -> None:
        self.connection = connection
        self._organisation_id = organisation_id
        self._leaks: dict[str, list[str]] = {}

    async def faults(self, sql: str, arguments: Sequence[object], allowed: Allowed = Allowed()) -> list[str]:
        """Return what is wrong with a statement; empty when nothing is."""
        statement = await self._typed(sql, arguments)
        if sql not in self._leaks:
            self._leaks[sql] = await self._not_leakproof(statement)
        found = [f"filters by {name}, which is not leakproof" for name in self._leaks[sql] if name not in allowed.leaks]
        faults = await self._faults_of_plan(statement, allowed)
        # A function of the database is planned when a connection first calls it: then it is the catalogue that is read.
        return found + (await self._faults_of_plan(statement, allowed) if faults else [])

    async def _typed(self, sql: str, arguments: Sequence[object]) -> Statement:
        prepared = await self.connection.prepare(sql)
        types = [
            f"{found.name.removesuffix('[]')}[]" if found.kind == "array" else found.name
            for found in prepared.get_parameters()
        ]
        return Statement(sql, tuple(arguments), tuple(types))

    async def _not_leakproof(self, statement: Statement) -> list[str]:
        """Return the operators and functions over columns in any WHERE or ON of a statement that are not leakproof."""
        values = _literals(statement)
        filled = _PLACE.sub(lambda place: values[int(place[1]) - 1], statement.sql)
        async with self._undone():
            await self.connection.execute(f"create temp view looked_at as {filled}")
            tree = await self.connection.fetchval(
                "select ev_action::text from pg_rewrite where ev_class = 'looked_at'::regclass"
            )
        operators, functions = set[int](), set[int]()
        for part in _over_columns(tree):
            operators |= {int(number) for number in _OPERATION.findall(part[:200])}
            operators |= {int(number) for row in _ROW.findall(part[:400]) for number in " ".join(row).split()}
            functions |= {int(number) for number in _FUNCTION.findall(part[:200])}
        return [row["name"] for row in await self.connection.fetch(_LEAKS, list(operators), list(functions))]

    async def _faults_of_plan(self, statement: Statement, allowed: Allowed) -> list[str]:
        plan = await self.plan(statement)
        tables = {row["name"] for row in await self.connection.fetch(_TENANT_TABLES)}
        scans = [node for node in _nodes(plan) if "Relation Name" in node or "Index Name" in node]
        found = [
            f"scans {node['Relation Name']}"
            for node in scans
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in tables
        ]
        rows = sum(_rows(node) for node in scans)
        if rows > allowed.rows:
            found += [
                f"reads {rows} rows: " + ", ".join(_said(node) for node in scans if _rows(node) > allowed.rows / 10)
            ]
        pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        is_much = pages > max(allowed.pages, FEW_PAGES + PAGES_EACH * rows)
        return [*found, f"reads {pages} pages for {rows} rows"] if is_much else found

    async def plan(self, statement: Statement) -> dict[str, Any]:
        """Run a statement as the serving role, by the plan that suits all arguments, and return what it did."""
        given = f"({', '.join(_literals(statement))})" if statement.arguments else ""
        types = f"({', '.join(statement.types)})" if statement.types else ""
        async with self._undone():
            await self.connection.execute(
                f"set local role {ROLE_SERVE}; set local plan_cache_mode = force_generic_plan;"
                + Scope(self._organisation_id).begin_sql().removeprefix("begin;")
            )
            await self.connection.execute(f"prepare looked_at {types} as {statement.sql}")
            try:
                # What functions read of the catalogue when a session first calls them is none of the statement's.
                await self.connection.execute(f"execute looked_at {given}")
                text = await self.connection.fetchval(
                    f"explain (analyze, buffers, format json) execute looked_at {given}"
                )
            finally:
                await self.connection.execute("deallocate looked_at")
        plan: dict[str, Any] = json.loads(text)[0]["Plan"]
        return plan

    @asynccontextmanager
    async def _undone(self):
        transaction = self.connection.transaction()
        await transaction.start()
        try:
            yield
        finally:
            await transaction.rollback()


def _literals(statement: Statement) -> list[str]:
    return [literal(value, kind, value) for value, kind in zip(statement.arguments, statement.types, strict=True)]


def _over_columns(tree: str) -> Iterator[str]:
    """Yield the nodes inside of every condition in a parsed statement that have a column below them."""
    for start in (found.end() for found in re.finditer(r":quals (?=\{)", tree)):
        condition = _node_at(tree, start)
        for inner in re.finditer(
            r"\{(?:OPEXPR|SCALARARRAYOPEXPR|DISTINCTEXPR|NULLIFEXPR|ROWCOMPAREEXPR|FUNCEXPR) ", condition
        ):
            node = _node_at(condition, inner.start())
            if "{VAR " in node:
                yield node


def _node_at(tree: str, start: int) -> str:
    depth = 0
    for place in re.finditer(r"[{}]", tree[start:]):
        depth += 1 if place[0] == "{" else -1
        if depth == 0:
            return tree[start : start + place.end()]
    raise AssertionError("The tree of a statement has no end.")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _rows(node: dict[str, Any]) -> int:
    """How many rows a scan read, those that it found unfit included."""
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return round((node["Actual Rows"] + removed) * node["Actual Loops"])


def _said(node: dict[str, Any]) -> str:
    what = node.get("Index Name") or node["Relation Name"]
    return f"{_rows(node)} by {node['Node Type'].lower()} on {what}"
