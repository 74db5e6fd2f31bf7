from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.builders import make_member, make_organisation


@pytest.fixture
async def acme(database, ann, owner):
    organisation = await make_organisation(database, "acme")
    account_id = await owner.fetchval("select account_id from account_email where address = $1", ann.email)
    await make_member(database, organisation, account_id=account_id, email=ann.email)
    return organisation


@pytest.fixture
def wanted(clock) -> dict[str, object]:
    expires_at = (clock.now() + timedelta(days=30)).isoformat()
    return {"name": "script", "organisation": "acme", "scopes": ["read"], "expires_at": expires_at}


@pytest.mark.usefixtures("acme")
async def test_a_token_is_created_listed_and_revoked(browser, wanted, deployed, ann, owner):
    created = await browser.post("/auth/tokens", **wanted)
    assert created.status_code == 201
    token = created.json()["token"]
    assert token.startswith("wsp_")
    assert (await deployed.mails(ann.email))[-1][0] == "An access token was created for your account at Wardship"
    listed = await browser.get("/auth/tokens")
    assert [(item["name"], item["organisation"], item["scopes"]) for item in listed.json()] == [
        ("script", "acme", ["read"])
    ]
    assert token not in listed.text
    identifier = listed.json()[0]["id"]
    entry = json.loads(await owner.fetchval("select entry from audit_entry"))
    assert entry["request"] == created.headers["x-request-id"]
    assert (await browser.send("DELETE", f"/auth/tokens/{identifier}")).status_code == 204
    assert (await browser.get("/auth/tokens")).json() == []
    assert (await browser.send("DELETE", f"/auth/tokens/{identifier}")).status_code == 404
    actions = [row["action"] for row in await owner.fetch("select action from audit_entry order by sequence")]
    assert actions == ["access_token.created", "access_token.revoked"]


@pytest.mark.usefixtures("acme")
async def test_creating_one_needs_a_fresh_second_factor(browser, wanted, clock, owner):
    clock.advance(timedelta(minutes=11))
    refused = await browser.post("/auth/tokens", **wanted)
    assert (refused.status_code, refused.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert await owner.fetchval("select count(*) from access_token") == 0


@pytest.mark.usefixtures("acme")
async def test_a_foreign_organisation_and_an_absent_one_get_the_same_answer(browser, wanted, database):
    await make_organisation(database, "other")
    answers = [
        (await browser.post("/auth/tokens", **(wanted | {"organisation": slug}))).json() for slug in ("other", "absent")
    ]
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "NOT_FOUND"


@pytest.mark.usefixtures("acme")
async def test_nobody_revokes_the_token_of_another(browser, wanted, open_browser, enrol, owner):
    identifier = (await browser.post("/auth/tokens", **wanted)).json()["access_token"]["id"]
    other = open_browser()
    await enrol(other, "bob@example.org", "Bob")
    answer = await other.send("DELETE", f"/auth/tokens/{identifier}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert await owner.fetchval("select revoked_at from access_token") is None


@pytest.mark.usefixtures("acme")
async def test_the_session_tells_the_organisations_of_the_account(browser, database, owner, ann):
    session = (await browser.get("/auth/session")).json()
    assert session["organisations"] == [{"slug": "acme", "name": "Acme"}]
    assert session["organisation"] == "acme"
    second = await make_organisation(database, "zeta")
    account_id = await owner.fetchval("select id from account")
    await make_member(database, second, account_id=account_id, email=ann.email)
    session = (await browser.get("/auth/session")).json()
    assert [item["slug"] for item in session["organisations"]] == ["acme", "zeta"]
    assert session["organisation"] is None


@pytest.mark.usefixtures("ann")
async def test_the_provider_is_no_organisation_of_anybodys(browser, owner, wanted):
    await owner.execute(
        "insert into staff (id, created_at, account_id, role) select id, now(), id, 'operator' from account"
    )
    await make_provider_member(owner)
    session = (await browser.get("/auth/session")).json()
    assert (session["organisations"], session["organisation"]) == ([], None)
    assert session["account"]["staff_roles"] == ["operator"]
    answer = await browser.post("/auth/tokens", **(wanted | {"organisation": "provider"}))
    assert answer.json()["code"] == "NOT_FOUND", "no token acts at the provider"
    assert await owner.fetchval("select count(*) from access_token") == 0


async def make_provider_member(owner):
    await owner.execute(
        "insert into member (organisation_id, id, created_at, account_id, display_name, email, pseudonym, joined_at)"
        " select o.id, a.id, now(), a.id, 'A', '', 'P', now() from organisation o, account a where o.kind = 'provider'"
    )
