"""An administrator connects an installation at its vendor: once, in one session, and nothing of it can be forged."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from tests.builders import access_for, make_member, make_organisation
from tests.tenants.authorisations.desk import LANDS, give_client
from wardship.core.actor import CredentialKind, Role
from wardship.core.errors import NotFoundError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.authorisations.clients import ClientMissingError, remove_integration_client
from wardship.tenants.authorisations.flows import BrowserSessionRequiredError, forget_flows
from wardship.tenants.installation_lifecycle.connecting import begin_connecting


def digests(text: str) -> list[str]:
    """A text, and what everybody can make of it without a key."""
    digest = hashlib.sha256(text.encode()).digest()
    return [text, digest.hex(), base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]


def changed(address: str, **changes: str | None) -> str:
    parts = urlsplit(address)
    told = dict(parse_qsl(parts.query)) | changes
    return parts._replace(query=urlencode({k: v for k, v in told.items() if v is not None})).geturl()


async def test_nothing_is_asked_of_the_vendor_before_somebody_has_connected_it(desk):
    assert (await desk.state(), desk.vendor.seen, desk.plugin.tokens) == ("installed", [], [])


async def test_it_is_connected_checked_and_shares(desk):
    answer = await desk.connect()

    assert answer.status_code == 200
    assert "Let In is connected" in answer.text
    assert LANDS.search(answer.text)[1].startswith("http://localhost:8000/console/o/acme/integrations/")
    assert await desk.state() == "active"
    assert await desk.rows() == ["connected"]
    assert len(desk.vendor.held) == 1
    (token,) = set(desk.plugin.tokens)
    assert desk.vendor.is_accepted(token)


async def test_the_browser_is_led_there_with_a_challenge_and_what_was_declared(desk):
    desk.vendor.authorize(await desk.begin())
    asked = desk.vendor.asked
    assert asked["redirect_uri"] == "http://localhost:8000/oauth/connect/callback/let_in"
    assert asked["scope"] == "contacts.write contacts.read"
    assert asked["access_type"] == "offline"


async def test_the_verifier_is_told_to_the_token_endpoint_alone_and_follows_from_nothing_that_went_out(desk):
    back = desk.vendor.authorize(await desk.begin())
    went_out = [*desk.vendor.asked.values(), *parse_qs(urlsplit(back).query).values()]
    assert (await desk.come_back(back)).status_code == 200
    ((form,),) = [[form for _, path, form in desk.vendor.seen if path == "/token"]]
    verifier = form["code_verifier"]
    assert 43 <= len(verifier) <= 128
    assert create_s256_code_challenge(verifier) == desk.vendor.asked["code_challenge"]
    known = {digest for text in [desk.vendor.asked["state"], *map(str, went_out)] for digest in digests(text)}
    assert verifier not in known
    assert desk.vendor.asked["code_challenge"] not in {create_s256_code_challenge(text) for text in known}


async def test_a_vendor_that_refuses_a_challenge_is_sent_none_and_no_verifier(desk):
    desk.vendor.knows_pkce = False
    plain = desk.vendor.integration("plain", oauth=desk.vendor.declared(is_pkce_supported=False))
    desk.services.integrations.register(plain, "plain")
    await give_client(desk.services, desk.vendor, "plain")
    desk.installation = await desk.connections.install("plain")
    assert (await desk.connect()).status_code == 200
    assert desk.vendor.asked.keys().isdisjoint({"code_challenge", "code_challenge_method"})


async def test_each_connecting_has_a_verifier_and_a_state_of_its_own(desk):
    asked = []
    for _ in range(2):
        desk.vendor.authorize(await desk.begin())
        asked.append(desk.vendor.asked)
    assert asked[0]["state"] != asked[1]["state"]
    assert asked[0]["code_challenge"] != asked[1]["code_challenge"]


async def test_a_code_that_was_given_in_another_connecting_is_refused_by_the_vendor(desk):
    """Whoever slips another's code in has no verifier for it (RFC 9700, section 2.1.1)."""
    strange = dict(parse_qsl(urlsplit(desk.vendor.authorize(await desk.begin())).query))["code"]
    back = changed(desk.vendor.authorize(await desk.begin()), code=strange)
    before = await desk.everything()
    assert (await desk.come_back(back)).status_code == 403
    assert await desk.everything() == before
    assert desk.vendor.access == {}


async def test_what_the_vendor_is_sent_names_neither_the_organisation_nor_the_installation(desk, admin):
    told = [dict(parse_qsl(urlsplit(await desk.begin()).query)) for _ in range(2)]
    assert len({each["state"] for each in told}) == 2
    assert len(told[0]["state"]) == 43
    names = {"acme", "Acme", admin.email}
    for identifier in (desk.installation.organisation_id, desk.installation.id, desk.installation.place_id):
        raw = identifier.bytes
        names |= {identifier.hex, str(identifier), base64.urlsafe_b64encode(raw).decode()[:20], raw.hex()[:16]}
    sent = unquote(urlencode(told[0])) + base64.urlsafe_b64decode(told[0]["state"] + "=").hex()
    assert {name for name in names if name in sent} == set()


async def test_who_has_read_a_state_at_the_vendor_learns_from_it_whose_it_is_by_no_answer(desk, database):
    back = desk.vendor.authorize(await desk.begin())
    rival = await make_organisation(database, "rival")
    first = desk.cookie
    await desk.sign_in(await make_member(database, rival, Role.ORG_ADMIN, name="Rita"))
    for cookie in ("", desk.cookie):
        page = (await desk.come_back(back, cookie=cookie)).text
        assert "acme" not in page.lower()
    assert desk.vendor.count("/token") == 0
    assert (await desk.come_back(back, cookie=first)).status_code == 200


async def test_an_answer_counts_once(desk):
    back = desk.vendor.authorize(await desk.begin())
    assert (await desk.come_back(back)).status_code == 200
    before = await desk.everything()
    again = await desk.come_back(back)
    assert again.status_code == 410
    assert "or is over: connect it again" in again.text
    assert await desk.everything() == before
    assert desk.vendor.count("/token") == 1


@pytest.mark.parametrize("state", [None, "", "x" * 75, "0" * 32 + "x" * 43, "z" * 300])
async def test_a_state_that_nobody_was_given_is_refused(desk, state):
    before = await desk.everything()
    answer = await desk.come_back(changed(desk.vendor.authorize(await desk.begin()), state=state))
    assert answer.status_code == 410
    assert await desk.everything() == before
    assert desk.vendor.count("/token") == 0


async def test_another_session_of_the_same_person_does_not_take_the_answer(desk, admin):
    back = desk.vendor.authorize(await desk.begin())
    first = desk.cookie
    await desk.sign_in(admin)
    before = await desk.everything()
    assert (await desk.come_back(back)).status_code == 410
    assert await desk.everything() == before
    assert desk.vendor.count("/token") == 0
    # Whose it is can still take it: a stranger ends nothing.
    assert (await desk.come_back(back, cookie=first)).status_code == 200


async def test_one_that_does_not_come_back_is_forgotten_by_the_clock(desk, services, clock):
    await desk.begin()
    await forget_flows(services)
    assert await desk.owner.fetchval("select count(*) from authorisation_flow") == 1
    clock.advance(timedelta(minutes=10))
    await forget_flows(services)
    assert await desk.owner.fetchval("select count(*) from authorisation_flow") == 0


async def test_who_is_signed_out_is_told_to_sign_in(desk):
    back = desk.vendor.authorize(await desk.begin())
    answer = await desk.come_back(back, cookie="")
    assert (answer.status_code, "Sign in first" in answer.text) == (401, True)
    assert desk.vendor.count("/token") == 0


async def test_an_answer_that_comes_too_late_is_refused(desk, clock):
    back = desk.vendor.authorize(await desk.begin())
    clock.advance(timedelta(minutes=10))
    assert (await desk.come_back(back)).status_code == 410
    assert desk.vendor.count("/token") == 0


@pytest.mark.parametrize("iss", ["https://evil.example", ""])
async def test_an_issuer_that_was_not_declared_is_refused(desk, iss):
    before = await desk.everything()
    answer = await desk.come_back(changed(desk.vendor.authorize(await desk.begin()), iss=iss))
    assert (answer.status_code, "Another server has answered" in answer.text) == (403, True)
    assert await desk.everything() == before
    assert desk.vendor.count("/token") == 0


async def test_an_answer_at_another_vendors_address_is_refused(desk):
    back = desk.vendor.authorize(await desk.begin())
    answer = await desk.come_back(back.replace("/callback/let_in", "/callback/recorder"))
    assert answer.status_code == 410
    assert desk.vendor.count("/token") == 0


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"error": "access_denied"}, "you or the vendor said no"),
        ({"error": "<script>alert(1)</script>"}, "scriptalert1script"),
        ({"error": "temporarily_unavailable"}, "it is busy; try again later"),
        ({"error": None}, "answers without a code"),
    ],
)
async def test_an_answer_without_a_code_is_told_plainly(desk, told, words):
    desk.vendor.leads_back = {"code": None, **told}
    before = await desk.everything()
    answer = await desk.connect()
    assert (answer.status_code, words in answer.text) == (403, True), answer.text
    assert await desk.everything() == before
    assert desk.vendor.count("/token") == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"access_token": None}, "gives no token"),
        ({"access_token": "two words"}, "holds no token that can be shown"),
        ({"access_token": "line\r\nX-Evil: 1"}, "holds no token that can be shown"),
        ({"access_token": 7}, "holds no token that can be shown"),
        ({"error": "invalid_code"}, "gives no token (invalid_code)"),
        ({"token_type": "mac"}, "tokens of another type (mac)"),
        ({"scope": "contacts.read"}, "contacts.write is missing"),
    ],
)
async def test_a_vendor_that_gives_no_good_token_connects_nothing(desk, said, words):
    desk.vendor.said = said
    before = await desk.everything()
    answer = await desk.connect()
    assert (answer.status_code, words in answer.text) == (403, True), answer.text
    assert await desk.everything() == before


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((500, {}, b"<h1>broken</h1>"), 502),
        ((200, {}, b"not JSON"), 502),
        ((302, {"location": "http://127.0.0.1:1/"}, {}), 502),
        ((429, {}, {}), 502),
        ((401, {}, {"error": "invalid_client"}), 403),
    ],
)
async def test_a_token_endpoint_that_errs_connects_nothing(desk, answer, status):
    desk.vendor.answers["/token"] = answer
    before = await desk.everything()
    assert (await desk.connect()).status_code == status
    assert await desk.everything() == before


async def test_a_vendor_that_is_away_connects_nothing(desk):
    before = await desk.everything()
    desk.vendor.is_down = True
    answer = await desk.connect()
    assert (answer.status_code, "127.0.0.1 did not answer" in answer.text) == (502, True)
    assert await desk.everything() == before


async def test_without_a_client_it_says_what_the_operator_does(desk, services):
    await remove_integration_client(services, "let_in")
    before = await desk.everything()
    with pytest.raises(ClientMissingError, match="wardship integration-client set let_in"):
        await desk.begin()
    assert await desk.everything() == before


async def test_a_member_connects_nothing(desk, ada, services):
    with pytest.raises(NotFoundError):
        async with access_for(services, desk.actor(ada)) as access:
            await begin_connecting(access, desk.installation.id)


async def test_it_takes_a_fresh_second_factor_and_a_browser(desk):
    with pytest.raises(StepUpRequiredError):
        await desk.begin(stepped_up=False)
    with pytest.raises(BrowserSessionRequiredError):
        await desk.begin(credential=CredentialKind.TOKEN, scopes=frozenset({"read", "write", "admin"}))
    assert await desk.owner.fetchval("select count(*) from authorisation_flow") == 0


async def test_who_may_not_manage_it_any_more_connects_nothing(desk, owner, admin, database, acme):
    await make_member(database, acme, Role.ORG_OWNER)
    back = desk.vendor.authorize(await desk.begin())
    demote = "update role_assignment set role = 'auditor' where member_id = $1 and role = 'org_admin'"
    await owner.execute(demote, admin.member_id)
    answer = await desk.come_back(back)
    assert answer.status_code == 403
    assert await desk.rows() == []
    assert desk.vendor.count("/token") == 0


async def test_connected_again_the_tokens_of_before_are_kept_to_be_revoked(desk):
    await desk.connect()
    (before,) = set(desk.plugin.tokens)
    await desk.connect()
    assert await desk.rows() == ["superseded", "connected"]
    assert desk.plugin.tokens[-1] != before


async def test_another_account_is_refused_and_what_it_gave_is_given_back(desk):
    await desk.connect()
    before = await desk.everything()
    desk.vendor.account = "account-2"
    answer = await desk.connect()
    assert (answer.status_code, "another account" in answer.text) == (409, True)
    assert await desk.everything() == before
    assert [consent.account for consent, _ in desk.vendor.access.values() if not consent.is_ended] == ["account-1"]


async def test_another_account_is_taken_where_nothing_was_shared(desk):
    await desk.come_back(desk.vendor.authorize(await desk.begin()))
    desk.vendor.account = "account-2"
    answer = await desk.come_back(desk.vendor.authorize(await desk.begin()))
    assert answer.status_code == 200
    assert await desk.rows() == ["superseded", "connected"]


async def test_tokens_stand_nowhere_in_the_clear(desk, owner, caplog, capfd):
    await desk.connect()
    refresh = [*desk.vendor.refresh]
    secrets = [*desk.vendor.access, *refresh, desk.vendor.client_secret]
    tables = await owner.fetch("select tablename from pg_tables where schemaname = 'public'")
    for row in tables:
        text = await owner.fetchval(f"select string_agg(t::text, ' ') from {row['tablename']} t") or ""
        assert not [secret for secret in secrets if secret in text or secret.encode().hex() in text], row["tablename"]
    out, err = capfd.readouterr()
    assert "asking" in out + err + caplog.text
    assert not [secret for secret in secrets if secret in out + err + caplog.text]
