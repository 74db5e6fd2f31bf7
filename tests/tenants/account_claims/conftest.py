"""An organisation that holds a domain, and resolvers on loopback."""

from __future__ import annotations

import pytest

from tests.tenants.account_claims.people import Grouper, make_grouper
from tests.tenants.domains.claimant import Claimant
from tests.tenants.domains.conftest import _patience, harbour, resolvers, rival, settings

__all__ = ["_patience", "harbour", "resolvers", "rival", "settings"]


@pytest.fixture
async def grouper(harbour: Claimant) -> Grouper:
    return await make_grouper(harbour)
