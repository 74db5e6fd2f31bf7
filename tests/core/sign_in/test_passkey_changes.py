"""Passkeys made, renamed and removed: always after two steps, always told, and never the last second factor."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import make_organisation
from tests.core.sign_in.authenticator import Authenticator
from tests.core.sign_in.conftest import PASSWORD
from wardship.core.http.credentials import Client
from wardship.core.settings import Settings
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.passkey_ceremonies import PasskeysUnavailableError, relying_party
from wardship.core.sign_in.passkey_changes import remove_passkey
from wardship.core.sign_in.second_factor import LastSecondFactorError

NEW = "cobalt-heron-mosaic-quay"


async def registered(browser, deployed, email: str = "ann@example.org") -> None:
    """Come as far as the second factor."""
    await browser.post("/auth/register", email=email)
    token = await deployed.mailed_token(email)
    answer = await browser.post("/auth/verify", token=token, password=PASSWORD, display_name="Ann Onymous")
    assert answer.json()["step"] == "enrolment"


async def make(browser, passkey: Authenticator | None = None, name: str = "Phone"):
    options = (await browser.post("/auth/passkeys/options")).json()["options"]
    return await browser.post("/auth/passkeys", name=name, credential=(passkey or Authenticator()).make(options))


async def test_a_passkey_can_be_the_first_second_factor(browser, deployed, open_browser, owner):
    await registered(browser, deployed)
    key = Authenticator()
    answer = await make(browser, key)
    assert (answer.status_code, answer.json()["step"]) == (201, "done")
    assert len(answer.json()["recovery_codes"]) == 10
    account = (await browser.get("/auth/session")).json()["account"]
    assert (account["has_second_factor"], account["recovery_codes_left"]) == (True, 10)
    assert await owner.fetchval("select count(*) from totp_credential where confirmed_at is not null") == 0
    other = open_browser()
    first = await other.post("/auth/sign-in", email="ann@example.org", password=PASSWORD)
    assert first.json()["step"] == "totp", "it has a second factor, and sets none up by the password"
    session = (await other.get("/auth/session")).json()
    assert (session["account"], session["has_passkey"]) == (None, True)
    done = await other.post("/auth/second-step", code=answer.json()["recovery_codes"][0])
    assert done.json()["step"] == "done", "its recovery codes stand in"


async def test_a_session_of_an_organisations_provider_makes_no_passkey_because_one_alone_opens_the_whole_account(
    browser, deployed, owner
):
    organisation = await make_organisation(deployed.database, "acme")
    await registered(browser, deployed)
    options = (await browser.post("/auth/passkeys/options")).json()["options"]
    await owner.execute("update session set organisation_id = $1", organisation.id)
    credential = Authenticator().make(options)
    for path, body in (("/auth/passkeys/options", {}), ("/auth/passkeys", {"name": "x", "credential": credential})):
        refused = await browser.post(path, **body)
        assert (refused.status_code, refused.json()["code"]) == (403, "ORGANISATION_SESSION"), path
    page = (await browser.get("/auth/enrol")).text
    assert "Show the code to scan" in page
    assert "Use a passkey" not in page
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    for fields in ({"act": "passkey"}, {"name": "x", "credential": json.dumps(credential)}):
        assert (await browser.http.post("/auth/enrol", data={"csrf_token": token} | fields)).status_code == 403
    assert await owner.fetchval("select count(*) from passkey") == 0


@pytest.mark.usefixtures("ann")
async def test_browsers_are_told_no_identifier_of_the_account(browser, owner, add_passkey):
    await add_passkey(browser)
    account_id = await owner.fetchval("select id from account")
    options = (await browser.post("/auth/passkeys/options")).json()["options"]
    assert account_id.hex not in str(options).replace("-", "")
    handle = await owner.fetchval("select user_handle from passkey")
    assert (len(handle), handle == account_id.bytes) == (32, False)
    assert options["rp"] == {"name": "Wardship", "id": "localhost"}
    assert options["attestation"] == "none"


async def test_all_passkeys_of_an_account_have_one_handle_and_each_excludes_the_others(browser, passkey, add_passkey):
    options = (await browser.post("/auth/passkeys/options")).json()["options"]
    assert [item["transports"] for item in options["excludeCredentials"]] == [["internal", "hybrid"]]
    second = await add_passkey(browser, "Key")
    assert second.user_handle == passkey.user_handle
    assert [item["name"] for item in (await browser.get("/auth/passkeys")).json()] == ["Ann's phone", "Key"]


@pytest.mark.usefixtures("ann")
async def test_another_passkey_needs_a_fresh_second_factor(browser, clock, owner):
    options = (await browser.post("/auth/passkeys/options")).json()["options"]
    clock.advance(timedelta(minutes=4))
    credential = Authenticator().make(options)
    await owner.execute("update session set stepped_up_at = stepped_up_at - interval '10 minutes'")
    refused = await browser.post("/auth/passkeys", name="x", credential=credential)
    assert (refused.status_code, refused.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert (await browser.post("/auth/passkeys/options")).json()["code"] == "STEP_UP_REQUIRED"
    assert await owner.fetchval("select count(*) from passkey") == 0


async def test_another_passkey_ends_other_sessions_is_told_and_leaves_codes_as_they_are(
    browser, ann, open_browser, deployed
):
    other = open_browser()
    await ann.sign_in(other)
    old = browser.cookie
    answer = await make(browser)
    assert answer.json()["recovery_codes"] == []
    assert browser.cookie != old
    assert (await browser.get("/auth/sessions")).status_code == 200
    assert (await other.get("/auth/sessions")).status_code == 401
    assert (await deployed.mails(ann.email))[-1][0] == "A passkey was added to your account at Wardship"
    assert (await browser.get("/auth/activity")).json()["events"][0]["kind"] == "passkey_added"
    assert (await browser.post("/auth/step-up", code=ann.recovery_codes[0])).status_code == 200


@pytest.mark.usefixtures("browser")
async def test_a_password_alone_makes_no_passkey_where_there_is_a_second_factor(ann, open_browser, owner):
    half = open_browser()
    await half.post("/auth/sign-in", email=ann.email, password=ann.password)
    assert (await half.post("/auth/passkeys/options")).json()["code"] == "SECOND_STEP_REQUIRED"
    await owner.execute("delete from totp_credential")
    slow, fast = open_browser(), open_browser()
    for each in (slow, fast):
        assert (await each.post("/auth/sign-in", email=ann.email, password=ann.password)).json()["step"] == "enrolment"
    credential = Authenticator().make((await slow.post("/auth/passkeys/options")).json()["options"])
    assert (await make(fast)).status_code == 201
    assert (await slow.post("/auth/passkeys", name="x", credential=credential)).status_code == 401
    assert await owner.fetchval("select count(*) from passkey") == 1


@pytest.mark.usefixtures("open_browser")
async def test_an_unfinished_sign_in_adds_no_authenticator_beside_a_passkey(browser, deployed, owner):
    """Kept apart from the session that set the passkey up, which would have ended it."""
    await registered(browser, deployed)
    await browser.post("/auth/enrol-second-factor")
    await owner.execute(
        "insert into passkey (id, created_at, account_id, credential_id, public_key, user_handle, sign_count, name,"
        " transports, is_backup_eligible, is_backed_up)"
        " select gen_random_uuid(), now(), id, 'a', 'b', 'c', 0, 'x', '{}', false, false from account"
    )
    for path, body in (
        ("/auth/enrol-second-factor", {}),
        ("/auth/enrol-second-factor/confirm", {"code": "123456"}),
        ("/auth/passkeys/options", {}),
    ):
        refused = await browser.post(path, **body)
        assert (refused.status_code, refused.json()["code"]) == (409, "SECOND_FACTOR_EXISTS"), path
    assert await owner.fetchval("select count(*) from totp_credential where confirmed_at is not null") == 0


@pytest.mark.usefixtures("passkey")
async def test_a_passkey_is_renamed_after_a_step_up_and_told(browser, ann, clock, deployed):
    (listed,) = (await browser.get("/auth/passkeys")).json()
    path = f"/auth/passkeys/{listed['id']}"
    renamed = await browser.send("PATCH", path, json={"name": "  Анина́ ключ 🗝 "})
    assert [item["name"] for item in renamed.json()] == ["Анина́ ключ 🗝"]
    assert (await deployed.mails(ann.email))[-1][0] == "A passkey of your account was renamed at Wardship"
    for name in ("", "x" * 101, "a\u202eb", "a\nb"):
        assert (await browser.send("PATCH", path, json={"name": name})).json()["code"] == "INVALID_INPUT"
    clock.advance(timedelta(minutes=11))
    assert (await browser.send("PATCH", path, json={"name": "x"})).json()["code"] == "STEP_UP_REQUIRED"


@pytest.mark.usefixtures("passkey")
async def test_a_passkey_is_removed_after_a_step_up_told_and_ends_other_sessions(
    browser, ann, clock, deployed, open_browser
):
    other = open_browser()
    await ann.sign_in(other)
    (listed,) = (await browser.get("/auth/passkeys")).json()
    path = f"/auth/passkeys/{listed['id']}"
    clock.advance(timedelta(minutes=11))
    assert (await browser.send("DELETE", path)).json()["code"] == "STEP_UP_REQUIRED"
    assert len((await browser.get("/auth/passkeys")).json()) == 1
    await browser.post("/auth/step-up", code=ann.code())
    assert (await browser.send("DELETE", path)).json() == []
    assert (await other.get("/auth/sessions")).status_code == 401
    assert (await deployed.mails(ann.email))[-1][0] == "A passkey was removed from your account at Wardship"
    assert (await browser.send("DELETE", path)).status_code == 404


@pytest.mark.usefixtures("passkey")
async def test_another_accounts_passkey_can_be_neither_renamed_nor_removed(browser, open_browser, enrol, owner):
    (listed,) = (await browser.get("/auth/passkeys")).json()
    stranger = open_browser("198.51.100.4")
    await enrol(stranger, "bob@example.org", "Bob")
    before = await owner.fetch("select * from passkey")
    path = f"/auth/passkeys/{listed['id']}"
    assert (await stranger.send("DELETE", path)).status_code == 404
    assert (await stranger.send("PATCH", path, json={"name": "mine"})).status_code == 404
    assert await owner.fetch("select * from passkey") == before


@pytest.mark.usefixtures("passkey")
async def test_the_last_second_factor_stays(browser, owner, deployed, ann):
    told = len(await deployed.mails(ann.email))
    await browser.send("DELETE", "/auth/authenticator")
    (listed,) = (await browser.get("/auth/passkeys")).json()
    refused = await browser.send("DELETE", f"/auth/passkeys/{listed['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "LAST_SECOND_FACTOR")
    assert (await browser.send("DELETE", "/auth/authenticator")).status_code == 404
    assert await owner.fetchval("select count(*) from passkey") == 1
    subjects = [subject for subject, _ in (await deployed.mails(ann.email))[told:]]
    assert subjects == ["The authenticator was removed from your account at Wardship"]


@pytest.mark.usefixtures("ann")
async def test_the_authenticator_stays_where_there_is_no_passkey(browser, owner):
    before = await owner.fetch("select * from totp_credential")
    refused = await browser.send("DELETE", "/auth/authenticator")
    assert (refused.status_code, refused.json()["code"]) == (409, "LAST_SECOND_FACTOR")
    assert await owner.fetch("select * from totp_credential") == before


@pytest.mark.usefixtures("passkey")
async def test_of_two_removals_at_one_moment_one_leaves_a_second_factor(browser, add_passkey, deployed, owner):
    await add_passkey(browser, "Second")
    await browser.send("DELETE", "/auth/authenticator")
    account_id = await owner.fetchval("select id from account")
    first, second = [UUID(item["id"]) for item in (await browser.get("/auth/passkeys")).json()]

    gone = asyncio.Event()

    async def remove(passkey_id: UUID) -> None:
        await gone.wait()
        async with deployed.database.directory() as transaction:
            call = Call(deployed, Client("203.0.113.7"))
            await remove_passkey(transaction, call, account_id, passkey_id, session_id=None)

    other = asyncio.create_task(remove(second))
    async with deployed.database.directory() as transaction:
        call = Call(deployed, Client("203.0.113.7"))
        await remove_passkey(transaction, call, account_id, first, session_id=None)
        gone.set()
        while not other.done() and not await owner.fetchval("select count(*) from pg_locks where not granted"):
            pass  # asking gives the other its turns
        assert not other.done(), "it waits for the one that came first"
    with pytest.raises(LastSecondFactorError):
        await other
    assert await owner.fetchval("select count(*) from passkey") == 1


async def test_a_passkey_belongs_to_one_account(browser, passkey, open_browser, enrol, owner):
    stranger = open_browser("198.51.100.4")
    await enrol(stranger, "bob@example.org", "Bob")
    refused = await make(stranger, passkey)
    assert (refused.status_code, refused.json()["code"]) == (409, "PASSKEY_HELD")
    assert await owner.fetchval("select count(*) from passkey") == 1
    assert (await browser.get("/auth/passkeys")).json()


@pytest.mark.usefixtures("ann")
async def test_an_account_has_twenty_passkeys_at_most(browser, owner):
    await owner.execute(
        "insert into passkey (id, created_at, account_id, credential_id, public_key, user_handle, sign_count, name,"
        " transports, is_backup_eligible, is_backed_up)"
        " select gen_random_uuid(), now(), a.id, int4send(n), 'b', 'c', 0, 'x', '{}', false, false"
        " from account a, generate_series(1, 20) n"
    )
    assert (await make(browser)).json()["code"] == "TOO_MANY_PASSKEYS"


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("changed", [{"origin": "https://evil.example"}, {"host": "evil.example"}])
async def test_a_passkey_made_elsewhere_is_refused(browser, owner, changed):
    options = (await browser.post("/auth/passkeys/options")).json()["options"]
    credential = Authenticator().make(options, **changed)
    assert (await browser.post("/auth/passkeys", name="x", credential=credential)).json()["code"] == "PASSKEY_REFUSED"
    assert await owner.fetchval("select count(*) from passkey") == 0


async def test_a_passkey_made_for_one_session_is_refused_in_another(browser, ann, open_browser, owner):
    other = open_browser()
    await ann.sign_in(other)
    credential = Authenticator().make((await other.post("/auth/passkeys/options")).json()["options"])
    refused = await browser.post("/auth/passkeys", name="x", credential=credential)
    assert refused.json()["code"] == "PASSKEY_REFUSED"
    assert await owner.fetchval("select count(*) from passkey") == 0


async def test_who_has_shown_a_passkey_resets_a_password_without_a_code(browser, passkey, ann, open_browser, deployed):
    other = open_browser()
    await other.post("/auth/password/forgot", email=ann.email)
    token = await deployed.mailed_token(ann.email)
    options = (await other.post("/auth/sign-in/passkey/options")).json()["options"]
    await other.post("/auth/sign-in/passkey", credential=passkey.show(options))
    done = await other.post("/auth/password/reset", token=token, password=NEW)
    assert (done.status_code, done.json()["step"]) == (200, "done")
    assert (await browser.get("/auth/sessions")).status_code == 401
    ann.password = NEW
    await ann.sign_in(open_browser())


@pytest.mark.usefixtures("passkey")
async def test_a_session_that_has_not_just_shown_the_factor_resets_no_password_nor_anothers(
    browser, ann, open_browser, enrol, deployed, clock, owner
):
    stranger = open_browser("198.51.100.4")
    await enrol(stranger, "bob@example.org", "Bob")
    await stranger.post("/auth/password/forgot", email=ann.email)
    token = await deployed.mailed_token(ann.email)
    before = await owner.fetch("select * from password_credential order by id")
    assert (await stranger.post("/auth/password/reset", token=token, password=NEW)).json()["code"] == "WRONG_CODE"
    clock.advance(timedelta(minutes=11))
    assert (await browser.post("/auth/password/reset", token=token, password=NEW)).json()["code"] == "WRONG_CODE"
    assert await owner.fetch("select * from password_credential order by id") == before


@pytest.mark.parametrize(
    ("public_url", "is_able"),
    [
        ("https://wardship.example", True),
        ("http://localhost:9000", True),
        ("https://192.0.2.4", False),
        ("http://127.0.0.1:8000", False),
        ("http://wardship.example", False),
        ("https://[2001:db8::1]", False),
    ],
)
async def test_passkeys_need_a_name_over_tls_or_localhost(settings: Settings, public_url, is_able):
    changed = Settings(**{**settings.model_dump(), "public_url": public_url})
    if is_able:
        assert relying_party(changed) in public_url
    else:
        with pytest.raises(PasskeysUnavailableError, match="host name"):
            relying_party(changed)
