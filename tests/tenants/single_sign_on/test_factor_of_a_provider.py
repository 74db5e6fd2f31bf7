"""A second factor that was set up in a provider's session is of use there alone: it opens and locks nothing else."""

from __future__ import annotations

import pytest

from tests.builders import make_member
from tests.core.sign_in.conftest import PASSWORD, Deployed, Human
from tests.tenants.single_sign_on.harbour import DOMAIN, make_harbour
from wardship.core.identifiers import uuid7
from wardship.tenants.single_sign_on.ending import disconnect_member
from wardship.tenants.single_sign_on.records import SecondStep

pytestmark = pytest.mark.anyio
ZOE = f"zoe@{DOMAIN}"


@pytest.fixture
async def enrolled(harbour, browser, owner, clock) -> Human:
    """Zoë, whose account the provider has made, with the authenticator that was set up in its session."""
    await owner.execute("update identity_provider set second_step = $1", SecondStep.OWN.value)
    assert (await harbour.sign_in(browser)).headers["location"] == "/auth/enrol"
    return await set_up(browser, clock)


@pytest.fixture
def mailbox(services, database) -> Deployed:
    return Deployed(services.settings, database, services.clock, services.keys)


async def set_up(browser, clock) -> Human:
    begun = await browser.post("/auth/enrol-second-factor")
    assert begun.status_code == 200, begun.text
    human = Human(ZOE, begun.json()["secret"], [], clock)
    confirmed = await browser.post("/auth/enrol-second-factor/confirm", code=human.code())
    assert confirmed.json()["step"] == "done", confirmed.text
    human.recovery_codes = confirmed.json()["recovery_codes"]
    return human


async def reset_password(browser, mailbox, code=""):
    await browser.post("/auth/password/forgot", email=ZOE)
    token = await mailbox.mailed_token(ZOE)
    return await browser.post("/auth/password/reset", token=token, password=PASSWORD, code=code)


async def test_the_owner_of_the_mailbox_is_not_locked_out_by_it(enrolled, open_browser, mailbox, owner, clock):
    own = open_browser()
    assert (await reset_password(own, mailbox)).json()["step"] == "enrolment"
    assert (await own.get("/auth/session")).json()["account"] is None
    theirs = await set_up(own, clock)
    told = (await own.get("/auth/session")).json()
    assert (told["account"]["has_second_factor"], told["account"]["recovery_codes_left"]) == (True, 10)
    assert await owner.fetchval("select count(*) from totp_credential") == 1
    again = open_browser()
    await theirs.sign_in(again)
    assert enrolled.secret != theirs.secret


async def test_its_codes_open_nothing_of_the_account(enrolled, open_browser, mailbox, clock):
    own = open_browser()
    await reset_password(own, mailbox)
    await set_up(own, clock)
    thief = open_browser()
    first = await thief.post("/auth/sign-in", email=ZOE, password=PASSWORD)
    assert first.json()["step"] == "totp"
    for code in (enrolled.code(), enrolled.recovery_codes[0]):
        refused = await thief.post("/auth/second-step", code=code)
        assert (refused.status_code, refused.json()["code"]) == (401, "WRONG_CODE")
    assert (await thief.get("/auth/session")).json()["account"] is None


@pytest.mark.usefixtures("enrolled")
async def test_a_password_that_is_known_meets_no_second_factor_of_a_provider(open_browser, mailbox):
    await reset_password(open_browser(), mailbox)
    own = open_browser()
    assert (await own.post("/auth/sign-in", email=ZOE, password=PASSWORD)).json()["step"] == "enrolment"


async def test_it_is_the_second_step_at_that_provider(enrolled, harbour, browser, open_browser):
    told = (await browser.get("/auth/session")).json()
    assert (told["account"]["has_second_factor"], told["account"]["recovery_codes_left"]) == (True, 10)
    for code in (enrolled.code(), enrolled.recovery_codes[0]):
        again = open_browser()
        assert (await harbour.sign_in(again)).headers["location"] == "/auth/second-factor"
        shown = await again.post("/auth/second-step", code=code)
        assert shown.json()["step"] == "done", shown.text
    assert (await again.post("/auth/step-up", code=enrolled.code())).json()["step"] == "done"
    refused = await again.post("/auth/enrol-second-factor")
    assert (refused.status_code, refused.json()["code"]) == (403, "ORGANISATION_SESSION")


async def test_another_organisations_provider_has_nothing_of_it(enrolled, services, owner, idp, open_browser, clock):
    other = await make_harbour(services, owner, idp, "other")
    await other.enter(second_step=SecondStep.OWN)
    account_id = await owner.fetchval("select account_id from account_email where address = $1", ZOE)
    await owner.execute(
        "insert into identity (id, created_at, account_id, organisation_id, issuer, subject, used_at)"
        " values ($1, now(), $2, $3, $4, 'zoe', now())",
        uuid7(),
        account_id,
        other.organisation.id,
        idp.issuer,
    )
    await make_member(services.database, other.organisation, account_id=account_id)
    there = open_browser()
    assert (await other.sign_in(there)).headers["location"] == "/auth/enrol"
    await set_up(there, clock)
    assert await owner.fetchval("select count(*) from totp_credential where confirmed_at is not null") == 2
    assert enrolled.recovery_codes
    assert await owner.fetchval("select count(*) from recovery_code") == 20


async def test_setting_it_up_ends_no_session_of_the_account_itself(harbour, browser, open_browser, owner, clock):
    await harbour.sign_in(browser)
    account_id = await owner.fetchval("select account_id from account_email where address = $1", ZOE)
    await owner.execute("update identity_provider set second_step = $1", SecondStep.OWN.value)
    await owner.execute(
        "insert into session (id, created_at, account_id, token_hash, csrf_token, stage, expires_at, last_seen_at,"
        " user_agent, network)"
        " values ($1, $2, $3, 'x', 'y', 'complete', $2::timestamptz + interval '1 day', $2, '', '')",
        uuid7(),
        clock.now(),
        account_id,
    )
    other = open_browser()
    await harbour.sign_in(other)
    await set_up(other, clock)
    left = await owner.fetch("select organisation_id is null as own from session where account_id = $1", account_id)
    assert sorted(row["own"] for row in left) == [False, True]


async def test_it_ends_with_the_connection_to_the_provider(enrolled, harbour, owner):
    assert enrolled.recovery_codes
    member_id = await owner.fetchval("select id from member where email = $1", ZOE)
    async with harbour.access(harbour.owner) as access:
        await disconnect_member(access, member_id)
    assert await owner.fetchval("select count(*) from totp_credential") == 0
    assert await owner.fetchval("select count(*) from recovery_code") == 0


async def test_the_owner_is_told_that_it_is_of_use_there_alone(enrolled, mailbox):
    assert enrolled.recovery_codes
    assert any("for that alone" in body for _, body in await mailbox.mails(ZOE))
