"""A PostgreSQL that somebody else runs, as far as Wardship can tell: reached by addresses, with roles made by hand."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import dataclass
from typing import Any

import asyncpg

from wardship.core.database.embedded import ROLE_SUPERUSER, EmbeddedPostgres


@dataclass(frozen=True)
class Outside:
    """The server, and how its superuser works on it."""

    server: EmbeddedPostgres

    def url(self, role: str, database: str = "wardship") -> str:
        """Return the address of a database for a role."""
        return f"postgresql://{role}@/{database}?host={self.server.socket_dir}"

    def psql(self, text: str, database: str = "postgres") -> None:
        """Run statements as the superuser, stopping at the first that fails."""
        self._run("psql", "-XqwAt", "-v", "ON_ERROR_STOP=1", self.url(ROLE_SUPERUSER, database), text=text)

    def admit(self, account: str) -> None:
        """Let an account of this machine connect as any role, as its own and root's may."""
        names = self.server.socket_dir.parent / "pg_ident.conf"
        line = f'wardship "{account}" all\n'
        if line not in names.read_text():
            with names.open("a") as file:
                file.write(line)
            self.psql("select pg_reload_conf()")

    def createdb(self, *options: str, database: str = "wardship") -> None:
        """Make a database with options of ``createdb``."""
        self._run("createdb", "-h", str(self.server.socket_dir), "-U", ROLE_SUPERUSER, *options, database)

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        command = [self.server.binaries / program, *arguments]
        subprocess.run(command, input=text, text=True, check=True, capture_output=True)  # noqa: S603 - our own program

    def fetch(self, sql: str, database: str = "wardship") -> list[tuple[Any, ...]]:
        """Return rows as the superuser sees them."""

        async def ask() -> list[tuple[Any, ...]]:
            connection = await asyncpg.connect(self.url(ROLE_SUPERUSER, database))
            try:
                return [tuple(row) for row in await connection.fetch(sql)]
            finally:
                await connection.close()

        return asyncio.run(ask())
