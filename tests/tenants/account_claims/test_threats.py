"""The threats against accounts at a domain, each with what an attacker would do and what comes of it."""

from __future__ import annotations

import asyncio

import pytest

from tests.graphql.calls import make_api
from tests.tenants.account_claims.people import Grouper, make_account, make_grouper
from tests.tenants.closing import HOURS, let_leave, pass_time
from tests.tenants.domains.claimant import NAME
from wardship.core.errors import NotFoundError
from wardship.tenants.account_claims.choices import stay
from wardship.tenants.account_claims.clocks import act_on_account_claims
from wardship.tenants.account_claims.grouping_job import run_groupings
from wardship.tenants.account_claims.groupings import preview_grouping, start_grouping
from wardship.tenants.account_claims.policies import DomainNotHeldError
from wardship.tenants.account_claims.records import Enrolment
from wardship.tenants.domains.settling import GRACE

pytestmark = pytest.mark.anyio

EVERYTHING = """
{ accountClaims(first: 50) { edges { node { address state member { displayName email phone } } } }
  members(first: 50) { totalCount edges { node { displayName email phone } } } }
"""


async def _asked(grouper, count=3):
    services = grouper.who.services
    names = [(f"person-{n}@{NAME}", f"own-{n}@example.org") for n in range(count)]
    people = [await make_account(services, address, others=(own,)) for address, own in names]
    await grouper.group()
    return people


async def test_mass_claim_followed_by_mass_export_yields_addresses_at_the_own_domain_alone(grouper, owner):
    people = await _asked(grouper)
    found = await make_api(grouper.who.services).data(grouper.who.admin, EVERYTHING)
    claims = [edge["node"] for edge in found["accountClaims"]["edges"]]
    assert sorted(claim["address"] for claim in claims) == sorted(who.address for who in people)
    assert {claim["state"] for claim in claims} == {"NOTIFIED"}
    assert [claim["member"] for claim in claims] == [None] * 3
    assert found["members"]["totalCount"] == 2
    assert "own-" not in str(found)
    # What is read by other doors stands in the organisation's rows: there is none of them.
    accounts = [who.account_id for who in people]
    assert await owner.fetchval("select count(*) from member where account_id = any($1::uuid[])", accounts) == 0


async def test_undecided_accounts_are_seen_no_further(grouper):
    people = await _asked(grouper, 1)
    services = grouper.who.services
    claim = await people[0].claim()
    services.clock.advance(claim.decide_until - services.clock.now())
    await act_on_account_claims(services)
    found = await make_api(services).data(grouper.who.admin, EVERYTHING)
    (node,) = (edge["node"] for edge in found["accountClaims"]["edges"])
    assert node == {"address": people[0].address, "state": "UNDECIDED", "member": None}
    assert found["members"]["totalCount"] == 2


async def test_two_groupings_begun_at_the_same_moment_are_one(grouper, owner):
    await make_account(grouper.who.services, f"ann@{NAME}")
    previews = [await grouper.preview() for _ in range(5)]

    async def begin(preview):
        async with grouper.who.access() as access:
            return await start_grouping(access, preview.id)

    outcomes = await asyncio.gather(*(begin(preview) for preview in previews), return_exceptions=True)
    begun = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert len(begun) == 1
    await run_groupings(grouper.who.services)
    assert await owner.fetchval("select count(*) from account_claim") == 1


async def test_who_stays_at_the_same_moment_twice_is_one_member(grouper, owner):
    (ann,) = await _asked(grouper, 1)
    claim = await ann.claim()
    await asyncio.gather(*(ann.choose(stay, claim=claim) for _ in range(5)), return_exceptions=True)
    members = await owner.fetchval("select count(*) from member where account_id = $1", ann.account_id)
    assert (members, (await ann.claim()).state.value) == (1, "managed")


async def test_organisation_that_ends_keeps_no_claim_to_an_account(grouper, services, owner):
    (ann,) = await _asked(grouper, 1)
    await let_leave(services, grouper.who.organisation)
    await pass_time(services, HOURS)
    assert await owner.fetchval("select count(*) from domain where state <> 'free'") == 0
    assert {claim.state.value for claim in await ann.claims()} <= {"released"}


async def test_expired_domain_groups_nobody_and_what_was_asked_is_over(harbour):
    issued = await harbour.held()
    grouper = Grouper(harbour, issued.claim.id)
    await grouper.policy(Enrolment.CLAIM_EXISTING)
    (ann,) = await _asked(grouper, 1)
    await harbour.lose(issued)
    with pytest.raises(DomainNotHeldError):
        await grouper.preview()
    with pytest.raises(DomainNotHeldError):
        await ann.choose(stay)
    await harbour.pass_time(GRACE)
    assert (await ann.claim()).state.value == "released"


async def test_holder_of_one_domain_counts_nobody_at_another(grouper, rival, services):
    await make_account(services, "ann@elsewhere.com")
    other = await make_grouper(rival, "elsewhere.com")
    assert (await grouper.preview()).matching == 0
    assert (await other.preview()).matching == 1
    async with rival.access() as access:
        with pytest.raises(NotFoundError):
            await preview_grouping(access, grouper.domain_id)
