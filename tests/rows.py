"""A row in every table of an organisation, made from the catalogue alone: what the isolation test looks for."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from tests.builders import NOW
from wardship.core.identifiers import uuid7

_COLUMNS = """
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.atthasdef as has_default
    from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull
"""
_REFERENCES = """
    select (select array_agg(attname::text order by array_position(conkey, attnum)) from pg_attribute
            where attrelid = conrelid and attnum = any(conkey)) as columns,
        (select array_agg(attname::text order by array_position(confkey, attnum)) from pg_attribute
            where attrelid = confrelid and attnum = any(confkey)) as parent_columns,
        confrelid::regclass::text as parent, condeferrable as is_circular
    from pg_constraint where contype = 'f' and conrelid = $1::regclass
"""
_CHECKS = "select pg_get_constraintdef(oid) as text from pg_constraint where contype = 'c' and conrelid = $1::regclass"
_CHOICE = re.compile(r"\(\(?(\w+) = ANY \(ARRAY\['([^']+)'")
_VALUES: dict[str, Any] = {
    "timestamp with time zone": NOW,
    "integer": 1,
    "bigint": 1,
    "boolean": False,
    "jsonb": "{}",
    "text[]": [],
    "uuid[]": [],
}
_BESIDES: dict[str, dict[str, Any]] = {
    "obligation": {"due_at": NOW + timedelta(days=1)},
    "domain_claim": {"name": "bravo.example"},
    "audit_entry": {"entry": "{}"},
    "identity_provider": {"client_secret": b"bravo"},
    "vendor_grant": {"consented": "[]"},
    "certificate": {"installation_id": uuid7()},
    "place_authorisation": {"oauth": "{}", "tokens": b"bravo"},
}
"""What a check demands that no single column tells, or that no text of ours fits."""


async def fill(owner: asyncpg.Connection, organisation_id: UUID, tables: list[str], tag: str) -> None:
    """Insert a row of the organisation, with the tag in its texts, into each table that has none of it yet."""
    for table in tables:
        await _fill(owner, organisation_id, table, tag)


async def _fill(owner: asyncpg.Connection, organisation_id: UUID, table: str, tag: str) -> asyncpg.Record:
    row = await _row(owner, organisation_id, table)
    if row is not None:
        return row
    required = {column["name"] for column in await owner.fetch(_COLUMNS, table)}
    known: dict[str, Any] = {"organisation_id": organisation_id, "id": uuid7()}
    circular = []
    for reference in await owner.fetch(_REFERENCES, table):
        links = dict(zip(reference["columns"], reference["parent_columns"], strict=True))
        if reference["parent"] == "organisation" or not set(links) <= required:
            continue
        if reference["is_circular"]:
            # Two tables of which each row refers to one of the other: both are made in one transaction.
            (link,) = set(links) - {"organisation_id", "id"}
            known[link] = uuid7()
            circular.append((reference["parent"], known[link]))
        else:
            parent = await _fill(owner, organisation_id, reference["parent"], tag)
            known |= {name: parent[of_parent] for name, of_parent in links.items()}
    if (row := await _row(owner, organisation_id, table)) is not None:
        return row
    async with owner.transaction():
        made = await insert_row(owner, table, known, tag)
        for parent, identifier in circular:
            of_parent = {"organisation_id": organisation_id, "id": identifier, f"{table}_id": known["id"]}
            await insert_row(owner, parent, of_parent, tag)
    return made


async def insert_row(owner: asyncpg.Connection, table: str, known: dict[str, Any], tag: str) -> asyncpg.Record:
    """Insert a row with what is known of it, the tag in its texts; what its table demands besides is made up."""
    values = _BESIDES.get(table, {}) | known
    choices = dict(found for check in await owner.fetch(_CHECKS, table) for found in _CHOICE.findall(check["text"]))
    for column in await owner.fetch(_COLUMNS, table):
        if column["name"] not in values and not column["has_default"]:
            values[column["name"]] = choices.get(column["name"], _value(column["type"], tag))
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await owner.execute(f"insert into {table} ({', '.join(values)}) values ({places})", *values.values())
    made = await _row(owner, values["organisation_id"], table)
    assert made is not None
    return made


async def _row(owner: asyncpg.Connection, organisation_id: UUID, table: str) -> asyncpg.Record | None:
    return await owner.fetchrow(f"select * from {table} where organisation_id = $1 limit 1", organisation_id)


def _value(type_name: str, tag: str) -> object:
    if type_name == "uuid":
        return uuid7()
    if type_name == "bytea":
        return secrets.token_bytes(32)
    if type_name == "text":
        return f"{tag} {secrets.token_hex(4)}"
    return _VALUES[type_name]
