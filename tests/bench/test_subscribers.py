"""The part about subscribers, with few of them and a real server: every one hears of every change."""

from __future__ import annotations

import pytest

from bench import ours
from bench.data import Size, fill
from bench.place import make_place
from bench.subscribers import measure_subscribers

pytestmark = pytest.mark.anyio


async def test_few_subscribers_hear_of_every_change(tmp_path):
    with make_place(tmp_path, settings={"fsync": "off", "synchronous_commit": "off"}) as place:
        await ours.migrate(place)
        async with place.superuser() as connection:
            await fill(connection, Size(organisations=11, members=60))
        found = await measure_subscribers(place, subscribers=15, changes=2)
    assert (found.count, len(found.last_s)) == (15, 2)
    assert 0 < found.median_s <= max(found.last_s)
    assert 1 <= found.connections <= 11
    assert "15 subscribers on one process" in str(found)
