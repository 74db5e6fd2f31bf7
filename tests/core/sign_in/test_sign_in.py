from __future__ import annotations

import asyncio
from datetime import timedelta

import argon2
import pyotp
import pytest

from wardship.core.sign_in import passwords
from wardship.core.sign_in.sessions import ABSOLUTE, IDLE


async def stages(owner):
    return [row["stage"] for row in await owner.fetch("select stage from session order by id")]


async def test_sign_in_is_two_steps(ann, open_browser):
    browser = open_browser()
    first = await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    assert first.json()["step"] == "totp"
    half = (await browser.get("/auth/session")).json()
    assert (half["account"], half["stage"], half["organisations"]) == (None, "second_step", [])
    assert (await browser.get("/auth/sessions")).json()["code"] == "SECOND_STEP_REQUIRED"
    second = await browser.post("/auth/second-step", code=ann.code())
    assert second.json()["step"] == "done"
    assert (await browser.get("/auth/session")).json()["account"]["email"] == ann.email


async def test_the_cookie_and_the_csrf_token_change_at_every_step(ann, open_browser):
    browser = open_browser()
    seen = []
    await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    seen.append((browser.cookie, browser.csrf))
    await browser.post("/auth/second-step", code=ann.code())
    seen.append((browser.cookie, browser.csrf))
    await browser.post("/auth/step-up", code=ann.code())
    seen.append((browser.cookie, browser.csrf))
    assert len({cookie for cookie, _ in seen}) == 3
    assert len({csrf for _, csrf in seen}) == 3
    old = open_browser()
    for cookie, _ in seen[:2]:
        old.http.cookies.set("wardship", cookie)
        assert (await old.get("/auth/session")).json()["stage"] is None


async def test_a_cookie_that_the_server_did_not_make_is_not_adopted(ann, open_browser):
    browser = open_browser()
    fixed = "A" * 43
    browser.http.cookies.set("wardship", fixed, domain="localhost.local", path="/")
    await browser.http.post(
        "/auth/sign-in",
        json={"email": ann.email, "password": ann.password},
        headers={"Cookie": f"wardship={fixed}"},
    )
    attacker = open_browser()
    attacker.http.cookies.set("wardship", fixed)
    assert (await attacker.get("/auth/session")).json()["stage"] is None


async def test_signing_in_ends_the_session_that_the_browser_had(browser, ann, owner):
    assert await stages(owner) == ["complete"]
    await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    assert await stages(owner) == ["second_step"]


async def test_a_code_works_once(ann, open_browser):
    code = ann.code()
    first, second = open_browser(), open_browser()
    for browser in (first, second):
        await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    assert (await first.post("/auth/second-step", code=code)).status_code == 200
    replayed = await second.post("/auth/second-step", code=code)
    assert (replayed.status_code, replayed.json()["code"]) == (401, "WRONG_CODE")


async def test_an_earlier_code_is_refused_after_a_later_one(ann, open_browser):
    early = pyotp.TOTP(ann.secret).at(ann.clock.now() + timedelta(seconds=30))
    late = pyotp.TOTP(ann.secret).at(ann.clock.now() + timedelta(seconds=60))
    ann.clock.advance(timedelta(seconds=60))
    browser = open_browser()
    await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    await browser.post("/auth/second-step", code=late)
    assert (await browser.post("/auth/step-up", code=early)).json()["code"] == "WRONG_CODE"


async def test_of_concurrent_uses_of_one_code_one_succeeds(ann, open_browser):
    browsers = [open_browser(f"198.51.100.{number}") for number in range(4)]
    for browser in browsers:
        await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    code = ann.code()
    answers = await asyncio.gather(*(browser.post("/auth/second-step", code=code) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_of_concurrent_uses_of_one_recovery_code_one_succeeds(ann, open_browser, owner, deployed):
    browsers = [open_browser(f"198.51.100.{number}") for number in range(4)]
    for browser in browsers:
        await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    code = ann.recovery_codes[0]
    answers = await asyncio.gather(*(browser.post("/auth/second-step", code=code) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    assert await owner.fetchval("select count(*) from recovery_code where used_at is not null") == 1
    told = [subject for subject, _ in (await deployed.mails(ann.email))[-2:]]
    assert told == ["A recovery code was used to sign in at Wardship", "You signed in from a new device at Wardship"]


async def test_a_recovery_code_is_read_however_it_is_typed(ann, open_browser):
    browser = open_browser()
    await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    typed = ann.recovery_codes[3].upper().replace("-", " ")
    assert (await browser.post("/auth/second-step", code=typed)).status_code == 200


async def test_unknown_address_and_wrong_password_get_the_same_answer_after_the_same_work(
    ann, open_browser, monkeypatch
):
    hashed = []
    plain = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda stored, typed: hashed.append(stored[:30]) or plain(stored, typed))
    answers = []
    for email in (ann.email, "nobody@example.org"):
        answer = await open_browser("198.51.100.1").post("/auth/sign-in", email=email, password="wrong-wrong-wrong")
        answers.append((answer.status_code, answer.json(), sorted(answer.headers)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
    assert len(hashed) == 2
    assert hashed[0] == hashed[1] == "$argon2id$v=19$m=19456,t=2,p=1"


async def test_the_hash_for_nobody_has_the_parameters_in_use():
    assert not passwords.needs_rehash(passwords._NOBODY)
    assert not await passwords.is_password(None, "anything")


async def test_guessing_passwords_locks_with_growing_delay(ann, open_browser, clock):
    async def attempt(password: str, number: int):
        browser = open_browser(f"198.51.100.{number}")
        return await browser.post("/auth/sign-in", email=ann.email, password=password)

    for number in range(5):
        assert (await attempt("wrong-wrong-wrong", number)).status_code == 401
    locked = await attempt(ann.password, 6)
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "30")
    clock.advance(timedelta(seconds=30))
    assert (await attempt("wrong-wrong-wrong", 7)).status_code == 401
    again = await attempt(ann.password, 8)
    assert (again.status_code, again.headers["retry-after"]) == (429, "60")
    clock.advance(timedelta(seconds=60))
    assert (await attempt(ann.password, 9)).status_code == 200


async def test_the_lock_is_the_same_for_an_address_without_account(ann, open_browser):
    answers = []
    for email in (ann.email, "nobody@example.org"):
        for number in range(6):
            browser = open_browser(f"198.51.100.{number}")
            answer = await browser.post("/auth/sign-in", email=email, password="wrong-wrong-wrong")
        answers.append((answer.status_code, answer.json(), answer.headers["retry-after"]))
    assert answers[0] == answers[1]
    assert answers[0][0] == 429


async def test_concurrent_guesses_are_all_counted(ann, open_browser):
    browsers = [open_browser(f"198.51.100.{number}") for number in range(12)]
    answers = await asyncio.gather(
        *(browser.post("/auth/sign-in", email=ann.email, password="wrong-wrong-wrong") for browser in browsers)
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * 5 + [429] * 7


@pytest.mark.usefixtures("ann")
async def test_one_network_may_not_try_many_addresses(open_browser, monkeypatch):
    monkeypatch.setattr(passwords, "_verify", lambda *_: False)
    browser = open_browser("2001:db8:1:2::5")
    for number in range(60):
        answer = await browser.post("/auth/sign-in", email=f"p{number}@example.org", password="wrong-wrong-wrong")
        assert answer.status_code == 401
    neighbour = open_browser("2001:db8:1:2:ffff::9")
    assert (await neighbour.post("/auth/sign-in", email="x@example.org", password="w")).status_code == 429
    other = open_browser("2001:db8:1:3::5")
    assert (await other.post("/auth/sign-in", email="x@example.org", password="w")).status_code == 401


async def test_guessing_codes_locks_the_account_however_often_the_password_is_shown(ann, open_browser, clock):
    refused = []
    for number in range(6):
        browser = open_browser(f"198.51.100.{number}")
        await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
        refused.append((await browser.post("/auth/second-step", code="000000")).status_code)
    assert refused == [401] * 5 + [429]
    clock.advance(timedelta(seconds=30))
    assert (await browser.post("/auth/second-step", code=ann.code())).status_code == 200


async def test_a_session_that_waits_for_its_second_step_dies_soon(ann, open_browser, clock):
    browser = open_browser()
    await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    clock.advance(timedelta(minutes=20))
    answer = await browser.post("/auth/second-step", code=ann.code())
    assert answer.json()["code"] == "NOT_AUTHENTICATED"


@pytest.mark.usefixtures("ann")
async def test_a_session_dies_when_it_is_not_used(browser, clock):
    clock.advance(IDLE - timedelta(seconds=1))
    assert (await browser.get("/auth/sessions")).status_code == 200
    clock.advance(IDLE)
    assert (await browser.get("/auth/sessions")).json()["code"] == "NOT_AUTHENTICATED"


@pytest.mark.usefixtures("ann")
async def test_a_session_dies_after_a_week_however_much_it_is_used(browser, clock):
    for _ in range(int(ABSOLUTE / timedelta(hours=8)) - 1):
        clock.advance(timedelta(hours=8))
        assert (await browser.get("/auth/sessions")).status_code == 200
    clock.advance(timedelta(hours=8))
    assert (await browser.get("/auth/sessions")).json()["code"] == "NOT_AUTHENTICATED"


async def test_an_erased_account_is_nobody(browser, ann, open_browser, owner):
    await owner.execute("update account set state = 'erased'")
    assert (await browser.get("/auth/session")).json()["account"] is None
    answer = await open_browser().post("/auth/sign-in", email=ann.email, password=ann.password)
    assert answer.json()["code"] == "WRONG_PASSWORD"


@pytest.mark.usefixtures("ann")
async def test_signing_out_ends_the_session_and_takes_the_cookie(browser, owner):
    kept = browser.cookie
    answer = await browser.post("/auth/sign-out")
    assert answer.status_code == 200
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert await stages(owner) == []
    browser.http.cookies.set("wardship", kept)
    assert (await browser.get("/auth/session")).json()["account"] is None


async def test_sessions_are_listed_and_ended(browser, ann, open_browser):
    laptop = open_browser("198.51.100.77", **{"User-Agent": "Laptop"})
    await ann.sign_in(laptop)
    listed = (await browser.get("/auth/sessions")).json()
    assert [(item["user_agent"], item["network"], item["is_current"]) for item in listed] == [
        ("Laptop", "198.51.100.0/24", False),
        (listed[1]["user_agent"], "203.0.113.0/24", True),
    ]
    ended = await browser.send("DELETE", f"/auth/sessions/{listed[0]['id']}")
    assert ended.status_code == 204
    assert (await laptop.get("/auth/sessions")).status_code == 401


@pytest.mark.usefixtures("ann")
async def test_nobody_ends_the_session_of_another(browser, open_browser, enrol):
    other = open_browser()
    await enrol(other, "bob@example.org", "Bob")
    victim = (await browser.get("/auth/sessions")).json()[0]["id"]
    answer = await other.send("DELETE", f"/auth/sessions/{victim}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert (await browser.get("/auth/sessions")).status_code == 200


async def test_all_other_sessions_are_ended_at_once(browser, ann, open_browser):
    others = [open_browser(), open_browser()]
    for other in others:
        await ann.sign_in(other)
    assert (await browser.send("DELETE", "/auth/sessions")).status_code == 204
    assert [(await other.get("/auth/sessions")).status_code for other in others] == [401, 401]
    assert (await browser.get("/auth/sessions")).status_code == 200


async def test_the_session_tells_how_many_recovery_codes_are_left(ann, open_browser):
    browser = open_browser()
    await browser.post("/auth/sign-in", email=ann.email, password=ann.password)
    await browser.post("/auth/second-step", code=ann.recovery_codes[0])
    assert (await browser.get("/auth/session")).json()["account"]["recovery_codes_left"] == 9


async def test_a_hash_of_former_parameters_is_renewed_at_sign_in(ann, open_browser, owner):
    former = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(ann.password)
    await owner.execute("update password_credential set password_hash = $1", former)
    assert (await open_browser().post("/auth/sign-in", email=ann.email, password=ann.password)).status_code == 200
    renewed = await owner.fetchval("select password_hash from password_credential")
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await open_browser().post("/auth/sign-in", email=ann.email, password=ann.password)).status_code == 200
