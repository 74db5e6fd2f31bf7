"""Clients that can't be told apart are one; wider networks have wider limits; what the limits are worth is computed."""

from __future__ import annotations

import math
from datetime import timedelta

import httpx
import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tests.core.sign_in.conftest import Browser
from tests.edge import make_app
from wardship.core.sign_in import passwords, throttle
from wardship.core.sign_in.routes import sign_in_router

pytestmark = pytest.mark.anyio

WRONG = "wrong-wrong-wrong"


@pytest.fixture(autouse=True)
def _no_hashing(monkeypatch):
    monkeypatch.setattr(passwords, "_verify", lambda *_: False)


@pytest.fixture
async def behind_proxy(deployed):
    """Make requests as uvicorn hands them over from a proxy on this machine, with these headers."""
    app = ProxyHeadersMiddleware(make_app(deployed.settings, sign_in_router(deployed)), trusted_hosts="127.0.0.1")
    clients = []

    async def attempt(number: int, *forwarded: str, peer: tuple[str, int] | None = ("127.0.0.1", 4711)) -> int:
        transport = httpx.ASGITransport(app=app, client=peer)
        headers = [("X-Forwarded-For", value) for value in forwarded]
        client = httpx.AsyncClient(transport=transport, base_url=deployed.settings.public_url, headers=headers)
        clients.append(client)
        answer = await client.post("/auth/sign-in", json={"email": f"p{number}@example.org", "password": WRONG})
        return answer.status_code

    yield attempt
    for client in clients:
        await client.aclose()


@pytest.mark.parametrize("forwarded", ["unknown", "_hidden", "-", "1.2.3", "2001:db8::1::2", "a" * 300, "1.2.3.4.5"])
async def test_a_client_whose_address_is_none_does_not_escape(behind_proxy, forwarded):
    for number in range(60):
        assert await behind_proxy(number, forwarded) == 401
    assert await behind_proxy(60, forwarded) == 429
    assert await behind_proxy(61, "unknown") == 429, "whatever is no address is one client"
    assert await behind_proxy(62, "203.0.113.9") == 401


async def test_a_connection_without_peer_is_the_same_client(behind_proxy):
    """As over a Unix socket, of which uvicorn believes no proxy."""
    for number in range(60):
        assert await behind_proxy(number, f"203.0.113.{number}", peer=None) == 401
    assert await behind_proxy(60, "203.0.113.99", peer=None) == 429


@pytest.mark.parametrize(
    "forms",
    [
        ("198.51.100.7", "198.51.100.7:4711", "spoofed, 198.51.100.7", "203.0.113.1, 198.51.100.7:80"),
        ("2001:db8:7::1", "[2001:db8:7::1]", "[2001:db8:7::2]:443", "2001:db8:7::1%eth0", "1.2.3.4, 2001:db8:7::9"),
        ("::ffff:198.51.100.7", "198.51.100.7", "[::ffff:c633:6407]:80"),
    ],
)
async def test_every_way_of_writing_an_address_counts_as_that_address(behind_proxy, forms):
    for number in range(60):
        assert await behind_proxy(number, forms[number % len(forms)]) == 401
    for form in forms:
        assert await behind_proxy(60, form) == 429


async def test_of_several_headers_the_last_entry_counts_which_the_proxy_added(behind_proxy):
    for number in range(60):
        assert await behind_proxy(number, f"203.0.113.{number}", "198.51.100.7") == 401
    assert await behind_proxy(60, "203.0.113.200", "198.51.100.7") == 429


@pytest.mark.parametrize("network", ["2001:db8:1:{:x}::5", "198.51.100.{}"])
async def test_the_networks_of_one_wide_network_are_limited_together_by_a_wider_limit(open_browser, network):
    async def attempt(place: int, number: int) -> httpx.Response:
        browser: Browser = open_browser(network.format(place))
        return await browser.post("/auth/sign-in", email=f"p{number}@example.org", password=WRONG)

    most = throttle.WIDE_NETWORK.attempts
    assert most >= 3 * throttle.NETWORK.attempts
    for number in range(most):
        assert (await attempt(number % 200, number)).status_code == 401
    locked = await attempt(201, most)
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "30")
    elsewhere = open_browser("2001:db8:2::5" if ":" in network else "203.0.113.5")
    assert (await elsewhere.post("/auth/sign-in", email="x@example.org", password=WRONG)).status_code == 401


async def test_what_succeeds_is_forgiven_the_wide_network_too(browser, ann, owner, monkeypatch):
    monkeypatch.undo()
    await owner.execute("delete from sign_in_attempt")
    await ann.sign_in(browser)
    assert await owner.fetchval("select sum(failures) from sign_in_attempt") == 0


def _codes_a_day(limit: throttle.Limit) -> float:
    """Return how many attempts a day one gets who times them best: a burst, then until the counter is forgotten."""
    best, taken = 0.0, timedelta()
    for attempts in range(1, 2000):
        best = max(best, attempts / (taken + limit.window).total_seconds())
        if attempts >= limit.attempts:
            taken += min(limit.first_lock * 2 ** min(attempts - limit.attempts, 20), limit.longest_lock)
    return best * 86_400


def test_a_code_is_guessed_with_even_chance_after_more_than_ten_years():
    a_day = max(_codes_a_day(throttle.SECOND_FACTOR), 86_400 / throttle.SECOND_FACTOR.longest_lock.total_seconds())
    years = math.log(2) / (3 / 1_000_000) / a_day / 365.25
    assert a_day <= 48
    assert 13 < years < 14
