"""Passkeys shown: as second step, as step-up, and alone; and all that must not pass for one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.sign_in.authenticator import BACKED_UP, BACKUP_ELIGIBLE, PRESENT, VERIFIED, Authenticator

REFUSED = (401, "PASSKEY_REFUSED")


def refusal(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def first_step(browser, human) -> None:
    answer = await browser.post("/auth/sign-in", email=human.email, password=human.password)
    assert answer.json()["step"] == "totp"


async def options_for(browser, path: str = "/auth/second-step/passkey/options") -> dict:
    answer = await browser.post(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["options"]


async def alone(browser) -> dict:
    return await options_for(browser, "/auth/sign-in/passkey/options")


async def test_a_passkey_is_the_second_step(ann, passkey, open_browser):
    other = open_browser()
    await first_step(other, ann)
    options = await options_for(other)
    assert options["rpId"] == "localhost"
    assert len(options["allowCredentials"]) == 1
    old = other.cookie
    done = await other.post("/auth/second-step/passkey", credential=passkey.show(options))
    assert (done.status_code, done.json()["step"]) == (200, "done")
    assert other.cookie != old, "the cookie has a new value after every step"
    assert (await other.get("/auth/session")).json()["account"]["email"] == ann.email


async def test_a_passkey_alone_is_both_steps(ann, passkey, open_browser):
    other = open_browser()
    options = await alone(other)
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"
    done = await other.post("/auth/sign-in/passkey", credential=passkey.show(options))
    assert done.json()["step"] == "done"
    session = (await other.get("/auth/session")).json()
    assert session["account"]["email"] == ann.email
    assert session["stepped_up_at"] is not None


@pytest.mark.usefixtures("ann")
async def test_a_passkey_is_a_step_up(passkey, browser, clock):
    clock.advance(timedelta(minutes=11))
    assert (await browser.post("/auth/recovery-codes")).json()["code"] == "STEP_UP_REQUIRED"
    done = await browser.post("/auth/step-up/passkey", credential=passkey.show(await options_for(browser)))
    assert done.json()["step"] == "done"
    assert (await browser.post("/auth/recovery-codes")).status_code == 200


async def test_sessions_and_activity_tell_by_what_somebody_signed_in(ann, passkey, open_browser):
    other = open_browser()
    await other.post("/auth/sign-in/passkey", credential=passkey.show(await alone(other)))
    await ann.sign_in(open_browser())
    methods = [item["method"] for item in (await other.get("/auth/sessions")).json()]
    assert sorted(methods) == ["passkey", "password", "registration"]
    events = (await other.get("/auth/activity")).json()["events"]
    told = [item["method"] for item in events if item["kind"].startswith("signed_in")]
    assert told == ["password", "passkey", "registration"]
    assert {item["method"] for item in events if not item["kind"].startswith("signed_in")} == {""}


@pytest.mark.usefixtures("ann")
async def test_an_assertion_is_good_for_one_attempt(passkey, open_browser, owner):
    other, thief = open_browser(), open_browser()
    shown = passkey.show(await alone(other))
    thief.http.cookies = other.http.cookies.jar
    assert (await other.post("/auth/sign-in/passkey", credential=shown)).status_code == 200
    before = await owner.fetch("select * from passkey")
    thief.http.cookies.clear()
    assert refusal(await thief.post("/auth/sign-in/passkey", credential=shown)) == REFUSED
    assert refusal(await other.post("/auth/sign-in/passkey", credential=shown)) == REFUSED
    assert await owner.fetch("select * from passkey") == before
    assert thief.cookie is None


async def test_a_refused_attempt_uses_its_challenge_up(ann, passkey, open_browser):
    other = open_browser()
    await first_step(other, ann)
    options = await options_for(other)
    wrong = passkey.show(options, origin="https://evil.example")
    assert refusal(await other.post("/auth/second-step/passkey", credential=wrong)) == REFUSED
    assert refusal(await other.post("/auth/second-step/passkey", credential=passkey.show(options))) == REFUSED


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8001"},
        {"host": "evil.example"},
        {"crossOrigin": True},
        {"type": "webauthn.create"},
    ],
    ids=["another site", "another port", "another relying party", "framed by another site", "another ceremony"],
)
@pytest.mark.usefixtures("ann")
async def test_what_was_signed_elsewhere_is_refused_and_opens_nothing(passkey, open_browser, owner, changed):
    other = open_browser()
    shown = passkey.show(await alone(other), **changed)
    before = await owner.fetchval("select count(*) from session")
    assert refusal(await other.post("/auth/sign-in/passkey", credential=shown)) == REFUSED
    assert await owner.fetchval("select count(*) from session") == before
    assert other.cookie is None


@pytest.mark.usefixtures("ann")
async def test_another_browsers_challenge_is_refused(passkey, open_browser):
    victim, thief = open_browser(), open_browser()
    await alone(thief)
    shown = passkey.show(await alone(victim))
    assert refusal(await thief.post("/auth/sign-in/passkey", credential=shown)) == REFUSED


@pytest.mark.usefixtures("ann")
async def test_a_challenge_of_one_purpose_serves_no_other(passkey, browser, open_browser):
    other = open_browser()
    shown = passkey.show(await alone(other))
    assert refusal(await browser.post("/auth/step-up/passkey", credential=shown)) == REFUSED
    shown = passkey.show(await options_for(browser))
    assert refusal(await other.post("/auth/sign-in/passkey", credential=shown)) == REFUSED


@pytest.mark.usefixtures("ann")
async def test_a_challenge_is_too_old_after_five_minutes(passkey, open_browser, clock):
    other = open_browser()
    shown = passkey.show(await alone(other))
    clock.advance(timedelta(minutes=5))
    assert refusal(await other.post("/auth/sign-in/passkey", credential=shown)) == REFUSED


@pytest.mark.usefixtures("ann")
async def test_a_signature_that_is_not_the_passkeys_is_refused(passkey, open_browser):
    other = open_browser()
    forged = Authenticator(credential_id=passkey.credential_id, user_handle=passkey.user_handle, sign_count=40)
    assert refusal(await other.post("/auth/sign-in/passkey", credential=forged.show(await alone(other)))) == REFUSED
    assert other.cookie is None


@pytest.mark.usefixtures("passkey")
async def test_another_accounts_passkey_is_no_second_step(ann, open_browser, enrol, add_passkey):
    bob_browser = open_browser("198.51.100.4")
    bob = await enrol(bob_browser, "bob@example.org", "Bob")
    of_bob = await add_passkey(bob_browser, "Bob's phone")
    thief = open_browser()
    await first_step(thief, ann)
    shown = of_bob.show(await options_for(thief))
    assert refusal(await thief.post("/auth/second-step/passkey", credential=shown)) == REFUSED
    assert (await thief.get("/auth/sessions")).status_code == 401
    kinds = [item["kind"] for item in (await bob_browser.get("/auth/activity")).json()["events"]]
    assert "passkey_refused" not in kinds, "it is ann's account at which it was shown"
    assert bob.email == "bob@example.org"


async def test_a_passkey_alone_needs_its_owner_verified(ann, browser, add_passkey, open_browser):
    key = await add_passkey(browser, passkey=Authenticator(flags=PRESENT))
    other = open_browser()
    assert refusal(await other.post("/auth/sign-in/passkey", credential=key.show(await alone(other)))) == REFUSED
    await first_step(other, ann)
    done = await other.post("/auth/second-step/passkey", credential=key.show(await options_for(other)))
    assert done.json()["step"] == "done", "as second step it is enough to have it"


@pytest.mark.usefixtures("ann")
async def test_a_passkey_alone_tells_whose_it_is(passkey, open_browser):
    other = open_browser()
    silent = passkey.show(await alone(other), tells_handle=False)
    assert refusal(await other.post("/auth/sign-in/passkey", credential=silent)) == REFUSED
    passkey.user_handle = b"another account's"
    wrong = passkey.show(await alone(other))
    assert refusal(await other.post("/auth/sign-in/passkey", credential=wrong)) == REFUSED


async def test_a_removed_passkey_is_refused(ann, passkey, browser, open_browser):
    other = open_browser()
    shown = passkey.show(await alone(other))
    (listed,) = (await browser.get("/auth/passkeys")).json()
    assert (await browser.send("DELETE", f"/auth/passkeys/{listed['id']}")).json() == []
    assert refusal(await other.post("/auth/sign-in/passkey", credential=shown)) == REFUSED
    await first_step(other, ann)
    answer = await other.post("/auth/second-step/passkey/options")
    assert refusal(answer) == (409, "NO_PASSKEY")


async def test_a_counter_that_went_back_is_refused_recorded_and_told_to_all_addresses(
    ann, passkey, browser, open_browser, deployed, owner
):
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
        " select gen_random_uuid(), now(), id, 'ann@home.example', false, now() from account"
    )
    other = open_browser()
    await other.post("/auth/sign-in/passkey", credential=passkey.show(await alone(other)))
    passkey.sign_count -= 1
    copy = open_browser("198.51.100.9")
    answer = await copy.post("/auth/sign-in/passkey", credential=passkey.show(await alone(copy)))
    assert refusal(answer) == (401, "PASSKEY_COPIED")
    assert copy.cookie is None
    for address in (ann.email, "ann@home.example"):
        assert (await deployed.mails(address))[-1][0] == "A passkey that may have been copied was refused at Wardship"
    newest = (await browser.get("/auth/activity")).json()["events"][0]
    assert newest["kind"] == "passkey_copied"


@pytest.mark.usefixtures("ann")
async def test_passkeys_that_do_not_count_are_used_again_and_again(browser, add_passkey, open_browser):
    key = await add_passkey(
        browser, passkey=Authenticator(counts=False, flags=PRESENT | VERIFIED | BACKUP_ELIGIBLE | BACKED_UP)
    )
    for _ in range(2):
        other = open_browser()
        done = await other.post("/auth/sign-in/passkey", credential=key.show(await alone(other)))
        assert done.status_code == 200
    (listed,) = (await browser.get("/auth/passkeys")).json()
    assert (listed["is_backup_eligible"], listed["is_backed_up"]) == (True, True)
    assert listed["last_used_at"] is not None


async def test_codes_that_lock_leave_passkeys_working_and_stay_counted(ann, passkey, open_browser):
    other = open_browser()
    await first_step(other, ann)
    for _ in range(5):
        await other.post("/auth/second-step", code="000000")
    done = await other.post("/auth/second-step/passkey", credential=passkey.show(await options_for(other)))
    assert done.json()["step"] == "done"
    assert (await other.post("/auth/step-up", code="000000")).status_code == 429


def broken(client_data: object, **more: object) -> dict:
    response = {"clientDataJSON": client_data, "authenticatorData": "AA", "signature": "AA", "attestationObject": "AA"}
    return {"id": "AA", "rawId": "AA", "type": "public-key", "response": response} | more


@pytest.mark.parametrize(
    "credential",
    [
        {},
        broken("AA", response={}),
        broken("%"),
        broken("bnVsbA"),
        broken("eyJjaGFsbGVuZ2UiOiB7fX0"),
        broken(7),
        broken("AA", id=7, rawId=None, type=[], response="x"),
    ],
    ids=["nothing", "no response", "no base64", "null", "no challenge", "a number", "wrong types"],
)
@pytest.mark.usefixtures("ann")
async def test_what_is_no_credential_is_refused_as_one(browser, open_browser, credential):
    assert refusal(await open_browser().post("/auth/sign-in/passkey", credential=credential)) == REFUSED
    assert refusal(await browser.post("/auth/passkeys", name="x", credential=credential)) == REFUSED


@pytest.mark.usefixtures("ann", "passkey")
async def test_asking_tells_nothing_and_is_bounded_by_network(open_browser, owner):
    strangers = open_browser("192.0.2.8")
    answers = [await strangers.post("/auth/sign-in/passkey/options") for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    first, second = (answer.json()["options"] | {"challenge": ""} for answer in answers[:2])
    assert first == second
    assert await owner.fetchval("select count(*) from passkey_challenge where purpose = 'sign_in'") == 60


async def test_signing_in_by_passkey_keeps_an_account_that_was_closed(ann, passkey, browser, open_browser, owner):
    await browser.post("/auth/close", email=ann.email)
    assert await owner.fetchval("select closes_at is not null from account")
    other = open_browser()
    done = await other.post("/auth/sign-in/passkey", credential=passkey.show(await alone(other)))
    assert done.status_code == 200
    assert await owner.fetchval("select closes_at is null from account")
