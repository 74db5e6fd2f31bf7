"""Signing in by a mailed link: the first step only, once, soon, and the same to who asks for an unknown address."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.core.sign_in.conftest import PASSWORD, Deployed
from tests.edge import make_app
from wardship.core.sign_in.routes import sign_in_router

NEW = "cobalt-heron-mosaic-quay"


async def ask(browser, deployed: Deployed, email: str) -> str:
    """Ask for a link, and return its token."""
    asked = await browser.post("/auth/sign-in/link", email=email)
    assert asked.status_code == 202, asked.text
    return await deployed.mailed_token(email)


async def test_the_link_takes_the_place_of_the_password_and_the_second_step_stays(ann, open_browser, deployed):
    other = open_browser()
    token = await ask(other, deployed, ann.email)
    used = await other.post("/auth/sign-in/link/use", token=token)
    assert used.json()["step"] == "totp"
    assert (await other.get("/auth/sessions")).status_code == 401
    assert (await other.get("/auth/session")).json()["account"] is None
    assert (await other.post("/auth/second-step", code=ann.code())).json()["step"] == "done"
    methods = [item["method"] for item in (await other.get("/auth/sessions")).json()]
    assert sorted(methods) == ["mailed_link", "registration"]
    newest = (await other.get("/auth/activity")).json()["events"][0]
    assert newest["method"] == "mailed_link"


async def test_known_and_unknown_addresses_get_the_same_bytes_after_the_same_statements(
    ann, open_browser, deployed, owner, monkeypatch
):
    transactions, answers, counts = [], [], []
    plain = type(deployed.database).directory

    def counting(self, **options):
        transactions.append(plain(self, **options))
        return transactions[-1]

    monkeypatch.setattr(type(deployed.database), "directory", counting)
    for email in (ann.email, "nobody@example.org"):
        for path in ("/auth/sign-in/link", "/auth/by-mail"):
            transactions.clear()
            other = open_browser("198.51.100.1")
            is_page = path == "/auth/by-mail"
            answer = await (other.http.post(path, data={"email": email}) if is_page else other.post(path, email=email))
            answers.append((answer.status_code, answer.content, sorted(answer.headers)))
            counts.append([transaction.statements for transaction in transactions])
    assert answers[:2] == answers[2:]
    assert counts[:2] == counts[2:]
    assert await owner.fetchval("select count(*) from sign_in_link") == 2, "an unknown address has no link"
    monkeypatch.undo()
    assert (await deployed.mails("nobody@example.org"))[-1][0] == "No account at Wardship has this address"


async def test_the_link_works_once_and_takes_others_with_it(ann, open_browser, deployed, clock):
    other = open_browser()
    first = await ask(other, deployed, ann.email)
    clock.advance(timedelta(seconds=1))
    second = await ask(other, deployed, ann.email)
    assert first != second
    assert (await other.post("/auth/sign-in/link/use", token=second)).status_code == 200
    for token in (first, second):
        thief = open_browser()
        refused = await thief.post("/auth/sign-in/link/use", token=token)
        assert (refused.status_code, refused.json()["code"]) == (410, "LINK_REFUSED")
        assert thief.cookie is None


async def test_of_two_that_use_a_link_at_one_moment_one_is_let_in(ann, open_browser, deployed, owner):
    token = await ask(open_browser(), deployed, ann.email)
    before = await owner.fetchval("select count(*) from session")
    uses = [open_browser().post("/auth/sign-in/link/use", token=token) for _ in range(10)]
    statuses = [answer.status_code for answer in await asyncio.gather(*uses)]
    assert sorted(statuses) == [200] + [410] * 9
    assert await owner.fetchval("select count(*) from session") == before + 1


async def test_the_link_is_too_old_after_a_quarter_of_an_hour(ann, open_browser, deployed, clock):
    token = await ask(open_browser(), deployed, ann.email)
    clock.advance(timedelta(minutes=15))
    assert (await open_browser().post("/auth/sign-in/link/use", token=token)).json()["code"] == "LINK_REFUSED"


async def test_page_of_the_link_says_whose_account_it_is_and_waits_for_a_press(ann, open_browser, deployed, owner):
    person = open_browser()
    path = f"/auth/link/{await ask(person, deployed, ann.email)}"
    before = await owner.fetchval("select count(*) from session")
    scanner = open_browser("198.51.100.1")
    assert (await scanner.get(path)).status_code == 200
    page = await person.get(path)
    assert f"signed in with the account of {ann.email}" in page.text
    assert (scanner.cookie, person.cookie) == (None, None)
    assert await owner.fetchval("select count(*) from session") == before
    done = await person.http.post(path)
    assert (done.status_code, done.headers["location"]) == (303, "/auth/second-factor")
    assert (await person.get("/auth/session")).json()["stage"] == "second_step"
    assert (await open_browser().http.post(path)).status_code == 410


async def test_a_link_that_is_passed_on_signs_nobody_in_as_who_has_passed_it_on(ann, open_browser, deployed, owner):
    mallory, victim = open_browser(), open_browser("198.51.100.1")
    await victim.http.post("/auth/by-mail", data={"email": "victim@example.net"})
    path = f"/auth/link/{await ask(mallory, deployed, ann.email)}"
    page = await victim.get(path)
    assert ("has not asked for the link" in page.text, ann.email in page.text) == (True, False)
    sessions = await owner.fetch("select * from session order by id")
    for typed in ({}, {"email": "victim@example.net"}, {"email": "no address"}, {"email": f"x{ann.email}"}):
        refused = await victim.http.post(path, data=typed)
        assert (refused.status_code, "was not mailed to that address" in refused.text) == (400, True)
        assert ann.email not in refused.text.replace(f"x{ann.email}", "")
    assert await owner.fetch("select * from session order by id") == sessions
    assert victim.cookie is None


@pytest.mark.parametrize("asks_by", ["page", "json"])
async def test_in_another_browser_the_address_is_typed_and_the_link_still_works(ann, open_browser, deployed, asks_by):
    asking, phone = open_browser(), open_browser("198.51.100.1")
    if asks_by == "page":
        assert (await asking.http.post("/auth/by-mail", data={"email": ann.email})).status_code == 200
        token = await deployed.mailed_token(ann.email)
    else:
        token = await ask(asking, deployed, ann.email)
    assert "signed in with the account of" in (await asking.get(f"/auth/link/{token}")).text
    assert (await phone.http.post(f"/auth/link/{token}", data={"email": "other@example.net"})).status_code == 400
    done = await phone.http.post(f"/auth/link/{token}", data={"email": ann.email.upper()})
    assert (done.status_code, done.headers["location"]) == (303, "/auth/second-factor")


async def test_links_that_make_an_account_or_set_a_password_say_of_which_address(ann, open_browser, deployed):
    asking, other = open_browser(), open_browser("198.51.100.1")
    await asking.post("/auth/register", email="new@example.net")
    await asking.post("/auth/password/forgot", email=ann.email)
    for email in ("new@example.net", ann.email):
        page = await other.get(f"/auth/link/{await deployed.mailed_token(email)}")
        assert email in page.text


@pytest.mark.parametrize("change", ["password", "address", "closing"])
async def test_the_link_ends_with_what_ends_its_right(ann, browser, open_browser, deployed, owner, change):
    token = await ask(open_browser(), deployed, ann.email)
    if change == "password":
        changed = await browser.post("/auth/password/change", current_password=PASSWORD, new_password=NEW)
        assert changed.status_code == 200
    elif change == "address":
        await owner.execute(
            "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
            " select gen_random_uuid(), now(), id, 'ann@home.example', false, now() from account"
        )
        items = {item["address"]: item["id"] for item in (await browser.get("/auth/addresses")).json()}
        await browser.post(f"/auth/addresses/{items['ann@home.example']}/primary")
        removed = await browser.send("DELETE", f"/auth/addresses/{items[ann.email]}")
        assert removed.status_code == 200
    else:
        assert (await browser.post("/auth/close", email=ann.email)).status_code == 200
    thief = open_browser()
    assert (await thief.post("/auth/sign-in/link/use", token=token)).json()["code"] == "LINK_REFUSED"
    assert thief.cookie is None


async def test_asking_is_bounded_by_mailbox_whatever_is_asked_for(ann, open_browser, owner):
    other = open_browser()
    before = await owner.fetchval("select count(*) from outgoing_mail")
    paths = ["/auth/sign-in/link", "/auth/password/forgot"] * 3
    statuses = [(await other.post(path, email=ann.email)).status_code for path in paths]
    assert statuses == [202] * 4 + [429] * 2, "the mail of the registration counts too"
    assert await owner.fetchval("select count(*) from outgoing_mail") == before + 4


async def test_a_link_for_something_else_signs_nobody_in(ann, open_browser, deployed):
    other = open_browser()
    await other.post("/auth/password/forgot", email=ann.email)
    token = await deployed.mailed_token(ann.email)
    assert (await other.post("/auth/sign-in/link/use", token=token)).json()["code"] == "LINK_REFUSED"
    assert other.cookie is None


async def test_who_has_no_second_factor_sets_one_up(ann, open_browser, deployed, owner):
    token = await ask(open_browser(), deployed, ann.email)
    await owner.execute("delete from totp_credential")
    answer = await open_browser().post("/auth/sign-in/link/use", token=token)
    assert answer.json()["step"] == "enrolment"


async def test_where_it_is_turned_off_nobody_is_mailed_and_links_from_before_are_refused(
    ann, open_browser, deployed, owner
):
    token = await ask(open_browser(), deployed, ann.email)
    off = deployed.settings.model_copy(update={"sign_in_by_mail": False})
    turned_off = Deployed(off, deployed.database, deployed.clock, deployed.keys)
    app = make_app(off, sign_in_router(turned_off))
    other = open_browser()
    other.http._transport.app = app
    before = await owner.fetchval("select count(*) from outgoing_mail")
    for path, body in (("/auth/sign-in/link", {"email": ann.email}), ("/auth/sign-in/link/use", {"token": token})):
        refused = await other.post(path, **body)
        assert (refused.status_code, refused.json()["code"]) == (403, "SIGN_IN_BY_MAIL_OFF")
    assert (await other.get("/auth/ways")).json() == {"mailed_link": False, "passkey": True, "providers": []}
    assert await owner.fetchval("select count(*) from outgoing_mail") == before
    assert other.cookie is None
    assert (await open_browser().post("/auth/sign-in/link/use", token=token)).status_code == 200, "it was not used up"
