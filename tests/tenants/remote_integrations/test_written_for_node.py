"""What `plugin new --remote` writes, at a deployment: registered, let in, connected, shared with, erased at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from tests.connecting import Connections
from tests.fixed_clock import FixedClock
from tests.plugins.kit.served import Change, change, serving
from tests.plugins.kit.served import settings as sandbox
from tests.tenants.remote_integrations.test_endpoints import owe
from wardship.plugins.kit.scaffold.writing import write_remote_scaffold

pytestmark = pytest.mark.anyio
SHARES = "select state, outcome::jsonb ->> 'records_affected' as records from obligation where verb = 'share'"
ERASURE = (
    "select state, outcome::jsonb ->> 'records_affected' as records, attestation::jsonb ->> 'level' as grade"
    " from obligation where id = $1"
)
WITHOUT_CONSENT = (
    Change("document.mjs", 'purpose: "functional.service"', 'purpose: "essential.service"'),
    Change("document.mjs", 'legal_basis: "consent"', 'legal_basis: "contract"'),
)
MOST_ROUNDS = 60


@pytest.fixture
def clock() -> FixedClock:
    """Near the machine's own, which is all that the server knows."""
    return FixedClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def connections(connections: Connections, clock: FixedClock) -> Connections:
    connections.at = clock.now()
    return connections


async def test_a_server_in_another_language_is_shared_with_and_erases(
    tmp_path, provider, services, connections, admin, ada, owner, clock
):
    folder = write_remote_scaffold("acme", tmp_path)
    change(folder, WITHOUT_CONSENT)
    with serving(folder) as target:
        issued = await provider.register(target.url)
    with serving(folder, port=urlsplit(target.url).port, signing_secret=issued.secret):
        await provider.let_in(issued.remote.id)
        assert services.integrations.require("acme").form == "remote"
        installation = await connections.connect("acme", settings=sandbox(folder))
        assert installation.state == "active"
        assert {row["state"] for row in await owner.fetch(SHARES)} == {"completed"}
        erasure = await owe(services, admin, ada)
        await connections.work()
        for _ in range(MOST_ROUNDS):
            row = await owner.fetchrow(ERASURE, erasure)
            if row["state"] != "waiting":
                break
            clock.advance(timedelta(seconds=2))
            await connections.work()
    assert tuple(row) == ("completed", "1", "receipt")


@pytest.mark.usefixtures("ada")
async def test_a_server_that_signs_with_another_secret_is_connected_to_nobody(tmp_path, provider, connections, owner):
    with serving(write_remote_scaffold("acme", tmp_path)) as target:
        issued = await provider.register(target.url)
        await provider.let_in(issued.remote.id)
        installation = await connections.connect("acme", settings=sandbox(tmp_path / "wardship-acme"))
    assert installation.state != "active"
    assert [row["state"] for row in await owner.fetch(SHARES) if row["state"] == "completed"] == []
