"""Fixtures for the domain: an organisation with an administrator, and integrations that keep what they were handed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders import Organisation, Person, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes import vendor_plugin
from tests.fakes.recorder import Recorder, recorder
from tests.fakes.vendor import Vendor, running_vendor
from tests.installed import installed_integrations
from tests.requesting import Firm, make_firm
from wardship.app.demo.radicale_server import RadicaleServer, radicale_server
from wardship.core.actor import Role
from wardship.core.database.database import Database
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services


@pytest.fixture
def recording() -> Recorder:
    """The recording integration, registered under the key ``recorder``."""
    return recorder()


@pytest.fixture
def integrations(recording: Recorder) -> Registry:
    registry = installed_integrations(vendor_plugin)
    registry.register(recording, "recorder")
    return registry


@pytest.fixture
async def acme(database: Database) -> Organisation:
    return await make_organisation(database, "acme")


@pytest.fixture
async def admin(database: Database, acme: Organisation) -> Person:
    return await make_member(database, acme, Role.ORG_ADMIN, name="Olga Owner")


@pytest.fixture
async def ada(database: Database, acme: Organisation) -> Person:
    return await make_member(
        database,
        acme,
        name="Ada Lovelace",
        email="ada@example.org",
        first_name="Ada",
        last_name="Lovelace",
        phone="+44 20 7946 0958",
    )


@pytest.fixture
def connections(services: Services, admin: Person) -> Connections:
    """Installs and works off obligations on behalf of the administrator."""
    return Connections(services, admin)


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    """A real CardDAV and CalDAV server."""
    with radicale_server(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture(scope="session")
def _vendor_process() -> Iterator[Vendor]:
    with running_vendor() as running:
        yield running


@pytest.fixture
def vendor(_vendor_process: Vendor) -> Vendor:
    _vendor_process.reset()
    return _vendor_process


@pytest.fixture
async def firm(services: Services) -> Firm:
    """An organisation in which requests are made."""
    return await make_firm(services)
