"""A deployment made for the benchmark alone: a folder, a durable database in it, and the settings of its processes."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from pydantic import SecretStr

from wardship.core.database.embedded import DATABASE, ROLE_OWNER, ROLE_SERVE, ROLE_SUPERUSER, EmbeddedPostgres
from wardship.core.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "bench"

# Durable as in production. Autovacuum would spend its processor time in whatever happens to be measured just then.
_SERVER = {"autovacuum": "off"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is.

    Attributes:
        folder: for logs and files of this run; removed at the end.
        server: the database server.
        secret_key: of the deployment.
    """

    folder: Path
    server: EmbeddedPostgres
    secret_key: str

    def address(self, role: str) -> str:
        """Return the database's address for a role."""
        return f"postgresql://{role}@/{DATABASE}?host={self.server.socket_dir}&port=5432"

    def environment(self, **settings: str) -> dict[str, str]:
        """Return the environment of a process of the deployment, without the caller's own settings."""
        return clean_environment() | {
            "WARDSHIP_DATABASE_URL": self.address(ROLE_SERVE),
            "WARDSHIP_DATABASE_OWNER_URL": self.address(ROLE_OWNER),
            "WARDSHIP_DATA_DIR": str(self.folder / "data"),
            "WARDSHIP_SECRET_KEY": self.secret_key,
            "WARDSHIP_LOG_LEVEL": "warning",
            # One credential asks for all there is; what it costs to count that is measured too.
            "WARDSHIP_COST_PER_CREDENTIAL": str(10**15),
            "WARDSHIP_COST_PER_ORGANISATION": str(10**15),
            **settings,
        }

    def settings(self) -> Settings:
        """Return the settings of the deployment, for what is measured inside this process."""
        return Settings(
            database_url=self.address(ROLE_SERVE),
            database_owner_url=self.address(ROLE_OWNER),
            data_dir=self.folder / "data",
            secret_key=SecretStr(self.secret_key),
            log_level="warning",
        )

    @asynccontextmanager
    async def superuser(self) -> AsyncIterator[Any]:
        """Yield a connection that sees everything, of which nothing is measured."""
        connection = await asyncpg.connect(**self.server.dsn(role=ROLE_SUPERUSER))
        try:
            yield connection
        finally:
            await connection.close()


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would change Wardship, PostgreSQL or Node.js."""
    own = ("WARDSHIP_", "PG", "NODE_", "GRAPHILE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder of this run's own, on the same disk as the checkout; it is removed at the end."""
    BUILD.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=BUILD))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def make_place(folder: Path, *, settings: Mapping[str, str] | None = None) -> Iterator[Place]:
    """Start an empty deployment in a folder; its database server ends with the context."""
    with EmbeddedPostgres.start(folder / "postgres", settings=_SERVER | dict(settings or {})) as server:
        yield Place(folder, server, secrets.token_urlsafe(48))
