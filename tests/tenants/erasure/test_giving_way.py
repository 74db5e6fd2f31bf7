"""Whoever serves others has a turn while people are sought in many texts."""

from __future__ import annotations

import asyncio

from wardship.tenants.erasure import giving_way
from wardship.tenants.erasure.giving_way import in_turns


async def _turns(items):
    order = []

    async def other():
        while len(order) < 2 * items:
            order.append("other")
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    async for item in in_turns([*range(items), "over"]):
        order += [item]
    await task
    return order


async def test_others_work_after_each_piece(monkeypatch):
    monkeypatch.setattr(giving_way, "_AT_ONCE_S", -1)
    order = await _turns(3)
    assert [order[order.index(item) + 1] for item in range(3)] == ["other"] * 3


async def test_nobody_waits_for_what_is_idle(monkeypatch):
    monkeypatch.setattr(giving_way, "_AT_ONCE_S", 3600)
    assert (await _turns(3))[:4] == [0, 1, 2, "over"]
