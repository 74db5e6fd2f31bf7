"""What is loaded for a first look is worth looking at: a proven domain, and a group that a rule fills."""

from __future__ import annotations

import pytest

from wardship.app.demo.load import load_demonstration
from wardship.core.actor import system_actor
from wardship.core.database.scope import Scope
from wardship.tenants.access import Access
from wardship.tenants.account_claims.groupings import preview_grouping
from wardship.tenants.account_claims.policies import set_policy
from wardship.tenants.account_claims.records import Enrolment

pytestmark = pytest.mark.anyio


async def test_organisation_holds_a_domain_and_a_rule_fills_a_group_however_often_it_is_loaded(services, owner):
    for _ in range(2):
        await load_demonstration(services)
    claims = await owner.fetch(
        "select c.name, c.state, d.state as held from domain_claim c join domain d on d.name = c.name"
    )
    assert [tuple(row) for row in claims] == [("harbour-logistics.com", "verified", "held")]
    inside = await owner.fetch(
        "select m.display_name from group_membership s join member m on m.id = s.member_id"
        " join group_rule r on r.group_id = s.group_id where s.is_by_rule and s.left_at is null"
    )
    assert [row["display_name"] for row in inside] == ["Ben Berth"]


async def test_accounts_of_no_organisation_are_there_to_be_asked(services, owner):
    await load_demonstration(services)
    found = await owner.fetch(
        "select e.address from account_email e where e.address like '%@harbour-cranes.com'"
        " and e.verified_at is not null"
        " and not exists (select from member m where m.account_id = e.account_id) order by 1"
    )
    assert [row["address"].partition("@")[0] for row in found] == ["lena", "omar", "vera"]


async def test_first_grouping_at_the_proven_domain_finds_somebody_to_ask(services, owner):
    await load_demonstration(services)
    organisation_id = await owner.fetchval("select id from organisation where slug = 'harbour'")
    claim_id = await owner.fetchval("select id from domain_claim where name = 'harbour-logistics.com'")
    async with services.database.transaction(Scope(organisation_id, directory=True)) as transaction:
        access = Access(system_actor(organisation_id), transaction, services, "demonstration")
        await set_policy(access, claim_id, enrolment=Enrolment.CLAIM_EXISTING)
        counted = await preview_grouping(access, claim_id)
    assert (counted.matching, counted.unproven) == (1, 0)
