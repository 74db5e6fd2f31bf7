"""An organisation of seven, of whom something can be held."""

from __future__ import annotations

import pytest

from tests.builders import make_member


@pytest.fixture
async def seven(database, acme, admin, ada):  # noqa: ARG001 - two of them
    for number in range(5):
        await make_member(database, acme, first_name=f"Nr {number}", email=f"nr{number}@example.org")
