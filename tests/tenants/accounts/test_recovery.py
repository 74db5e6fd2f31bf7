"""Recovery from a lost second factor, decided by an organisation: two people, a delay, and nothing beyond."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from tests.builders import make_member, make_organisation
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import CredentialKind, Role, StaffRole
from wardship.tenants.accounts.clock import act_on_recoveries

pytestmark = pytest.mark.anyio

NEW = "cobalt-heron-mosaic-quay"


async def _state(owner) -> str:
    return await owner.fetchval("select state from account_recovery order by created_at desc limit 1")


async def _reason(owner) -> str:
    return await owner.fetchval("select reason from account_recovery order by created_at desc limit 1")


async def _use(browser, human, token, password=None):
    return await browser.post("/auth/recovery/use", token=token, password=password or human.password)


async def finish(browser, human, token) -> dict:
    """Use the link and set up a new authenticator."""
    assert (await _use(browser, human, token)).json()["step"] == "enrolment"
    human.secret = (await browser.post("/auth/enrol-second-factor")).json()["secret"]
    code = pyotp.TOTP(human.secret).at(human.clock.now())
    return (await browser.post("/auth/enrol-second-factor/confirm", code=code)).json()


async def test_two_people_a_delay_and_the_mailed_link_give_a_new_second_factor(
    recovering, ann, browser, open_browser, owner, deployed
):
    asked = await recovering.begin()
    assert (asked["state"], asked["approvals"]) == ("ASKED", 1)
    approved = await recovering.approve(asked)
    assert approved["state"] == "APPROVED"
    await recovering.tick(hours=47)
    assert await _state(owner) == "approved"
    await recovering.tick(hours=1)
    assert await _state(owner) == "open"
    fresh = open_browser("198.51.100.4")
    token = await recovering.token("Set a new second factor")
    old = ann.secret
    done = await finish(fresh, ann, token)
    assert done["step"] == "done"
    assert len(done["recovery_codes"]) == 10
    assert await _state(owner) == "done"
    assert (await browser.get("/auth/sessions")).status_code == 401, "all other sessions end"
    assert (await fresh.get("/auth/sessions")).status_code == 200
    stranger = open_browser()
    await stranger.post("/auth/sign-in", email=ann.email, password=ann.password)
    ann.clock.advance(timedelta(minutes=5))
    wrong = await stranger.post("/auth/second-step", code=pyotp.TOTP(old).at(ann.clock.now()))
    assert wrong.status_code == 401
    subjects = [subject for subject, _ in await deployed.mails(ann.email)]
    assert "A recovery gave your account a new second factor at Wardship" in subjects
    again = await _use(open_browser(), ann, token)
    assert again.json()["code"] == "LINK_REFUSED"


async def test_tokens_and_links_end_with_a_recovery(recovering, ann, browser, open_browser, owner, clock):
    await browser.post("/auth/step-up", code=ann.code())
    until = (clock.now() + timedelta(days=300)).isoformat()
    made = await browser.post("/auth/tokens", name="bot", organisation="acme", scopes=["read"], expires_at=until)
    assert made.status_code == 201
    token = await recovering.opened()
    await open_browser().post("/auth/password/forgot", email=ann.email)
    await finish(open_browser("198.51.100.4"), ann, token)
    assert await owner.fetchval("select count(*) from access_token where revoked_at is null") == 0
    assert await owner.fetchval("select count(*) from sign_in_link") == 0


async def test_owner_is_told_at_all_addresses_and_calls_it_off_by_the_link(
    recovering, ann, browser, open_browser, owner, deployed
):
    await browser.post("/auth/addresses", email="ann@second.example.org")
    second = await deployed.mailed_token("ann@second.example.org")
    await browser.post("/auth/addresses/verify", token=second)
    await recovering.approve(await recovering.begin())
    for address in (ann.email, "ann@second.example.org"):
        subjects = {subject for subject, _ in await deployed.mails(address)}
        assert subjects >= {
            "A new second factor was asked for, for your account at Wardship",
            "Your account at Wardship gets a new second factor soon",
        }
    token = await recovering.token("asked for, for your account")
    scanner = open_browser()
    for _ in range(2):
        assert (await scanner.get(f"/auth/link/{token}")).status_code == 200
    assert await _state(owner) == "approved", "looking changes nothing"
    assert (await scanner.post("/auth/recovery/cancel", token=token)).status_code == 200
    assert (await _state(owner), await _reason(owner)) == ("cancelled", "by_owner")
    again = await scanner.post("/auth/recovery/cancel", token=token)
    assert again.json()["code"] == "LINK_REFUSED"
    await recovering.tick(hours=60)
    assert await _state(owner) == "cancelled"


@pytest.mark.parametrize("way", ["second step", "recovery code", "step-up", "password reset"])
async def test_showing_the_old_factor_by_whatever_way_ends_a_recovery(
    recovering, ann, browser, open_browser, owner, way
):
    await recovering.approve(await recovering.begin())
    other = open_browser("198.51.100.4")
    if way == "second step":
        await ann.sign_in(other)
    elif way == "recovery code":
        await other.post("/auth/sign-in", email=ann.email, password=ann.password)
        await other.post("/auth/second-step", code=ann.recovery_codes[0])
    elif way == "step-up":
        await browser.post("/auth/step-up", code=ann.code())
    else:
        await other.post("/auth/password/forgot", email=ann.email)
        token = await recovering.token("Set a new password")
        await other.post("/auth/password/reset", token=token, password=NEW, code=ann.code())
    assert (await _state(owner), await _reason(owner)) == ("cancelled", "signed_in")
    assert await owner.fetchval("select count(*) from sign_in_link where recovery_id is not null") == 0


async def test_password_alone_ends_no_recovery_and_mailbox_alone_uses_none(recovering, ann, open_browser, owner):
    token = await recovering.opened()
    thief = open_browser("198.51.100.4")
    await thief.post("/auth/sign-in", email=ann.email, password=ann.password)
    assert await _state(owner) == "open"
    refused = await _use(thief, ann, token, "not-the-password")
    assert (refused.status_code, refused.json()["code"]) == (401, "WRONG_PASSWORD")
    await thief.post("/auth/password/forgot", email=ann.email)
    reset = await recovering.token("Set a new password")
    without = await thief.post("/auth/password/reset", token=reset, password=NEW)
    assert without.json()["code"] == "WRONG_CODE", "a recovery under way opens no second door"
    assert await owner.fetchval("select count(*) from session where recovery_id is not null") == 0


async def test_guesses_of_the_password_at_the_link_are_counted(recovering, ann, open_browser):
    token = await recovering.opened()
    thief = open_browser("198.51.100.4")
    statuses = [(await _use(thief, ann, token, "not-the-password")).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


async def test_half_of_a_recovery_leaves_the_old_factor_in_force(recovering, ann, open_browser, owner):
    token = await recovering.opened()
    assert (await _use(open_browser("198.51.100.4"), ann, token)).json()["step"] == "enrolment"
    await ann.sign_in(open_browser())
    assert await _state(owner) == "cancelled"
    assert await owner.fetchval("select count(*) from session where recovery_id is not null") == 0


async def test_session_of_a_recovery_that_was_called_off_sets_no_factor(recovering, ann, open_browser, owner):
    token = await recovering.opened()
    half = open_browser("198.51.100.4")
    await _use(half, ann, token)
    secret = (await half.post("/auth/enrol-second-factor")).json()["secret"]
    cancel = await recovering.token("A link that sets a new second factor was mailed")
    await open_browser().post("/auth/recovery/cancel", token=cancel)
    refused = await half.post("/auth/enrol-second-factor/confirm", code=pyotp.TOTP(secret).at(ann.clock.now()))
    assert refused.status_code == 401
    await ann.sign_in(open_browser())
    assert await _state(owner) == "cancelled"


async def test_plain_sign_in_that_waits_never_replaces_the_factor(recovering, ann, open_browser):
    await recovering.opened()
    waiting = open_browser("198.51.100.4")
    await waiting.post("/auth/sign-in", email=ann.email, password=ann.password)
    assert (await waiting.post("/auth/enrol-second-factor")).status_code == 401


async def test_nobody_approves_twice_or_the_own_or_without_a_fresh_factor_or_by_a_token(recovering, owner, clock):
    asked = await recovering.begin()
    refused = {
        "SECOND_PERSON_REQUIRED": recovering.admin.actor(at=clock.now()),
        "STEP_UP_REQUIRED": recovering.boss.actor(at=clock.now() - timedelta(hours=1)),
        "SESSION_REQUIRED": replace(recovering.boss.actor(at=clock.now()), credential=CredentialKind.TOKEN),
        "PERMISSION_DENIED": recovering.person.actor(at=clock.now()),
    }
    for code, actor in refused.items():
        assert (await recovering.approve(asked, actor))["refused"] == code
    assert await owner.fetchval("select second_approver_id is null from account_recovery")
    assert await _state(owner) == "asked"


async def test_nobody_begins_the_recovery_of_the_own_account(recovering, owner, clock):
    own = replace(recovering.person.actor(at=clock.now()), roles=frozenset({Role.MEMBER, Role.ORG_ADMIN}))
    assert (await recovering.begin(own))["refused"] == "YOURSELF"
    assert await _state(owner) is None


async def test_of_two_approvals_by_one_person_at_the_same_moment_one_counts(recovering, owner):
    asked = await recovering.begin()
    answers = await asyncio.gather(
        recovering.approve(asked, recovering.boss), recovering.approve(asked, recovering.boss)
    )
    assert sorted(answer.get("state") or answer["refused"] for answer in answers) == ["APPROVED", "RECOVERY_NOT_OPEN"]
    rows = await owner.fetchrow("select first_approver_id, second_approver_id from account_recovery")
    assert set(rows) == {recovering.admin.account_id, recovering.boss.account_id}


async def test_one_of_the_two_ranks_above_the_person(recovering, owner, database, acme):
    other = await make_member(database, acme, Role.ORG_ADMIN, name="Amy")
    await owner.execute(
        "insert into role_assignment (organisation_id, id, created_at, member_id, role)"
        " values ($1, gen_random_uuid(), now(), $2, 'org_admin')",
        acme.id,
        recovering.person.member_id,
    )
    asked = await recovering.begin()
    assert (await recovering.approve(asked, other))["refused"] == "NOT_BELOW_YOU"
    assert await _state(owner) == "asked"
    assert (await recovering.approve(asked))["state"] == "APPROVED"


@pytest.mark.parametrize("case", ["elsewhere", "deactivated elsewhere", "staff", "single admin", "owner"])
async def test_organisation_recovers_no_account_that_is_not_its_own_alone(recovering, owner, database, case):
    person, account_id = recovering.person, recovering.person.account_id
    if "elsewhere" in case:
        state = "deactivated" if case != "elsewhere" else "active"
        other = await make_organisation(database, "other")
        await make_member(database, other, account_id=account_id, state=state)
    elif case == "staff":
        async with database.directory() as transaction:
            await add_staff(transaction, account_id, StaffRole.OPERATOR, at=recovering.services.clock.now())
    elif case == "single admin":
        await owner.execute("update member set state = 'deactivated' where id = $1", recovering.boss.member_id)
    else:
        await owner.execute("delete from role_assignment where role = 'org_owner'")
        await owner.execute(
            "insert into role_assignment (organisation_id, id, created_at, member_id, role)"
            " values ($1, gen_random_uuid(), now(), $2, 'org_owner')",
            person.organisation_id,
            person.member_id,
        )
    refused = (await recovering.begin())["refused"]
    assert refused == ("NOT_BELOW_YOU" if case == "owner" else "RECOVERY_NOT_HERE")
    assert await _state(owner) is None


@pytest.mark.parametrize("when", ["before the delay ends", "when the link is used", "when the factor is confirmed"])
@pytest.mark.parametrize("case", ["joins", "staff", "address", "approver"])
async def test_what_changes_meanwhile_ends_a_recovery(recovering, ann, open_browser, owner, database, acme, case, when):
    """An account recovered in one organisation opens no other, whenever it came to it."""
    fresh = open_browser("198.51.100.4")
    await recovering.approve(await recovering.begin())
    token = ""
    if when != "before the delay ends":
        await recovering.tick(hours=48)
        token = await recovering.token("Set a new second factor")
    if when == "when the factor is confirmed":
        await _use(fresh, ann, token)
        secret = (await fresh.post("/auth/enrol-second-factor")).json()["secret"]
    before = await owner.fetchval("select secret from totp_credential")
    account_id = recovering.person.account_id
    if case == "joins":
        other = await make_organisation(database, "other")
        await make_member(database, other, account_id=account_id)
    elif case == "staff":
        async with database.directory() as transaction:
            await add_staff(transaction, account_id, StaffRole.OPERATOR, at=recovering.services.clock.now())
    elif case == "address":
        await owner.execute("update account_email set is_primary = false where account_id = $1", account_id)
        await owner.execute(
            "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
            " values (gen_random_uuid(), now(), $1, 'thief@example.org', true, now())",
            account_id,
        )
    else:
        await owner.execute("update member set state = 'removed' where id = $1", recovering.admin.member_id)
        await make_member(database, acme, Role.ORG_ADMIN)
    if when == "before the delay ends":
        await recovering.tick(hours=48)
    elif when == "when the link is used":
        assert (await _use(fresh, ann, token)).json()["code"] == "LINK_REFUSED"
    else:
        code = pyotp.TOTP(secret).at(ann.clock.now())
        refused = await fresh.post("/auth/enrol-second-factor/confirm", code=code)
        assert refused.json()["code"] == "LINK_REFUSED"
        await recovering.tick(days=4)
    assert await _state(owner) in {"refused", "expired"}
    assert await owner.fetchval("select secret from totp_credential") == before
    subjects = [subject for subject, _ in await recovering.deployed.mails("thief@example.org")]
    assert "Set a new second factor for Wardship" not in subjects


async def test_nobody_who_decides_learns_a_secret_and_each_step_is_in_the_audit(recovering, ann, owner, open_browser):
    token = await recovering.opened()
    await finish(open_browser("198.51.100.4"), ann, token)
    await recovering.tick()
    entries = await owner.fetch("select action, entry from audit_entry where action like 'account.%' order by sequence")
    assert [row["action"] for row in entries] == [
        "account.recovery_asked",
        "account.recovery_approved",
        "account.recovery_opened",
        "account.recovery_ended",
    ]
    for text in (token, ann.email):
        assert not any(text in row["entry"] for row in entries)
    seen = await recovering.api.data(
        recovering.boss,
        "{ accountRecoveries { edges { node { state address isAskedByOwner member { displayName } } } } }",
    )
    (edge,) = seen["accountRecoveries"]["edges"]
    assert edge["node"] == {
        "state": "DONE",
        "address": "",
        "isAskedByOwner": False,
        "member": {"displayName": "Ann"},
    }


async def test_decider_ends_a_recovery_and_the_person_is_told(recovering, owner, ann, deployed):
    asked = await recovering.approve(await recovering.begin())
    assert (await recovering.decline(asked, recovering.admin))["state"] == "DECLINED"
    subject, body = (await deployed.mails(ann.email))[-1]
    assert (subject, "it was declined" in body) == ("Your account at Wardship keeps its second factor", True)
    await recovering.tick(days=10)
    assert await _state(owner) == "declined"


async def test_recovery_that_nobody_approves_or_uses_ends_by_the_clock(recovering, owner):
    await recovering.begin()
    await recovering.tick(days=7)
    assert (await _state(owner), await _reason(owner)) == ("expired", "too_late")
    await recovering.opened()
    await recovering.tick(days=3)
    assert (await _state(owner), await _reason(owner)) == ("expired", "not_used")
    assert (await recovering.begin())["state"] == "ASKED", "another one can be asked for"


async def test_two_workers_open_a_recovery_once(recovering, owner, ann, deployed):
    await recovering.approve(await recovering.begin())
    recovering.services.clock.advance(timedelta(hours=48))
    await asyncio.gather(act_on_recoveries(recovering.services), act_on_recoveries(recovering.services))
    subjects = [subject for subject, _ in await deployed.mails(ann.email)]
    assert subjects.count("Set a new second factor for Wardship") == 1
    assert await _state(owner) == "open"


async def test_others_who_decide_are_told_and_the_person_calls_it_off_in_the_product(recovering, owner, clock):
    asked = await recovering.begin()
    await recovering.tick()
    told = await owner.fetch("select m.display_name from notice n join member m on m.id = n.member_id")
    assert [row["display_name"] for row in told] == ["Olivia"]
    own = recovering.person.actor(at=clock.now())
    seen = await recovering.api.data(own, "{ viewer { account { recovery { id state } } } }")
    assert seen["viewer"]["account"]["recovery"] == {"id": asked["id"], "state": "ASKED"}
    document = """mutation($input: AccountRecoveryInput!) {
        cancelMyAccountRecovery(input: $input) { errors { code } account { recovery { id } } } }"""
    other = await recovering.api.data(recovering.admin, document, input={"recoveryId": asked["id"]})
    assert other["cancelMyAccountRecovery"]["errors"] == [{"code": "NOT_FOUND"}]
    done = await recovering.api.data(own, document, input={"recoveryId": asked["id"]})
    assert done["cancelMyAccountRecovery"] == {"errors": [], "account": {"recovery": None}}
    assert await _state(owner) == "cancelled"
