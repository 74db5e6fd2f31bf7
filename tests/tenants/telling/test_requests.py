"""What the person is told about requests: the decision, its date, what it waits for, and the copy."""

from __future__ import annotations

import re
from datetime import timedelta

import asyncpg
import pytest

from tests.fixed_clock import FixedClock
from tests.limiting import limitation
from tests.requesting import Firm
from tests.tenants.telling.postman import Postman, tells
from wardship.tenants.requests.decide import acknowledge_request
from wardship.tenants.requests.extend import extend_request
from wardship.tenants.requests.identity import IdentityError, send_identity_code, verify_identity
from wardship.tenants.requests.notices import ACKNOWLEDGED, DECIDED, EXPORT_READY, EXTENDED, IDENTITY_CODE, POSTPONED
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]
ACCESS, ERASURE, DEACTIVATION = RightKind.ACCESS, RightKind.ERASURE, RightKind.DEACTIVATION


@tells(DECIDED)
async def test_person_is_told_what_was_decided(firm: Firm, postman: Postman):
    submitted = await firm.submit(ACCESS)
    await firm.refuse(submitted, ACCESS)
    (mail,) = await postman.mails(DECIDED)
    assert mail.recipient == firm.member.email
    assert "No." in mail.body
    assert "your data is kept, and shared with nobody" in mail.body


@tells(ACKNOWLEDGED)
async def test_person_is_told_next_morning_that_somebody_deals_with_the_request(firm: Firm, postman: Postman):
    submitted = await firm.submit(ACCESS, country="DE")
    async with firm.access(firm.officer) as access:
        await acknowledge_request(access, submitted.request.id)
    (mail,) = await postman.mails(ACKNOWLEDGED)
    assert mail.recipient == firm.member.email
    assert "has taken up what you asked: access. You are answered by 2026-12-21" in mail.body


async def test_person_is_told_the_limits_of_what_was_agreed(firm: Firm, postman: Postman):
    submitted = await firm.submit(ACCESS)
    named = limitation(categories=["user.name"], reason="It names others.")
    await firm.approve(submitted, ACCESS, reason="Gladly.", limitations=[named])
    (mail,) = await postman.mails(DECIDED)
    assert (mail.recipient, mail.subject) == (firm.member.email, "Your request about your data: Access approved")
    assert "Gladly." in mail.body
    assert "It names others." in mail.body


async def test_person_is_told_what_the_privacy_team_denied(firm: Firm, postman: Postman):
    submitted = await firm.submit(ACCESS)
    await firm.refuse(submitted, ACCESS)
    await firm.deny(submitted, ACCESS)
    mails = await postman.mails(DECIDED)
    assert [(mail.recipient, mail.subject.partition(": ")[2]) for mail in mails] == [
        (firm.member.email, "Access refused by the administrator, now with the privacy team"),
        (firm.member.email, "Access denied"),
    ]


@tells(EXTENDED)
async def test_person_is_told_by_when_it_is_answered_now_and_why(firm: Firm, postman: Postman):
    submitted = await firm.submit(ACCESS, country="DE")
    async with firm.access(firm.admin) as access:
        await extend_request(access, submitted.request.id, submitted.request.due_at + timedelta(days=10), "Many files.")
    (mail,) = await postman.mails(EXTENDED)
    assert mail.recipient == firm.member.email
    assert "2026-12-31" in mail.body
    assert "Many files." in mail.body


@tells(POSTPONED)
async def test_person_is_told_once_what_an_approved_right_waits_for(firm: Firm, postman: Postman, clock: FixedClock):
    submitted = await firm.submit(DEACTIVATION, who=firm.owner)
    await firm.approve(submitted, DEACTIVATION, firm.privacy_team)
    for _ in range(3):
        await firm.run()
        clock.advance(timedelta(days=1))
    (mail,) = await postman.mails(POSTPONED)
    assert mail.recipient == firm.owner.email
    assert "pass the ownership on" in mail.body


@tells(IDENTITY_CODE)
async def test_person_is_mailed_the_code_that_shows_who_asks(firm: Firm, postman: Postman, clock: FixedClock):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    (first,) = await postman.mails(IDENTITY_CODE)
    assert first.recipient == firm.member.email
    clock.advance(timedelta(minutes=2))
    async with firm.access(firm.member, stepped_up=False) as access:
        await send_identity_code(access, submitted.request.id)
    code = re.findall(r"\b\d{8}\b", (await postman.mails(IDENTITY_CODE))[-1].body)[0]
    async with firm.access(firm.member, stepped_up=False) as access:
        assert (await verify_identity(access, submitted.request.id, code)).is_verified
    with pytest.raises(IdentityError):
        async with firm.access(firm.member, stepped_up=False) as access:
            await send_identity_code(access, submitted.request.id)
    assert await postman.readers(IDENTITY_CODE) == [firm.member.email] * 2


@tells(EXPORT_READY)
async def test_person_is_told_that_the_copy_can_be_fetched(firm: Firm, postman: Postman):
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS)
    await firm.run()
    (mail,) = await postman.mails(EXPORT_READY)
    assert mail.recipient == firm.member.email
    assert "2026-11-28 12:00" in mail.body


async def test_name_of_an_organisation_with_quotes_and_a_line_break_stays_in_the_subject(
    firm: Firm, postman: Postman, owner: asyncpg.Connection
):
    name = 'The "Ärzte" & <Söhne>\r\nBcc: everybody@example.org'
    await owner.execute("update organisation set name = $2 where id = $1", firm.organisation.id, name)
    submitted = await firm.submit(DEACTIVATION)
    await firm.approve(submitted, DEACTIVATION)
    await postman.forget()
    await firm.run()
    (mail,) = [mail for mail in await postman.everything() if mail.subject.startswith("Your membership in")]
    assert mail.subject.startswith('Your membership in The "Ärzte" & <Söhne> Bcc: everybody@example.org')
    assert {recipient for recipient, _, _ in await postman.everything()} <= {firm.member.email}
