"""An organisation that holds a domain, and resolvers on loopback."""

from __future__ import annotations

import pytest

from tests.tenants.account_claims.coming_back import Place, come_back
from tests.tenants.account_claims.people import Grouper, make_grouper
from tests.tenants.domains.claimant import Claimant
from tests.tenants.domains.conftest import _patience, harbour, resolvers, rival, settings
from wardship.tenants.access import Services

__all__ = ["_patience", "harbour", "resolvers", "rival", "settings"]


@pytest.fixture
async def grouper(harbour: Claimant) -> Grouper:
    return await make_grouper(harbour)


@pytest.fixture
async def place(harbour: Claimant, services: Services) -> Place:
    return await come_back(harbour, services)
