"""Staff who are members too: nobody decides on the own request or deletion, also where no member is let in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import access_for, system_access
from tests.core.sign_in.showing import credentials_of
from tests.requesting import Firm, make_firm
from tests.tenants.operating import commanding
from wardship.core.accounts.accounts import add_staff
from wardship.core.actor import Actor, StaffRole
from wardship.core.sign_in.authentication import authenticate
from wardship.tenants.members.membership import remove_member
from wardship.tenants.organisation_lifecycle.changes import resume_organisation, suspend_organisation
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations
from wardship.tenants.requests.authority import SelfDecisionError
from wardship.tenants.requests.decide import approve_right, deny_right
from wardship.tenants.requests.erasures import commit_erasure, preview_erasure
from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind, RightState

pytestmark = pytest.mark.anyio


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


async def _as_staff(firm: Firm, person) -> Actor:
    """The person as one of the privacy team, who has just shown the second factor, in the organisation."""
    services = firm.services
    async with services.database.directory() as transaction:
        await add_staff(transaction, person.account_id, StaffRole.PRIVACY_TEAM, at=services.clock.now())
    shown = await credentials_of(services, person, organisation=firm.organisation.slug)
    return replace(await authenticate(services, shown), stepped_up_at=services.clock.now())


async def _suspend(firm: Firm) -> None:
    """Let nobody in as a member."""
    async with commanding(firm.services) as access:
        await suspend_organisation(access, firm.organisation.slug, "Unpaid")
    await follow_organisations(firm.services)


async def test_staff_decide_no_request_of_their_own_where_their_membership_lets_nobody_in(firm):
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.refuse(submitted, RightKind.ERASURE)
    right = await firm.right(submitted, RightKind.ERASURE)
    assert right.state is RightState.WITH_PRIVACY_TEAM
    await _suspend(firm)
    staff = await _as_staff(firm, firm.member)
    assert staff.member_id is None, "nobody gets in as a member"
    before = await firm.states(submitted)
    for act, *arguments in (
        (approve_right, right.id),
        (deny_right, right.id, RefusalCode.UNFOUNDED, "No."),
        (preview_erasure, right.id),
    ):
        with pytest.raises(SelfDecisionError):
            async with access_for(firm.services, staff) as access:
                await act(access, *arguments)
    assert await firm.states(submitted) == before


async def test_who_approved_an_erasure_as_staff_does_not_commit_it_alone_as_a_member(firm):
    """A clock asked for it, so one person in two capacities would be the only one."""
    services = firm.services
    async with firm.access(firm.admin) as access:
        await remove_member(access, firm.member.member_id)
    for days in (60, 23, 5, 2):
        services.clock.advance(timedelta(days=days))
        await firm.run()
    await _suspend(firm)
    async with system_access(services, firm.organisation) as access:
        right_id = await access.fetchval("select id from request_right where organisation_id = $1")
    async with access_for(services, await _as_staff(firm, firm.officer)) as access:
        await approve_right(access, right_id)
    async with commanding(services) as access:
        await resume_organisation(access, firm.organisation.slug)
    staff = await _as_staff(firm, firm.officer)
    assert staff.member_id == firm.officer.member_id
    async with access_for(services, staff) as access:
        preview = await preview_erasure(access, right_id)
    with pytest.raises(SelfDecisionError, match="two people"):
        async with access_for(services, staff) as access:
            await commit_erasure(access, right_id, preview.digest)
    async with system_access(services, firm.organisation) as access:
        assert await access.fetchval("select state from request_right where organisation_id = $1") == "previewed"
