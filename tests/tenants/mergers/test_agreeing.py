"""How two owners agree on a merger, and every way in which nothing comes of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import make_member, make_organisation
from tests.tenants.mergers.merging import Merging
from tests.tenants.operating import commanding
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.mergers.accepting import MergerBusyError, MergerChangedError, accept_merger
from wardship.tenants.mergers.clocks import WAITED_FOR, follow_mergers
from wardship.tenants.mergers.fates import FATES, Fate
from wardship.tenants.mergers.offering import (
    OFFER_LASTS,
    OFFERS_A_DAY,
    MergerOpenError,
    TooManyOffersError,
    decline_merger,
    offer_merger,
    withdraw_merger,
)
from wardship.tenants.mergers.read import list_mergers, merger_by_id, previews_of
from wardship.tenants.mergers.write import MergerStateError
from wardship.tenants.organisation_lifecycle.changes import resume_organisation, suspend_organisation
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio
MOVING = sorted(name for name, fate in FATES.items() if fate is Fate.GO_OVER)


async def _org_states(merging: Merging) -> list[str]:
    rows = await merging.owner.fetch("select state from organisation where kind = 'customer' order by slug")
    return [row["state"] for row in rows]


async def test_it_takes_both_owners_with_a_fresh_second_factor(merging):
    anton = await make_member(merging.services.database, merging.orchard, Role.ORG_ADMIN)
    with pytest.raises(PermissionDeniedError):
        async with merging.access(anton) as access:
            await offer_merger(access, "harbour")
    with pytest.raises(StepUpRequiredError):
        async with merging.access(merging.oscar, stepped_up=False) as access:
            await offer_merger(access, "harbour")
    assert await merging.owner.fetchval("select count(*) from merger") == 0
    merger = await merging.offer()
    digest = await merging.digest(merger.id)
    with pytest.raises(StepUpRequiredError):
        async with merging.access(merging.hanna, stepped_up=False) as access:
            await accept_merger(access, merger.id, digest)
    with pytest.raises(MergerStateError):
        async with merging.access(merging.oscar) as access:
            await accept_merger(access, merger.id, digest)
    assert await merging.state(merger.id) == "offered"
    await merging.accept(merger.id)
    assert await merging.state(merger.id) == "announced"


async def test_one_person_who_owns_both_agrees_with_nobody(merging, database):
    await merging.owner.execute(
        "delete from role_assignment where role = 'org_owner' and member_id = $1", merging.oscar.member_id
    )
    account_id = merging.hanna.account_id
    both = await make_member(database, merging.orchard, Role.ORG_OWNER, account_id=account_id, email="h@example.net")
    merger = await merging.offer(both)
    with pytest.raises(InvalidInputError, match="takes two people"):
        await merging.accept(merger.id)
    assert await merging.state(merger.id) == "offered"


async def test_offer_of_who_owns_it_no_more_is_accepted_by_nobody(merging, database):
    merger = await merging.offer()
    paul = await make_member(database, merging.orchard, name="Paul")
    give = "update role_assignment set member_id = $1 where role = 'org_owner' and member_id = $2"
    await merging.owner.execute(give, paul.member_id, merging.oscar.member_id)
    told = await merging.owner.fetchval("select count(*) from notice")
    with pytest.raises(MergerStateError, match="new offer"):
        await merging.accept(merger.id)
    assert await merging.state(merger.id) == "offered"
    assert await merging.owner.fetchval("select count(*) from notice") == told
    paul = replace(paul, roles=merging.oscar.roles)
    async with merging.access(paul) as access:
        await withdraw_merger(access, merger.id)
    await merging.accept((await merging.offer(paul)).id)


async def test_exactly_what_was_shown_is_accepted(merging, database):
    merger = await merging.offer()
    digest = await merging.digest(merger.id)
    await make_member(database, merging.orchard)
    with pytest.raises(MergerChangedError):
        async with merging.access(merging.hanna) as access:
            await accept_merger(access, merger.id, digest)
    assert await merging.state(merger.id) == "offered"
    await merging.accept(merger.id)


async def test_offer_to_nobody_looks_like_one_that_nobody_answers(merging):
    known = await merging.offer()
    async with merging.access(merging.oscar) as access:
        await withdraw_merger(access, known.id)
    unknown = await merging.offer(into="nobody-here")
    async with merging.access(merging.oscar) as access:
        seen = [await merger_by_id(access, each.id) for each in (known, unknown)]
        previews = await previews_of(access, seen)
    assert [each.target_name for each in seen] == [None, None]
    assert previews == [None, None]
    merging.clock.advance(OFFER_LASTS)
    await follow_mergers(merging.services)
    assert await merging.state(unknown.id) == "expired"


async def test_what_is_offered_to_others_is_nobody_elses_to_see(merging, database):
    merger = await merging.offer()
    stranger = await make_member(database, await make_organisation(database, "strange"), Role.ORG_OWNER)
    async with merging.access(stranger) as access:
        assert (await list_mergers(access, PageRequest(10))).items == []
    for act in (decline_merger, withdraw_merger):
        with pytest.raises(NotFoundError):
            async with merging.access(stranger) as access:
                await act(access, merger.id)
    assert await merging.state(merger.id) == "offered"


async def test_offer_is_declined_taken_back_or_ends_by_the_clock(merging):
    for act, who, state in (
        (decline_merger, merging.hanna, "declined"),
        (withdraw_merger, merging.oscar, "withdrawn"),
    ):
        merger = await merging.offer()
        async with merging.access(who) as access:
            await act(access, merger.id)
        assert await merging.state(merger.id) == state
    merger = await merging.offer()
    merging.clock.advance(OFFER_LASTS)
    with pytest.raises(MergerStateError):
        await merging.accept(merger.id)
    await follow_mergers(merging.services)
    assert await merging.state(merger.id) == "expired"
    assert await _org_states(merging) == ["active", "active"]


@pytest.mark.parametrize("who", ["hanna", "oscar"])
async def test_either_owner_calls_off_what_was_announced(merging, who):
    merger = await merging.announce()
    before = await merging.counts(MOVING, merging.orchard)
    async with merging.access(getattr(merging, who)) as access:
        await withdraw_merger(access, merger.id)
    await merging.begin()
    await merging.finish()
    assert await merging.state(merger.id) == "withdrawn"
    assert (await merging.counts(MOVING, merging.orchard))["member"] == before["member"]


async def test_only_one_offer_is_open_and_five_a_day_are_made(merging):
    for number in range(OFFERS_A_DAY):
        merger = await merging.offer()
        with pytest.raises(MergerOpenError if number < OFFERS_A_DAY - 1 else TooManyOffersError):
            await merging.offer()
        async with merging.access(merging.oscar) as access:
            await withdraw_merger(access, merger.id)
    with pytest.raises(TooManyOffersError):
        await merging.offer()
    merging.clock.advance(timedelta(days=1))
    await merging.offer()


async def test_two_that_offer_one_another_do_not_both_go(merging):
    ours = await merging.offer()
    theirs = await merging.offer(merging.hanna, into="orchard")
    await merging.accept(ours.id)
    with pytest.raises(MergerBusyError):
        await merging.accept(theirs.id, merging.oscar)
    await merging.begin()
    await merging.finish()
    assert await _org_states(merging) == ["active", "merged"]
    assert await merging.state(theirs.id) in {"offered", "expired"}


async def test_both_accepted_at_the_same_moment_one_goes(merging):
    ours = await merging.offer()
    theirs = await merging.offer(merging.hanna, into="orchard")
    answers = await asyncio.gather(
        merging.accept(ours.id), merging.accept(theirs.id, merging.oscar), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["MergerBusyError", "MergerRecord"]


async def test_two_organisations_join_one_at_the_same_time_and_nothing_is_lost(merging, database):
    meadow = await make_organisation(database, "meadow")
    mia = await make_member(database, meadow, Role.ORG_OWNER)
    before = await merging.counts(["member"], merging.harbour, merging.orchard, meadow)
    for who in (merging.oscar, mia):
        await merging.accept((await merging.offer(who)).id)
    await merging.begin()
    await asyncio.gather(*(follow_mergers(merging.services) for _ in range(3)))
    merging.clock.advance(timedelta(minutes=2))
    await asyncio.gather(*(follow_mergers(merging.services) for _ in range(3)))
    await follow_mergers(merging.services)
    assert await _org_states(merging) == ["active", "merged", "merged"]
    assert await merging.counts(["member"], merging.harbour) == before


async def test_suspended_organisation_is_waited_for_and_let_go_of_in_the_end(merging):
    merger = await merging.announce()
    async with commanding(merging.services) as access:
        await suspend_organisation(access, "harbour")
    await merging.begin()
    row = await merging.owner.fetchrow("select state, waits_for from merger")
    assert (row["state"], row["waits_for"]) == ("announced", "organisations")
    assert await _org_states(merging) == ["suspended", "active"]
    merging.clock.advance(WAITED_FOR)
    await follow_mergers(merging.services)
    assert await merging.state(merger.id) == "expired"


async def test_it_opens_again_where_the_other_is_suspended_in_its_last_minute(merging):
    merger = await merging.announce()
    await merging.begin()
    assert await _org_states(merging) == ["active", "merging"]
    async with commanding(merging.services) as access:
        await suspend_organisation(access, "harbour")
    await merging.finish()
    assert (await _org_states(merging), await merging.state(merger.id)) == (["suspended", "active"], "announced")
    async with commanding(merging.services) as access:
        await resume_organisation(access, "harbour")
    await follow_mergers(merging.services)
    await merging.finish()
    assert await merging.state(merger.id) == "merged"
