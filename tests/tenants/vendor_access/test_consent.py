"""The consent page: who is asked, what is said, and where the browser goes afterwards."""

from __future__ import annotations

import html
from urllib.parse import urlencode

import pytest

from tests.builders import make_member, make_organisation
from tests.connecting import Connections
from tests.tenants.vendor_access.desk import CALLBACK, FETCHED, STATE, landed
from wardship.core.actor import Role
from wardship.plugins.api import plain_words

pytestmark = pytest.mark.anyio


async def test_page_shows_the_declaration_in_the_words_of_the_one_generator(desk, recording):
    page = html.unescape((await desk.ask()).text)
    assert "May Vendor Sync fetch data of Acme?" in page
    assert "vendor.example" in page
    for section in plain_words(recording.declared, recording.plan).sections:
        assert section.title in page
        assert all(line in page for line in section.lines)
    assert "<script" not in page


async def test_page_can_not_be_framed_cached_or_scripted(desk):
    headers = (await desk.ask()).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


async def test_who_consents_comes_back_with_code_state_and_issuer(desk):
    back = landed(await desk.press())
    assert back["state"] == STATE
    assert back["iss"] == desk.origin
    assert back["kept"] == "1"
    assert back["code"].startswith("wsc_")
    assert await desk.owner.fetchval("select granted_by from vendor_grant") == desk.admin.member_id


async def test_who_cancels_comes_back_with_a_refusal_and_nothing_is_granted(desk):
    back = landed(await desk.press("deny"))
    assert (back["error"], back["state"], back["iss"]) == ("access_denied", STATE, desk.origin)
    assert "code" not in back
    assert (await desk.rows("vendor_grant"), await desk.rows("vendor_code")) == (0, 0)


async def test_who_is_not_signed_in_is_led_there_and_back(desk):
    desk.cookie = ""
    page = await desk.ask()
    assert page.status_code == 401
    (link,) = [part.split('"')[0] for part in page.text.split('href="/console#')[1:]]
    answer = await desk.browse("GET", html.unescape(link))
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/oauth/authorize?{urlencode(desk.parameters())}"


@pytest.mark.parametrize("packed", ["!!", "aHR0cHM6Ly9ldmlsLmV4YW1wbGU", "Ly9ldmlsLmV4YW1wbGUvP3g9MQ"])
async def test_way_back_leads_to_our_own_page_alone(desk, packed):
    answer = await desk.browse("GET", f"/oauth/return/{packed}")
    assert answer.status_code == 400 or answer.headers["location"].startswith("/oauth/authorize?")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PRIVACY_OFFICER, Role.TECHNICAL_CONTACT, Role.MEMBER])
async def test_who_may_not_manage_integrations_can_not_consent(desk, database, acme, role):
    await desk.sign_in(await make_member(database, acme, role, name="Rita"))
    page = await desk.press()
    assert page.status_code in {403, 404}
    assert (await desk.rows("vendor_grant"), await desk.rows("vendor_code")) == (0, 0)


async def test_consent_needs_a_second_factor_shown_a_moment_ago(desk):
    await desk.sign_in(desk.admin, stepped_up=False)
    asked = await desk.ask()
    assert 'name="code"' in asked.text
    page = await desk.press()
    assert page.status_code == 403
    wrong = await desk.press(form={"code": "000000"})
    assert wrong.status_code >= 400
    assert (await desk.rows("vendor_grant"), await desk.rows("vendor_code")) == (0, 0)


@pytest.mark.parametrize(
    ("form", "headers"),
    [({"csrf_token": "guessed"}, {}), ({"csrf_token": ""}, {}), ({}, {"Origin": "https://evil.example"})],
)
async def test_form_of_another_site_grants_nothing(desk, form, headers):
    query = urlencode(desk.parameters())
    token = (await desk.ask(query)).text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {"csrf_token": token, "act": "allow"} | form
    answer = await desk.browse("POST", f"/oauth/authorize?{query}", data=sent, headers=headers)
    assert answer.status_code == 403
    assert (await desk.rows("vendor_grant"), await desk.rows("vendor_code")) == (0, 0)


async def test_member_of_two_organisations_chooses_and_one_alone_is_let_in(desk, services, database):
    rival = await make_organisation(database, "rival")
    theirs = await make_member(database, rival, Role.ORG_ADMIN, account_id=desk.admin.account_id)
    other = await Connections(services, theirs).connect()
    page = await desk.ask()
    assert "Rival" in page.text
    assert "Allow" not in page.text
    assert (await desk.press(installation=str(other.id))).status_code == 200
    assert await desk.owner.fetchval("select organisation_id from vendor_grant") == rival.id


async def test_installation_of_an_organisation_that_is_not_the_callers_is_not_found(desk, services, database):
    rival = await make_organisation(database, "rival")
    theirs = await make_member(database, rival, Role.ORG_ADMIN)
    other = await Connections(services, theirs).connect()
    assert (await desk.ask(installation=str(other.id))).status_code == 404
    assert (await desk.rows("vendor_grant"), await desk.rows("vendor_code")) == (0, 0)


async def test_client_of_another_integration_asks_for_nothing_here(desk):
    await desk.owner.execute("update vendor_client set integration_key = 'calendar'")
    assert (await desk.ask()).status_code == 404


async def test_integration_whose_vendor_fetches_nothing_can_not_be_consented_to(desk):
    for entry in range(len(FETCHED)):
        await desk.owner.execute(
            f"update installation set manifest = jsonb_set(manifest, '{{receives,{entry},direction}}', '\"push\"')"
        )
    page = await desk.ask()
    assert page.status_code == 409
    assert "declares nothing" in page.text


@pytest.mark.parametrize("state", ["requested", "suspended", "ended"])
async def test_client_that_is_not_let_in_sends_nobody_anywhere(desk, state):
    await desk.owner.execute("update vendor_client set state = $1", state)
    page = await desk.ask()
    assert (page.status_code, "location" in page.headers) == (400, False)
    assert CALLBACK not in html.unescape(page.text)


async def test_session_of_an_organisation_s_provider_consents_for_that_organisation_alone(desk, database):
    rival = await make_organisation(database, "rival")
    await desk.owner.execute("update session set organisation_id = $1", rival.id)
    assert (await desk.press()).status_code == 404
    assert (await desk.rows("vendor_grant"), await desk.rows("vendor_code")) == (0, 0)
