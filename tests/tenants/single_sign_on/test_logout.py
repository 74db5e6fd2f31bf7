from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.openid_provider import LOGOUT_EVENT
from tests.tenants.single_sign_on.harbour import DOMAIN
from wardship.core.sign_in.throttle import NETWORK

pytestmark = pytest.mark.anyio


@pytest.fixture
async def signed_in(harbour, browser):
    await harbour.sign_in(browser, sid="there-1")
    return browser


async def send(harbour, browser, token):
    path = f"/auth/provider/{harbour.provider.id}/logout"
    return await browser.http.post(path, data={"logout_token": token})


async def sessions(harbour):
    return await harbour.owner_sql.fetchval("select count(*) from session where organisation_id is not null")


@pytest.mark.parametrize(
    "claims", [{"sub": "zoe"}, {"sid": "there-1"}, {"sub": "zoe", "sid": "there-1"}], ids=["sub", "sid", "both"]
)
async def test_a_logout_at_the_provider_ends_the_sessions_that_it_names_at_once(
    harbour, signed_in, open_browser, claims
):
    assert (await send(harbour, open_browser(), harbour.idp.logout_token(**claims))).status_code == 200
    assert await sessions(harbour) == 0
    assert (await signed_in.get("/auth/session")).json()["account"] is None
    told = await harbour.owner_sql.fetchval(
        "select count(*) from account_event where kind = 'sessions_ended_by_organisation'"
    )
    assert told == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "another"},
        {"sid": "there-2"},
        {"sub": "zoe", "sid": "there-2"},
    ],
    ids=["another-person", "another-session", "their-other-session"],
)
@pytest.mark.usefixtures("signed_in")
async def test_sessions_that_it_does_not_name_go_on(harbour, open_browser, claims):
    assert (await send(harbour, open_browser(), harbour.idp.logout_token(**claims))).status_code == 200
    assert await sessions(harbour) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "zoe", "nonce": "n"},
        {"sub": "zoe", "events": None},
        {"sub": "zoe", "events": {}},
        {"sub": "zoe", "events": {LOGOUT_EVENT: "yes"}},
        {"sub": "zoe", "jti": None},
        {"sub": "zoe", "aud": "another"},
        {"sub": "zoe", "iss": "https://attacker.example"},
        {"sub": "zoe", "iat": 1_700_000_000, "exp": None},
        {"sub": "zoe", "exp": 1_700_000_000},
        {},
    ],
    ids=["nonce", "no-events", "empty", "text", "no-jti", "audience", "issuer", "old", "expired", "nobody"],
)
@pytest.mark.usefixtures("signed_in")
async def test_what_is_no_logout_token_ends_nothing(harbour, open_browser, claims):
    response = await send(harbour, open_browser(), harbour.idp.logout_token(**claims))
    assert (response.status_code, response.json()["code"]) == (403, "PROVIDER_PROOF_REFUSED")
    assert await sessions(harbour) == 1


async def test_a_network_has_a_provider_asked_for_its_keys_so_often_and_no_more(harbour, open_browser):
    harbour.idp.document = {"issuer": "https://another.example"}  # nothing is learnt from it, so that it is asked again
    attacker, elsewhere = open_browser("198.51.100.9"), open_browser("192.0.2.1")
    token = harbour.idp.logout_token(sub="zoe")
    for _ in range(NETWORK.attempts):
        assert (await send(harbour, attacker, token)).status_code == 502
    asked = len(harbour.idp.seen)
    assert asked >= NETWORK.attempts
    locked = await send(harbour, attacker, token)
    assert (locked.status_code, locked.json()["code"]) == (429, "TOO_MANY_ATTEMPTS")
    assert len(harbour.idp.seen) == asked
    harbour.idp.document = {}
    assert (await send(harbour, elsewhere, token)).status_code == 200


async def test_logouts_that_are_the_providers_own_are_never_too_many(harbour, open_browser):
    provider = open_browser("198.51.100.9")
    for _ in range(NETWORK.attempts + 5):
        assert (await send(harbour, provider, harbour.idp.logout_token(sub="zoe"))).status_code == 200


@pytest.mark.usefixtures("signed_in")
async def test_an_id_token_is_no_logout_token(harbour, open_browser):
    token = harbour.idp.id_token({"sub": "zoe", "jti": "1"})
    assert (await send(harbour, open_browser(), token)).status_code == 403
    assert await sessions(harbour) == 1


async def test_a_logout_token_works_once(harbour, signed_in, open_browser):
    token = harbour.idp.logout_token(sub="zoe")
    await send(harbour, open_browser(), token)
    await harbour.sign_in(signed_in, sid="there-2")
    assert (await send(harbour, open_browser(), token)).status_code == 200
    assert await sessions(harbour) == 1


async def test_signing_out_here_tells_where_one_signs_out_there(harbour, signed_in):
    answer = await signed_in.send("POST", "/auth/provider/sign-out")
    url = answer.json()["url"]
    assert url.startswith(f"{harbour.idp.issuer}/logout?")
    assert "id_token_hint=" in url
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fauth%2Fsigned-out" in url
    assert await sessions(harbour) == 0


async def test_one_is_signed_out_here_while_the_provider_is_silent(harbour, signed_in, clock):
    clock.advance(timedelta(hours=2))
    harbour.idp.document = {"end_session_endpoint": None}
    answer = await signed_in.send("POST", "/auth/provider/sign-out")
    assert (answer.status_code, answer.json()) == (200, {"url": None})
    assert await sessions(harbour) == 0


async def test_an_ordinary_session_has_no_provider_to_sign_out_at(harbour, browser):
    await harbour.signed_in(browser, harbour.admin)
    assert (await browser.send("POST", "/auth/provider/sign-out")).status_code == 404
    assert await harbour.count("session") == 1


async def test_showing_again_who_one_is_needs_the_same_person_and_a_fresh_sign_in_there(harbour, signed_in, clock):
    clock.advance(timedelta(minutes=30))
    now = int(clock.now().timestamp())

    async def again(**claims):
        began = await signed_in.send("POST", "/auth/provider/step-up")
        return await harbour.come_back(signed_in, began.json()["url"], **claims)

    stepped = "select max(stepped_up_at) from session"
    before = await harbour.owner_sql.fetchval(stepped)
    for claims in (
        {"sub": "zoe"},
        {"sub": "zoe", "auth_time": now - 3600},
        {"sub": "other", "email": f"other@{DOMAIN}", "email_verified": True, "auth_time": now},
    ):
        assert (await again(**claims)).status_code == 403
        assert await harbour.owner_sql.fetchval(stepped) == before
    assert (await again(sub="zoe", auth_time=now)).status_code == 303
    assert await harbour.owner_sql.fetchval(stepped) == clock.now()
