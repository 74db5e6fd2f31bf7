"""Two people, or two workers, at the same moment: one of them wins, and nothing is done twice."""

from __future__ import annotations

import asyncio

from wardship.tenants.requests.decide import approve_right, refuse_right
from wardship.tenants.requests.erasures import cancel_erasure, commit_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind, RightState, WrongStateError

ACCESS, ERASURE = RightKind.ACCESS, RightKind.ERASURE


async def _in_own_transaction(firm, who, command) -> object:
    async with firm.access(who) as access:
        return await command(access)


async def test_approval_and_refusal_at_once_make_one_decision(firm, owner):
    submitted = await firm.submit(ACCESS)
    right = await firm.right(submitted, ACCESS)
    results = await asyncio.gather(
        _in_own_transaction(firm, firm.admin, lambda access: approve_right(access, right.id)),
        _in_own_transaction(
            firm, firm.officer, lambda access: refuse_right(access, right.id, RefusalCode.OTHER, "No.")
        ),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert len(refused) == 1
    decisions = "select count(*) from request_event where kind in ('approved', 'refused')"
    assert await owner.fetchval(decisions) == 1


async def test_two_workers_carry_a_right_out_once(firm, owner):
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS)
    await asyncio.gather(*(firm.run() for _ in range(4)))
    assert await firm.states(submitted) == {ACCESS: RightState.FULFILLED}
    assert await owner.fetchval("select count(*) from export_file") == 1
    assert await owner.fetchval("select count(*) from certificate") == 1
    assert await owner.fetchval("select count(*) from request_event where kind = 'in_progress'") == 1


async def test_calling_off_and_carrying_out_at_once_do_not_both_happen(firm, owner):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE)
    right = await firm.right(submitted, ERASURE)
    preview = await _in_own_transaction(firm, firm.officer, lambda access: preview_erasure(access, right.id))
    await _in_own_transaction(firm, firm.officer, lambda access: commit_erasure(access, right.id, preview.digest))
    await _in_own_transaction(firm, firm.member, lambda access: waive_cooling_off(access, right.id))
    called_off, _ = await asyncio.gather(
        _in_own_transaction(firm, firm.member, lambda access: cancel_erasure(access, right.id)),
        firm.run(),
        return_exceptions=True,
    )
    state = await owner.fetchval("select state from member where id = $1", firm.member.member_id)
    expected = "erased" if isinstance(called_off, WrongStateError) else "active"
    assert state == expected
