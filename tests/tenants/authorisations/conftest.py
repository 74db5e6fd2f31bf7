"""A vendor that demands OAuth 2.0, its integration installed, and an administrator's browser."""

from __future__ import annotations

import pytest

from tests.fakes.oauth_vendor import KEY, LetIn, OAuthVendor, open_vendor
from tests.tenants.authorisations.desk import Desk, give_client


@pytest.fixture
async def oauth_vendor(clock):
    async with open_vendor(clock) as vendor:
        yield vendor


@pytest.fixture
def plugin(oauth_vendor: OAuthVendor) -> LetIn:
    """The integration; a test may declare another one."""
    return oauth_vendor.integration()


@pytest.fixture
async def desk(services, owner, connections, admin, ada, oauth_vendor: OAuthVendor, plugin: LetIn) -> Desk:  # noqa: ARG001 - one to share
    services.integrations.register(plugin, KEY)
    await give_client(services, oauth_vendor)
    installation = await connections.connect(KEY)
    made = Desk(services, owner, connections, oauth_vendor, plugin, admin, installation)
    await made.sign_in(admin)
    return made
