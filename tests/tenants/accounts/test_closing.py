"""Closing one's own account: at once nobody is signed in, two weeks later its data is gone."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.graphql.calls import make_api
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role, StaffRole
from wardship.core.errors import NotFoundError
from wardship.core.sign_in.closing import COOLING_OFF
from wardship.tenants.fulfilment.closed_accounts import erase_closed_accounts
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member

pytestmark = pytest.mark.anyio

EVERYWHERE = """select count(*) from account_email e full join password_credential p using (account_id)
    full join totp_credential using (account_id) full join recovery_code using (account_id)
    full join session using (account_id) full join sign_in_link using (account_id)
    full join account_event using (account_id) full join access_token using (account_id)"""


async def _close(browser, human, email=None):
    await browser.post("/auth/step-up", code=human.code())
    return await browser.post("/auth/close", email=email or human.email)


async def _token(deployed, human) -> str:
    found = [
        body for subject, body in await deployed.mails(human.email) if subject == "Your account at Wardship is closed"
    ]
    return re.findall(r"/auth/link/([A-Za-z0-9_-]+)", found[-1])[-1]


async def test_account_is_closed_at_once_and_erased_two_weeks_later(
    browser, ann, open_browser, owner, services, deployed, clock
):
    other = open_browser()
    await ann.sign_in(other)
    done = await _close(browser, ann, "ANN@Example.org")
    assert done.status_code == 200
    for each in (browser, other):
        assert (await each.get("/auth/sessions")).status_code == 401
    await deployed.mails(ann.email)
    clock.advance(COOLING_OFF - timedelta(seconds=1))
    await erase_closed_accounts(services)
    assert await owner.fetchval("select state from account") == "active"
    clock.advance(timedelta(seconds=1))
    await erase_closed_accounts(services)
    row = await owner.fetchrow("select * from account")
    assert (row["state"], row["display_name"], row["closes_at"]) == ("erased", "", None)
    assert await owner.fetchval(EVERYWHERE) == 0
    assert await owner.fetchval("select count(*) from tombstone") == 0, (
        "who closed it may be invited and register again"
    )
    assert await owner.fetchval("select action from audit_entry where organisation_id = $1", PROVIDER_ID) == (
        "account.closed"
    )
    assert [subject for subject, _ in await deployed.mails(ann.email)] == ["Your account at Wardship is erased"]
    again = open_browser()
    await again.post("/auth/register", email=ann.email)
    assert (await again.post("/auth/sign-in", email=ann.email, password=ann.password)).status_code == 401


async def test_signing_in_keeps_the_account(browser, ann, open_browser, owner, services, deployed, clock):
    await _close(browser, ann)
    token = await _token(deployed, ann)
    clock.advance(timedelta(days=13))
    await ann.sign_in(open_browser())
    clock.advance(timedelta(days=2))
    await erase_closed_accounts(services)
    assert await owner.fetchval("select state from account") == "active"
    assert "Your account is kept at Wardship" in [subject for subject, _ in await deployed.mails(ann.email)]
    assert (await open_browser().post(f"/auth/link/{token}")).status_code == 410


async def test_password_alone_does_not_keep_it_and_the_mailed_link_does(
    browser, ann, open_browser, owner, services, deployed, clock
):
    await _close(browser, ann)
    token = await _token(deployed, ann)
    fresh = open_browser("198.51.100.4")
    await fresh.post("/auth/sign-in", email=ann.email, password=ann.password)
    await fresh.get(f"/auth/link/{token}")
    assert await owner.fetchval("select closes_at is not null from account")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await fresh.http.post(f"/auth/link/{token}", headers=form)).status_code == 200
    clock.advance(timedelta(days=15))
    await erase_closed_accounts(services)
    assert await owner.fetchval("select state from account") == "active"


@pytest.mark.parametrize("case", ["stale", "address", "member", "deactivated", "staff"])
async def test_account_is_not_closed_without_proof_or_while_it_is_needed(browser, ann, owner, database, clock, case):
    account_id = await owner.fetchval("select id from account")
    if case in {"member", "deactivated"}:
        acme = await make_organisation(database, "acme")
        state = "active" if case == "member" else "deactivated"
        await make_member(database, acme, Role.ORG_OWNER, account_id=account_id, state=state)
    if case == "staff":
        async with database.directory() as transaction:
            await add_staff(transaction, account_id, StaffRole.OPERATOR, at=clock.now())
    if case == "stale":
        clock.advance(timedelta(minutes=11))
        refused = await browser.post("/auth/close", email=ann.email)
    else:
        refused = await _close(browser, ann, "somebody@example.org" if case == "address" else None)
    code = {"stale": "STEP_UP_REQUIRED", "address": "INVALID_INPUT"}.get(case, "ACCOUNT_IN_USE")
    assert refused.json()["code"] == code
    if code == "ACCOUNT_IN_USE":
        assert ("Acme" in refused.json()["message"]) == (case != "staff")
    assert await owner.fetchval("select closes_at is null from account")
    assert (await browser.get("/auth/sessions")).status_code == 200


async def test_account_that_belongs_to_somebody_meanwhile_is_kept_and_told(
    browser, ann, owner, services, database, deployed, clock
):
    await _close(browser, ann)
    account_id = await owner.fetchval("select id from account")
    await make_member(database, await make_organisation(database, "acme"), account_id=account_id)
    clock.advance(COOLING_OFF)
    await erase_closed_accounts(services)
    assert await owner.fetchval("select state from account where id = $1", account_id) == "active"
    assert "Your account at Wardship is not closed" in [subject for subject, _ in await deployed.mails(ann.email)]


async def test_of_joining_and_erasing_at_the_same_moment_one_comes_first(
    browser, ann, owner, services, database, deployed, clock
):
    acme = await make_organisation(database, "acme")
    inviter = await make_member(database, acme, Role.ORG_ADMIN)
    account_id = await owner.fetchval("select account_id from account_email where address = $1", ann.email)
    await _close(browser, ann)
    clock.advance(COOLING_OFF)
    async with access_for(services, inviter.actor(at=clock.now())) as access:
        await invite_member(access, ann.email)
    bodies = [body for _, body in await deployed.mails(ann.email) if "/invitations/" in body]
    token = re.findall(r"/invitations/([A-Za-z0-9_-]+)", bodies[-1])[-1]
    joined, _ = await asyncio.gather(
        accept_invitation(services, account_id, token, request_id="test"),
        erase_closed_accounts(services),
        return_exceptions=True,
    )
    state = await owner.fetchval("select state from account where id = $1", account_id)
    members = await owner.fetchval("select count(*) from member where account_id = $1", account_id)
    assert (state, members) in {("active", 1), ("erased", 0)}
    if state == "erased":
        assert isinstance(joined, Exception)


async def test_nobody_joins_with_an_erased_account(browser, ann, owner, services, database, deployed, clock):
    acme = await make_organisation(database, "acme")
    inviter = await make_member(database, acme, Role.ORG_ADMIN)
    account_id = await owner.fetchval("select account_id from account_email where address = $1", ann.email)
    async with access_for(services, inviter.actor(at=clock.now())) as access:
        await invite_member(access, ann.email)
    bodies = [body for _, body in await deployed.mails(ann.email) if "/invitations/" in body]
    token = re.findall(r"/invitations/([A-Za-z0-9_-]+)", bodies[-1])[-1]
    await owner.execute("update account set state = 'erased' where id = $1", account_id)
    with pytest.raises(NotFoundError):
        await accept_invitation(services, account_id, token, request_id="test")
    assert await owner.fetchval("select count(*) from member where account_id = $1", account_id) == 0
    assert browser.csrf


async def test_account_is_closed_by_the_api_too(browser, ann, owner, services, clock):
    actor = Actor(
        await owner.fetchval("select id from account"),
        PROVIDER_ID,
        None,
        frozenset({Role.CUSTOMER}),
        CredentialKind.SESSION,
        stepped_up_at=clock.now(),
    )
    document = """mutation($input: CloseMyAccountInput!) {
        closeMyAccount(input: $input) { errors { code } account { closesAt } } }"""
    answer = (await make_api(services).data(actor, document, input={"email": ann.email}))["closeMyAccount"]
    assert answer["errors"] == []
    assert answer["account"]["closesAt"] is not None
    assert (await browser.get("/auth/sessions")).status_code == 401
