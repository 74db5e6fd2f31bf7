"""The attacks of the benchmark, short and on a real server: each is made, held off, and told."""

from __future__ import annotations

import pytest

from bench import ours
from bench.attack import measure_attacks
from bench.data import Size, fill, make_caller
from bench.place import make_place

pytestmark = pytest.mark.anyio


async def test_attacks_are_made_held_off_and_told(tmp_path):
    with make_place(tmp_path, settings={"fsync": "off", "synchronous_commit": "off"}) as place:
        await ours.migrate(place)
        async with place.superuser() as connection:
            await fill(connection, Size(organisations=3, members=60))
            async with ours.services_here(place) as services:
                caller = await make_caller(services, connection)
        found = await measure_attacks(place, caller, seconds=2, minutes=0.05)
    assert {networks: part >= 0.5 for networks, (part, _) in found.documents.items()} == {0: True, 1: True, 300: True}
    assert min(found.refused.values()) > 0
    assert found.left == 0
    assert found.cut >= 1
    assert found.memory.documents > 3
    told = "\n".join(found.lines())
    assert "beside 2,000 silent connections" in told
    assert "beside 300 addresses of 1 /64" in told
