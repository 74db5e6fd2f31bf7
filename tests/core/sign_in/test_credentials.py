"""Changes of password and second factor: always two steps, always told to the owner."""

from __future__ import annotations

from datetime import timedelta

import pytest

NEW = "cobalt-heron-mosaic-quay"


async def test_a_password_change_needs_a_fresh_second_factor(browser, ann, clock, owner):
    clock.advance(timedelta(minutes=11))
    before = await owner.fetchval("select password_hash from password_credential")
    refused = await browser.post("/auth/password/change", current_password=ann.password, new_password=NEW)
    assert (refused.status_code, refused.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert await owner.fetchval("select password_hash from password_credential") == before
    await browser.post("/auth/step-up", code=ann.code())
    done = await browser.post("/auth/password/change", current_password=ann.password, new_password=NEW)
    assert done.status_code == 200


@pytest.mark.usefixtures("ann")
async def test_a_password_change_needs_the_present_password(browser):
    refused = await browser.post("/auth/password/change", current_password="wrong-wrong-wrong", new_password=NEW)
    assert (refused.status_code, refused.json()["code"]) == (401, "WRONG_PASSWORD")
    assert refused.json()["path"] == ["current_password"]


async def test_a_password_change_ends_other_sessions_renews_this_one_and_is_told(browser, ann, open_browser, deployed):
    other = open_browser()
    await ann.sign_in(other)
    old_cookie = browser.cookie
    stepped_up_at = (await browser.get("/auth/session")).json()["stepped_up_at"]
    deployed.clock.advance(timedelta(minutes=1))
    await browser.post("/auth/password/change", current_password=ann.password, new_password=NEW)
    assert browser.cookie != old_cookie
    assert (await browser.get("/auth/session")).json()["stepped_up_at"] == stepped_up_at, "it was not shown again"
    assert (await browser.get("/auth/sessions")).status_code == 200
    assert (await other.get("/auth/sessions")).status_code == 401
    assert (await deployed.mails(ann.email))[-1][0] == "Your password was changed at Wardship"
    stale = await open_browser().post("/auth/sign-in", email=ann.email, password=ann.password)
    assert stale.status_code == 401
    ann.password = NEW
    await ann.sign_in(open_browser())


async def test_a_forgotten_password_is_reset_by_mail_and_second_factor(browser, ann, open_browser, deployed):
    stranger = open_browser("198.51.100.4")
    await stranger.post("/auth/password/forgot", email=ann.email)
    token = await deployed.mailed_token(ann.email)
    without = await stranger.post("/auth/password/reset", token=token, password=NEW)
    assert (without.status_code, without.json()["code"]) == (401, "WRONG_CODE")
    wrong = await stranger.post("/auth/password/reset", token=token, password=NEW, code="123456")
    assert wrong.json()["code"] == "WRONG_CODE"
    assert (await browser.get("/auth/sessions")).status_code == 200
    done = await stranger.post("/auth/password/reset", token=token, password=NEW, code=ann.code())
    assert (done.status_code, done.json()["step"]) == (200, "done")
    assert (await browser.get("/auth/sessions")).status_code == 401
    ann.password = NEW
    await ann.sign_in(open_browser())
    again = await stranger.post("/auth/password/reset", token=token, password=NEW, code=ann.code())
    assert again.json()["code"] == "LINK_REFUSED"


async def test_a_reset_link_dies_after_two_hours(ann, open_browser, deployed, clock):
    await open_browser().post("/auth/password/forgot", email=ann.email)
    token = await deployed.mailed_token(ann.email)
    clock.advance(timedelta(hours=2))
    late = await open_browser().post("/auth/password/reset", token=token, password=NEW, code=ann.code())
    assert late.json()["code"] == "LINK_REFUSED"


async def test_a_reset_voids_other_reset_links(ann, open_browser, deployed, clock):
    stranger = open_browser()
    tokens = []
    for _ in range(2):
        await stranger.post("/auth/password/forgot", email=ann.email)
        clock.advance(timedelta(seconds=1))
        tokens.append(await deployed.mailed_token(ann.email))
    assert tokens[0] != tokens[1]
    used = await stranger.post("/auth/password/reset", token=tokens[1], password=NEW, code=ann.code())
    assert used.status_code == 200
    other = await stranger.post("/auth/password/reset", token=tokens[0], password=NEW, code=ann.code())
    assert other.json()["code"] == "LINK_REFUSED"


async def test_forgetting_answers_the_same_for_known_and_unknown_addresses(ann, open_browser, owner):
    answers = []
    for email in (ann.email, "nobody@example.org"):
        answer = await open_browser("198.51.100.1").post("/auth/password/forgot", email=email)
        answers.append((answer.status_code, answer.json(), sorted(answer.headers)))
    assert answers[0] == answers[1]
    assert await owner.fetchval("select count(*) from outgoing_mail where recipient like 'nobody%'") == 1
    assert await owner.fetchval("select count(*) from sign_in_link where purpose = 'reset_password'") == 1


async def test_reset_codes_count_against_the_same_lock(ann, open_browser, deployed):
    stranger = open_browser("198.51.100.4")
    await stranger.post("/auth/password/forgot", email=ann.email)
    token = await deployed.mailed_token(ann.email)
    statuses = [
        (await stranger.post("/auth/password/reset", token=token, password=NEW, code="000000")).status_code
        for _ in range(6)
    ]
    assert statuses == [401] * 5 + [429]


@pytest.mark.usefixtures("ann")
async def test_another_authenticator_needs_the_present_one(browser, clock, owner):
    clock.advance(timedelta(minutes=11))
    before = await owner.fetchrow("select * from totp_credential")
    refused = await browser.post("/auth/enrol-second-factor")
    assert refused.json()["code"] == "STEP_UP_REQUIRED"
    assert await owner.fetchrow("select * from totp_credential") == before


async def test_another_authenticator_replaces_the_first_once_it_is_confirmed(browser, ann, open_browser, deployed):
    other = open_browser()
    await ann.sign_in(other)
    await browser.post("/auth/step-up", code=ann.code())
    secret = (await browser.post("/auth/enrol-second-factor")).json()["secret"]
    assert (await browser.post("/auth/step-up", code=ann.code())).status_code == 200, "the first is still in force"
    ann.secret, old = secret, ann.secret
    confirmed = await browser.post("/auth/enrol-second-factor/confirm", code=ann.code())
    assert confirmed.status_code == 200
    assert not set(confirmed.json()["recovery_codes"]) & set(ann.recovery_codes)
    assert (await other.get("/auth/sessions")).status_code == 401
    assert (await deployed.mails(ann.email))[-1][0] == "Your second factor was set up at Wardship"
    ann.secret = old
    assert (await browser.post("/auth/step-up", code=ann.code())).json()["code"] == "WRONG_CODE"
    ann.secret = secret
    assert (await browser.post("/auth/step-up", code=ann.code())).status_code == 200


async def test_a_password_alone_never_replaces_a_second_factor(ann, open_browser, owner):
    """Two browsers enrol at once with the password; the slower one finds the door closed."""
    fast, slow = open_browser(), open_browser()
    await owner.execute("delete from totp_credential")
    for other in (fast, slow):
        step = await other.post("/auth/sign-in", email=ann.email, password=ann.password)
        assert step.json()["step"] == "enrolment"
    ann.secret = (await fast.post("/auth/enrol-second-factor")).json()["secret"]
    assert (await fast.post("/auth/enrol-second-factor/confirm", code=ann.code())).status_code == 200
    assert (await slow.post("/auth/enrol-second-factor")).status_code == 401


async def test_enrolment_is_refused_to_an_unfinished_sign_in_when_a_factor_exists(ann, open_browser, owner):
    other = open_browser()
    await other.post("/auth/sign-in", email=ann.email, password=ann.password)
    await owner.execute("update session set stage = 'enrolment' where stage = 'second_step'")
    refused = await other.post("/auth/enrol-second-factor")
    assert (refused.status_code, refused.json()["code"]) == (409, "SECOND_FACTOR_EXISTS")


async def test_a_wrong_code_confirms_nothing(browser, deployed, owner):
    await browser.post("/auth/register", email="bob@example.org")
    token = await deployed.mailed_token("bob@example.org")
    await browser.post("/auth/verify", token=token, password=NEW, display_name="Bob")
    nothing = await browser.post("/auth/enrol-second-factor/confirm", code="123456")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "NO_PENDING_AUTHENTICATOR")
    await browser.post("/auth/enrol-second-factor")
    wrong = await browser.post("/auth/enrol-second-factor/confirm", code="000000")
    assert wrong.json()["code"] == "WRONG_CODE"
    assert await owner.fetchval("select confirmed_at from totp_credential") is None
    assert (await browser.get("/auth/session")).json()["account"] is None


async def test_recovery_codes_are_renewed_after_a_step_up_and_the_old_ones_die(browser, ann, open_browser, clock):
    clock.advance(timedelta(minutes=11))
    assert (await browser.post("/auth/recovery-codes")).json()["code"] == "STEP_UP_REQUIRED"
    await browser.post("/auth/step-up", code=ann.code())
    codes = (await browser.post("/auth/recovery-codes")).json()["recovery_codes"]
    assert len(set(codes)) == 10
    other = open_browser()
    await other.post("/auth/sign-in", email=ann.email, password=ann.password)
    assert (await other.post("/auth/second-step", code=ann.recovery_codes[0])).status_code == 401
    assert (await other.post("/auth/second-step", code=codes[0])).status_code == 200


@pytest.mark.parametrize("path", ["/auth/step-up", "/auth/recovery-codes", "/auth/password/change"])
async def test_nothing_of_this_is_open_to_nobody(open_browser, path):
    bodies = {"/auth/step-up": {"code": "123456"}, "/auth/password/change": {"new_password": NEW}}
    answer = await open_browser().post(path, **bodies.get(path, {}))
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_AUTHENTICATED")


async def test_the_enrolment_shows_secret_uri_and_qr_code(browser, ann):
    await browser.post("/auth/step-up", code=ann.code())
    answer = (await browser.post("/auth/enrol-second-factor")).json()
    assert answer["uri"].startswith(f"otpauth://totp/Wardship:ann%40example.org?secret={answer['secret']}")
    assert answer["qr_svg"].startswith("<svg ")
    assert "<script" not in answer["qr_svg"]
