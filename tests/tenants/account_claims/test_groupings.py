"""The accounts at a domain are counted first, then asked: exactly those, in batches that a worker may lose."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.builders import make_member
from tests.tenants.account_claims.people import Grouper, insert_accounts, make_account, make_grouper
from tests.tenants.domains.claimant import NAME
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.account_claims import grouping_job
from wardship.tenants.account_claims.grouping_job import advance, run_groupings
from wardship.tenants.account_claims.groupings import (
    PREVIEW_LASTS,
    RUNS_FOR,
    GroupingRefusedError,
    GroupingStateError,
    preview_grouping,
    start_grouping,
)
from wardship.tenants.account_claims.policies import DomainNotHeldError
from wardship.tenants.account_claims.records import DECIDED_WITHIN, Enrolment, GroupingState
from wardship.tenants.domains.records import ClaimScope

pytestmark = pytest.mark.anyio


async def _sent(owner) -> tuple[int, int]:
    return (
        await owner.fetchval("select count(*) from account_claim"),
        await owner.fetchval("select count(*) from account_notice"),
    )


async def test_preview_counts_by_kind_and_names_asks_and_tells_nobody(grouper, services, owner):
    await make_account(services, f"ann@{NAME}")
    await make_account(services, f"bob@{NAME}")
    await make_account(services, "eve@example.org", others=(f"alias@{NAME}",))
    await make_account(services, f"far@yard.{NAME}")
    await make_account(services, f"near@not{NAME}")
    await make_member(services.database, grouper.who.organisation, email=f"mia@{NAME}")
    await make_member(services.database, grouper.who.organisation, email=f"old@{NAME}", state="removed")
    before = await _sent(owner)
    found = await grouper.preview()
    counted = found.matching, found.members, found.former_members, found.claimed, found.unproven, found.elsewhere
    assert (found.state, counted) == (GroupingState.PREVIEWED, (2, 1, 1, 0, 0, 0))
    assert await _sent(owner) == before
    assert await run_groupings(services) == 0


async def test_grouping_asks_exactly_what_the_preview_counted(grouper, services, owner):
    await make_account(services, f"ann@{NAME}")
    await make_account(services, f"bob@{NAME}", others=("bob@example.org",))
    preview = await grouper.preview()
    services.clock.advance(timedelta(minutes=1))
    await make_account(services, f"later@{NAME}", at=services.clock.now())
    async with grouper.who.access() as access:
        await start_grouping(access, preview.id)
    await run_groupings(services)
    assert await grouper.states() == {f"ann@{NAME}": "notified", f"bob@{NAME}": "notified"}
    row = await owner.fetchrow("select * from domain_grouping where id = $1", preview.id)
    assert (row["state"], row["notified"]) == ("done", 2)
    claims = await grouper.claims()
    assert {claim.decide_until for claim in claims.values()} == {services.clock.now() + DECIDED_WITHIN}


async def test_claim_shows_address_and_state_and_no_member(grouper, services, owner):
    await make_account(services, f"ann@{NAME}")
    await grouper.group()
    (claim,) = (await grouper.claims()).values()
    assert (claim.member_id, claim.managed_at) == (None, None)
    people = await owner.fetchval("select count(*) from member where organisation_id = $1", grouper.who.organisation.id)
    assert people == 2


async def test_each_account_is_told_once_with_the_date(grouper, services, owner):
    ann = await make_account(services, f"ann@{NAME}")
    await grouper.group()
    await run_groupings(services)
    rows = await owner.fetch("select * from account_notice where account_id = $1", ann.account_id)
    (row,) = rows
    assert (row["kind"], row["organisation_id"]) == ("account_claimed", grouper.who.organisation.id)
    assert row["target_id"] == (await ann.claim()).id


async def test_second_grouping_asks_nobody_twice(grouper, services, owner):
    await make_account(services, f"ann@{NAME}")
    await grouper.group()
    services.clock.advance(timedelta(days=1))
    second = await grouper.group()
    assert (second.matching, second.claimed) == (0, 1)
    assert await _sent(owner) == (1, await owner.fetchval("select count(*) from account_notice"))
    assert await owner.fetchval("select count(*) from account_notice where kind = 'account_claimed'") == 1


async def test_batches_go_on_where_the_last_one_ended(grouper, owner):
    await insert_accounts(owner, 25)
    begun = await grouper.start()
    seen = []
    for _ in range(40):
        async with grouper.system() as access:
            if not await advance(access, begun.id, most=4):
                break
        seen.append(await owner.fetchval("select seen from domain_grouping where id = $1", begun.id))
    assert seen == [4, 8, 12, 16, 20, 24]
    assert await owner.fetchval("select seen from domain_grouping where id = $1", begun.id) == 25
    row = await owner.fetchrow("select state, notified from domain_grouping where id = $1", begun.id)
    assert tuple(row) == ("done", 25)
    assert set((await grouper.states()).values()) == {"notified"}


async def test_batch_that_is_lost_is_done_again_and_nothing_twice(grouper, services, owner):
    await insert_accounts(owner, 10)
    begun = await grouper.start()
    with pytest.raises(ConnectionAbortedError):
        async with grouper.system() as access:
            await advance(access, begun.id, most=4)
            raise ConnectionAbortedError
    assert await _sent(owner) == (0, 0)
    await run_groupings(services)
    assert len(await grouper.claims()) == 10


async def test_two_workers_at_the_same_moment_ask_everybody_once(grouper, services, owner, monkeypatch):
    monkeypatch.setattr(grouping_job, "BATCH", 3)
    await insert_accounts(owner, 30)
    begun = await grouper.start()
    await asyncio.gather(*(run_groupings(services) for _ in range(4)))
    await run_groupings(services)
    row = await owner.fetchrow("select state, seen, notified from domain_grouping where id = $1", begun.id)
    assert tuple(row) == ("done", 30, 30)


async def test_preview_is_too_old_after_an_hour(grouper, services, owner):
    await make_account(services, f"ann@{NAME}")
    preview = await grouper.preview()
    services.clock.advance(PREVIEW_LASTS)
    async with grouper.who.access() as access:
        with pytest.raises(GroupingStateError):
            await start_grouping(access, preview.id)
    assert await _sent(owner) == (0, await owner.fetchval("select count(*) from account_notice"))
    await run_groupings(services)
    assert await owner.fetchval("select state from domain_grouping where id = $1", preview.id) == "expired"


async def test_cancelled_grouping_leaves_alone_whom_it_has_not_told(grouper, services, owner):
    await insert_accounts(owner, 8)
    begun = await grouper.start()
    async with grouper.system() as access:
        await advance(access, begun.id, most=4)
    assert (await grouper.cancel(begun.id)).state is GroupingState.CANCELLED
    await run_groupings(services)
    assert len(await grouper.claims()) == 4
    found = await grouper.preview()
    assert (found.matching, found.claimed) == (4, 4)


async def test_grouping_that_cannot_go_on_ends_after_a_week(grouper, services, owner):
    await insert_accounts(owner, 2)
    begun = await grouper.start()
    await grouper.policy(Enrolment.OFF)
    await run_groupings(services)
    assert await grouper.claims() == {}
    services.clock.advance(RUNS_FOR)
    await run_groupings(services)
    assert await owner.fetchval("select state from domain_grouping where id = $1", begun.id) == "expired"


@pytest.mark.parametrize("enrolment", sorted(set(Enrolment) - {Enrolment.CLAIM_EXISTING}))
async def test_other_policies_group_nobody(grouper, owner, enrolment):
    await grouper.policy(enrolment)
    with pytest.raises(GroupingRefusedError):
        await grouper.preview()
    assert await owner.fetchval("select count(*) from domain_grouping") == 0


async def test_grouping_needs_the_second_factor_and_the_role(grouper, services, owner):
    member = await make_member(services.database, grouper.who.organisation)
    async with grouper.who.access(stepped_up=False) as access:
        with pytest.raises(StepUpRequiredError):
            await preview_grouping(access, grouper.domain_id)
    async with grouper.who.access(member) as access:
        with pytest.raises((NotFoundError, PermissionDeniedError)):
            await preview_grouping(access, grouper.domain_id)
    assert await owner.fetchval("select count(*) from domain_grouping") == 0


async def test_domain_that_is_not_proven_groups_nobody(harbour, owner):
    issued = await harbour.claim()
    grouper = Grouper(harbour, issued.claim.id)
    with pytest.raises(DomainNotHeldError):
        await grouper.policy(Enrolment.CLAIM_EXISTING)
    with pytest.raises(DomainNotHeldError):
        await grouper.preview()
    assert await owner.fetchval("select count(*) from domain_policy") == 0


async def test_most_specific_holder_has_the_accounts_at_a_name_below(harbour, rival, services):
    whole = await make_grouper(harbour, scope=ClaimScope.SUBTREE)
    await whole.policy(Enrolment.CLAIM_EXISTING, is_for_subtree=True)
    for address in (f"ann@{NAME}", f"bob@yard.{NAME}", f"cy@deep.yard.{NAME}", f"dee@quay.{NAME}"):
        await make_account(services, address)
    issued = await rival.prove(f"yard.{NAME}")
    await rival.pass_time(timedelta(days=8))
    assert await rival.state(issued.claim.id) == "verified"
    found = await whole.group()
    assert (found.matching, found.elsewhere) == (3, 1)
    assert set(await whole.states()) == {f"ann@{NAME}", f"cy@deep.yard.{NAME}", f"dee@quay.{NAME}"}


async def test_addresses_in_letters_of_their_script_are_found(harbour, services):
    grouper = await make_grouper(harbour, "bücher.de")
    await make_account(services, "käthe@bücher.de")
    assert (await grouper.group()).matching == 1
    assert await grouper.states() == {"käthe@bücher.de": "notified"}
