"""The storage keeps the contract of scim2-server: its own suite, over our tables."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from scim2_models import ScimProvider
from scim2_server.testing import AsyncScimStorageContract, BlockingStorage

from tests.builders import NOW, make_organisation, system_access
from tests.conftest import SECRET
from tests.databases import Databases
from tests.fixed_clock import FixedClock
from wardship.app.nouns import domain_nouns
from wardship.core.actor import Actor, directory_actor
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_SERVE, EmbeddedPostgres
from wardship.core.keys import KeyRing
from wardship.core.settings import Settings
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.client import NetworkPolicy
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services
from wardship.tenants.provisioning.tokens import create_provisioning_token
from wardship.tenants.scim.resources import PROVIDER
from wardship.tenants.scim.storage import Storage


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(scope="module")
def everywhere(
    postgres: EmbeddedPostgres, databases: Databases, runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    """A deployment on a database of its own, whose connections belong to the runner's loop."""
    manager = databases.one()
    name = runner.run(manager.__aenter__())
    pool = Database(postgres.dsn(role=ROLE_SERVE, database=name), tables=domain_nouns().tables)
    runner.run(pool.open())
    clock, keys, integrations = FixedClock(NOW), KeyRing(SECRET), Registry.load()
    limits = DispatchLimits(network=NetworkPolicy.development())
    dispatcher = Dispatcher(integrations, clock, limits, digest=keys.keyed_digest("exchange"))
    settings = Settings(data_dir=tmp_path_factory.mktemp("contract"), secret_key=SECRET, development=True)
    yield Services(settings, pool, clock, keys, integrations, dispatcher, domain_nouns())
    dispatcher.close()
    runner.run(pool.close())
    runner.run(manager.__aexit__(None, None, None))


async def _directory(services: Services) -> Actor:
    organisation = await make_organisation(services.database)
    async with system_access(services, organisation) as access:
        return directory_actor(organisation.id, (await create_provisioning_token(access, "contract")).token.id)


class TestStorage(AsyncScimStorageContract):
    """Each test on an organisation of its own."""

    @pytest.fixture
    def provider(self) -> Iterator[ScimProvider]:
        with PROVIDER:
            yield PROVIDER

    @pytest.fixture
    def storage(self, everywhere: Services, runner: asyncio.Runner) -> BlockingStorage:
        actor = runner.run(_directory(everywhere))
        return BlockingStorage(Storage(everywhere, actor, "contract"), runner)
