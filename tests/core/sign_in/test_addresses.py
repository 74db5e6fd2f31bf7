"""Adding, proving, choosing and removing the addresses of an account."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

SECOND = "ann@second.example.org"
NEW = "cobalt-heron-mosaic-quay"


async def _add(browser, human, email=SECOND):
    await browser.post("/auth/step-up", code=human.code())
    return await browser.post("/auth/addresses", email=email)


@pytest.fixture
def prove(deployed):
    """Add an address and use its link in the same browser."""

    async def run(browser, human, email=SECOND) -> dict[str, dict]:
        assert (await _add(browser, human, email)).status_code == 202
        done = await browser.post("/auth/addresses/verify", token=await deployed.mailed_token(email))
        assert done.status_code == 200, done.text
        return {item["address"]: item for item in done.json()}

    return run


async def test_address_is_added_by_its_mailed_link_and_all_addresses_are_told(browser, ann, deployed, owner):
    asked = (await _add(browser, ann)).json()
    assert [(item["address"], item["verified_at"] is None) for item in asked] == [(ann.email, False), (SECOND, True)]
    assert await owner.fetchval("select count(*) from account_email") == 1, "nothing exists before the link is used"
    token = await deployed.mailed_token(SECOND)
    done = await browser.post("/auth/addresses/verify", token=token)
    assert [item["address"] for item in done.json() if item["verified_at"]] == [ann.email, SECOND]
    for address in (ann.email, SECOND):
        assert (await deployed.mails(address))[-1][0] == "An address was added to your account at Wardship"
    again = await browser.post("/auth/addresses/verify", token=token)
    assert (again.status_code, again.json()["code"]) == (410, "LINK_REFUSED")
    kinds = [item["kind"] for item in (await browser.get("/auth/activity")).json()["events"]]
    assert kinds[:2] == ["address_added", "address_asked"]


async def test_every_address_of_an_account_signs_in(browser, ann, open_browser, prove):
    await prove(browser, ann)
    ann.email = SECOND
    await ann.sign_in(open_browser())


@pytest.mark.parametrize("act", ["add", "primary", "remove"])
async def test_addresses_change_only_with_a_fresh_second_factor(browser, ann, clock, owner, prove, act):
    held = await prove(browser, ann)
    clock.advance(timedelta(minutes=11))
    before = await owner.fetch("select * from account_email order by id")
    path = f"/auth/addresses/{held[SECOND]['id']}"
    refused = {
        "add": lambda: browser.post("/auth/addresses", email="third@example.org"),
        "primary": lambda: browser.post(f"{path}/primary"),
        "remove": lambda: browser.send("DELETE", path),
    }
    answer = await refused[act]()
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert await owner.fetch("select * from account_email order by id") == before
    assert await owner.fetchval("select count(*) from outgoing_mail where recipient = 'third@example.org'") == 0


async def test_address_of_another_account_answers_the_same_and_its_owner_is_told(
    browser, ann, open_browser, enrol, deployed, owner
):
    await enrol(open_browser("198.51.100.4"), "bob@example.org", "Bob")
    unknown = await _add(browser, ann, "nobody@example.org")
    known = await _add(browser, ann, "bob@example.org")
    assert known.status_code == unknown.status_code == 202
    shown = [{**item, "id": "", "address": ""} for item in known.json()[1:]]
    assert shown[0].keys() == shown[1].keys()
    assert (shown[0]["verified_at"], shown[1]["verified_at"]) == (None, None)
    subject, body = (await deployed.mails("bob@example.org"))[-1]
    assert subject == "Somebody wanted to add your address at Wardship"
    assert "/auth/link/" not in body
    assert await owner.fetchval("select count(*) from account_email where address = 'bob@example.org'") == 1


async def test_link_works_for_the_account_that_asked_alone(browser, ann, open_browser, enrol, deployed, owner):
    """A person who is misled to press the button gives away no address."""
    other = open_browser("198.51.100.4")
    await enrol(other, "mallory@example.org", "Mallory")
    await _add(browser, ann)
    token = await deployed.mailed_token(SECOND)
    refused = await other.post("/auth/addresses/verify", token=token)
    assert (refused.status_code, refused.json()["code"]) == (410, "LINK_REFUSED")
    nobody = open_browser("192.0.2.9")
    assert (await nobody.post("/auth/addresses/verify", token=token)).status_code == 401
    assert (await nobody.get(f"/auth/link/{token}")).status_code == 401
    assert (await other.get(f"/auth/link/{token}")).status_code == 403
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    stolen = await other.http.post(f"/auth/link/{token}", content=f"csrf_token={other.csrf}", headers=form)
    assert stolen.status_code == 410
    assert (await nobody.http.post(f"/auth/link/{token}", content="csrf_token=", headers=form)).status_code == 401
    assert await owner.fetchval("select count(*) from account_email") == 2
    assert (await browser.post("/auth/addresses/verify", token=token)).status_code == 200


async def test_looking_at_the_page_changes_nothing_and_its_button_adds_the_address(browser, ann, deployed, owner):
    await _add(browser, ann)
    token = await deployed.mailed_token(SECOND)
    for _ in range(2):
        page = await browser.get(f"/auth/link/{token}")
        assert page.status_code == 200
        assert f"{SECOND} will belong to your account with {ann.email}." in page.text
    assert await owner.fetchval("select count(*) from account_email") == 1
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    without = await browser.http.post(f"/auth/link/{token}", content="csrf_token=wrong", headers=form)
    assert without.status_code == 403
    done = await browser.http.post(f"/auth/link/{token}", content=f"csrf_token={browser.csrf}", headers=form)
    assert (done.status_code, "belongs to your account now" in done.text) == (200, True)


async def test_unproven_claim_blocks_nobody_and_ends(browser, ann, open_browser, enrol, deployed, clock):
    await _add(browser, ann)
    token = await deployed.mailed_token(SECOND)
    await enrol(open_browser("198.51.100.4"), SECOND, "Whose it is")
    refused = await browser.post("/auth/addresses/verify", token=token)
    assert refused.json()["code"] == "LINK_REFUSED"
    await _add(browser, ann, "third@example.org")
    clock.advance(timedelta(hours=24))
    await ann.sign_in(browser)
    assert [item["address"] for item in (await browser.get("/auth/addresses")).json()] == [ann.email]


async def test_of_two_accounts_that_prove_one_address_at_the_same_moment_one_gets_it(
    browser, ann, open_browser, enrol, deployed, owner
):
    other = open_browser("198.51.100.4")
    bob = await enrol(other, "bob@example.org", "Bob")
    await _add(browser, ann)
    first = await deployed.mailed_token(SECOND)
    await _add(other, bob)
    second = await deployed.mailed_token(SECOND)
    assert first != second
    answers = await asyncio.gather(
        browser.post("/auth/addresses/verify", token=first),
        other.post("/auth/addresses/verify", token=second),
        browser.post("/auth/addresses/verify", token=first),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410]
    assert await owner.fetchval("select count(*) from account_email where address = $1", SECOND) == 1


async def test_registration_and_adding_of_one_address_at_the_same_moment_make_one_owner(
    browser, ann, open_browser, deployed, owner
):
    stranger = open_browser("198.51.100.4")
    await stranger.post("/auth/register", email=SECOND)
    registering = await deployed.mailed_token(SECOND)
    await _add(browser, ann)
    adding = await deployed.mailed_token(SECOND)
    answers = await asyncio.gather(
        stranger.post("/auth/verify", token=registering, password=NEW, display_name="Somebody"),
        browser.post("/auth/addresses/verify", token=adding),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 410]
    assert await owner.fetchval("select count(*) from account_email where address = $1", SECOND) == 1


@pytest.mark.parametrize("typed", [" ANN@Second.Example.ORG ", "ann@second.example.org"])
async def test_forms_of_an_address_are_one(browser, ann, prove, typed):
    await prove(browser, ann)
    refused = await _add(browser, ann, typed)
    assert (refused.status_code, refused.json()["code"]) == (409, "ADDRESS_HELD")


async def test_domain_of_other_letters_is_one_address_in_both_forms(browser, ann, deployed):
    await _add(browser, ann, "ann@xn--bcher-kva.example")
    await browser.post("/auth/addresses/verify", token=await deployed.mailed_token("ann@bücher.example"))
    refused = await _add(browser, ann, "Ann@BÜCHER.example")
    assert refused.json()["code"] == "ADDRESS_HELD"


async def test_primary_address_gets_the_mail_and_can_not_be_removed(browser, ann, deployed, prove):
    held = await prove(browser, ann)
    refused = await browser.send("DELETE", f"/auth/addresses/{held[ann.email]['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "LAST_ADDRESS")
    await browser.post(f"/auth/addresses/{held[SECOND]['id']}/primary")
    for address in (ann.email, SECOND):
        assert (await deployed.mails(address))[-1][0] == "Another of your addresses became the primary one at Wardship"
    before = len(await deployed.mails(ann.email))
    await browser.post("/auth/recovery-codes")
    assert (await deployed.mails(SECOND))[-1][0] == "Your recovery codes were renewed at Wardship"
    assert len(await deployed.mails(ann.email)) == before
    last = await browser.send("DELETE", f"/auth/addresses/{held[SECOND]['id']}")
    assert last.json()["code"] == "LAST_ADDRESS"


async def test_what_was_mailed_to_a_removed_address_and_other_sessions_die(
    browser, ann, open_browser, deployed, owner, prove
):
    held = await prove(browser, ann)
    other = open_browser()
    await ann.sign_in(other)
    stranger = open_browser("198.51.100.4")
    await stranger.post("/auth/password/forgot", email=SECOND)
    reset = await deployed.mailed_token(SECOND)
    await stranger.post("/auth/register", email=SECOND)
    assert await owner.fetchval("select count(*) from outgoing_mail where recipient = $1", SECOND) == 1
    gone = await browser.send("DELETE", f"/auth/addresses/{held[SECOND]['id']}")
    assert [item["address"] for item in gone.json()] == [ann.email]
    subjects = [subject for subject, _ in await deployed.mails(SECOND)]
    assert subjects[-1] == "An address was removed from your account at Wardship"
    assert "You already have an account at Wardship" not in subjects
    assert (await deployed.mails(ann.email))[-1][0] == "An address was removed from your account at Wardship"
    refused = await stranger.post("/auth/password/reset", token=reset, password=NEW, code=ann.code())
    assert refused.json()["code"] == "LINK_REFUSED"
    assert (await other.get("/auth/sessions")).status_code == 401
    assert (await browser.get("/auth/sessions")).status_code == 200
    ann.email = SECOND
    assert (await stranger.post("/auth/sign-in", email=SECOND, password=ann.password)).status_code == 401


async def test_address_that_waits_is_given_up(browser, ann, deployed):
    asked = (await _add(browser, ann)).json()
    token = await deployed.mailed_token(SECOND)
    gone = await browser.send("DELETE", f"/auth/addresses/{asked[1]['id']}")
    assert [item["address"] for item in gone.json()] == [ann.email]
    assert (await browser.post("/auth/addresses/verify", token=token)).json()["code"] == "LINK_REFUSED"


async def test_nobody_touches_anothers_addresses(browser, ann, open_browser, enrol, owner, prove):
    held = await prove(browser, ann)
    other = open_browser("198.51.100.4")
    await enrol(other, "bob@example.org", "Bob")
    for answer in (
        await other.post(f"/auth/addresses/{held[SECOND]['id']}/primary"),
        await other.send("DELETE", f"/auth/addresses/{held[SECOND]['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert await owner.fetchval("select count(*) from account_email") == 3
    assert await owner.fetchval("select address from account_email where is_primary and address like 'ann%'") == (
        ann.email
    )


async def test_new_password_ends_links_to_addresses_that_wait(browser, ann, deployed):
    """Somebody who had the session for a moment doesn't come back by an address that waited."""
    await _add(browser, ann)
    token = await deployed.mailed_token(SECOND)
    await browser.post("/auth/password/change", current_password=ann.password, new_password=NEW)
    assert (await browser.post("/auth/addresses/verify", token=token)).json()["code"] == "LINK_REFUSED"


async def test_one_account_floods_neither_one_address_nor_many(browser, ann, owner, clock):
    answers = [(await _add(browser, ann)).status_code for _ in range(6)]
    assert answers == [202] * 5 + [429]
    assert await owner.fetchval("select count(*) from sign_in_link where purpose = 'add_address'") == 1
    clock.advance(timedelta(minutes=1))
    await browser.post("/auth/step-up", code=ann.code())
    statuses = [
        (await browser.post("/auth/addresses", email=f"person{number}@example.org")).status_code for number in range(6)
    ]
    assert statuses == [202] * 5 + [429]
    assert await owner.fetchval("select count(*) from sign_in_link where purpose = 'add_address'") == 6


async def test_account_has_ten_addresses_at_most(browser, ann, deployed, owner):
    account_id = await owner.fetchval("select id from account")
    for number in range(9):
        await owner.execute(
            "insert into account_email (id, created_at, account_id, address, verified_at)"
            " values (gen_random_uuid(), now(), $1, $2, now())",
            account_id,
            f"ann{number}@example.org",
        )
    refused = await _add(browser, ann)
    assert (refused.status_code, refused.json()["code"]) == (409, "TOO_MANY_ADDRESSES")
    assert await deployed.mails(SECOND) == []


async def test_erased_accounts_address_is_added_and_stays_suppressed_where_an_organisation_erased_it(
    browser, ann, owner, keys, prove
):
    digest = keys.fingerprint("tombstone", f"email:{SECOND}")
    organisation = await owner.fetchval(
        "insert into organisation (id, created_at, slug, name) values (gen_random_uuid(), now(), 'acme', 'Acme')"
        " returning id"
    )
    for place in (None, organisation):
        await owner.execute(
            "insert into tombstone (id, created_at, organisation_id, kind, identifier_hash)"
            " values (gen_random_uuid(), now(), $1, 'email', $2)",
            place,
            digest,
        )
    await prove(browser, ann)
    rows = await owner.fetch("select organisation_id is null as is_global, lifted_at is null as holds from tombstone")
    assert {(row["is_global"], row["holds"]) for row in rows} == {(True, False), (False, True)}


async def test_sub_addresses_are_counted_as_one_mailbox_by_every_mail_that_anybody_can_cause(browser, ann, owner):
    asked = [
        ("/auth/register", "who+1@example.org"),
        ("/auth/register", "who+2@example.org"),
        ("/auth/password/forgot", "who+3@example.org"),
        ("/auth/recovery", "who+4@example.org"),
    ]
    statuses = [(await browser.post(path, email=email)).status_code for path, email in asked]
    statuses.append((await _add(browser, ann, "who+5@example.org")).status_code)
    statuses.append((await browser.post("/auth/register", email="who@example.org")).status_code)
    assert statuses == [202] * 5 + [429]
    assert await owner.fetchval("select count(*) from outgoing_mail where recipient like 'who%'") == 5
