"""All tables at once, past every rule: what they hold, and a row in each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

import asyncpg

_AT_ONCE: Final = 50
"""What is longer than their statement is not kept by the driver, and planned each time."""

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
    """A hash of every table's rows, or of those of one organisation: some tables by each statement, which are kept."""
    whose, given = ("", ()) if organisation_id is None else ("where organisation_id = $1", (organisation_id,))
    tables = [row["name"] for row in await owner.fetch(_TABLES) if not given or row["has_organisation"]]
    found = {}
    for some in batched(tables, _AT_ONCE):
        hashes = (
            f"select '{name}', md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) from {name} t {whose}"
            for name in some
        )
        found.update(await owner.fetch(" union all ".join(hashes), *given))
    return found


def batched(values: list[str], most: int) -> Iterator[list[str]]:
    """Yield the values in lists of at most so many."""
    return (values[start : start + most] for start in range(0, len(values), most))
