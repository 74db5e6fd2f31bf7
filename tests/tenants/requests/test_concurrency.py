"""Two people, or two workers, at the same moment: one of them wins, and nothing is done twice."""

from __future__ import annotations

import asyncio

from wardship.tenants.requests.decide import approve_right, refuse_right
from wardship.tenants.requests.erasures import cancel_erasure, commit_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError

ACCESS, ERASURE = RightKind.ACCESS, RightKind.ERASURE


async def _in_own_transaction(house, who, command) -> object:
    async with house.access(who) as access:
        return await command(access)


async def test_approval_and_refusal_at_once_make_one_decision(house, owner):
    submitted = await house.submit(ACCESS)
    right = await house.right(submitted, ACCESS)
    results = await asyncio.gather(
        _in_own_transaction(house, house.admin, lambda access: approve_right(access, right.id)),
        _in_own_transaction(
            house, house.officer, lambda access: refuse_right(access, right.id, RefusalCode.OTHER, "No.")
        ),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert len(refused) == 1
    decisions = "select count(*) from request_event where kind in ('approved', 'refused')"
    assert await owner.fetchval(decisions) == 1


async def test_two_workers_carry_a_right_out_once(house, owner):
    submitted = await house.submit(ACCESS)
    await house.approve(submitted, ACCESS)
    await asyncio.gather(*(house.run() for _ in range(4)))
    assert await house.states(submitted) == {ACCESS: RightState.FULFILLED}
    assert await owner.fetchval("select count(*) from export_file") == 1
    assert await owner.fetchval("select count(*) from certificate") == 1
    assert await owner.fetchval("select count(*) from request_event where kind = 'in_progress'") == 1


async def test_calling_off_and_carrying_out_at_once_do_not_both_happen(house, owner):
    submitted = await house.submit(ERASURE)
    await house.approve(submitted, ERASURE)
    right = await house.right(submitted, ERASURE)
    preview = await _in_own_transaction(house, house.officer, lambda access: preview_erasure(access, right.id))
    await _in_own_transaction(house, house.officer, lambda access: commit_erasure(access, right.id, preview.digest))
    await _in_own_transaction(house, house.member, lambda access: waive_cooling_off(access, right.id))
    called_off, _ = await asyncio.gather(
        _in_own_transaction(house, house.member, lambda access: cancel_erasure(access, right.id)),
        house.run(),
        return_exceptions=True,
    )
    state = await owner.fetchval("select state from member where id = $1", house.member.member_id)
    expected = "erased" if isinstance(called_off, WrongStateError) else "active"
    assert state == expected
