"""Two organisations of which one becomes part of the other."""

from __future__ import annotations

import pytest

from tests.tenants.mergers.merging import Merging, make_merging


@pytest.fixture
async def merging(services, clock, owner) -> Merging:
    return await make_merging(services, clock, owner)
