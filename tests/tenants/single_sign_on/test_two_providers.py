"""Sign-in at two providers that others have written: npm's `oidc-provider` and PyPI's `oidc-provider-mock`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from tests.fixed_clock import FixedClock
from tests.tenants.single_sign_on.harbour import DOMAIN, Harbour, make_harbour
from tests.tenants.single_sign_on.others import back_channel, free_port, mock_provider, node_provider, visiting

pytestmark = pytest.mark.anyio
CLIENT = {"client_id": "wardship", "client_secret": "a secret with + and / and = in it, of some length"}


@pytest.fixture
def clock() -> FixedClock:
    """The present moment: these providers have clocks of their own."""
    return FixedClock(datetime.now(UTC))


@pytest.fixture
async def signed(services, owner, idp, browser):
    """Enter a provider, go there, and come back."""

    async def enter(issuer: str, slug: str = "harbour") -> Harbour:
        made = await make_harbour(services, owner, idp, slug)
        await made.enter(issuer=issuer, **CLIENT)
        return made

    async def sign_in(harbour: Harbour, name: str) -> httpx.Response:
        async with visiting(name) as visitor:
            url = await harbour.leave(browser)
            back = await visitor.sign_in(url, f"http://localhost:8000/auth/provider/{harbour.provider.id}/")
        browser.answered = back
        return await browser.http.get(back.removeprefix("http://localhost:8000"))

    enter.sign_in = sign_in
    return enter


def client_of(harbour_id, **more) -> dict:
    base = f"http://localhost:8000/auth/provider/{harbour_id}"
    return {
        **CLIENT,
        "redirect_uris": [f"{base}/callback"],
        "post_logout_redirect_uris": ["http://localhost:8000/auth/signed-out"],
        **more,
    }


async def test_node_happy_path_then_logout_both_ways(signed, browser, owner):
    port = free_port()
    harbour = await signed(f"http://127.0.0.1:{port}")
    await harbour.hold()
    async with back_channel() as channel:
        more = {
            "backchannel_logout_uri": f"http://127.0.0.1:{channel.port}/",
            "backchannel_logout_session_required": True,
        }
        async with node_provider(port, client_of(harbour.provider.id, **more)), visiting("zoe") as visitor:
            url = await harbour.leave(browser)
            back = await visitor.sign_in(url, "http://localhost:8000/")
            assert "iss=http" in back
            response = await browser.http.get(back.removeprefix("http://localhost:8000"))
            assert (response.status_code, response.headers["location"]) == (303, "/console"), response.text
            session = await browser.get("/auth/session")
            assert session.json()["account"]["email"] == f"zoe@{DOMAIN}"
            # Out, as the person wants it: here, and there by the page that the provider shows.
            left = await browser.send("POST", "/auth/provider/sign-out")
            assert left.status_code == 200, left.text
            assert (await browser.get("/auth/session")).json()["account"] is None
            assert await visitor.sign_out(left.json()["url"], "http://localhost:8000/") == (
                "http://localhost:8000/auth/signed-out"
            )
            first = await channel.next()
            # In again, and out as the provider says it: by the token that it has sent for the session of then.
            url = await harbour.leave(browser)
            back = await visitor.sign_in(url, "http://localhost:8000/")
            assert (await browser.http.get(back.removeprefix("http://localhost:8000"))).status_code == 303
            path = f"/auth/provider/{harbour.provider.id}/logout"
            assert (await browser.http.post(path, data={"logout_token": first})).status_code == 200
            still = await owner.fetchval("select count(*) from session where organisation_id is not null")
            assert still == 1, "that logout was of the session before"
            browser.csrf = (await browser.http.get("/auth/session")).json()["csrf_token"]
            hint = await harbour.sign_out_url()
            await visitor.sign_out(hint, "http://localhost:8000/")
            logged = await browser.http.post(path, data={"logout_token": await channel.next()})
            assert logged.status_code == 200, logged.text
    assert await owner.fetchval("select count(*) from session where organisation_id is not null") == 0


async def test_node_unproven_and_foreign_addresses(signed):
    port = free_port()
    harbour = await signed(f"http://127.0.0.1:{port}")
    await harbour.hold()
    async with node_provider(port, client_of(harbour.provider.id)):
        for name, words in (("zoe.unproven", "proven"), ("zoe@elsewhere.example", "has not proven here")):
            response = await signed.sign_in(harbour, name)
            assert (response.status_code, words in response.text) == (403, True), response.text
    assert (await harbour.count("identity"), await harbour.count("session")) == (0, 0)


async def test_mock_happy_path_and_a_state_that_is_shown_again(signed, browser):
    claims = {"sub": "zoe", "email": f"zoe@{DOMAIN}", "email_verified": True, "name": "Zoë Müller"}
    async with mock_provider() as issuer:
        _describe(issuer, claims)
        harbour = await signed(issuer)
        await harbour.hold()
        response = await signed.sign_in(harbour, "zoe")
        assert (response.status_code, response.headers.get("location")) == (303, "/console"), response.text
        again = await browser.http.get(browser.answered.removeprefix("http://localhost:8000"))
        assert again.status_code == 410
    assert await harbour.count("session") == 1


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": f"zoe@{DOMAIN}", "email_verified": False}, "proven"),
        ({"email": f"zoe@{DOMAIN}"}, "proven"),
        ({"email": "zoe@elsewhere.example", "email_verified": True}, "has not proven here"),
        ({}, "names no address"),
    ],
    ids=["unverified", "unsaid", "foreign", "none"],
)
async def test_mock_addresses_that_do_not_count(signed, claims, words):
    async with mock_provider() as issuer:
        _describe(issuer, {"sub": "zoe", **claims})
        harbour = await signed(issuer)
        await harbour.hold()
        response = await signed.sign_in(harbour, "zoe")
        assert (response.status_code, words in response.text) == (403, True), response.text
    assert await harbour.count("identity") == 0


async def test_mock_expired_token(signed):
    async with mock_provider(None, "--token-max-age", "-120") as issuer:
        _describe(issuer, {"sub": "zoe", "email": f"zoe@{DOMAIN}", "email_verified": True})
        harbour = await signed(issuer)
        await harbour.hold()
        response = await signed.sign_in(harbour, "zoe")
        assert (response.status_code, "exp" in response.text) == (403, True), response.text
    assert await harbour.count("session") == 0


async def test_mock_rotated_keys(signed, clock):
    port = free_port()
    harbour = None
    for _ in range(2):
        async with mock_provider(port) as issuer:
            _describe(issuer, {"sub": "zoe", "email": f"zoe@{DOMAIN}", "email_verified": True})
            if harbour is None:
                harbour = await signed(issuer)
                await harbour.hold()
            response = await signed.sign_in(harbour, "zoe")
            assert response.status_code == 303, response.text
        clock.advance(timedelta(minutes=1))


async def test_mix_up_of_two_issuers(signed, browser):
    port = free_port()
    async with mock_provider() as honest:
        _describe(honest, {"sub": "zoe", "email": f"zoe@{DOMAIN}", "email_verified": True})
        ours, theirs = await signed(honest), await signed(f"http://127.0.0.1:{port}", "other")
        await ours.hold()
        async with node_provider(port, client_of(theirs.provider.id)), visiting("zoe") as visitor:
            url = await ours.leave(browser)
            back = urlsplit(await visitor.sign_in(url, "http://localhost:8000/"))
            moved = back.path.replace(str(ours.provider.id), str(theirs.provider.id))
            assert (await browser.http.get(f"{moved}?{back.query}")).status_code == 410
            url = await ours.leave(browser)
            back = urlsplit(await visitor.sign_in(url, "http://localhost:8000/"))
            named = await browser.http.get(f"{back.path}?{back.query}&iss=http://127.0.0.1:{port}")
            assert (named.status_code, "Another provider" in named.text) == (403, True), named.text
    assert await ours.count("session") == 0


def _describe(issuer: str, claims: dict) -> None:
    said = {name: value for name, value in claims.items() if name != "sub"}
    httpx.put(f"{issuer}/users/{claims['sub']}", json=said).raise_for_status()
