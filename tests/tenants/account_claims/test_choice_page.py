"""The page on which somebody chooses at a sign-in: forms without scripts."""

from __future__ import annotations

import httpx
import pytest

from tests.builders import make_member, make_organisation
from tests.core.sign_in.showing import CLIENT
from tests.core.sign_in.test_passkey_pages import field
from tests.edge import make_app
from tests.tenants.account_claims.people import make_account
from tests.tenants.domains.claimant import NAME
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.completion import note_sign_in
from wardship.core.sign_in.handlers.forms import go_on
from wardship.core.sign_in.sessions import Stage, open_session
from wardship.tenants.account_claims.choice_page import choice_router
from wardship.tenants.account_claims.clocks import act_on_account_claims
from wardship.tenants.account_claims.records import DECIDED_WITHIN

pytestmark = pytest.mark.anyio

OWN = "ann@example.org"
PAGE = "/auth/choice"


@pytest.fixture
async def ann(grouper, services):
    """Somebody who did not choose in time."""
    made = await make_account(services, f"ann@{NAME}", others=(OWN,))
    await grouper.group()
    services.clock.advance(DECIDED_WITHIN)
    await act_on_account_claims(services)
    return made


async def _sign_in(services, who):
    async with services.database.directory() as transaction:
        opened = await open_session(transaction, who.account_id, Stage.COMPLETE, CLIENT, at=services.clock.now())
        return await note_sign_in(transaction, Call(services, CLIENT), opened)


@pytest.fixture
async def browser(services, ann):
    """A browser in which she has just signed in."""
    opened = await _sign_in(services, ann)
    transport = httpx.ASGITransport(app=make_app(services.settings, choice_router(services)))
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_url) as client:
        client.cookies.set("wardship", opened.cookie)
        yield client


async def _post(browser, act, **fields):
    page = (await browser.get(PAGE)).text
    sent = {"csrf_token": field(page, "csrf_token"), "claim_id": field(page, "claim_id"), "act": act} | fields
    return await browser.post(PAGE, data=sent, headers={"Origin": str(browser.base_url).rstrip("/")})


async def test_sign_in_leads_to_the_choice_that_is_due_and_else_to_the_console(services, ann):
    late = await _sign_in(services, ann)
    other = await _sign_in(services, await make_account(services, "eve@example.org"))
    assert go_on(services, late).url == PAGE
    assert go_on(services, other).url == "/console"


async def test_page_shows_who_asks_and_the_three_choices(browser):
    page = (await browser.get(PAGE)).text
    for shown in ("Harbour asks for your account", NAME, "Stay", f"Move to {OWN}", "Close the account"):
        assert shown in page
    assert "<script" not in page


async def test_who_stays_by_the_page_is_a_member(browser, ann):
    answer = await _post(browser, "stay")
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert (await ann.claim()).state.value == "managed"
    page = (await browser.get(PAGE)).text
    assert "Nobody asks for your account." in page
    assert "You have chosen" in page


async def test_who_moves_by_the_page_keeps_the_own_address_alone(browser, ann, owner):
    page = (await browser.get(PAGE)).text
    assert (await _post(browser, "move", address_id=field(page, "address_id"))).status_code == 303
    assert (await ann.claim()).state.value == "detached"
    left = await owner.fetch("select address from account_email where account_id = $1", ann.account_id)
    assert [row["address"] for row in left] == [OWN]


async def test_another_address_is_asked_for_by_a_mailed_link(browser, ann, owner):
    assert (await _post(browser, "add", email="ann@home.example.org")).status_code == 303
    waiting = "select address from sign_in_link where account_id = $1 and purpose = 'add_address'"
    assert await owner.fetchval(waiting, ann.account_id) == "ann@home.example.org"
    assert (await ann.claim()).state.value == "undecided"


async def test_who_closes_by_the_page_types_the_primary_address(browser, ann, owner):
    closes = "select closes_at from account where id = $1"
    assert (await _post(browser, "close", email="wrong@example.org")).status_code >= 400
    assert (await owner.fetchval(closes, ann.account_id), (await ann.claim()).state.value) == (None, "undecided")
    assert (await _post(browser, "close", email=ann.address)).status_code == 303
    assert await owner.fetchval(closes, ann.account_id) is not None


async def test_refused_closing_is_explained_on_the_page(browser, services, ann):
    other = await make_organisation(services.database, "acme")
    await make_member(services.database, other, account_id=ann.account_id, email="ann@elsewhere.example")
    answer = await _post(browser, "close", email=ann.address)
    assert (answer.status_code, "Acme" in answer.text) == (409, True)
    assert (await ann.claim()).state.value == "undecided"


@pytest.mark.parametrize("sent", [{"csrf_token": "guessed"}, {"claim_id": "nonsense"}, {"act": "other"}])
async def test_form_that_is_not_ours_changes_nothing(browser, ann, sent):
    assert (await _post(browser, **({"act": "stay"} | sent))).status_code in {403, 404}
    assert (await ann.claim()).state.value == "undecided"


async def test_nobody_chooses_for_another(services, browser, ann):
    eve = await _sign_in(services, await make_account(services, "eve@example.org"))
    claim = await ann.claim()
    browser.cookies.set("wardship", eve.cookie)
    sent = {"csrf_token": eve.session.csrf_token, "claim_id": str(claim.id), "act": "stay"}
    answer = await browser.post(PAGE, data=sent, headers={"Origin": str(browser.base_url).rstrip("/")})
    assert answer.status_code == 404
    assert (await ann.claim()).state.value == "undecided"


async def test_who_was_never_asked_has_not_chosen(services, browser):
    eve = await _sign_in(services, await make_account(services, "eve@example.org"))
    browser.cookies.set("wardship", eve.cookie)
    page = (await browser.get(PAGE)).text
    assert "Nothing to choose" in page
    assert "You have chosen" not in page


async def test_page_offers_addresses_below_the_domain_that_were_not_claimed(services, browser, ann, owner):
    below = f"ann@yard.{NAME}"
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, verified_at)"
        " values (gen_random_uuid(), $1, $2, $3, $1)",
        services.clock.now(),
        ann.account_id,
        below,
    )
    assert f"Move to {below}" in (await browser.get(PAGE)).text
    await owner.execute("update domain_claim set scope = 'subtree'")
    assert f"Move to {below}" not in (await browser.get(PAGE)).text


async def test_without_a_session_the_page_asks_to_sign_in(browser):
    browser.cookies.clear()
    answer = await browser.get(PAGE)
    assert (answer.status_code, "Sign in first" in answer.text) == (401, True)
