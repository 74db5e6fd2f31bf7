"""Providers of the deployment: a first step by issuer and subject, linked by who is signed in, never by an address."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.core.sign_in.conftest import PASSWORD
from tests.fakes.openid_provider import open_provider
from wardship.core.sign_in_provider import SignInProvider

ANN = {"sub": "ann-at-provider", "email": "ann@example.org", "email_verified": True}


@pytest.fixture
async def provider(clock):
    async with open_provider(clock) as opened:
        yield opened


@pytest.fixture
async def other_provider(clock):
    async with open_provider(clock) as opened:
        yield opened


@pytest.fixture
def settings(settings, provider, other_provider):
    providers = [
        SignInProvider(key=key, name=name, issuer=item.issuer, client_id="wardship", client_secret=item.client_secret)
        for key, name, item in (("acme", "Acme ID", provider), ("zeta", "Zeta", other_provider))
    ]
    return settings.model_copy(update={"sign_in_providers": providers})


def relative(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def begin(browser, path: str = "/auth/providers/acme/begin") -> str:
    answer = await browser.post(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["url"]


async def sign_in(browser, provider, **claims):
    """Go to the provider and come back."""
    return await browser.get(relative(provider.authorize(await begin(browser), **claims)))


async def link(browser, provider, **claims):
    return await browser.get(relative(provider.authorize(await begin(browser, "/auth/providers/acme/link"), **claims)))


@pytest.fixture
async def linked(browser, ann, provider, deployed):
    """Ann's account at the provider, linked."""
    answer = await link(browser, provider, **ANN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/security")
    await deployed.mails(ann.email)


def field(page: str, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


@pytest.mark.usefixtures("linked")
async def test_what_a_provider_vouches_for_is_the_first_step_and_the_second_stays(ann, provider, open_browser):
    other = open_browser()
    answer = await sign_in(other, provider, **ANN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/second-factor")
    assert (await other.get("/auth/sessions")).status_code == 401
    await other.get("/auth/session")
    assert (await other.post("/auth/second-step", code=ann.code())).json()["step"] == "done"
    methods = [item["method"] for item in (await other.get("/auth/sessions")).json()]
    assert sorted(methods) == ["provider:acme", "registration"]
    assert (await other.get("/auth/activity")).json()["events"][0]["method"] == "provider:acme"


async def test_no_more_is_asked_for_than_who_it_is_and_the_address(provider, browser):
    url = await begin(browser)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["scope"] == "openid email"
    assert asked["redirect_uri"] == "http://localhost:8000/auth/providers/acme/callback"
    assert url.startswith(provider.issuer)


async def test_an_address_never_links_though_the_provider_says_that_it_is_proven(
    ann, provider, open_browser, owner, deployed
):
    other = open_browser()
    answer = await sign_in(other, provider, **ANN)
    assert answer.status_code == 200
    assert "opens no account here yet" in answer.text
    assert other.cookie is None
    assert await owner.fetchval("select count(*) from identity") == 0
    told = len(await deployed.mails(ann.email))
    await other.http.post("/auth/providers/acme/register")
    (subject,) = [subject for subject, _ in (await deployed.mails(ann.email))[told:]]
    assert subject == "You already have an account at Wardship"
    assert await owner.fetchval("select count(*) from identity") == 0
    assert await owner.fetchval("select count(*) from account") == 1


@pytest.mark.usefixtures("linked")
async def test_the_identity_is_issuer_and_subject_whatever_the_address(ann, provider, other_provider, open_browser):
    moved = open_browser()
    answer = await sign_in(moved, provider, sub=ANN["sub"], email="someone@else.example")
    assert answer.headers["location"] == "/auth/second-factor", "the address at the provider has changed"
    recycled = open_browser()
    answer = await sign_in(recycled, provider, sub="another", email=ann.email, email_verified=True)
    assert "opens no account" in answer.text, "somebody else has the address at the provider now"
    twin = open_browser()
    url = await begin(twin, "/auth/providers/zeta/begin")
    answer = await twin.get(relative(other_provider.authorize(url, **ANN)))
    assert "opens no account" in answer.text, "another provider's subject of this name is another person"
    assert (recycled.cookie, twin.cookie) == (None, None)


@pytest.mark.usefixtures("ann")
async def test_linking_needs_a_fresh_second_factor_when_it_begins_and_when_it_ends(browser, provider, clock, owner):
    url = await begin(browser, "/auth/providers/acme/link")
    clock.advance(timedelta(minutes=9))
    await owner.execute("update session set stepped_up_at = stepped_up_at - interval '9 minutes'")
    late = await browser.get(relative(provider.authorize(url, **ANN)))
    assert late.status_code == 403
    refused = await browser.post("/auth/providers/acme/link")
    assert (refused.status_code, refused.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert await owner.fetchval("select count(*) from identity") == 0


async def test_linking_is_told_to_the_owner_recorded_and_ends_other_sessions(
    browser, ann, provider, open_browser, deployed
):
    other = open_browser()
    await ann.sign_in(other)
    await link(browser, provider, **ANN)
    assert (await other.get("/auth/sessions")).status_code == 401
    assert (await browser.get("/auth/sessions")).status_code == 200
    assert (await deployed.mails(ann.email))[-1][0] == "Acme ID was linked with your account at Wardship"
    assert (await browser.get("/auth/activity")).json()["events"][0]["kind"] == "identity_linked"
    (listed,) = (await browser.get("/auth/identities")).json()
    assert listed["provider"] == "Acme ID"


@pytest.mark.usefixtures("linked")
async def test_an_account_at_a_provider_opens_one_account(provider, open_browser, enrol, owner):
    stranger = open_browser("198.51.100.4")
    await enrol(stranger, "bob@example.org", "Bob")
    answer = await link(stranger, provider, **ANN)
    assert (answer.status_code, "opens an account here already" in answer.text) == (409, True)
    assert await owner.fetchval("select count(*) from identity") == 1


@pytest.mark.usefixtures("ann")
async def test_what_was_begun_in_one_browser_does_nothing_in_another(browser, provider, open_browser, owner):
    thief, victim = open_browser("198.51.100.4"), open_browser()
    back = relative(provider.authorize(await begin(thief), sub="thief"))
    answer = await victim.get(back)
    assert (answer.status_code, "in another browser" in answer.text) == (410, True)
    back = relative(provider.authorize(await begin(browser, "/auth/providers/acme/link"), **ANN))
    assert (await victim.get(back)).status_code == 410
    assert await owner.fetchval("select count(*) from identity") == 0


@pytest.mark.usefixtures("ann")
async def test_what_one_account_began_to_link_is_not_linked_with_the_next_one_in_the_browser(
    browser, provider, open_browser, enrol, owner
):
    bob = await enrol(open_browser("198.51.100.4"), "bob@example.org", "Bob")
    back = relative(provider.authorize(await begin(browser, "/auth/providers/acme/link"), **ANN))
    browser.http.cookies.delete("wardship")  # the session goes on, in another place
    await bob.sign_in(browser)
    answer = await browser.get(back)
    assert answer.status_code == 410
    assert await owner.fetchval("select count(*) from identity") == 0


@pytest.mark.usefixtures("linked")
async def test_an_answer_is_good_once(provider, open_browser):
    other = open_browser()
    back = relative(provider.authorize(await begin(other), **ANN))
    assert (await other.get(back)).status_code == 303
    other.http.cookies.delete("wardship")
    assert (await other.get(back)).status_code == 410
    assert other.cookie is None


@pytest.mark.usefixtures("linked")
@pytest.mark.parametrize(
    ("claims", "status"),
    [({"nonce": "x"}, 403), ({"aud": "another"}, 403), ({"exp": 0}, 403), ({"iss": "https://evil.example"}, 403)],
    ids=["nonce", "audience", "expired", "issuer"],
)
async def test_a_proof_that_can_not_be_relied_on_opens_nothing(provider, open_browser, owner, claims, status):
    other = open_browser()
    before = await owner.fetchval("select count(*) from session")
    answer = await sign_in(other, provider, **ANN, **claims)
    assert answer.status_code == status
    assert await owner.fetchval("select count(*) from session") == before
    assert other.cookie is None


@pytest.mark.usefixtures("linked")
async def test_an_answer_of_one_provider_is_refused_at_anothers_address(provider, open_browser):
    other = open_browser()
    back = relative(provider.authorize(await begin(other), **ANN)).replace("/acme/", "/zeta/")
    assert (await other.get(back)).status_code == 410
    assert other.cookie is None


async def test_a_provider_that_signs_nobody_in_is_told_and_leaves_no_session(provider, open_browser):
    other = open_browser()
    provider.answer = {"error": "access_denied", "code": None}
    answer = await sign_in(other, provider, **ANN)
    assert (answer.status_code, "access_denied" in answer.text) == (403, True)
    assert other.cookie is None


async def test_a_newcomer_makes_an_account_by_the_link_mailed_to_the_address(provider, open_browser, deployed, owner):
    browser = open_browser()
    page = await sign_in(browser, provider, sub="eve", email="eve@example.org")
    assert "a link is mailed to eve@example.org" in page.text
    assert await owner.fetchval("select count(*) from account") == 0, "nothing exists before the mail is proven"
    assert "Look into your mailbox" in (await browser.http.post("/auth/providers/acme/register")).text
    path = f"/auth/link/{await deployed.mailed_token('eve@example.org')}"
    assert "You will sign in with Acme ID" in (await browser.get(path)).text
    made = await browser.http.post(path, data={"display_name": "Eve", "password": ""})
    assert (made.status_code, made.headers["location"]) == (303, "/auth/enrol")
    row = await owner.fetchrow("select issuer, subject from identity")
    assert tuple(row) == (provider.issuer, "eve")
    assert await owner.fetchval("select count(*) from password_credential") == 0
    other = open_browser()
    answer = await sign_in(other, provider, sub="eve", email="eve@example.org")
    assert answer.headers["location"] == "/auth/enrol", "and it still needs a second factor"


async def test_a_newcomers_identity_goes_with_a_registration_in_the_same_browser_alone(
    provider, open_browser, deployed, owner
):
    """A thief says at the provider that the victim's address is his: the victim's account must not be his to begin."""
    thief, victim = open_browser("198.51.100.4"), open_browser()
    await sign_in(thief, provider, sub="thief", email="victim@example.org", email_verified=True)
    await thief.http.post("/auth/providers/acme/register")
    token = await deployed.mailed_token("victim@example.org")
    empty = await victim.post("/auth/verify", token=token, password="", display_name="Victim")
    assert empty.json()["code"] == "WEAK_PASSWORD"
    made = await victim.post("/auth/verify", token=token, password=PASSWORD, display_name="Victim")
    assert made.json()["step"] == "enrolment"
    assert await owner.fetchval("select count(*) from identity") == 0


async def test_a_newcomers_identity_goes_with_no_other_address(provider, open_browser, deployed, owner):
    browser = open_browser()
    await sign_in(browser, provider, sub="eve", email="eve@example.org")
    await browser.post("/auth/register", email="shared@example.org")
    token = await deployed.mailed_token("shared@example.org")
    made = await browser.post("/auth/verify", token=token, password=PASSWORD, display_name="Shared")
    assert made.json()["step"] == "enrolment"
    assert await owner.fetchval("select count(*) from identity") == 0


@pytest.mark.parametrize("cookie", ["", "x", "AAAA", "%"])
@pytest.mark.usefixtures("deployed")
async def test_a_newcomer_is_nobody_whom_the_browser_makes_up(open_browser, owner, cookie):
    browser = open_browser()
    browser.http.cookies.set("wardship-newcomer", cookie)
    assert (await browser.http.post("/auth/providers/acme/register")).status_code == 404
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_a_newcomer_counts_for_a_day(provider, open_browser, clock, owner):
    browser = open_browser()
    await sign_in(browser, provider, sub="eve", email="eve@example.org")
    clock.advance(timedelta(hours=24))
    assert (await browser.http.post("/auth/providers/acme/register")).status_code == 404
    assert await owner.fetchval("select count(*) from outgoing_mail") == 0


async def test_a_provider_that_tells_no_address_leads_to_signing_in_another_way(provider, open_browser):
    browser = open_browser()
    page = await sign_in(browser, provider, sub="eve")
    assert "opens no account here yet" in page.text
    assert "<form" not in page.text


@pytest.mark.usefixtures("linked")
async def test_unlinking_needs_step_up_is_told_and_ends_what_was_opened_by_it(
    browser, ann, provider, open_browser, deployed, clock, owner
):
    other = open_browser()
    await sign_in(other, provider, **ANN)
    await other.get("/auth/session")
    await other.post("/auth/second-step", code=ann.code())
    (listed,) = (await browser.get("/auth/identities")).json()
    clock.advance(timedelta(minutes=11))
    assert (await browser.send("DELETE", f"/auth/identities/{listed['id']}")).json()["code"] == "STEP_UP_REQUIRED"
    assert await owner.fetchval("select count(*) from identity") == 1
    await browser.post("/auth/step-up", code=ann.code())
    assert (await browser.send("DELETE", f"/auth/identities/{listed['id']}")).status_code == 204
    assert (await other.get("/auth/sessions")).status_code == 401
    assert (await deployed.mails(ann.email))[-1][
        0
    ] == "A provider of sign-in was unlinked from your account at Wardship"
    assert "opens no account" in (await sign_in(open_browser(), provider, **ANN)).text
    assert (await browser.send("DELETE", f"/auth/identities/{listed['id']}")).status_code == 404


@pytest.mark.usefixtures("linked")
async def test_the_last_way_in_stays(browser, owner):
    await owner.execute("delete from password_credential")
    (listed,) = (await browser.get("/auth/identities")).json()
    refused = await browser.send("DELETE", f"/auth/identities/{listed['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "LAST_WAY_IN")
    assert await owner.fetchval("select count(*) from identity") == 1
    await browser.post("/auth/password/change", new_password=PASSWORD)
    assert (await browser.send("DELETE", f"/auth/identities/{listed['id']}")).status_code == 204


@pytest.mark.usefixtures("linked")
async def test_anothers_identity_can_not_be_unlinked(browser, open_browser, enrol, owner):
    (listed,) = (await browser.get("/auth/identities")).json()
    stranger = open_browser("198.51.100.4")
    await enrol(stranger, "bob@example.org", "Bob")
    assert (await stranger.send("DELETE", f"/auth/identities/{listed['id']}")).status_code == 404
    assert await owner.fetchval("select count(*) from identity") == 1


@pytest.mark.usefixtures("ann")
async def test_page_of_what_opens_the_account_leads_to_the_provider_and_unlinks(browser, provider, owner):
    page = (await browser.get("/auth/security")).text
    assert page.count("Link Acme ID") == 1
    fields = {"csrf_token": field(page, "csrf_token"), "act": "link", "provider": "acme"}
    going = await browser.http.post("/auth/security", data=fields)
    url = html.unescape(re.search(r'href="([^"]+)">Go to Acme ID', going.text)[1])
    await browser.get(relative(provider.authorize(url, **ANN)))
    page = (await browser.get("/auth/security")).text
    assert "Link Acme ID" not in page
    assert "Acme ID" in page
    fields = {"csrf_token": field(page, "csrf_token"), "act": "unlink", "identity_id": field(page, "identity_id")}
    assert (await browser.http.post("/auth/security", data=fields)).status_code == 303
    assert await owner.fetchval("select count(*) from identity") == 0


async def test_ways_tell_the_providers_and_unknown_ones_are_refused(browser, owner):
    ways = (await browser.get("/auth/ways")).json()
    assert ways["providers"] == [{"key": "acme", "name": "Acme ID"}, {"key": "zeta", "name": "Zeta"}]
    refused = await browser.post("/auth/providers/nobody/begin")
    assert (refused.status_code, refused.json()["code"]) == (404, "PROVIDER_UNKNOWN")
    assert (await browser.get("/auth/providers/nobody/callback?code=x&state=y")).status_code == 404
    assert await owner.fetchval("select count(*) from openid_flow") == 0


async def test_beginning_is_bounded_by_network(open_browser, owner):
    strangers = open_browser("192.0.2.8")
    statuses = [(await strangers.post("/auth/providers/acme/begin")).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    assert await owner.fetchval("select count(*) from openid_flow") == 60
