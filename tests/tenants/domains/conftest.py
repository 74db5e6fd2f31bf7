"""Two resolvers on loopback that everything is asked of, and organisations that claim domains."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.dns_server import DnsFake, serving_dns
from tests.tenants.domains.claimant import Claimant, make_claimant
from wardship.core.settings import Settings
from wardship.tenants.access import Services


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other things is no outage."""
    monkeypatch.setattr("wardship.tenants.domains.resolvers.ANSWERS_WITHIN_S", 60.0)
    monkeypatch.setattr("wardship.tenants.domains.resolvers._ONE_TRY_S", 20.0)


@pytest.fixture
async def resolvers() -> AsyncIterator[tuple[DnsFake, DnsFake]]:
    """Two resolvers that know nothing yet."""
    async with serving_dns() as first, serving_dns() as second:
        yield first, second


@pytest.fixture
def settings(settings: Settings, resolvers: tuple[DnsFake, DnsFake]) -> Settings:
    return settings.model_copy(update={"dns_servers": [each.server for each in resolvers]})


@pytest.fixture
async def harbour(services: Services, resolvers: tuple[DnsFake, DnsFake]) -> Claimant:
    return await make_claimant(services, resolvers, "harbour")


@pytest.fixture
async def rival(services: Services, resolvers: tuple[DnsFake, DnsFake]) -> Claimant:
    return await make_claimant(services, resolvers, "rival")
