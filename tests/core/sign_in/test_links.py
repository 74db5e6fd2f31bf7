from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pyotp
import pytest

from tests.edge import make_app
from wardship.core.actor import PROVIDER_ID
from wardship.core.sign_in.demonstration import DemonstrationRefusedError, make_demonstration_link
from wardship.core.sign_in.links import LinkPurpose, use_link
from wardship.core.sign_in.pages.page import Page, show
from wardship.core.sign_in.routes import sign_in_router
from wardship.core.sign_in.sessions import token_hash

PASSWORD = "violet-otter-canyon-lamp"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def account(owner):
    account_id = await owner.fetchval(
        "insert into account (id, created_at, display_name) values (gen_random_uuid(), now(), 'Dana <i>Demo</i>')"
        " returning id"
    )
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
        " values (gen_random_uuid(), now(), $1, 'dana@example.org', true, now())",
        account_id,
    )
    return account_id


@pytest.fixture
async def demonstration(deployed, account) -> str:
    async with deployed.database.directory() as transaction:
        url = await make_demonstration_link(transaction, deployed.settings, account, at=deployed.clock.now())
    return url.removeprefix("http://localhost:8000")


async def test_looking_at_a_link_uses_nothing_up(open_browser, demonstration, owner):
    scanner = open_browser("198.51.100.1")
    for method in ("GET", "GET", "HEAD"):
        answer = await scanner.send(method, demonstration)
        assert "set-cookie" not in answer.headers
    assert await owner.fetchval("select count(*) from session") == 0
    assert await owner.fetchval("select used_at from sign_in_link") is None


async def _recovery(owner, account, clock):
    return await owner.fetchval(
        "insert into account_recovery (id, created_at, account_id, organisation_id, state, state_since, asked_by,"
        " address_id, acts_at) values (gen_random_uuid(), $1, $2, $3, 'asked', $1, $2, $2, $1) returning id",
        clock.now(),
        account,
        PROVIDER_ID,
    )


SCANNED = ("HEAD", "GET", "GET")
"""What a scanner of links does with each that it finds in a mail, before its reader does."""


async def scan(open_browser, path: str) -> None:
    for method in SCANNED:
        answer = await open_browser("198.51.100.1").send(method, path)
        assert answer.status_code in ({200, 401} if method == "GET" else {405})
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("purpose", LinkPurpose)
async def test_link_of_every_purpose_works_after_a_scanner_has_followed_it(
    deployed, open_browser, account, owner, clock, purpose
):
    is_of_recovery = purpose in {LinkPurpose.CANCEL_RECOVERY, LinkPurpose.RECOVER}
    await owner.execute(
        "insert into sign_in_link (id, created_at, account_id, address, purpose, token_hash, expires_at, recovery_id)"
        " values (gen_random_uuid(), $1, $2, 'dana@example.org', $3, $4, $5, $6)",
        clock.now(), None if purpose is LinkPurpose.VERIFY_ADDRESS else account, purpose.value, token_hash("token"),
        clock.now() + timedelta(hours=1), await _recovery(owner, account, clock) if is_of_recovery else None,
    )  # fmt: skip
    before = await owner.fetchrow("select * from sign_in_link")
    await scan(open_browser, "/auth/link/token")
    assert await owner.fetchrow("select * from sign_in_link") == before
    async with deployed.database.directory() as transaction:
        assert (await use_link(transaction, "token", purpose, at=clock.now())).purpose is purpose


async def test_person_registers_and_resets_the_password_by_links_that_a_scanner_has_followed(
    browser, open_browser, enrol, deployed
):
    await browser.post("/auth/register", email="eve@example.org")
    token = await deployed.mailed_token("eve@example.org")
    await scan(open_browser, f"/auth/link/{token}")
    verified = await browser.post("/auth/verify", token=token, password=PASSWORD, display_name="Eve")
    assert verified.json()["step"] == "enrolment"
    ann = await enrol(open_browser())
    await browser.post("/auth/password/forgot", email=ann.email)
    token = await deployed.mailed_token(ann.email)
    await scan(open_browser, f"/auth/link/{token}")
    done = await browser.post("/auth/password/reset", token=token, password=f"{PASSWORD}-new", code=ann.code())
    assert done.status_code == 200, done.text


async def test_the_button_signs_in_once_stepped_up(browser, demonstration, open_browser, owner):
    page = await browser.get(demonstration)
    assert "You will be Dana &lt;i&gt;Demo&lt;/i&gt;." in page.text
    entered = await browser.send("POST", demonstration, headers=FORM)
    assert (entered.status_code, entered.headers["location"]) == (303, "/console")
    session = (await browser.get("/auth/session")).json()
    assert session["account"]["email"] == "dana@example.org"
    assert await owner.fetchval("select stepped_up_at is not null from session")
    again = await open_browser().send("POST", demonstration, headers=FORM)
    assert again.status_code == 410
    assert "set-cookie" not in again.headers


async def test_of_concurrent_uses_one_succeeds(open_browser, demonstration):
    browsers = [open_browser() for _ in range(4)]
    answers = await asyncio.gather(*(browser.send("POST", demonstration, headers=FORM) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]


async def test_another_site_can_not_press_the_button(browser, demonstration, owner):
    answer = await browser.send("POST", demonstration, headers=FORM | {"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "ORIGIN_REFUSED")
    assert await owner.fetchval("select used_at from sign_in_link") is None


@pytest.mark.parametrize("changes", [{"development": False}, {"database_url": "postgresql:///x"}])
async def test_demonstration_links_neither_work_nor_are_made_in_production(
    deployed, open_browser, demonstration, account, owner, changes
):
    settings = deployed.settings.model_copy(update=changes)
    async with deployed.database.directory() as transaction:
        with pytest.raises(DemonstrationRefusedError):
            await make_demonstration_link(transaction, settings, account, at=deployed.clock.now())
    production = type(deployed)(settings, deployed.database, deployed.clock, deployed.keys)
    browser = open_browser()
    browser.http._transport.app = make_app(production.settings, sign_in_router(production))
    answer = await browser.send("POST", demonstration, headers=FORM)
    assert answer.status_code == 403
    assert await owner.fetchval("select count(*) from session") == 0
    assert await owner.fetchval("select used_at from sign_in_link") is None


async def test_a_person_registers_by_pages_alone(browser, deployed, clock):
    sent = await browser.send("POST", "/auth/registration", data={"email": "eve@example.org"})
    assert "A mail is on its way" in sent.text
    path = f"/auth/link/{await deployed.mailed_token('eve@example.org')}"
    weak = await browser.send("POST", path, data={"display_name": "Eve", "password": "short"})
    assert weak.status_code == 400
    assert 'role="alert"' in weak.text
    assert 'value="Eve"' in weak.text
    assert "short" not in re.sub(r"<style>.*?</style>", "", weak.text)
    made = await browser.send("POST", path, data={"display_name": "Eve", "password": PASSWORD})
    assert (made.status_code, made.headers["location"]) == (303, "/auth/enrol")
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', (await browser.get("/auth/enrol")).text)[1]
    scan = await browser.send("POST", "/auth/enrol", data={"csrf_token": csrf})
    secret = re.search(r"authenticator: ([A-Z2-7]{32})", scan.text)[1]
    assert "<svg" in scan.text
    done = await browser.send(
        "POST", "/auth/enrol", data={"csrf_token": csrf, "code": pyotp.TOTP(secret).at(clock.now())}
    )
    assert len(re.findall(r"<li><code>[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}</code></li>", done.text)) == 10
    assert (await browser.get("/auth/session")).json()["account"]["email"] == "eve@example.org"


async def test_enrolment_by_page_needs_the_csrf_token(browser, deployed, owner):
    await browser.post("/auth/register", email="eve@example.org")
    token = await deployed.mailed_token("eve@example.org")
    await browser.post("/auth/verify", token=token, password=PASSWORD, display_name="Eve")
    for form in ({}, {"csrf_token": "wrong"}):
        answer = await browser.send("POST", "/auth/enrol", data=form, headers=FORM)
        assert answer.status_code == 403
    assert await owner.fetchval("select count(*) from totp_credential") == 0


async def test_a_password_is_reset_by_pages_alone(ann, open_browser, deployed):
    stranger = open_browser()
    known = await stranger.send("POST", "/auth/forgotten", data={"email": ann.email})
    unknown = await stranger.send("POST", "/auth/forgotten", data={"email": "nobody@example.org"})
    assert known.text == unknown.text
    path = f"/auth/link/{await deployed.mailed_token(ann.email)}"
    wrong = await stranger.send("POST", path, data={"password": PASSWORD + "-new", "code": "000000"})
    assert wrong.status_code == 401
    done = await stranger.send("POST", path, data={"password": PASSWORD + "-new", "code": ann.code()})
    assert (done.status_code, done.headers["location"]) == (303, "/console")


async def test_a_code_is_compared_at_the_moment_at_which_the_form_has_come(ann, open_browser, deployed, clock):
    stranger = open_browser()
    await stranger.send("POST", "/auth/forgotten", data={"email": ann.email})
    path = f"/auth/link/{await deployed.mailed_token(ann.email)}"
    form = f"password={PASSWORD}-new&code={ann.code()}".encode()

    async def body():
        clock.advance(timedelta(minutes=10))  # the headers were there long before
        yield form

    late = await stranger.send("POST", path, content=body(), headers=FORM | {"content-length": str(len(form))})
    assert late.status_code == 401


async def test_the_page_of_a_dead_link_tells_nothing(browser):
    answer = await browser.get("/auth/link/" + "A" * 43)
    assert answer.status_code == 410
    assert "ask for a new one" in answer.text


async def test_pages_run_no_script_and_escape_what_they_show(browser):
    headers = (await browser.get("/auth/registration")).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "strict-origin"
    text = show(Page("<script>", refusal='"><img>')).content
    assert "<script>" not in text
    assert "<img>" not in text
