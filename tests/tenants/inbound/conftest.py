"""An organisation with an integration whose vendor calls, and a server on loopback that it calls."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn

from tests.builders import Person, access_for
from tests.connecting import Connections
from tests.edge import make_app, undeclared
from tests.fakes.calling_vendor import KEY, SECRET, CallingVendor, calling_vendor
from tests.tenants.inbound.vendor_calls import VendorCalls
from wardship.app.commands.serve import SERVER_OPTIONS
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services
from wardship.tenants.grants.choices import give_consent
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.inbound.routes import inbound_router
from wardship.tenants.installations.records import InstallationRecord


@pytest.fixture
def calling() -> CallingVendor:
    return calling_vendor()


@pytest.fixture
def integrations(integrations: Registry, calling: CallingVendor) -> Registry:
    integrations.register(calling, KEY)
    return integrations


def everything(calling: CallingVendor) -> list[Grantable]:
    """All that the integration receives and sends here."""
    declared = calling.declared
    return [Grantable(each.category, each.purpose) for each in (*declared.receives, *declared.provides)]


@pytest.fixture
async def installation(
    services: Services, connections: Connections, calling: CallingVendor, ada: Person
) -> InstallationRecord:
    """Connected, with everything granted, and Ada shared; she has consented to marketing."""
    async with access_for(services, ada) as access:
        await give_consent(access, "marketing.communications.email")
    settings = {"webhook_secret": SECRET}
    return await connections.connect(KEY, settings=settings, grants=everything(calling))


@pytest.fixture
async def served(services: Services) -> AsyncIterator[str]:
    """The address of a real server, under the bounds that ours has; no route may refuse what it did not declare."""
    app = make_app(services.settings, inbound_router(services))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", **SERVER_OPTIONS))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        for _ in range(2_000):
            if server.started:
                break
            await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await running
    assert undeclared(app) == set()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
async def vendor_calls(http, clock, served, installation, owner, ada) -> VendorCalls:
    subject = await owner.fetchval("select subject_ref from subject_link where member_id = $1", ada.member_id)
    return VendorCalls(http, clock, served, installation.id, subject)
