from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.edge import make_app
from wardship.core.accounts import tombstones
from wardship.core.accounts.address import canonical_address
from wardship.core.http.credentials import Client
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.registration import register
from wardship.core.sign_in.routes import sign_in_router

PASSWORD = "violet-otter-canyon-lamp"
CLIENT = Client("203.0.113.7", "a browser")


async def test_registration_takes_address_link_password_and_second_factor(browser, ann, owner):
    session = (await browser.get("/auth/session")).json()
    assert session["account"]["email"] == "ann@example.org"
    assert session["account"]["name"] == "Ann Onymous"
    assert session["account"]["has_second_factor"] is True
    assert session["stage"] == "complete"
    assert len(set(ann.recovery_codes)) == 10
    stored = await owner.fetchval("select password_hash from password_credential")
    assert stored.startswith("$argon2id$")


async def test_nothing_exists_before_the_link_is_used(browser, owner):
    answer = await browser.post("/auth/register", email="ann@example.org")
    assert answer.status_code == 202
    assert await owner.fetchval("select count(*) from account") == 0
    assert await owner.fetchval("select count(*) from account_email") == 0


async def test_the_secrets_are_not_stored_in_the_clear(ann, owner):
    secret = await owner.fetchval("select secret from totp_credential")
    assert ann.secret.encode() not in secret
    stored = {row["code_hash"] for row in await owner.fetch("select code_hash from recovery_code")}
    assert not stored & {code.encode() for code in ann.recovery_codes}
    assert len(stored) == 10


async def test_known_and_unknown_addresses_get_the_same_answer_after_the_same_statements(
    ann, open_browser, deployed, owner, monkeypatch
):
    counts = []
    transactions = []
    plain = type(deployed.database).directory

    def counting(self, **options):
        transactions.append(plain(self, **options))
        return transactions[-1]

    monkeypatch.setattr(type(deployed.database), "directory", counting)
    answers = []
    for email in (ann.email, "bob@example.org"):
        transactions.clear()
        answer = await open_browser("198.51.100.1").post("/auth/register", email=email)
        answers.append((answer.status_code, answer.json(), sorted(answer.headers)))
        counts.append([transaction.statements for transaction in transactions])
    assert answers[0] == answers[1]
    assert counts[0] == counts[1]
    assert await owner.fetchval("select count(*) from sign_in_link") == 2
    monkeypatch.undo()
    assert (await deployed.mails(ann.email))[-1][0] == "You already have an account at Wardship"
    assert (await deployed.mails("bob@example.org"))[-1][0] == "Confirm your address for Wardship"


@pytest.mark.usefixtures("ann")
async def test_a_link_works_once(open_browser, deployed):
    other = open_browser()
    await other.post("/auth/register", email="bob@example.org")
    token = await deployed.mailed_token("bob@example.org")
    body = {"token": token, "password": PASSWORD, "display_name": "Bob"}
    assert (await other.post("/auth/verify", **body)).status_code == 200
    again = await open_browser().post("/auth/verify", **body)
    assert (again.status_code, again.json()["code"]) == (410, "LINK_REFUSED")


async def test_a_link_dies_after_a_day(browser, deployed, clock, owner):
    await browser.post("/auth/register", email="bob@example.org")
    token = await deployed.mailed_token("bob@example.org")
    clock.advance(timedelta(hours=24))
    late = await browser.post("/auth/verify", token=token, password=PASSWORD, display_name="Bob")
    assert late.json()["code"] == "LINK_REFUSED"
    assert await owner.fetchval("select count(*) from account") == 0


async def test_a_link_works_for_its_purpose_alone(browser, deployed):
    await browser.post("/auth/register", email="bob@example.org")
    token = await deployed.mailed_token("bob@example.org")
    answer = await browser.post("/auth/password/reset", token=token, password=PASSWORD)
    assert answer.json()["code"] == "LINK_REFUSED"


async def test_weak_passwords_are_refused_and_the_link_survives(browser, deployed):
    await browser.post("/auth/register", email="bob@example.org")
    token = await deployed.mailed_token("bob@example.org")
    for weak in ("short", "Password1234!", "111111111111111", "bobexample.org99", "wardship-wardship"):
        answer = await browser.post("/auth/verify", token=token, password=weak, display_name="Bob")
        assert (answer.status_code, answer.json()["code"]) == (400, "WEAK_PASSWORD"), weak
        assert answer.json()["path"] == ["password"]
    assert (await browser.post("/auth/verify", token=token, password=PASSWORD, display_name="Bob")).status_code == 200


async def test_names_with_joiners_that_are_spelling_are_registered_in_one_form(browser, deployed, owner):
    for address, name, kept in (
        ("a@example.org", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"),
        ("b@example.org", "ශ්\u200dරී", "ශ්\u200dරී"),
        ("c@example.org", "  Zoe\u0308   Ray", "Zoë Ray"),
    ):
        await browser.post("/auth/register", email=address)
        token = await deployed.mailed_token(address)
        answer = await browser.post("/auth/verify", token=token, password=PASSWORD, display_name=name)
        assert answer.status_code == 200, answer.json()
        assert await owner.fetchval("select display_name from account order by created_at desc, id desc") == kept


async def test_unseen_names_are_refused_with_the_reason_and_the_link_survives(browser, deployed, owner):
    await browser.post("/auth/register", email="bob@example.org")
    token = await deployed.mailed_token("bob@example.org")
    for name, reason in (("\u200b", "shows nothing"), ("Bob\u202eboB", "U+202E"), ("", "1 to 200"), ("x" * 201, "201")):
        answer = await browser.post("/auth/verify", token=token, password=PASSWORD, display_name=name)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_NAME")
        assert reason in answer.json()["detail"]
    assert await owner.fetchval("select count(*) from account") == 0
    assert (await browser.post("/auth/verify", token=token, password=PASSWORD, display_name="Bob")).status_code == 200


@pytest.mark.usefixtures("ann")
async def test_addresses_that_differ_in_case_are_one(open_browser, deployed, owner):
    await open_browser().post("/auth/register", email="ANN@Example.ORG")
    assert (await deployed.mails("ann@example.org"))[-1][0] == "You already have an account at Wardship"
    assert await owner.fetchval("select count(*) from account") == 1


async def test_mails_to_one_address_are_limited(open_browser, owner):
    for number in range(5):
        browser = open_browser(f"198.51.100.{number}")
        assert (await browser.post("/auth/register", email="bob@example.org")).status_code == 202
    refused = await open_browser("198.51.100.99").post("/auth/register", email="bob@example.org")
    assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_ATTEMPTS")
    assert refused.headers["retry-after"] == "900"
    assert await owner.fetchval("select count(*) from outgoing_mail") == 5


@pytest.mark.usefixtures("ann")
async def test_an_unverified_claim_of_another_account_is_void(open_browser, deployed, owner):
    account = await owner.fetchval("select id from account")
    await owner.execute(
        "insert into account_email (id, created_at, account_id, address)"
        " values (gen_random_uuid(), now(), $1, 'bob@example.org')",
        account,
    )
    other = open_browser()
    await other.post("/auth/register", email="bob@example.org")
    token = await deployed.mailed_token("bob@example.org")
    await other.post("/auth/verify", token=token, password=PASSWORD, display_name="Bob")
    rows = await owner.fetch("select account_id from account_email where address = 'bob@example.org'")
    assert len(rows) == 1
    assert rows[0]["account_id"] != account


async def test_an_erased_address_returns_by_registration_alone_and_as_a_new_account(browser, deployed, owner):
    address = canonical_address("ann@example.org", ())
    async with deployed.database.directory() as transaction:
        await tombstones.suppress(
            transaction, deployed.keys, {"email": [address]}, organisation_id=None, at=deployed.clock.now()
        )
        assert await tombstones.is_suppressed(transaction, deployed.keys, None, address)
    await browser.post("/auth/register", email=address)
    async with deployed.database.directory() as transaction:
        assert await tombstones.is_suppressed(transaction, deployed.keys, None, address)
    token = await deployed.mailed_token(address)
    await browser.post("/auth/verify", token=token, password=PASSWORD, display_name="Ann")
    async with deployed.database.directory() as transaction:
        assert not await tombstones.is_suppressed(transaction, deployed.keys, None, address)
    assert await owner.fetchval("select lifted_at from tombstone") == deployed.clock.now()


async def test_an_account_that_one_organisation_erased_may_return_by_the_mailed_link(
    ann, open_browser, deployed, owner
):
    organisation = await owner.fetchval(
        "insert into organisation (id, created_at, slug, name) values (gen_random_uuid(), now(), 'a', 'A') returning id"
    )
    async with deployed.database.tenant(organisation) as transaction:
        await tombstones.suppress(
            transaction, deployed.keys, {"email": [ann.email]}, organisation_id=organisation, at=deployed.clock.now()
        )
    await register(Call(deployed, CLIENT), ann.email)
    token = await deployed.mailed_token(ann.email)
    answer = await open_browser().post("/auth/return", token=token)
    assert answer.status_code == 200
    async with deployed.database.tenant(organisation) as transaction:
        assert not await tombstones.is_suppressed(transaction, deployed.keys, organisation, ann.email)


async def test_links_are_built_from_the_public_url_whatever_the_host_header_says(browser, deployed):
    await browser.send("POST", "/auth/register", json={"email": "bob@example.org"}, headers={"Host": "evil.example"})
    body = (await deployed.mails("bob@example.org"))[-1][1]
    assert "evil.example" not in body
    assert "http://localhost:8000/auth/link/" in body


async def test_a_second_registration_of_one_address_makes_one_account(open_browser, deployed, owner):
    first, second = open_browser(), open_browser()
    await first.post("/auth/register", email="bob@example.org")
    early = await deployed.mailed_token("bob@example.org")
    deployed.clock.advance(timedelta(seconds=1))
    await second.post("/auth/register", email="bob@example.org")
    late = await deployed.mailed_token("bob@example.org")
    assert early != late
    await first.post("/auth/verify", token=early, password=PASSWORD, display_name="Bob")
    answer = await second.post("/auth/verify", token=late, password=PASSWORD, display_name="Eve")
    assert answer.json()["code"] == "LINK_REFUSED"
    assert [row["display_name"] for row in await owner.fetch("select display_name from account")] == ["Bob"]


async def test_of_two_links_used_at_once_one_makes_the_account(open_browser, deployed, owner):
    tokens = []
    for _ in range(2):
        await open_browser().post("/auth/register", email="bob@example.org")
        tokens.append(await deployed.mailed_token("bob@example.org"))
        deployed.clock.advance(timedelta(seconds=1))
    answers = await asyncio.gather(
        *(open_browser().post("/auth/verify", token=token, password=PASSWORD, display_name="Bob") for token in tokens)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 410]
    assert await owner.fetchval("select count(*) from account") == 1


async def test_person_with_an_address_of_an_internal_domain_registers_where_it_is_named(
    open_browser, deployed, settings
):
    body = {"email": "Person@Corp.local"}
    refused = await open_browser().post("/auth/register", **body)
    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_ADDRESS")
    assert "corp.local is known inside a network only" in refused.json()["message"]
    one = type(deployed)(
        settings.model_copy(update={"internal_domains": ["corp.local"]}),
        deployed.database,
        deployed.clock,
        deployed.keys,
    )
    browser = open_browser()
    browser.http._transport.app = make_app(one.settings, sign_in_router(one))
    assert (await browser.post("/auth/register", **body)).status_code == 202
    assert await one.mailed_token("person@corp.local")
