"""A provider on loopback, an organisation that signs in by it, and browsers."""

from __future__ import annotations

import httpx
import pytest

from tests.core.sign_in.conftest import Browser, Deployed
from tests.edge import make_app, undeclared
from tests.fakes.openid_provider import open_provider
from tests.tenants.single_sign_on.harbour import Harbour, make_harbour
from wardship.app.application import routes
from wardship.tenants.access import Services


@pytest.fixture
async def idp(clock):
    async with open_provider(clock) as opened:
        yield opened


@pytest.fixture
async def harbour(services: Services, owner, idp) -> Harbour:
    """An organisation whose provider is active and admits everybody at its own domain."""
    made = await make_harbour(services, owner, idp)
    await made.hold()
    await made.enter()
    return made


@pytest.fixture
async def open_browser(services: Services, database):
    """Make browsers on the whole application, each with cookies of its own."""
    app = make_app(services.settings, *routes(services))
    deployed = Deployed(services.settings, database, services.clock, services.keys)
    clients: list[httpx.AsyncClient] = []

    def make(address: str = "203.0.113.7", **headers: str) -> Browser:
        transport = httpx.ASGITransport(app=app, client=(address, 4711))
        client = httpx.AsyncClient(transport=transport, base_url=services.settings.public_url, headers=headers)
        clients.append(client)
        return Browser(deployed, client)

    yield make
    for client in clients:
        await client.aclose()
    assert undeclared(app) == set()


@pytest.fixture
def browser(open_browser) -> Browser:
    return open_browser()
