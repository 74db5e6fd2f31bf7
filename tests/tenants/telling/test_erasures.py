"""What is told about erasures: the date, the end of a membership, and what waits for a decision."""

from __future__ import annotations

import re
from datetime import timedelta

import asyncpg
import pytest

from tests.builders import make_group, make_member
from tests.fixed_clock import FixedClock
from tests.requesting import Firm
from tests.tenants.telling.postman import Postman, tells
from tests.tenants.telling.staff import deciders
from wardship.tenants.certificates.issue import certificate_of_reference
from wardship.tenants.content.share import create_post
from wardship.tenants.members.membership import deactivate_member, remove_member
from wardship.tenants.requests.decide import deny_right, escalate_request, refuse_right
from wardship.tenants.requests.erasures import cancel_erasure
from wardship.tenants.requests.notices import (
    ERASURE_ASKED,
    ERASURE_CALLED_OFF,
    ERASURE_SCHEDULED,
    FINDS_UNDECIDED,
    GRACE_WARNING,
    MEMBERSHIP_ENDED,
    REFERENCE_NOT_TOLD,
    TO_COMMIT,
)
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]
ERASURE = RightKind.ERASURE
DAY = timedelta(days=1)


async def _days(firm: Firm, clock: FixedClock, count: int) -> None:
    for _ in range(count):
        clock.advance(DAY)
        await firm.run()


@tells(ERASURE_SCHEDULED)
async def test_person_is_told_the_date_of_the_erasure(firm: Firm, postman: Postman):
    await firm.scheduled()
    (mail,) = await postman.mails(ERASURE_SCHEDULED)
    assert (mail.recipient, mail.subject) == (firm.member.email, "Your data will be erased on 2026-12-05")
    assert "As you asked" in mail.body


@tells(ERASURE_CALLED_OFF)
async def test_person_is_told_that_a_decider_called_the_erasure_off(firm: Firm, postman: Postman):
    submitted = await firm.scheduled()
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.admin) as access:
        await cancel_erasure(access, right.id, "There is a dispute.")
    (mail,) = await postman.mails(ERASURE_CALLED_OFF)
    assert mail.recipient == firm.member.email
    assert "There is a dispute." in mail.body
    again = [mail for mail in await postman.mails(TO_COMMIT) if "was called off, and is still asked for" in mail.body]
    assert sorted(mail.recipient for mail in again) == sorted([firm.owner.email, firm.officer.email])


async def test_person_who_calls_it_off_is_not_told_that_a_decider_did(firm: Firm, postman: Postman):
    submitted = await firm.scheduled()
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.member) as access:
        await cancel_erasure(access, right.id)
    assert await postman.mails(ERASURE_CALLED_OFF) == []


@tells(MEMBERSHIP_ENDED)
@tells(GRACE_WARNING)
async def test_person_is_told_that_the_membership_ended_and_warned_thrice(
    firm: Firm, postman: Postman, clock: FixedClock
):
    async with firm.access(firm.admin) as access:
        await deactivate_member(access, firm.member.member_id)
    (ended,) = await postman.mails(MEMBERSHIP_ENDED)
    assert ended.recipient == firm.member.email
    assert "It is kept until 2027-02-19" in ended.body
    await _days(firm, clock, 89)
    warnings = await postman.mails(GRACE_WARNING)
    assert [mail.recipient for mail in warnings] == [firm.member.email] * 3
    assert all("ask an administrator" in mail.body for mail in warnings)


@tells(ERASURE_ASKED)
async def test_person_is_mailed_the_reference_when_the_erasure_is_asked_for(
    firm: Firm, postman: Postman, clock: FixedClock, owner: asyncpg.Connection
):
    async with firm.access(firm.admin) as access:
        await remove_member(access, firm.member.member_id)
    await _days(firm, clock, 90)
    (mail,) = await postman.mails(ERASURE_ASKED)
    assert mail.recipient == firm.member.email
    reference = re.findall(r"/certificates/([\w-]+)", mail.body)[0]
    assert await owner.fetchval("select count(*) from notice where details::text like $1", f"%{reference}%") == 0
    right_id = await owner.fetchval("select id from request_right where kind = 'erasure'")
    async with firm.access(firm.admin) as access:
        await refuse_right(access, right_id, RefusalCode.LEGAL_DUTY, "It is kept by law.")
    async with firm.access(firm.privacy_team) as access:
        await deny_right(access, right_id, RefusalCode.LEGAL_DUTY, "It is kept by law.")
    await firm.run()
    async with firm.services.database.directory(read_only=True) as transaction:
        assert await certificate_of_reference(transaction, reference), "the mailed reference opens the proof"


@tells(REFERENCE_NOT_TOLD)
async def test_those_who_decide_are_told_where_the_person_has_no_address_for_the_reference(
    firm: Firm, postman: Postman, clock: FixedClock, owner: asyncpg.Connection
):
    await owner.execute("update account_email set verified_at = null where account_id = $1", firm.member.account_id)
    async with firm.access(firm.admin) as access:
        await remove_member(access, firm.member.member_id)
    await _days(firm, clock, 90)
    assert await postman.mails(ERASURE_ASKED) == []
    assert await postman.readers(REFERENCE_NOT_TOLD) == deciders(firm)


async def _waiting(firm: Firm, clock: FixedClock, owner: asyncpg.Connection, submitted, who) -> None:
    """Let an erasure be due, of somebody whose name appeared in a text since."""
    await owner.execute(
        "update member set display_name = 'Will', first_name = '', last_name = '', username = '' where id = $1",
        firm.member.member_id,
    )
    colleague = await make_member(firm.services.database, firm.organisation, name="Charles Babbage")
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member, colleague)
    await firm.commit(submitted, who)
    async with firm.access(colleague) as access:
        await create_post(access, group, "Yesterday Will said so.")
    await _days(firm, clock, 15)


@tells(FINDS_UNDECIDED)
async def test_who_decided_and_committed_are_told_once_what_waits_for_them(
    firm: Firm, postman: Postman, clock: FixedClock, owner: asyncpg.Connection
):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE)
    await _waiting(firm, clock, owner, submitted, firm.officer)
    mails = await postman.mails(FINDS_UNDECIDED)
    assert sorted(mail.recipient for mail in mails) == sorted([firm.admin.email, firm.officer.email])
    assert all("1 to be decided" in mail.body for mail in mails)
    assert all("Will" not in mail.body for mail in mails)


async def test_privacy_team_is_told_what_waits_for_it(
    firm: Firm, postman: Postman, clock: FixedClock, owner: asyncpg.Connection, team: list[str]
):
    submitted = await firm.submit(ERASURE)
    async with firm.access(firm.admin) as access:
        await escalate_request(access, submitted.request.id, "It is for you.")
    await firm.approve(submitted, ERASURE, firm.privacy_team)
    await _waiting(firm, clock, owner, submitted, firm.privacy_team)
    assert await postman.readers(FINDS_UNDECIDED) == team
