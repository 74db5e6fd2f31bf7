"""The table classes say what the database has, and the registry knows every column."""

from __future__ import annotations

import asyncpg

from wardship.app.nouns import domain_nouns
from wardship.core.database.engine import Engine
from wardship.core.database.tables import bind_tables

# Made by Piccolo's runner, and holding names of migrations only.
NOT_OURS = {"migration"}


def _classes():
    return {table.held.name: table for table in domain_nouns().tables}


async def _columns(owner: asyncpg.Connection) -> dict[str, dict[str, tuple[str, bool]]]:
    rows = await owner.fetch(
        "select c.relname, a.attname, format_type(a.atttypid, null) as kind, not a.attnotnull as nullable"
        " from pg_attribute a join pg_class c on c.oid = a.attrelid"
        " where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped"
    )
    found: dict[str, dict[str, tuple[str, bool]]] = {}
    for row in rows:
        found.setdefault(row["relname"], {})[row["attname"]] = (row["kind"], row["nullable"])
    return found


async def test_every_table_has_a_class_and_every_class_a_table(owner):
    assert set(await _columns(owner)) - NOT_OURS == set(_classes())


async def test_classes_name_the_columns_of_the_database(owner):
    database = await _columns(owner)
    for name, table in _classes().items():
        declared = {column._meta.db_column_name for column in table._meta.columns}
        assert declared == set(database[name]), name


async def test_column_types_are_those_of_the_database(owner):
    bind_tables(domain_nouns().tables, Engine(config={}))
    database = await _columns(owner)
    kinds = {
        "UUID": "uuid",
        "TEXT": "text",
        "VARCHAR": "character varying",
        "TIMESTAMPTZ": "timestamp with time zone",
        "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
        "INTEGER": "integer",
        "SMALLINT": "smallint",
        "BIGINT": "bigint",
        "BOOLEAN": "boolean",
        "JSONB": "jsonb",
        "BYTEA": "bytea",
        "BYTEA[]": "bytea[]",
        "TEXT[]": "text[]",
        "UUID[]": "uuid[]",
    }
    wrong = [
        f"{name}.{column._meta.db_column_name} is declared {column.column_type}"
        for name, table in _classes().items()
        for column in table._meta.columns
        if kinds[column.column_type.upper()] != database[name][column._meta.db_column_name][0]
    ]
    assert wrong == []


async def test_nullable_columns_are_declared_so(owner):
    database = await _columns(owner)
    wrong = [
        f"{name}.{column._meta.db_column_name}"
        for name, table in _classes().items()
        for column in table._meta.columns
        if column._meta.null != database[name][column._meta.db_column_name][1]
    ]
    assert wrong == []


def test_every_column_is_personal_or_marked_as_not_personal():
    missing = [
        f"{name}.{column._meta.name}"
        for name, table in _classes().items()
        for column in table._meta.columns
        if column._meta.name not in {*table.held.personal, *table.held.not_personal}
    ]
    assert missing == []
