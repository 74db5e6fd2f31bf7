"""Who is told what by the clocks of a request: reminders, the privacy team after idle deciders, and lateness."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from tests.fixed_clock import FixedClock
from tests.requesting import Firm
from tests.tenants.telling.postman import Postman, tells
from tests.tenants.telling.staff import deciders
from wardship.tenants.organisation_lifecycle.clocks import escalate_where_nobody_decides
from wardship.tenants.organisations.update import update_settings
from wardship.tenants.requests.decide import acknowledge_request, escalate_request
from wardship.tenants.requests.extend import extend_request
from wardship.tenants.requests.notices import (
    CLOSED,
    ESCALATED,
    FOR_PRIVACY_TEAM,
    HANDED_OVER,
    LATE,
    OVERDUE,
    REMINDER,
    WITHDRAWN,
)
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]
ACCESS, ERASURE = RightKind.ACCESS, RightKind.ERASURE
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def _pass(firm: Firm, clock: FixedClock, time: timedelta) -> None:
    """Let time pass, the clocks running every hour."""
    for _ in range(time // HOUR):
        clock.advance(HOUR)
        await firm.run()


async def _reminded(firm: Firm, clock: FixedClock, owner: asyncpg.Connection, days: int) -> list[tuple[int, str]]:
    """Let days pass; return after how many hours somebody was reminded, and of what."""
    begun, found = clock.now(), "select distinct created_at, details ->> 'what' as what from notice where kind = $1"
    both = (
        f"{found} union select distinct created_at, details ->> 'what' from account_notice where kind = $1 order by 1"
    )
    await _pass(firm, clock, days * DAY)
    rows = await owner.fetch(both, REMINDER.name)
    return [((row["created_at"] - begun) // HOUR, row["what"]) for row in rows]


@tells(REMINDER)
async def test_those_who_decide_are_reminded_once_before_each_clock_runs_out(
    firm: Firm, postman: Postman, clock: FixedClock, owner: asyncpg.Connection
):
    submitted = await firm.submit(ACCESS)
    assert await _reminded(firm, clock, owner, 2) == [(48, "acknowledged")]
    mails = await postman.mails(REMINDER)
    assert sorted(mail.recipient for mail in mails) == deciders(firm)
    assert all("has to be acknowledged by 2026-11-24 12:00 (UTC)" in mail.body for mail in mails)
    assert all("Ada" not in mail.subject + mail.body for mail in mails)
    async with firm.access(firm.admin) as access:
        await acknowledge_request(access, submitted.request.id)
    assert await _reminded(firm, clock, owner, 5) == [(0, "acknowledged"), (72, "decided"), (96, "decided")]


async def test_nobody_is_reminded_of_what_was_done_in_time(
    firm: Firm, clock: FixedClock, owner: asyncpg.Connection, postman: Postman
):
    submitted = await firm.submit(ACCESS)
    async with firm.access(firm.admin) as access:
        await acknowledge_request(access, submitted.request.id)
    await firm.approve(submitted, ACCESS)
    assert await _reminded(firm, clock, owner, 33) == []
    assert await postman.mails(OVERDUE) == []


async def test_worker_that_stood_still_reminds_once_of_what_is_left_to_do(
    firm: Firm, clock: FixedClock, owner: asyncpg.Connection, postman: Postman
):
    submitted = await firm.submit(ACCESS)
    async with firm.access(firm.admin) as access:
        await acknowledge_request(access, submitted.request.id)
    clock.advance(timedelta(days=6, hours=12))
    for _ in range(3):
        await firm.run()
    rows = await owner.fetch("select details ->> 'what' as what from notice where kind = $1", REMINDER.name)
    assert [row["what"] for row in rows] == ["decided"] * 3, "one for each of those who decide"
    assert await postman.readers(REMINDER) == deciders(firm)


async def test_privacy_team_is_reminded_before_the_answer_is_due_and_of_a_later_date_again(
    firm: Firm, postman: Postman, clock: FixedClock, owner: asyncpg.Connection, team: list[str]
):
    submitted = await firm.submit(ACCESS, who=firm.admin, country="DE")
    assert await _reminded(firm, clock, owner, 24) == [(23 * 24, "answered")]
    mails = await postman.mails(REMINDER)
    assert sorted(mail.recipient for mail in mails) == team
    assert all("has to be answered by 2026-12-21" in mail.subject for mail in mails)
    async with firm.access(firm.privacy_team) as access:
        await extend_request(access, submitted.request.id, submitted.request.due_at + 10 * DAY, "It is complex.")
    await _pass(firm, clock, 10 * DAY)
    subjects = {mail.subject.rpartition(" ")[2] for mail in await postman.mails(REMINDER)}
    assert subjects == {"2026-12-21", "2026-12-31"}


async def test_those_who_decide_are_reminded_of_an_erasure_that_nobody_commits(
    firm: Firm, postman: Postman, clock: FixedClock, owner: asyncpg.Connection
):
    submitted = await firm.submit(ERASURE, country="DE")
    await firm.approve(submitted, ERASURE)
    assert await _reminded(firm, clock, owner, 29) == [(23 * 24, "answered"), (28 * 24, "answered")]
    assert set(await postman.readers(REMINDER)) == set(deciders(firm))


@tells(ESCALATED)
async def test_everybody_is_told_once_that_the_privacy_team_has_what_nobody_acknowledged(
    firm: Firm, postman: Postman, clock: FixedClock, team: list[str]
):
    await firm.submit(ACCESS)
    await _pass(firm, clock, 4 * DAY)
    (mail,) = await postman.mails(ESCALATED)
    assert mail.recipient == firm.member.email
    assert "because nobody there acknowledged it in time. Until it is settled your data is kept" in mail.body
    assert await postman.readers(FOR_PRIVACY_TEAM) == team
    assert await postman.readers(HANDED_OVER) == deciders(firm)


async def test_who_hands_a_request_over_is_not_told_so(firm: Firm, postman: Postman, team: list[str]):
    submitted = await firm.submit(ACCESS)
    async with firm.access(firm.admin) as access:
        await escalate_request(access, submitted.request.id, "It is for you.")
    (mail,) = await postman.mails(ESCALATED)
    assert "those who had to decide handed it over" in mail.body
    assert "kept" not in mail.body
    assert await postman.readers(FOR_PRIVACY_TEAM) == team
    assert await postman.readers(HANDED_OVER) == sorted([firm.owner.email, firm.officer.email])


async def test_after_a_refusal_the_person_gets_one_mail_and_the_privacy_team_its_own(
    firm: Firm, postman: Postman, team: list[str]
):
    submitted = await firm.submit(ACCESS)
    await postman.forget()
    await firm.refuse(submitted, ACCESS)
    assert await postman.readers(FOR_PRIVACY_TEAM) == team
    assert [mail.recipient for mail in await postman.everything() if mail.recipient not in team] == [firm.member.email]
    assert await postman.mails(ESCALATED) == []
    assert await postman.readers(HANDED_OVER) == sorted([firm.owner.email, firm.officer.email])


async def test_in_a_suspended_organisation_person_team_and_those_who_can_t_get_in_are_told(
    firm: Firm, postman: Postman, owner: asyncpg.Connection, team: list[str]
):
    await firm.submit(ACCESS)
    await owner.execute("update organisation set suspended_at = now() where id = $1", firm.organisation.id)
    for _ in range(2):
        await escalate_where_nobody_decides(firm.services)
    (mail,) = await postman.mails(ESCALATED)
    assert (mail.recipient, "the organisation is suspended" in mail.body) == (firm.member.email, True)
    assert await postman.readers(FOR_PRIVACY_TEAM) == team
    assert await postman.readers(HANDED_OVER) == deciders(firm)


@tells(LATE)
@tells(OVERDUE)
async def test_person_and_those_with_whom_it_is_are_told_once_that_a_request_is_late(
    firm: Firm, postman: Postman, clock: FixedClock, team: list[str]
):
    async with firm.access(firm.owner) as access:
        await update_settings(access, {"grievance_contact": "Gus <gus@example.org>"})
    submitted = await firm.submit(ERASURE, country="DE")
    await firm.approve(submitted, ERASURE)
    await _pass(firm, clock, 31 * DAY)
    (mail,) = await postman.mails(LATE)
    assert mail.recipient == firm.member.email
    assert "should have been answered by 2026-12-21" in mail.body
    assert "You can also turn to Gus <gus@example.org>." in mail.body
    assert "shared with nobody; you can lift that yourself" in mail.body
    mails = await postman.mails(OVERDUE)
    assert sorted(mail.recipient for mail in mails) == deciders(firm)
    assert all("Ada" not in mail.body for mail in mails)
    assert set(team).isdisjoint(mail.recipient for mail in await postman.everything())


async def test_what_is_late_with_the_privacy_team_it_and_the_organisation_are_told(
    firm: Firm, postman: Postman, clock: FixedClock, team: list[str]
):
    await firm.submit(ACCESS, country="DE")
    await _pass(firm, clock, 31 * DAY)
    assert await postman.readers(OVERDUE) == sorted([*deciders(firm), *team])


async def test_decider_whose_own_request_is_late_is_told_as_the_person_alone(
    firm: Firm, postman: Postman, clock: FixedClock, team: list[str]
):
    await firm.submit(ACCESS, who=firm.admin, country="DE")
    await _pass(firm, clock, 31 * DAY)
    assert await postman.readers(LATE) == [firm.admin.email]
    assert await postman.readers(OVERDUE) == sorted([firm.owner.email, firm.officer.email, *team])


@tells(CLOSED)
async def test_who_did_not_show_who_asks_in_time_is_told_that_it_has_ended(
    firm: Firm, postman: Postman, clock: FixedClock
):
    async with firm.access(firm.member, stepped_up=False) as access:
        await submit_request(access, [RequestedRight(ACCESS)])
    await _pass(firm, clock, 15 * DAY)
    (mail,) = await postman.mails(CLOSED)
    assert (mail.recipient, mail.subject) == (
        firm.member.email,
        "Your request about your data has ended without a decision: access",
    )
    assert "within 14 days" in mail.body
    assert await postman.mails(WITHDRAWN) == []
