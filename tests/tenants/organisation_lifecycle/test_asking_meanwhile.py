"""What members may still ask for where their organisation is suspended or leaves, and what they are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_member, make_organisation, system_access
from tests.core.sign_in.showing import credentials_of
from tests.requesting import Firm, make_firm
from tests.tenants.operating import commanding
from wardship.core.actor import PROVIDER_ID, Role
from wardship.core.sign_in.authentication import (
    OrganisationNotFoundError,
    OrganisationSuspendedError,
    authenticate,
)
from wardship.tenants.organisation_lifecycle.changes import close_organisation, suspend_organisation
from wardship.tenants.organisation_lifecycle.clocks import follow_organisations
from wardship.tenants.requests.records import Handler
from wardship.tenants.requests.states import RightKind, RightState

pytestmark = pytest.mark.anyio


@pytest.fixture
async def firm(services) -> Firm:
    return await make_firm(services)


async def test_member_of_a_suspended_organisation_is_told_where_to_ask_and_asks_there(firm, owner):
    services, slug = firm.services, firm.organisation.slug
    async with commanding(services) as access:
        await suspend_organisation(access, slug, "Unpaid since May")
    shown = await credentials_of(services, firm.member, organisation=slug)
    with pytest.raises(OrganisationSuspendedError, match="belongs to no other organisation asks it about the account"):
        await authenticate(services, shown)
    provider = await owner.fetchval("select slug from organisation where kind = 'provider'")
    there = await authenticate(services, await credentials_of(services, firm.member, organisation=provider))
    assert (there.organisation_id, there.roles) == (PROVIDER_ID, {Role.CUSTOMER})
    async with firm.access(there) as access:
        assert access.actor.member_id is None
    assert await owner.fetchval("select count(*) from data_request") == 0


async def test_who_belongs_to_another_organisation_waits_until_it_is_resumed(firm, owner, database):
    services = firm.services
    other = await make_organisation(database, "other")
    await make_member(database, other, account_id=firm.member.account_id)
    async with commanding(services) as access:
        await suspend_organisation(access, firm.organisation.slug)
    provider = await owner.fetchval("select slug from organisation where kind = 'provider'")
    with pytest.raises(OrganisationNotFoundError):
        await authenticate(services, await credentials_of(services, firm.member, organisation=provider))


async def test_member_of_an_organisation_that_leaves_asks_as_before_and_the_privacy_team_takes_over(firm, clock):
    services = firm.services
    async with commanding(services) as access:
        await close_organisation(access, firm.organisation.slug, "Contract ended")
    submitted = await firm.submit(RightKind.ACCESS)
    assert await firm.states(submitted) == {RightKind.ACCESS: RightState.WITH_ADMIN}
    clock.advance(timedelta(hours=48))
    await follow_organisations(services)
    found = (await firm.locked(submitted)).request
    assert (found.handler, found.escalation_reason) == (Handler.PRIVACY_TEAM, "organisation_leaves")
    async with system_access(services, firm.organisation) as access:
        assert await access.fetchval("select state from organisation where id = $1") == "leaving", "the copy is due"


async def test_erasure_asked_of_an_organisation_that_leaves_is_the_end_of_it_for_all(firm, clock, owner):
    async with commanding(firm.services) as access:
        await close_organisation(access, firm.organisation.slug, "Contract ended")
    await firm.submit(RightKind.ERASURE)
    clock.advance(timedelta(hours=48))
    await follow_organisations(firm.services)
    assert await owner.fetchval("select state from organisation where id = $1", firm.organisation.id) == "closed"
    for table in ("member", "data_request"):
        assert await owner.fetchval(f"select count(*) from {table}") == 0
