"""Who is told that somebody asks: the person, and those who have to decide, in the organisation or at the provider."""

from __future__ import annotations

import re
from dataclasses import replace

import asyncpg
import pytest

from tests.builders import access_for, make_member
from tests.requesting import Firm
from tests.tenants.fulfilment.test_customers import EMAIL, Customer, cleo
from tests.tenants.telling.postman import Postman, tells
from tests.tenants.telling.staff import deciders, make_staff
from wardship.core.actor import Role, StaffRole
from wardship.core.notices.kinds import NOBODY_IN_PRIVACY_TEAM
from wardship.tenants.access import Services
from wardship.tenants.members.membership import remove_member
from wardship.tenants.requests.identity import verify_identity
from wardship.tenants.requests.notices import (
    ARRIVED,
    ASKED_OF_PROVIDER,
    FOR_PRIVACY_TEAM,
    HANDED_OVER,
    IDENTITY_CODE,
    RECEIVED,
)
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request

__all__ = ["cleo"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]
ACCESS, ERASURE = RightKind.ACCESS, RightKind.ERASURE


@tells(RECEIVED)
@tells(ARRIVED)
async def test_person_and_those_who_decide_are_told_that_a_request_arrived(firm: Firm, postman: Postman):
    await make_member(firm.services.database, firm.organisation, Role.AUDITOR)
    submitted = await firm.submit(ACCESS, ERASURE, country="DE")
    (received,) = await postman.mails(RECEIVED)
    assert received.recipient == firm.member.email
    assert received.subject == "Your request about your data was received: access, erasure"
    assert "answered by 2026-12-21" in received.body
    mails = await postman.mails(ARRIVED)
    assert sorted(mail.recipient for mail in mails) == deciders(firm)
    assert all("Acknowledge it by 2026-11-24 12:00 (UTC), and decide it by 2026-11-28" in mail.body for mail in mails)
    assert all("Ada" not in mail.subject + mail.body for mail in mails)
    assert submitted.reference not in received.body
    assert await postman.mails(FOR_PRIVACY_TEAM) == []
    assert len(await postman.everything()) == 1 + len(deciders(firm)), "one mail each"


async def test_nobody_but_the_person_is_told_before_it_is_shown_who_asks(firm: Firm, postman: Postman):
    async with firm.access(firm.member, stepped_up=False) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    (code,) = await postman.everything()
    assert (code.recipient, code.subject) == (firm.member.email, "Your code for a request about your data")
    async with firm.access(firm.member, stepped_up=False) as access:
        await verify_identity(access, submitted.request.id, re.findall(r"\b\d{8}\b", code.body)[0])
    assert await postman.readers(RECEIVED) == [firm.member.email]
    assert await postman.readers(ARRIVED) == deciders(firm)
    assert await postman.readers(IDENTITY_CODE) == [firm.member.email]


@tells(FOR_PRIVACY_TEAM)
@tells(HANDED_OVER)
async def test_privacy_team_is_told_what_one_of_those_who_decide_asks_and_the_others_that_it_decides(
    firm: Firm, postman: Postman, team: list[str]
):
    await firm.submit(ACCESS, who=firm.admin)
    (received,) = await postman.mails(RECEIVED)
    assert received.recipient == firm.admin.email
    assert "because you decide on requests yourself" in received.body
    mails = await postman.mails(FOR_PRIVACY_TEAM)
    assert sorted(mail.recipient for mail in mails) == team
    assert all(f"A request in {firm.organisation.name} waits" in mail.subject for mail in mails)
    assert all("it comes from one of those who decide" in mail.body for mail in mails)
    assert await postman.readers(HANDED_OVER) == sorted([firm.owner.email, firm.officer.email])
    assert await postman.mails(ARRIVED) == []


async def test_request_of_the_only_one_who_decides_is_told_to_the_privacy_team_alone(
    firm: Firm, postman: Postman, owner: asyncpg.Connection, team: list[str]
):
    gone = [firm.admin.member_id, firm.officer.member_id]
    await owner.execute("update member set state = 'removed' where id = any($1)", gone)
    await firm.submit(ACCESS, who=firm.owner)
    assert await postman.readers(FOR_PRIVACY_TEAM) == team
    assert await postman.mails(HANDED_OVER) == []
    assert await postman.mails(ARRIVED) == []


async def test_privacy_team_is_told_what_somebody_who_has_left_asks(firm: Firm, postman: Postman, team: list[str]):
    async with firm.access(firm.admin) as access:
        await remove_member(access, firm.member.member_id)
    outside = replace(firm.member.actor(at=firm.services.clock.now()), roles=frozenset())
    async with access_for(firm.services, outside) as access:
        await submit_request(access, [RequestedRight(ACCESS)])
    (received,) = await postman.mails(RECEIVED)
    assert "because you are not an active member there" in received.body
    assert await postman.readers(FOR_PRIVACY_TEAM) == team
    assert await postman.readers(HANDED_OVER) == deciders(firm)


async def test_privacy_team_is_told_what_the_provider_is_asked_and_who_asks_gets_one_mail(
    cleo: Customer, postman: Postman, team: list[str]
):
    await cleo.ask(ACCESS)
    assert await postman.readers(FOR_PRIVACY_TEAM) == team
    assert [mail.recipient for mail in await postman.everything() if mail.recipient not in team] == [EMAIL]


async def test_who_asks_the_provider_without_the_second_factor_gets_reference_and_code_in_one_mail(
    services: Services, cleo: Customer, postman: Postman, team: list[str]
):
    unproven = replace(cleo.actor(), stepped_up_at=None)
    async with access_for(services, unproven) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
        member_id = access.actor.member_id
    (mail,) = await postman.everything()
    assert mail.recipient == EMAIL
    assert submitted.reference in mail.body
    assert await postman.mails(ASKED_OF_PROVIDER) == [mail]
    async with access_for(services, replace(unproven, member_id=member_id)) as access:
        code = re.findall(r"^\d{8}$", mail.body, re.MULTILINE)[0]
        assert (await verify_identity(access, submitted.request.id, code)).is_verified
    assert await postman.readers(FOR_PRIVACY_TEAM) == team


@tells(NOBODY_IN_PRIVACY_TEAM)
async def test_operators_are_told_that_something_waits_for_a_privacy_team_in_which_nobody_is(
    firm: Firm, postman: Postman, owner: asyncpg.Connection
):
    await make_staff(owner, StaffRole.OPERATOR, "oscar@provider.example")
    await firm.submit(ACCESS, who=firm.admin)
    assert await postman.mails(NOBODY_IN_PRIVACY_TEAM) == [], "somebody is in it"
    await owner.execute("delete from staff where role = 'privacy_team'")
    await firm.submit(ERASURE, who=firm.admin)
    (mail,) = await postman.mails(NOBODY_IN_PRIVACY_TEAM)
    assert mail.recipient == "oscar@provider.example"
    assert f"Something in {firm.organisation.name} waits" in mail.body


async def test_somebody_of_the_privacy_team_is_not_told_as_such_of_the_own_request(
    firm: Firm, postman: Postman, owner: asyncpg.Connection, team: list[str]
):
    await make_staff(owner, StaffRole.OPERATOR, "oscar@provider.example")
    appoint = (
        "insert into staff (id, created_at, account_id, role) values (gen_random_uuid(), now(), $1, 'privacy_team')"
    )
    await owner.execute(appoint, firm.admin.account_id)
    await firm.submit(ACCESS, who=firm.admin)
    assert await postman.readers(FOR_PRIVACY_TEAM) == team
    assert await postman.mails(NOBODY_IN_PRIVACY_TEAM) == []
    await owner.execute("delete from staff where role = 'privacy_team' and account_id <> $1", firm.admin.account_id)
    await firm.submit(ERASURE, who=firm.admin)
    assert await postman.readers(NOBODY_IN_PRIVACY_TEAM) == ["oscar@provider.example"]


async def test_fifty_requests_at_once_are_one_mail_to_those_who_decide(firm: Firm, postman: Postman):
    for _ in range(50):
        person = await make_member(firm.services.database, firm.organisation)
        await firm.submit(ACCESS, who=person)
    mails = [mail for mail in await postman.everything() if mail.recipient == firm.admin.email]
    assert [mail.subject for mail in mails] == [f"50 notices from {firm.organisation.name}"]
    assert mails[0].body.count("* A request in") == 20
    assert "And 30 more." in mails[0].body


async def test_who_decides_no_more_is_not_mailed_what_was_told_before(
    firm: Firm, postman: Postman, owner: asyncpg.Connection
):
    await firm.submit(ACCESS)
    await owner.execute("delete from role_assignment where member_id = $1", firm.officer.member_id)
    assert {mail.recipient for mail in await postman.everything()} == {
        firm.member.email,
        firm.admin.email,
        firm.owner.email,
    }
