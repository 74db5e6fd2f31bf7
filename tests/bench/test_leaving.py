"""An uninstallation with many people: the code path of `make bench ARGS=leaving`, with few (acceptance 4)."""

from __future__ import annotations

import pytest

from bench import ours
from bench.leaving import measure_leaving
from bench.place import make_place

pytestmark = pytest.mark.anyio
PEOPLE = 240


async def test_all_is_taken_back_though_shares_were_under_way_and_the_vendor_was_away(tmp_path):
    with make_place(tmp_path, settings={"fsync": "off", "synchronous_commit": "off"}) as place:
        await ours.migrate(place)
        left = await measure_leaving(place, PEOPLE)

    assert left.grade == "probed"
    assert left.obligations == 2 * (PEOPLE + left.late) + 2
    # What is seen only ever becomes more, and is more each time that somebody looks, but for the hour of the outage.
    assert list(left.progress) == sorted(left.progress)
    assert len(set(left.progress)) >= 5
    # An hour in which the vendor is away costs a lease a minute, whatever is owed, and a few until that is known.
    assert left.leases_away <= 60 + 8
    # What is taken back is leased once, but for what the vendor was away for.
    assert left.leases <= left.obligations + left.leases_away + 8
