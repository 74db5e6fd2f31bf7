"""Fixtures that every test may use: a real PostgreSQL, a fresh database, a clock that stands still."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import hypothesis
import pytest
from hypothesis import HealthCheck

from tests.databases import TEMPLATE, Databases
from tests.fixed_clock import FixedClock
from tests.installed import installed_integrations
from tests.longest_first import pytest_collection_modifyitems
from wardship.app.deployment import MIGRATIONS
from wardship.app.nouns import domain_nouns
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE, ROLE_SUPERUSER, EmbeddedPostgres
from wardship.core.database.migrations import migrate
from wardship.core.keys import KeyRing
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.settings import Settings
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services
from wardship.tenants.installations.paces import PlaceBreakers, PlacePaces

# How fast examples are drawn says something of the machine, not of what is tested.
hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("any machine")

__all__ = ["pytest_collection_modifyitems"]

SECRET = "a secret for tests that is long enough"
_ROOM = 2 * 1024**3


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(memory_folder: Path) -> Iterator[EmbeddedPostgres]:
    """One throwaway server for the run: real in everything but surviving a power cut."""
    settings = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
    settings["autovacuum"] = "off"  # it looks for work in every database, and what it learns would change plans
    with EmbeddedPostgres.start(memory_folder / "postgres", settings=settings) as server:
        with ThreadPoolExecutor(1) as thread:  # Playwright's synchronous interface leaves a running loop in this one
            thread.submit(lambda: asyncio.run(_make_template(server))).result()
        yield server


@pytest.fixture(scope="session")
def memory_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where the machine has one with room: a database is then made five times as fast."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made in it is the run's own
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < _ROOM:
        yield tmp_path_factory.mktemp("memory")
        return
    with tempfile.TemporaryDirectory(prefix="wardship-tests-", dir=memory) as folder:
        yield Path(folder)


async def _make_template(server: EmbeddedPostgres) -> None:
    await _run_as_superuser(server, "postgres", f"create database {TEMPLATE} owner {ROLE_OWNER}")
    await _run_as_superuser(
        server,
        TEMPLATE,
        f"alter schema public owner to {ROLE_OWNER}",
        f"revoke all on database {TEMPLATE} from public",
        f"grant connect on database {TEMPLATE} to {ROLE_SERVE}",
    )
    await migrate(server.dsn(role=ROLE_OWNER, database=TEMPLATE), MIGRATIONS)


async def _run_as_superuser(server: EmbeddedPostgres, database: str, *statements: str) -> None:
    connection = await asyncpg.connect(**server.dsn(role=ROLE_SUPERUSER, database=database))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def databases(postgres: EmbeddedPostgres) -> Databases:
    return Databases(postgres)


@pytest.fixture
async def database_name(databases: Databases) -> AsyncIterator[str]:
    """The name of a migrated, empty database that is the test's own."""
    async with databases.one() as name:
        yield name


@pytest.fixture
async def database(postgres: EmbeddedPostgres, database_name: str) -> AsyncIterator[Database]:
    """A pool on a fresh database, under the serving role."""
    pool = Database(postgres.dsn(role=ROLE_SERVE, database=database_name), tables=domain_nouns().tables, maximum=20)
    await pool.open()
    yield pool
    await pool.close()


@pytest.fixture
async def owner(postgres: EmbeddedPostgres, database_name: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees past row-level security, for looking at what a test did."""
    connection = await asyncpg.connect(**postgres.dsn(role=ROLE_SUPERUSER, database=database_name))
    yield connection
    await connection.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing(SECRET)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A development deployment whose folder is the test's own."""
    return Settings(data_dir=tmp_path / "data", secret_key=SECRET, development=True, document_share=1)


@pytest.fixture
def integrations() -> Registry:
    """The integrations that are installed with Wardship; a test may register its own."""
    return installed_integrations()


@pytest.fixture
def services(settings: Settings, database: Database, clock: FixedClock, keys: KeyRing, integrations):
    limits = DispatchLimits(
        network=NetworkPolicy.development(), paces=PlacePaces(database), breakers=PlaceBreakers(database)
    )
    dispatcher = Dispatcher(integrations, clock, limits, digest=keys.keyed_digest("exchange"))
    yield Services(settings, database, clock, keys, integrations, dispatcher, domain_nouns())
    dispatcher.close()
