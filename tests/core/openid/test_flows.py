from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest

from wardship.core.openid.flows import (
    FLOW_LASTS,
    NewFlow,
    begin_flow,
    end_flow,
    flow_cookie,
    note_logout,
    sweep_flows,
)
from wardship.core.openid.refusals import FlowRefusedError


@dataclass
class Flows:
    database: object
    clock: object

    async def begin(self, provider="one"):
        async with self.database.directory() as transaction:
            new = NewFlow(provider=provider, purpose="sign_in")
            return await begin_flow(transaction, new, at=self.clock.now())

    async def end(self, begun, provider="one", browser=None):
        async with self.database.directory() as transaction:
            shown = begun.browser if browser is None else browser
            return await end_flow(transaction, provider, begun.state, shown, at=self.clock.now())


@pytest.fixture
def flows(database, clock):
    return Flows(database, clock)


async def test_a_sign_in_comes_back_once(flows):
    begun = await flows.begin()
    assert (await flows.end(begun)).purpose == "sign_in"
    with pytest.raises(FlowRefusedError):
        await flows.end(begun)


async def test_of_ten_that_come_back_at_once_one_wins(flows):
    begun = await flows.begin()
    ended = await asyncio.gather(*(flows.end(begun) for _ in range(10)), return_exceptions=True)
    assert sum(not isinstance(item, FlowRefusedError) for item in ended) == 1


@pytest.mark.parametrize("browser", ["", "another"], ids=["no-cookie", "other-cookie"])
async def test_a_sign_in_comes_back_into_its_own_browser_only(flows, browser):
    begun = await flows.begin()
    with pytest.raises(FlowRefusedError):
        await flows.end(begun, browser=browser)
    assert (await flows.end(begun)).purpose == "sign_in"


async def test_a_sign_in_that_began_with_one_provider_does_not_end_with_another(flows):
    begun = await flows.begin("one")
    with pytest.raises(FlowRefusedError):
        await flows.end(begun, provider="two")


async def test_a_sign_in_waits_ten_minutes(flows, clock, owner, services):
    begun = await flows.begin()
    clock.advance(FLOW_LASTS)
    with pytest.raises(FlowRefusedError):
        await flows.end(begun)
    await sweep_flows(services)
    assert await owner.fetchval("select count(*) from openid_flow") == 0


async def test_neither_state_nor_cookie_is_stored(flows, owner):
    begun = await flows.begin()
    row = str(dict(await owner.fetchrow("select * from openid_flow")))
    assert begun.state not in row
    assert begun.browser not in row


async def test_a_logout_is_carried_out_once_and_forgotten_when_it_can_be_shown_no_more(
    database, clock, services, owner
):
    async with database.directory() as transaction:
        assert await note_logout(transaction, "https://one.example", "1", at=clock.now())
        assert not await note_logout(transaction, "https://one.example", "1", at=clock.now())
        assert await note_logout(transaction, "https://two.example", "1", at=clock.now())
    clock.advance(timedelta(minutes=15))
    await sweep_flows(services)
    assert await owner.fetchval("select count(*) from openid_logout") == 0


def test_no_other_host_of_the_site_puts_a_sign_in_of_its_own_into_a_browser(settings):
    cookie = flow_cookie(settings.model_copy(update={"public_url": "https://wardship.example"}), "state", "browser")
    assert cookie.key.startswith("__Host-")
    assert (cookie.path, cookie.domain, cookie.secure, cookie.httponly) == ("/", None, True, True)
