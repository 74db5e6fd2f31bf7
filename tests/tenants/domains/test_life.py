"""A proof is looked for again and again: an outage is no loss, a loss has its grace period, and a return needs news."""

from __future__ import annotations

from datetime import timedelta

import dns.rcode
import pytest

from tests.tenants.domains.claimant import NAME
from wardship.tenants.domains import clocks
from wardship.tenants.domains.clocks import SUSPENDED_FOR, check_domains
from wardship.tenants.domains.records import ClaimState, Finding
from wardship.tenants.domains.settling import AFTER_A_MISS, AFTER_AN_OUTAGE, GRACE, HEALTHY, IN_GRACE, QUARANTINE

pytestmark = pytest.mark.anyio

A_WEEK = HEALTHY * 1.1


async def test_healthy_domain_is_looked_up_about_weekly_and_not_all_at_once(harbour):
    moments = set()
    for number in range(6):
        issued = await harbour.held(f"harbour-{number}.com")
        found = await harbour.found(issued.claim.id)
        assert HEALTHY * 0.9 <= found.check_at - found.proven_at <= A_WEEK
        moments.add(found.check_at - found.proven_at)
    assert len(moments) > 1
    before = len(harbour.resolvers[0].asked)
    await harbour.pass_time(HEALTHY * 0.8)
    assert len(harbour.resolvers[0].asked) == before
    await harbour.pass_time(HEALTHY * 0.3)
    assert len(harbour.resolvers[0].asked) == before + 6


@pytest.mark.parametrize("fault", ["SERVFAIL", "REFUSED", "disagreement"])
async def test_outage_is_never_a_loss_however_long_it_is(harbour, fault):
    issued = await harbour.held()
    if fault == "disagreement":
        harbour.resolvers[0].remove(issued.challenge.name)
    else:
        for each in harbour.resolvers:
            each.rcode = dns.rcode.from_text(fault)
    await harbour.pass_time(A_WEEK)
    for _ in range(20):
        await harbour.pass_time(AFTER_AN_OUTAGE * 1.1)
        await harbour.pass_time(timedelta(days=2))
    found = await harbour.found(issued.claim.id)
    assert (found.state, found.misses) == (ClaimState.VERIFIED, 0)
    assert found.finding in {Finding.OUTAGE, Finding.UNCLEAR}
    assert timedelta(0) < found.check_at - found.checked_at <= AFTER_AN_OUTAGE * 1.1


async def test_proof_is_lost_by_three_misses_over_a_day_and_not_before(harbour):
    issued = await harbour.held()
    harbour.remove(issued.challenge)
    for _ in range(5):
        found = await harbour.verify(issued.claim.id)
    assert (found.state, found.misses) == (ClaimState.VERIFIED, 5)
    await harbour.pass_time(AFTER_A_MISS)
    assert await harbour.state(issued.claim.id) is ClaimState.VERIFIED
    await harbour.pass_time(AFTER_A_MISS)
    found = await harbour.found(issued.claim.id)
    assert (found.state, found.state_until) == (ClaimState.GRACE, found.state_since + GRACE)


async def test_two_misses_over_many_days_are_no_loss(harbour):
    issued = await harbour.held()
    harbour.remove(issued.challenge)
    await harbour.verify(issued.claim.id)
    harbour.services.clock.advance(timedelta(days=3))
    found = await harbour.verify(issued.claim.id)
    assert (found.state, found.misses) == (ClaimState.VERIFIED, 2)


async def test_record_that_is_back_in_between_begins_the_count_again(harbour):
    issued = await harbour.held()
    harbour.remove(issued.challenge)
    for _ in range(2):
        await harbour.verify(issued.claim.id)
        harbour.services.clock.advance(AFTER_A_MISS)
    harbour.place(issued.challenge)
    found = await harbour.verify(issued.claim.id)
    assert (found.misses, found.missed_since) == (0, None)
    harbour.remove(issued.challenge)
    harbour.services.clock.advance(AFTER_A_MISS)
    assert (await harbour.verify(issued.claim.id)).state is ClaimState.VERIFIED


async def test_outage_between_misses_neither_counts_nor_forgives(harbour):
    issued = await harbour.held()
    harbour.remove(issued.challenge)
    await harbour.verify(issued.claim.id)
    for each in harbour.resolvers:
        each.rcode = dns.rcode.SERVFAIL
    found = await harbour.verify(issued.claim.id)
    assert found.misses == 1
    assert found.missed_since is not None


async def test_old_record_published_again_does_not_end_the_grace_period(harbour):
    """Everybody could read it, so that the domain's buyer may have placed it."""
    issued = await harbour.held()
    await harbour.lose(issued)
    harbour.place(issued.challenge)
    found = await harbour.verify(issued.claim.id)
    assert (found.state, found.finding) == (ClaimState.GRACE, Finding.OLD)
    renewed = await harbour.renew(issued.claim.id)
    assert (await harbour.verify(issued.claim.id)).state is ClaimState.GRACE
    harbour.place(renewed)
    found = await harbour.verify(issued.claim.id)
    assert (found.state, found.state_until, found.remind_at) == (ClaimState.VERIFIED, None, None)
    assert (found.epoch, found.quarantined_until) == (1, None)
    harbour.remove(issued.challenge)
    harbour.place(renewed)
    assert (await harbour.verify(issued.claim.id)).finding is Finding.PROVEN


async def test_record_that_was_issued_before_the_loss_is_not_new(harbour):
    issued = await harbour.held()
    earlier = await harbour.renew(issued.claim.id)
    await harbour.lose(issued)
    harbour.place(earlier)
    assert (await harbour.verify(issued.claim.id)).state is ClaimState.GRACE


async def test_renewed_record_of_a_healthy_domain_takes_over_when_it_is_found(harbour):
    issued = await harbour.held()
    renewed = await harbour.renew(issued.claim.id)
    assert (await harbour.verify(issued.claim.id)).finding is Finding.PROVEN
    harbour.place(renewed)
    await harbour.verify(issued.claim.id)
    harbour.remove(issued.challenge)
    harbour.place(issued.challenge)
    assert (await harbour.verify(issued.claim.id)).finding is Finding.ABSENT


async def test_domain_is_looked_up_daily_in_grace(harbour):
    issued = await harbour.held()
    await harbour.lose(issued)
    found = await harbour.found(issued.claim.id)
    assert abs(found.check_at - found.state_since - IN_GRACE) <= IN_GRACE / 10
    await harbour.pass_time(IN_GRACE * 1.1)
    assert (await harbour.found(issued.claim.id)).checked_at == harbour.services.clock.now()


async def test_domain_that_is_not_proven_again_is_suspended_then_released(harbour, owner):
    issued = await harbour.held()
    await harbour.lose(issued)
    await harbour.pass_time(GRACE)
    found = await harbour.found(issued.claim.id)
    assert (found.state, found.state_until) == (ClaimState.SUSPENDED, found.state_since + SUSPENDED_FOR)
    assert await owner.fetchval("select state from domain") == "suspended"
    asked = len(harbour.resolvers[0].asked)
    await harbour.pass_time(SUSPENDED_FOR - timedelta(seconds=1))
    assert len(harbour.resolvers[0].asked) == asked
    assert await harbour.state(issued.claim.id) is ClaimState.SUSPENDED
    await harbour.pass_time(timedelta(seconds=1))
    assert await harbour.state(issued.claim.id) is ClaimState.RELEASED
    assert [tuple(row) for row in await owner.fetch("select state, holder_id, epoch from domain")] == [
        ("free", None, 1)
    ]


async def test_suspended_domain_comes_back_by_a_new_record_alone(harbour, owner):
    issued = await harbour.held()
    await harbour.lose(issued)
    await harbour.pass_time(GRACE)
    harbour.place(issued.challenge)
    found = await harbour.verify(issued.claim.id)
    assert (found.state, found.finding) == (ClaimState.SUSPENDED, Finding.OLD)
    harbour.place(await harbour.renew(issued.claim.id))
    found = await harbour.verify(issued.claim.id)
    assert (found.state, found.epoch) == (ClaimState.VERIFIED, 1)
    assert await owner.fetchval("select state from domain") == "held"


async def test_domain_that_expired_and_was_sold_is_the_new_holders_in_a_new_epoch(harbour, rival, owner):
    """The new holder begins in quarantine, and what belongs to the earlier epoch stays told apart."""
    issued = await harbour.held()
    await harbour.lose(issued)
    await harbour.pass_time(GRACE)
    bought = await rival.held()
    found = await rival.found(bought.claim.id)
    assert (found.epoch, found.quarantined_until) == (2, found.state_since + QUARANTINE)
    assert await harbour.state(issued.claim.id) is ClaimState.RELEASED
    row = await owner.fetchrow("select * from domain")
    assert (row["holder_id"], row["epoch"]) == (rival.organisation.id, 2)
    assert row["quarantined_until"] == found.quarantined_until


async def test_buyer_of_the_domain_gains_nothing_by_the_old_record(harbour, rival):
    """The record names the organisation that it was issued for, and proves nothing for another."""
    issued = await harbour.held()
    taken = await rival.claim()
    found = await rival.verify(taken.claim.id)
    assert (found.state, found.finding) == (ClaimState.PENDING, Finding.ABSENT)
    assert await harbour.state(issued.claim.id) is ClaimState.VERIFIED


async def test_fault_at_one_domain_does_not_keep_others_from_being_looked_up(harbour, monkeypatch):
    first, second = await harbour.claim(NAME), await harbour.claim("second.com")
    harbour.place(second.challenge)
    await harbour.ask(first.claim.id)
    await harbour.ask(second.claim.id)
    real = clocks.look_up_proof

    async def failing(resolvers, name, *rest):
        if name == NAME:
            raise RuntimeError("a fault of the program")
        return await real(resolvers, name, *rest)

    monkeypatch.setattr(clocks, "look_up_proof", failing)
    assert await check_domains(harbour.services) == 2
    assert await harbour.state(first.claim.id) is ClaimState.PENDING
    assert await harbour.state(second.claim.id) is ClaimState.VERIFIED
