"""An organisation that shares with an integration whose vendor fetches."""

from __future__ import annotations

import pytest

from tests.fakes.recorder import Recorder, recorder
from tests.tenants.vendor_access.desk import FETCHED, Desk, make_client, make_vendor


@pytest.fixture
def recording() -> Recorder:
    """An integration whose vendor fetches everything, and is sent nothing."""
    return recorder(receives=FETCHED)


@pytest.fixture
async def desk(services, owner, admin, connections) -> Desk:
    installation = await connections.connect()
    vendor_id = await make_vendor(services)
    issued = await make_client(services, vendor_id)
    made = Desk(services, owner, admin, vendor_id, issued.client, issued.secret, installation.id)
    await made.sign_in(admin)
    return made


@pytest.fixture
async def public(desk: Desk) -> Desk:
    """The same, with a client that keeps no secret."""
    issued = await make_client(desk.services, desk.vendor_id, name="Vendor App", is_confidential=False)
    desk.client, desk.secret = issued.client, issued.secret
    return desk
