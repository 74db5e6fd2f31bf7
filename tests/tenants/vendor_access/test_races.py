"""Fifty at once: one code and one refresh token are good for one of them, and what ends a family ends what is new."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.builders import access_for
from wardship.tenants.vendor_access import answering
from wardship.tenants.vendor_access.fetching import InvalidVendorTokenError, fetch_members
from wardship.tenants.vendor_access.granting import vendor_grants_of, withdraw_vendor_grant
from wardship.tenants.vendor_access.records import find_token

pytestmark = pytest.mark.anyio
AT_ONCE = 50


def let_all_write_at_once(monkeypatch, name: str) -> None:
    """Hold what is written back until all fifty have been judged, each by what was true before."""
    barrier, write = asyncio.Barrier(AT_ONCE), getattr(answering, name)

    async def write_with_all_others(*arguments):
        await barrier.wait()
        return await write(*arguments)

    monkeypatch.setattr(answering, name, write_with_all_others)


async def test_of_fifty_redemptions_of_one_code_one_succeeds(desk, monkeypatch):
    code = await desk.code()
    let_all_write_at_once(monkeypatch, "redeem")
    answers = await asyncio.gather(*(desk.redeem(code) for _ in range(AT_ONCE)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
    assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
    assert await desk.rows("vendor_token") == 2
    (good,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await desk.fetch(good["access_token"])).status_code == 401


async def test_of_fifty_uses_of_one_refresh_token_one_succeeds(desk, monkeypatch):
    token = await desk.tokens()
    let_all_write_at_once(monkeypatch, "refresh")
    answers = await asyncio.gather(*(desk.refresh(token["refresh_token"]) for _ in range(AT_ONCE)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
    assert await desk.rows("vendor_token") == 4
    (good,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await desk.fetch(good["access_token"])).status_code == 401


@pytest.mark.usefixtures("ada")
async def test_of_a_withdrawal_and_fetches_at_once_no_fetch_comes_after(desk):
    token = await desk.tokens()
    async with access_for(desk.services, desk.admin) as access:
        (grant,) = (await vendor_grants_of(access, [desk.installation_id]))[desk.installation_id]

    async def withdraw() -> None:
        async with access_for(desk.services, desk.admin) as access:
            await withdraw_vendor_grant(access, grant.id)

    *answers, _ = await asyncio.gather(*(desk.fetch(token["access_token"]) for _ in range(10)), withdraw())
    assert {answer.status_code for answer in answers} <= {200, 401}
    before = await desk.rows("disclosure")
    assert (await desk.fetch(token["access_token"])).status_code == 401
    assert await desk.rows("disclosure") == before


@pytest.mark.parametrize("end", ["vendor_grant", "vendor_token_family"])
async def test_what_ends_after_the_token_was_looked_at_ends_the_fetch(desk, end):
    text = (await desk.tokens())["access_token"]
    token = await find_token(desk.services, text)
    await desk.owner.execute(f"update {end} set ended_at = now()")
    with pytest.raises(InvalidVendorTokenError):
        await fetch_members(desk.services, token, first=10, after=None, request_id="")
    assert await desk.rows("disclosure") == 0
