from __future__ import annotations

from datetime import timedelta

import pytest

from wardship.core.sign_in.sessions import sweep_sign_in


async def counts(owner):
    tables = ("session", "sign_in_link", "sign_in_attempt")
    return {table: await owner.fetchval(f"select count(*) from {table}") for table in tables}


@pytest.mark.usefixtures("ann")
async def test_what_is_over_goes_and_what_lives_stays(browser, open_browser, deployed, clock, owner):
    await open_browser().post("/auth/password/forgot", email="ann@example.org")
    await sweep_sign_in(deployed)
    before = await counts(owner)
    assert before["session"] == 1
    assert before["sign_in_link"] == 1
    assert before["sign_in_attempt"] > 0
    assert (await browser.get("/auth/sessions")).status_code == 200
    clock.advance(timedelta(hours=12))
    await sweep_sign_in(deployed)
    assert await counts(owner) == {**before, "session": 0}
    clock.advance(timedelta(hours=14))
    await sweep_sign_in(deployed)
    assert await counts(owner) == {"session": 0, "sign_in_link": 0, "sign_in_attempt": 0}
