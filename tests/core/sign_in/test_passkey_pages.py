"""The pages of the second factor: what they show, and what they refuse, without a browser that runs scripts."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from datetime import timedelta

import pytest

from tests.core.sign_in.authenticator import Authenticator

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def field(page: str, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def options(page: str) -> dict:
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', page)[1]))


async def post(browser, path: str, **fields: str):
    return await browser.http.post(path, data=fields)


async def half_signed_in(browser, human) -> str:
    """Pass the first step, and return the page that asks for the second."""
    await browser.post("/auth/sign-in", email=human.email, password=human.password)
    return (await browser.get("/auth/second-factor")).text


async def make_passkey(browser, name: str) -> str:
    page = (await browser.get("/auth/enrol")).text
    page = (await post(browser, "/auth/enrol", csrf_token=field(page, "csrf_token"), act="passkey")).text
    credential = json.dumps(Authenticator().make(options(page)))
    return (
        await post(browser, "/auth/enrol", csrf_token=field(page, "csrf_token"), name=name, credential=credential)
    ).text


async def test_script_is_served_as_it_is_promised_and_the_page_allows_no_other(browser, ann, passkey, open_browser):
    other = open_browser()
    page = await half_signed_in(other, ann)
    answer = await post(other, "/auth/second-factor", csrf_token=field(page, "csrf_token"), act="passkey")
    integrity = re.search(r'<script src="/auth/passkey.js" integrity="sha384-([^"]+)"></script>', answer.text)[1]
    script = await browser.http.get("/auth/passkey.js")
    assert base64.b64encode(hashlib.sha384(script.content).digest()).decode() == html.unescape(integrity)
    assert script.headers["content-type"].startswith("text/javascript")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.text.count("<script") == 1
    assert "script-src" not in (await other.get("/auth/second-factor")).headers["content-security-policy"]
    assert passkey.credential_id


async def test_second_step_by_code_leads_to_the_console(ann, open_browser):
    other = open_browser()
    page = await half_signed_in(other, ann)
    assert "Use a passkey" not in page, "the account has none"
    wrong = await post(other, "/auth/second-factor", csrf_token=field(page, "csrf_token"), code="000000")
    assert (wrong.status_code, "This code is wrong" in wrong.text) == (401, True)
    done = await post(other, "/auth/second-factor", csrf_token=field(wrong.text, "csrf_token"), code=ann.code())
    assert (done.status_code, done.headers["location"]) == (303, "/console")
    assert (await other.get("/auth/sessions")).status_code == 200


async def test_second_step_by_passkey_leads_to_the_console(ann, passkey, open_browser):
    other = open_browser()
    page = await half_signed_in(other, ann)
    page = (await post(other, "/auth/second-factor", csrf_token=field(page, "csrf_token"), act="passkey")).text
    credential = json.dumps(passkey.show(options(page)))
    token = field(page, "csrf_token")
    done = await post(other, "/auth/second-factor", csrf_token=token, credential=credential)
    assert (done.status_code, done.headers["location"]) == (303, "/console")


@pytest.mark.parametrize("credential", ["", "no JSON", "[]", "null", "[" * 5000])
async def test_what_is_no_credential_is_refused_with_the_way_to_try_again(ann, passkey, open_browser, credential):
    other = open_browser()
    page = await half_signed_in(other, ann)
    refused = await post(other, "/auth/second-factor", csrf_token=field(page, "csrf_token"), credential=credential)
    assert (refused.status_code, "not accepted here" in refused.text) == (401, True)
    assert "Use a passkey" in refused.text
    assert (await other.get("/auth/sessions")).status_code == 401
    assert passkey.sign_count == 0


@pytest.mark.parametrize("path", ["/auth/enrol", "/auth/second-factor", "/auth/security"])
async def test_pages_without_a_session_or_its_csrf_token_change_nothing(
    browser, ann, passkey, open_browser, owner, path
):
    before = await owner.fetch("select * from passkey")
    stranger = open_browser()
    assert (await stranger.get(path)).status_code == 401
    for act in ("passkey", "remove", "remove_authenticator"):
        assert (await post(stranger, path, act=act)).status_code == 401
        assert (await post(browser, path, act=act, csrf_token="x")).status_code == 403
        assert (await post(browser, path, act=act)).status_code == 403
    assert await owner.fetch("select * from passkey") == before
    assert await owner.fetchval("select count(*) from passkey_challenge") == 0
    assert (ann.email, passkey.sign_count) == ("ann@example.org", 0)


async def test_passkey_is_made_renamed_and_removed_on_the_page(browser, ann, deployed, owner):
    await make_passkey(browser, "Büro <b>")
    page = (await browser.get("/auth/security")).text
    assert "Büro &lt;b&gt;" in page
    fields = {"csrf_token": field(page, "csrf_token"), "passkey_id": field(page, "passkey_id")}
    renamed = await post(browser, "/auth/security", **fields, act="rename", name="Büro")
    assert (renamed.status_code, renamed.headers["location"]) == (303, "/auth/security")
    assert await owner.fetchval("select name from passkey") == "Büro"
    await post(browser, "/auth/security", csrf_token=fields["csrf_token"], act="remove_authenticator")
    assert await owner.fetchval("select count(*) from totp_credential") == 0
    last = await post(browser, "/auth/security", **fields, act="remove")
    assert (last.status_code, "your only second factor" in last.text) == (409, True)
    assert await owner.fetchval("select count(*) from passkey") == 1
    assert (await deployed.mails(ann.email))[-1][0] == "The authenticator was removed from your account at Wardship"


@pytest.mark.usefixtures("passkey")
async def test_page_asks_for_the_second_factor_before_it_changes_anything(browser, clock, owner):
    clock.advance(timedelta(minutes=11))
    page = (await browser.get("/auth/security")).text
    assert "show your second factor first" in page
    assert "Remove" not in page
    assert '<a href="/console">Back</a>' in page
    fields = {"csrf_token": field(page, "csrf_token"), "passkey_id": field(page, "passkey_id")}
    answer = await post(browser, "/auth/security", **fields, act="remove")
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/second-factor")
    assert await owner.fetchval("select count(*) from passkey") == 1


@pytest.mark.usefixtures("passkey")
@pytest.mark.parametrize("passkey_id", ["", "x", "00000000-0000-7000-8000-000000000000"])
async def test_page_knows_only_its_own_passkeys(browser, owner, passkey_id):
    page = (await browser.get("/auth/security")).text
    token = field(page, "csrf_token")
    answer = await post(browser, "/auth/security", csrf_token=token, passkey_id=passkey_id, act="remove")
    assert answer.status_code == 404
    assert await owner.fetchval("select count(*) from passkey") == 1


async def test_reset_page_asks_for_no_code_where_the_factor_was_just_shown(browser, ann, open_browser, deployed):
    await open_browser("198.51.100.4").post("/auth/password/forgot", email=ann.email)
    path = f"/auth/link/{await deployed.mailed_token(ann.email)}"
    assert 'name="code"' in (await open_browser().get(path)).text
    page = (await browser.get(path)).text
    assert 'name="code"' not in page
    done = await post(browser, path, csrf_token=field(page, "csrf_token"), password="cobalt-heron-mosaic-quay")
    assert done.status_code == 303
    ann.password = "cobalt-heron-mosaic-quay"
    await ann.sign_in(open_browser())
