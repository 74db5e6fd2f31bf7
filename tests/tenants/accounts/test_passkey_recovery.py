"""Recovery where passkeys are the factor that was lost, or the one that takes its place."""

from __future__ import annotations

import pyotp
import pytest

from tests.core.sign_in.authenticator import Authenticator

pytestmark = pytest.mark.anyio


async def opened(recovering) -> str:
    """Return the token of the link of a recovery that two people have approved, after its delay."""
    await recovering.approve(await recovering.begin())
    await recovering.tick(hours=48)
    return await recovering.token("Set a new second factor")


async def show(browser, passkey):
    options = (await browser.post("/auth/sign-in/passkey/options")).json()["options"]
    return await browser.post("/auth/sign-in/passkey", credential=passkey.show(options))


async def test_a_recovery_takes_lost_passkeys_and_the_authenticator_away(
    recovering, ann, passkey, browser, open_browser, owner
):
    token = await opened(recovering)
    fresh = open_browser("198.51.100.4")
    await fresh.post("/auth/recovery/use", token=token, password=ann.password)
    assert await owner.fetchval("select count(*) from passkey") == 1, "in force until the new factor is"
    new = Authenticator()
    options = (await fresh.post("/auth/passkeys/options")).json()["options"]
    done = await fresh.post("/auth/passkeys", name="New", credential=new.make(options))
    assert (done.status_code, len(done.json()["recovery_codes"])) == (201, 10)
    assert [row["name"] for row in await owner.fetch("select name from passkey")] == ["New"]
    assert await owner.fetchval("select count(*) from totp_credential") == 0
    assert await owner.fetchval("select state from account_recovery") == "done"
    assert (await browser.get("/auth/sessions")).status_code == 401
    assert (await show(open_browser(), passkey)).json()["code"] == "PASSKEY_REFUSED"
    assert (await show(open_browser(), new)).status_code == 200


async def test_a_new_authenticator_by_recovery_takes_lost_passkeys_away(recovering, ann, passkey, open_browser, owner):
    token = await opened(recovering)
    fresh = open_browser("198.51.100.4")
    await fresh.post("/auth/recovery/use", token=token, password=ann.password)
    secret = (await fresh.post("/auth/enrol-second-factor")).json()["secret"]
    code = pyotp.TOTP(secret).at(ann.clock.now())
    assert (await fresh.post("/auth/enrol-second-factor/confirm", code=code)).json()["step"] == "done"
    assert await owner.fetchval("select count(*) from passkey") == 0
    assert (await show(open_browser(), passkey)).json()["code"] == "PASSKEY_REFUSED"


async def test_a_passkey_that_is_shown_calls_a_recovery_off(recovering, passkey, open_browser, owner):
    token = await opened(recovering)
    assert (await show(open_browser(), passkey)).status_code == 200
    assert await owner.fetchval("select state from account_recovery") == "cancelled"
    refused = await open_browser().post("/auth/recovery/use", token=token, password="violet-otter-canyon-lamp")
    assert refused.json()["code"] == "LINK_REFUSED"
    assert await owner.fetchval("select count(*) from passkey") == 1


async def test_a_step_up_by_passkey_calls_a_recovery_off(recovering, passkey, browser, owner):
    await recovering.begin()
    options = (await browser.post("/auth/second-step/passkey/options")).json()["options"]
    assert (await browser.post("/auth/step-up/passkey", credential=passkey.show(options))).status_code == 200
    assert await owner.fetchval("select state from account_recovery") == "cancelled"


async def test_a_recovery_that_has_ended_adds_no_passkey(recovering, ann, passkey, open_browser, owner):
    token = await opened(recovering)
    fresh = open_browser("198.51.100.4")
    await fresh.post("/auth/recovery/use", token=token, password=ann.password)
    options = (await fresh.post("/auth/passkeys/options")).json()["options"]
    assert (await show(open_browser(), passkey)).status_code == 200
    refused = await fresh.post("/auth/passkeys", name="New", credential=Authenticator().make(options))
    assert refused.status_code == 401, "its session ended with it"
    assert await owner.fetchval("select name from passkey") == "Ann's phone"
