"""A merger that can't be carried out keeps nobody out for long, and ends some day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tenants.mergers.merging import Merging
from wardship.tenants.mergers import carrying
from wardship.tenants.mergers.accepting import ANNOUNCED_FOR
from wardship.tenants.mergers.carrying import AGAIN_IN, MOST_QUIET
from wardship.tenants.mergers.clocks import WAITED_FOR, follow_mergers

pytestmark = pytest.mark.anyio


@pytest.fixture
def failing(monkeypatch):
    """Let carrying over fail until it is told to stop."""

    async def fails(*_):
        raise ConnectionError("söcret")

    with monkeypatch.context() as patched:
        patched.setattr(carrying, "arrive", fails)
        yield patched


async def _stands(merging: Merging) -> tuple[str, str | None, str]:
    row = await merging.owner.fetchrow(
        "select g.state, g.waits_for, o.state as open from merger g join organisation o on o.id = g.source_id"
    )
    return tuple(row)


async def test_organisation_opens_again_after_an_hour_and_it_is_tried_the_day_after(merging, failing, capsys):
    merger = await merging.announce()
    await merging.begin()
    await merging.finish()
    assert await _stands(merging) == ("merging", None, "merging")
    merging.clock.advance(MOST_QUIET)
    await follow_mergers(merging.services)
    assert await _stands(merging) == ("announced", "faults", "active")
    said = capsys.readouterr().out
    assert "ConnectionError" in said
    assert "söcret" not in said
    await follow_mergers(merging.services)
    assert await _stands(merging) == ("announced", "faults", "active"), "not before the next day"
    failing.undo()
    merging.clock.advance(AGAIN_IN)
    await follow_mergers(merging.services)
    await merging.finish()
    assert await merging.state(merger.id) == "merged"


async def test_worker_that_was_away_for_longer_carries_it_out_at_once(merging):
    merger = await merging.announce()
    await merging.begin()
    merging.clock.advance(MOST_QUIET * 5)
    await follow_mergers(merging.services)
    assert await merging.state(merger.id) == "merged"


async def test_delivery_that_does_not_end_keeps_nobody_out_for_long(merging):
    await merging.fill()
    await merging.announce()
    await merging.owner.execute(
        "update obligation set state = 'leased', lease_owner = 'w', lease_until = $1, ended_at = null",
        merging.clock.now() + timedelta(days=30),
    )
    await merging.begin()
    await merging.finish()
    assert await _stands(merging) == ("merging", "deliveries", "merging")
    merging.clock.advance(MOST_QUIET)
    await follow_mergers(merging.services)
    assert await _stands(merging) == ("announced", "deliveries", "active")


async def test_it_is_let_go_of_ninety_days_after_the_day_however_often_it_was_tried(merging, failing):
    assert failing
    merger = await merging.announce()
    merging.clock.advance(ANNOUNCED_FOR)
    tried = 0
    while await merging.state(merger.id) != "expired":
        await follow_mergers(merging.services)
        await merging.finish()
        merging.clock.advance(MOST_QUIET)
        await follow_mergers(merging.services)
        merging.clock.advance(AGAIN_IN)
        await follow_mergers(merging.services)
        tried += 1
        assert tried <= WAITED_FOR.days
    assert tried > 1
    assert (await _stands(merging))[2] == "active"
