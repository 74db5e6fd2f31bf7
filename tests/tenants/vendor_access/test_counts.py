"""How many organisations depend on a vendor's client: counted at the provider alone, and no longer than they do."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.tenants.operating import operating
from tests.tenants.vendor_access.desk import make_client
from wardship.tenants.vendor_access.granting import vendor_grants_of, withdraw_vendor_grant
from wardship.tenants.vendor_clients.read import organisations_of_clients

pytestmark = pytest.mark.anyio


async def test_organisations_that_have_let_a_client_in_are_counted(desk):
    other = (await make_client(desk.services, desk.vendor_id, name="Another")).client
    clients = [desk.client.id, other.id]
    assert await _counted(desk, clients) == {}
    await desk.tokens()
    assert await _counted(desk, clients) == {desk.client.id: 1}
    async with access_for(desk.services, desk.admin) as access:
        assert await organisations_of_clients(access, clients) == {}, "an organisation is told nothing of it"
        (grant,) = (await vendor_grants_of(access, [desk.installation_id]))[desk.installation_id]
        await withdraw_vendor_grant(access, grant.id)
    assert await _counted(desk, clients) == {}


async def _counted(desk, clients):
    async with operating(desk.services) as access:
        return await organisations_of_clients(access, clients)
