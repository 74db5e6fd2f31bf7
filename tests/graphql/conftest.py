"""A large organisation among small ones, made once for all tests that look at statements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from tests.fixed_clock import FixedClock
from tests.graphql.crowd import make_crowd
from wardship.app.nouns import domain_nouns
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE, ROLE_SUPERUSER, EmbeddedPostgres
from wardship.core.keys import KeyRing
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.settings import Settings
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.tenants.access import Services

CROWDED = "test_crowded"


@pytest.fixture(scope="session")
def crowded(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The name of a database with a large organisation, to which tests add nothing but who looked at whom."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(_make(postgres))).result()
    return CROWDED


async def _make(server: EmbeddedPostgres) -> None:
    superuser = await asyncpg.connect(**server.dsn(role=ROLE_SUPERUSER, database="postgres"))
    try:
        await superuser.execute(f"create database {CROWDED} template wardship_template owner {ROLE_OWNER}")
        await superuser.execute(f"grant connect on database {CROWDED} to {ROLE_SERVE}")
    finally:
        await superuser.close()
    owner = await asyncpg.connect(**server.dsn(role=ROLE_SUPERUSER, database=CROWDED))
    try:
        await make_crowd(owner)
    finally:
        await owner.close()


@pytest.fixture
async def crowd_database(postgres: EmbeddedPostgres, crowded: str) -> AsyncIterator[Database]:
    """A pool of one connection on the large organisation's database, under the serving role."""
    pool = Database(postgres.dsn(role=ROLE_SERVE, database=crowded), tables=domain_nouns().tables, maximum=1)
    await pool.open()
    yield pool
    await pool.close()


@pytest.fixture
async def crowd_owner(postgres: EmbeddedPostgres, crowded: str) -> AsyncIterator[asyncpg.Connection]:
    """A superuser's connection to the large organisation's database."""
    connection = await asyncpg.connect(**postgres.dsn(role=ROLE_SUPERUSER, database=crowded))
    yield connection
    await connection.close()


@pytest.fixture
def crowd_services(settings: Settings, crowd_database: Database, clock: FixedClock, keys: KeyRing, integrations):
    """The deployment of the large organisation."""
    dispatcher = Dispatcher(integrations, clock, DispatchLimits(network=NetworkPolicy.development()))
    yield Services(settings, crowd_database, clock, keys, integrations, dispatcher, domain_nouns())
    dispatcher.close()
