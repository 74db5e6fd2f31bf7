"""What sign-in by a provider tells strangers of customers: nothing, by bytes and by statements."""

from __future__ import annotations

import re

import pytest

from tests.builders import make_member
from tests.tenants.single_sign_on.harbour import DOMAIN, make_harbour
from wardship.core.database.engine import Transaction

pytestmark = pytest.mark.anyio


@pytest.fixture
async def places(harbour, services, owner, idp):
    """Addresses and names: of a customer with a provider, of one without, of a member elsewhere, of nobody."""
    await make_harbour(services, owner, idp, "without")
    member = await make_member(services.database, harbour.organisation)
    return {
        "addresses": [f"zoe@{DOMAIN}", member.email, "ann@free.example", "zoë@bücher.example"],
        "slugs": ["harbour", "without", "nobodys", "HARBOUR", "x" * 63],
    }


@pytest.fixture
def statements(monkeypatch):
    """The statements that were sent, in order."""
    sent: list[str] = []
    for name in ("execute", "fetch", "fetchrow", "fetchval", "fetch_as", "fetchrow_as", "executemany"):
        inner = getattr(Transaction, name)

        def noting(self, *arguments, inner=inner, **options):
            sent.append(next(each for each in arguments if isinstance(each, str)))
            return inner(self, *arguments, **options)

        monkeypatch.setattr(Transaction, name, noting)
    return sent


def _shown(response):
    """Everything of an answer but what is another in each."""
    headers = {name: value for name, value in response.headers.items() if name not in {"x-request-id", "date"}}
    return response.status_code, headers, re.sub(rb"[0-9a-f-]{36}", b"", response.content)


async def _ask(open_browser, statements, send):
    statements.clear()
    response = await send(open_browser())
    return _shown(response), list(statements)


async def test_discovery_answers_every_address_with_the_same_bytes_and_statements(places, open_browser, statements):
    answers = []
    for address in places["addresses"]:

        async def send(browser, address=address):
            return await browser.post("/auth/way-to-sign-in", email=address)

        answers.append(await _ask(open_browser, statements, send))
    assert answers[0][0][0] == 202
    assert answers[0][1]
    assert all(answer == answers[0] for answer in answers)


async def test_the_page_of_discovery_answers_likewise(places, open_browser, statements):
    answers = []
    for address in places["addresses"]:

        async def send(browser, address=address):
            return await browser.http.post("/auth/way", data={"email": address})

        answers.append(await _ask(open_browser, statements, send))
    assert answers[0][0][0] == 200
    assert all(answer == answers[0] for answer in answers)


async def test_every_name_has_the_same_sign_in_page(places, open_browser, statements):
    answers = []
    for slug in places["slugs"]:

        async def send(browser, slug=slug):
            return await browser.http.get(f"/auth/o/{slug}")

        answers.append(await _ask(open_browser, statements, send))
    assert answers[0][0][0] == 200
    assert all(answer == answers[0] for answer in answers)


async def test_every_name_and_address_are_mailed_to_alike(places, open_browser, statements):
    answers = []
    for number, slug in enumerate(places["slugs"]):
        for host in (DOMAIN, "free.example"):

            async def send(browser, slug=slug, address=f"p{number}@{host}"):
                return await browser.http.post(f"/auth/o/{slug}", data={"email": address})

            answers.append(await _ask(open_browser, statements, send))
    assert answers[0][0][0] == 200
    assert all(answer == answers[0] for answer in answers)


async def test_a_device_that_signed_in_goes_straight_and_others_see_the_page(harbour, open_browser):
    known, stranger = open_browser(), open_browser()
    await harbour.sign_in(known)
    for path in ("/auth/o/harbour", harbour.address):
        straight = await known.http.get(path)
        assert (straight.status_code, straight.headers["location"].startswith(harbour.idp.issuer)) == (303, True)
        assert (await stranger.http.get(path)).status_code == 200
    assert (await known.http.get("/auth/o/nobodys")).status_code == 200
