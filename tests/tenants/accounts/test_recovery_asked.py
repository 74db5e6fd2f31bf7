"""Recovery that the person asks for: decided by the organisation, else by the provider's privacy team."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from tests.builders import make_member, make_organisation
from tests.graphql.calls import gid
from wardship.core.actor import PROVIDER_ID, Role, StaffRole
from wardship.core.sign_in.recoveries import DECIDED_WITHIN, STAFF_DECIDES_WITHIN

pytestmark = pytest.mark.anyio

NEW = "cobalt-heron-mosaic-quay"
LIST = "{ accountRecoveries { edges { node { id state address isAskedByOwner approvals member { id } } } } }"


async def _ask(recovering, browser) -> None:
    """Ask by the link that is mailed to the own address."""
    await browser.post("/auth/recovery", email=recovering.human.email)
    token = await recovering.token("You have lost your second factor")
    assert (await browser.post("/auth/recovery/ask", token=token)).status_code == 202


async def _row(owner):
    return await owner.fetchrow("select * from account_recovery order by created_at desc limit 1")


async def test_asking_answers_the_same_for_every_address_and_changes_nothing(recovering, open_browser, owner):
    answers = []
    for email in (recovering.human.email, "nobody@example.org"):
        answer = await open_browser("198.51.100.1").post("/auth/recovery", email=email)
        answers.append((answer.status_code, answer.json(), sorted(answer.headers)))
    assert answers[0] == answers[1]
    assert await owner.fetchval("select count(*) from outgoing_mail where recipient like 'nobody%'") == 1
    assert await _row(owner) is None


async def test_page_asks_by_its_button_alone(recovering, open_browser, owner):
    browser = open_browser("198.51.100.1")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await browser.get("/auth/lost-factor")).status_code == 200
    await browser.http.post("/auth/lost-factor", content="email=ann%40example.org", headers=form)
    token = await recovering.token("You have lost your second factor")
    await browser.get(f"/auth/link/{token}")
    assert await _row(owner) is None
    done = await browser.http.post(f"/auth/link/{token}", headers=form)
    assert (done.status_code, "Two people decide" in done.text) == (200, True)
    assert (await _row(owner))["state"] == "asked"


async def test_organisation_decides_where_it_may_and_two_have_to(recovering, open_browser, owner):
    await _ask(recovering, open_browser("198.51.100.1"))
    await recovering.tick()
    told = await owner.fetch("select m.display_name from notice n join member m on m.id = n.member_id order by 1")
    assert [row["display_name"] for row in told] == ["Adam", "Olivia"]
    listed = await recovering.api.data(recovering.admin.actor(), LIST)
    (node,) = [edge["node"] for edge in listed["accountRecoveries"]["edges"]]
    assert (node["isAskedByOwner"], node["approvals"], node["address"]) == (True, 0, "")
    assert node["member"]["id"] == gid("Member", recovering.person.member_id)
    once = await recovering.approve(node, recovering.admin)
    assert (once["state"], once["approvals"]) == ("ASKED", 1)
    assert (await recovering.approve(node, recovering.admin))["refused"] == "SECOND_PERSON_REQUIRED"
    assert (await recovering.approve(node))["state"] == "APPROVED"


async def test_what_the_organisation_does_not_decide_the_privacy_team_has(recovering, open_browser, owner):
    await _ask(recovering, open_browser("198.51.100.1"))
    recovery = {"id": gid("AccountRecovery", (await _row(owner))["id"])}
    await recovering.approve(recovery, recovering.admin)
    await recovering.tick(seconds=DECIDED_WITHIN.total_seconds())
    row = await _row(owner)
    assert (row["state"], row["organisation_id"], row["first_approver_id"]) == ("asked", PROVIDER_ID, None)
    assert (await recovering.approve(recovery))["refused"] == "NOT_FOUND", "the organisation has it no more"
    staff = await recovering.staff()
    assert (await recovering.approve(recovery, staff))["approvals"] == 1
    await recovering.tick(seconds=STAFF_DECIDES_WITHIN.total_seconds())
    assert (await _row(owner))["reason"] == "too_late"


async def test_privacy_team_decides_on_accounts_of_several_organisations(
    recovering, ann, open_browser, owner, database, clock
):
    other = await make_organisation(database, "other")
    await make_member(database, other, account_id=recovering.person.account_id)
    fresh = open_browser("198.51.100.1")
    first, second = await recovering.staff(), await recovering.staff()
    await _ask(recovering, fresh)
    assert (await _row(owner))["organisation_id"] == PROVIDER_ID
    await recovering.tick()
    assert await owner.fetchval("select count(*) from account_notice where kind like 'recovery%'") == 2
    assert (await recovering.api.data(recovering.admin, LIST))["accountRecoveries"]["edges"] == []
    listed = await recovering.api.data(first, LIST)
    (node,) = [edge["node"] for edge in listed["accountRecoveries"]["edges"]]
    assert (node["address"], node["member"]) == (ann.email, None)
    kinds = await owner.fetch("select kind from account_event where account_id = $1", recovering.person.account_id)
    assert "seen_by_staff" in {row["kind"] for row in kinds}, "a look of staff is in the person's own log"
    await recovering.approve(node, first)
    assert (await recovering.approve(node, second))["state"] == "APPROVED"
    await recovering.tick(hours=48)
    token = await recovering.token("Set a new second factor")
    assert (await fresh.post("/auth/recovery/use", token=token, password=ann.password)).json()["step"] == "enrolment"
    secret = (await fresh.post("/auth/enrol-second-factor")).json()["secret"]
    code = pyotp.TOTP(secret).at(clock.now())
    assert (await fresh.post("/auth/enrol-second-factor/confirm", code=code)).json()["step"] == "done"
    actions = await owner.fetch(
        "select action from audit_entry where organisation_id = $1 order by sequence", PROVIDER_ID
    )
    assert [row["action"] for row in actions][:3] == [
        "account.recovery_asked",
        "account.recovery_approved",
        "account.recovery_approved",
    ]


@pytest.mark.parametrize("says", [(True, True), (True, False), (False, True)])
async def test_password_is_replaced_only_where_both_of_the_privacy_team_say_so_and_after_a_week(
    recovering, ann, open_browser, owner, database, says
):
    other = await make_organisation(database, "other")
    await make_member(database, other, account_id=recovering.person.account_id)
    fresh = open_browser("198.51.100.1")
    await _ask(recovering, fresh)
    recovery = {"id": gid("AccountRecovery", (await _row(owner))["id"])}
    for said in says:
        await recovering.approve(recovery, await recovering.staff(), replacesPassword=said)
    row = await _row(owner)
    both = all(says)
    assert row["replaces_password"] == both
    assert row["acts_at"] - row["state_since"] == (timedelta(days=7) if both else timedelta(hours=48))
    await recovering.tick(days=7 if both else 2)
    token = await recovering.token("Set a new second factor")
    answer = await fresh.post("/auth/recovery/use", token=token, password=NEW)
    assert answer.status_code == (200 if both else 401)
    signed = await open_browser().post("/auth/sign-in", email=ann.email, password=NEW)
    assert signed.status_code == (200 if both else 401)


async def test_organisation_can_not_let_a_password_be_replaced(recovering, owner):
    asked = await recovering.begin()
    assert (await recovering.approve(asked, replacesPassword=True))["refused"] == "INVALID_INPUT"
    assert (await _row(owner))["state"] == "asked"


async def test_customer_and_operator_decide_on_nothing(recovering, open_browser, owner):
    await owner.execute("update member set state = 'deactivated' where id = $1", recovering.boss.member_id)
    await _ask(recovering, open_browser("198.51.100.1"))
    recovery = {"id": gid("AccountRecovery", (await _row(owner))["id"])}
    staff = await recovering.staff()
    customer = replace(staff, staff_roles=frozenset(), roles=frozenset({Role.CUSTOMER}))
    operator = replace(staff, staff_roles=frozenset({StaffRole.OPERATOR}))
    for actor in (customer, operator):
        assert (await recovering.approve(recovery, actor))["refused"] == "PERMISSION_DENIED"
        assert "errors" in await recovering.api.call(actor, LIST)
    assert (await _row(owner))["first_approver_id"] is None


async def test_one_recovery_is_under_way_at_a_time(recovering, open_browser, owner):
    await recovering.begin()
    browser = open_browser("198.51.100.1")
    await browser.post("/auth/recovery", email=recovering.human.email)
    token = await recovering.token("You have lost your second factor")
    refused = await browser.post("/auth/recovery/ask", token=token)
    assert (refused.status_code, refused.json()["code"]) == (409, "RECOVERY_OPEN")
    assert (await recovering.begin())["refused"] == "RECOVERY_OPEN"
    assert await owner.fetchval("select count(*) from account_recovery") == 1
