"""All tables at once, past every rule: what they hold, and a row in each."""

from __future__ import annotations

from uuid import UUID

import asyncpg

_TABLES = """
    select c.relname as name, exists (select from pg_attribute a where a.attrelid = c.oid
        and a.attname = 'organisation_id' and not a.attisdropped) as has_organisation,
        exists (select from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
            where i.indrelid = c.oid and i.indisprimary and a.attname = 'organisation_id') as is_tenant
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migration'
    order by c.relname
"""


async def table_names(owner: asyncpg.Connection) -> list[str]:
    """Every table of ours."""
    return [row["name"] for row in await owner.fetch(_TABLES)]


async def tenant_table_names(owner: asyncpg.Connection) -> list[str]:
    """Every table whose rows belong to an organisation."""
    return [row["name"] for row in await owner.fetch(_TABLES) if row["is_tenant"]]


async def digest(owner: asyncpg.Connection, organisation_id: UUID | None = None) -> dict[str, str]:
    """A hash of every table's rows, or of those of one organisation."""
    found = {}
    for row in await owner.fetch(_TABLES):
        if organisation_id is not None and not row["has_organisation"]:
            continue
        where = "" if organisation_id is None else f"where organisation_id = '{organisation_id}'"
        sql = f"select md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) from {row['name']} t {where}"
        found[row["name"]] = await owner.fetchval(sql)
    return found
