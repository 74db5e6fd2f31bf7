"""A vendor with its own server on loopback, registered and let in, and an organisation that may install it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders import Person
from tests.connecting import Connections
from tests.tenants.remote_integrations.providing import SETTINGS, Provider
from tests.tenants.vendor_access.desk import make_vendor
from wardship.app.demo.letters import KEY
from wardship.app.demo.letters_server import LettersServer, letters_server
from wardship.core.settings import Settings
from wardship.tenants.access import Services
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.remote_integrations.records import RemoteIntegrationRecord


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Vendors' servers stand on loopback, over plain HTTP."""
    return settings.model_copy(update={"development": True})


@pytest.fixture
def server(clock) -> Iterator[LettersServer]:
    with letters_server() as running:
        running.vendor.now = lambda: clock.now().timestamp()
        yield running


@pytest.fixture
async def provider(services: Services) -> Provider:
    return Provider(services, await make_vendor(services))


@pytest.fixture
async def remote(provider: Provider, server: LettersServer) -> RemoteIntegrationRecord:
    """Registered, and let in."""
    issued = await provider.register(server.document_url)
    server.vendor.secret = issued.secret
    await provider.let_in(issued.remote.id)
    return await provider.read(issued.remote.id)


@pytest.fixture
async def installation(remote: RemoteIntegrationRecord, connections: Connections, ada: Person) -> InstallationRecord:
    """Connected, and Ada shared."""
    assert (remote.state, ada.display_name) == ("active", "Ada Lovelace")
    return await connections.connect(KEY, settings=SETTINGS)
