"""What is told about deletions that wait for a second person."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from tests.builders import Person, access_for, make_member
from tests.fixed_clock import FixedClock
from tests.graphql.calls import gid, make_api
from tests.requesting import Firm
from tests.tenants.approvals.test_second_person import _use_up
from tests.tenants.telling.postman import Postman, tells
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.tenants.approvals.limit import ALWAYS, HeldForApprovalError
from wardship.tenants.approvals.notices import DELETION_DECIDED, DELETION_HELD
from wardship.tenants.approvals.settle import expire_approvals
from wardship.tenants.fulfilment.second_person import approve_deletion, refuse_deletion, withdraw_deletion
from wardship.tenants.members.membership import remove_member
from wardship.tenants.requests.decide import approve_right
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("elsewhere", "team")]
_ENDS = {"refused": {"was refused"}, "expired": {"has expired"}, "withdrawn": set()}
REMOVE = "mutation R($input: RemoveMemberInput!) { removeMember(input: $input) { errors { code } } }"


async def _hold(firm: Firm, who: Person) -> UUID:
    """Remove one more member than one person may, and return the id of what waits for a second one."""
    api = make_api(firm.services)
    people = [await make_member(firm.services.database, firm.organisation) for _ in range(ALWAYS + 1)]
    for person in people:
        await api.data(who, REMOVE, input={"memberId": gid("Member", person.member_id)})
    return await _held(firm)


async def _held(firm: Firm) -> UUID:
    async with firm.services.database.tenant(firm.organisation.id) as transaction:
        held: UUID = await transaction.fetchval("select id from approval where state = 'asked'")
    return held


@tells(DELETION_HELD)
@tells(DELETION_DECIDED)
async def test_who_may_approve_are_told_and_who_asked_learns_the_end(firm: Firm, postman: Postman):
    second = await make_member(firm.services.database, firm.organisation, Role.ORG_ADMIN)
    held = await _hold(firm, firm.admin)
    mails = await postman.mails(DELETION_HELD)
    assert sorted(mail.recipient for mail in mails) == sorted([firm.owner.email, second.email])
    assert all("until 2026-11-28 12:00" in mail.body for mail in mails)
    assert await postman.mails(DELETION_DECIDED) == []
    async with access_for(firm.services, firm.owner) as access:
        await approve_deletion(access, held)
    (mail,) = await postman.mails(DELETION_DECIDED)
    assert mail.recipient == firm.admin.email
    assert "It is done now." in mail.body


async def test_privacy_team_is_told_where_nobody_else_could_approve(
    firm: Firm, postman: Postman, owner: asyncpg.Connection, team: list[str]
):
    await owner.execute("delete from role_assignment where member_id = $1", firm.admin.member_id)
    await _hold(firm, firm.owner)
    assert await postman.readers(DELETION_HELD) == team


async def test_privacy_team_learns_the_end_of_what_it_asked_for(
    firm: Firm, postman: Postman, clock: FixedClock, team: list[str]
):
    right_id = await _erasure_with_privacy_team(firm, clock)
    await _use_up(firm)
    async with firm.access(firm.privacy_team) as access:
        digest = (await preview_erasure(access, right_id)).digest
        with suppress(HeldForApprovalError):  # what it holds is committed
            await commit_erasure(access, right_id, digest)
    held = await _held(firm)
    async with firm.access(firm.owner) as access:
        await refuse_deletion(access, held)
    mails = await postman.mails(DELETION_DECIDED)
    assert sorted(mail.recipient for mail in mails) == team
    assert all("Nothing was deleted." in mail.body for mail in mails)


async def _erasure_with_privacy_team(firm: Firm, clock: FixedClock) -> UUID:
    """Let an erasure that the end of a grace period asked for go to the privacy team, which approves it."""
    async with firm.access(firm.admin) as access:
        await remove_member(access, firm.member.member_id)
    for _ in range(94):
        clock.advance(timedelta(days=1))
        await firm.run()
    async with firm.services.database.tenant(firm.organisation.id) as transaction:
        right_id: UUID = await transaction.fetchval("select id from request_right where kind = 'erasure'")
    async with firm.access(replace(firm.privacy_team, account_id=uuid7())) as access:
        await approve_right(access, right_id)
    return right_id


@pytest.mark.parametrize("end", ["refused", "expired", "withdrawn"])
async def test_who_asked_is_told_that_nothing_was_done_unless_it_was_taken_back(
    firm: Firm, postman: Postman, clock: FixedClock, end: str
):
    held = await _hold(firm, firm.admin)
    if end == "expired":
        clock.advance(timedelta(days=7))
        assert await expire_approvals(firm.services) == 1
    else:
        async with access_for(firm.services, firm.owner if end == "refused" else firm.admin) as access:
            await (refuse_deletion if end == "refused" else withdraw_deletion)(access, held)
    mails = await postman.mails(DELETION_DECIDED)
    assert [mail.recipient for mail in mails] == ([] if end == "withdrawn" else [firm.admin.email])
    assert all("Nothing was deleted." in mail.body for mail in mails)
    assert {mail.subject.partition(" that waited ")[2] for mail in mails} == _ENDS[end]
