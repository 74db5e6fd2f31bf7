"""What one tenant could reach of another, found by trying it on every table and view."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from tests.tables import tenant_table_names

_RELATIONS = """
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'p', 'f')
        and has_table_privilege(c.oid, 'select') and exists (select from pg_attribute a
            where a.attrelid = c.oid and a.attname = 'organisation_id' and not a.attisdropped)
    order by c.relname
"""

# A view that chooses rows, and tables that no organisation's transaction reaches, though some of their rows name one.
_MAY_BE_EMPTY = """
    select exists (select from pg_class where oid = $1::regclass and relkind = 'v')
        or exists (select from pg_policy where polrelid = $1::regclass and polname = 'directory_isolation')
        and not exists (select from pg_index i join pg_attribute a on a.attrelid = i.indrelid
            and a.attnum = any(i.indkey) and a.attname = 'organisation_id'
            where i.indrelid = $1::regclass and i.indisprimary)
"""


async def leaks(serving: asyncpg.Connection, owner: asyncpg.Connection, own: UUID, other: UUID) -> list[str]:
    """Return what a transaction of one organisation, under a role, reaches of another; empty when nothing.

    It must also reach its own rows: a wall without a door proves nothing.
    """
    found: list[str] = []
    for row in await serving.fetch(_RELATIONS):
        found += await _read(serving, row["name"], own)
    for table in await tenant_table_names(owner):
        found += await _written(serving, owner, table, own, other)
    return found


async def _read(serving: asyncpg.Connection, relation: str, own: UUID) -> list[str]:
    rows = await _tried(serving, own, f"select organisation_id from {relation}")
    if isinstance(rows, str):
        return [f"{relation}: can't be read: {rows}"]
    seen = {row["organisation_id"] for row in rows}
    if seen - {own}:
        return [f"{relation}: rows of others are read"]
    may_be_empty = await serving.fetchval(_MAY_BE_EMPTY, relation)
    return [] if own in seen or may_be_empty else [f"{relation}: the own rows are not read"]


async def _written(
    serving: asyncpg.Connection, owner: asyncpg.Connection, table: str, own: UUID, other: UUID
) -> list[str]:
    before = await _rows(owner, table, other)
    attempts = {  # names from the catalogue
        "changed": f"update {table} set organisation_id = organisation_id",
        "deleted": f"delete from {table} where organisation_id = '{other}'",
        "taken over": f"update {table} set organisation_id = '{own}' where organisation_id = '{other}'",
        "given away": f"update {table} set organisation_id = '{other}' where organisation_id = '{own}'",
        "added": f"insert into {table} select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(),"
        f" 'organisation_id', '{other}'))).* from {table} t",
    }
    found = []
    for attempt, sql in attempts.items():
        counts = await _tried(serving, own, sql + " returning organisation_id")
        if not isinstance(counts, str) and any(row["organisation_id"] == other for row in counts):
            found.append(f"{table}: rows of others are {attempt}")
    if await _rows(owner, table, other) != before:
        found.append(f"{table}: rows of others have changed")
    return found


async def _tried(serving: asyncpg.Connection, own: UUID, sql: str) -> list[Any] | str:
    """Return the rows of a statement in a transaction of an organisation, undone again; or why it was refused."""
    transaction = serving.transaction()
    await transaction.start()
    try:
        await serving.execute(f"select set_config('wardship.organisation_id', '{own}', true)")
        return await serving.fetch(sql)
    except asyncpg.PostgresError as error:
        return str(error)
    finally:
        await transaction.rollback()


async def _rows(owner: asyncpg.Connection, table: str, organisation_id: UUID) -> list[Any]:
    return await owner.fetch(f"select * from {table} where organisation_id = $1 order by 1, 2", organisation_id)
