"""Look for a person in everything that is kept: every row of every table, every file, every line of the log."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import asyncpg


async def tables(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
    )
    return sorted(row["relname"] for row in rows)


async def found_in_tables(owner: asyncpg.Connection, identifiers: Iterable[str]) -> list[str]:
    """Return ``table: identifier`` wherever one occurs in any column, as text or as the bytes of a binary one."""
    found = []
    for table in await tables(owner):
        rows = await owner.fetch(f"select t::text as row from {table} t")
        text = "\n".join(row["row"] for row in rows).lower()
        found += [
            f"{table}: {identifier}"
            for identifier in identifiers
            if identifier.lower() in text or identifier.encode().hex() in text
        ]
    return found


def found_in_files(folder: Path, identifiers: Iterable[str]) -> list[str]:
    """Return ``file: identifier`` wherever one occurs in the name or content of a file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        f"{path.name}: {identifier}"
        for path in files
        for identifier in identifiers
        if identifier.lower().encode() in path.read_bytes().lower() or identifier.lower() in str(path).lower()
    ]
