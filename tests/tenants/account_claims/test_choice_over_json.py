"""What leads a browser to a choice that is due, when the sign-in itself speaks JSON, as the console's does."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pyotp
import pytest

from tests.core.sign_in.conftest import PASSWORD, Browser, Deployed
from tests.edge import make_app
from tests.tenants.account_claims.people import make_account
from tests.tenants.domains.claimant import NAME
from wardship.core.sign_in.first_step import set_password
from wardship.core.sign_in.passwords import hash_password
from wardship.core.sign_in.routes import sign_in_router
from wardship.tenants.account_claims.clocks import act_on_account_claims
from wardship.tenants.account_claims.records import DECIDED_WITHIN

pytestmark = pytest.mark.anyio


@pytest.fixture
async def open_browser(services, database):
    app = make_app(services.settings, sign_in_router(services))
    deployed = Deployed(services.settings, database, services.clock, services.keys)
    transport = httpx.ASGITransport(app=app)
    clients = [httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) for _ in range(2)]
    yield lambda: Browser(deployed, clients.pop())
    for client in clients:
        await client.aclose()


async def _with_password(services, address):
    made = await make_account(services, address)
    async with services.database.directory() as transaction:
        hashed = await hash_password(PASSWORD)
        await set_password(transaction, made.account_id, hashed, at=services.clock.now())
    return made


async def _first_step(browser, who):
    answer = (await browser.post("/auth/sign-in", email=who.address, password=PASSWORD)).json()
    return answer["step"], answer["choice_page"]


async def _enrol(browser, clock):
    """Set up the second factor, which completes the sign-in; return its secret and the last answer."""
    secret = (await browser.send("POST", "/auth/enrol-second-factor")).json()["secret"]
    code = pyotp.TOTP(secret).at(clock.now())
    return secret, (await browser.post("/auth/enrol-second-factor/confirm", code=code)).json()


async def test_last_step_of_a_sign_in_says_that_a_choice_is_due_and_no_earlier_one(
    grouper, services, clock, open_browser
):
    ann = await _with_password(services, f"ann@{NAME}")
    await grouper.group()
    clock.advance(DECIDED_WITHIN)
    await act_on_account_claims(services)
    first, again = open_browser(), open_browser()
    assert await _first_step(first, ann) == ("enrolment", None)
    secret, enrolled = await _enrol(first, clock)
    assert (enrolled["step"], enrolled["choice_page"]) == ("done", "/auth/choice")
    clock.advance(timedelta(minutes=1))
    assert await _first_step(again, ann) == ("totp", None)
    done = (await again.post("/auth/second-step", code=pyotp.TOTP(secret).at(clock.now()))).json()
    assert (done["step"], done["choice_page"]) == ("done", "/auth/choice")


async def test_who_has_nothing_to_choose_is_led_nowhere(services, clock, open_browser):
    eve, browser = await _with_password(services, "eve@example.org"), open_browser()
    await _first_step(browser, eve)
    _, enrolled = await _enrol(browser, clock)
    assert (enrolled["step"], enrolled["choice_page"]) == ("done", None)
