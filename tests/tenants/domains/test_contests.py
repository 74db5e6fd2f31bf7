"""Two organisations prove one domain: one holds it at any moment, and the holder is asked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.tenants.closing import HOURS, let_leave, pass_time
from tests.tenants.domains.claimant import NAME, make_claimant
from wardship.tenants.domains.claiming import ClaimStateError
from wardship.tenants.domains.clocks import check_domains
from wardship.tenants.domains.contests import ANSWERED_WITHIN, DISPUTED_FOR
from wardship.tenants.domains.records import ClaimScope, ClaimState, Finding
from wardship.tenants.domains.settling import GRACE, QUARANTINE

pytestmark = pytest.mark.anyio

BELOW = f"yard.{NAME}"
SUBTREE = ClaimScope.SUBTREE


async def _holders(owner, name=NAME):
    return [
        row["organisation_id"]
        for row in await owner.fetch(
            "select organisation_id from domain_claim where name = $1 and state in ('verified', 'grace')", name
        )
    ]


async def test_proof_while_another_holds_the_domain_waits_for_the_holders_answer(harbour, rival, owner):
    held = await harbour.held()
    issued = await rival.prove()
    found = await rival.found(issued.claim.id)
    assert (found.state, found.finding, found.epoch) == (ClaimState.CONTESTED, Finding.PROVEN, None)
    assert found.contested_until == found.state_since + ANSWERED_WITHIN
    holder = await harbour.found(held.claim.id)
    assert (holder.state, holder.contested_until) == (ClaimState.VERIFIED, found.contested_until)
    assert await _holders(owner) == [harbour.organisation.id]


async def test_holder_that_answers_with_a_new_record_stays_and_the_claim_is_disputed(harbour, rival, owner):
    held = await harbour.held()
    issued = await rival.prove()
    harbour.place(await harbour.renew(held.claim.id))
    found = await harbour.verify(held.claim.id)
    assert (found.state, found.contested_at, found.contested_until) == (ClaimState.VERIFIED, None, None)
    disputed = await rival.found(issued.claim.id)
    assert (disputed.state, disputed.state_until) == (ClaimState.DISPUTED, disputed.state_since + DISPUTED_FOR)
    await rival.pass_time(ANSWERED_WITHIN * 2)
    assert await _holders(owner) == [harbour.organisation.id]
    await rival.pass_time(DISPUTED_FOR)
    assert await rival.state(issued.claim.id) is ClaimState.EXPIRED
    assert await _holders(owner) == [harbour.organisation.id]


async def test_old_record_is_no_answer(harbour, rival, owner):
    """It is there still, and everybody could read it: the holder is silent by it."""
    held = await harbour.held()
    earlier = await harbour.renew(held.claim.id)
    await rival.prove()
    harbour.place(earlier)
    assert (await harbour.verify(held.claim.id)).contested_until is not None
    await rival.pass_time(ANSWERED_WITHIN)
    assert await _holders(owner) == [rival.organisation.id]


async def test_domain_of_a_silent_holder_passes_in_a_new_epoch_and_in_quarantine(harbour, rival, owner):
    held = await harbour.held()
    issued = await rival.prove()
    await rival.pass_time(ANSWERED_WITHIN - timedelta(seconds=1))
    assert await _holders(owner) == [harbour.organisation.id]
    await rival.pass_time(timedelta(seconds=1))
    assert await harbour.state(held.claim.id) is ClaimState.TRANSFERRED
    found = await rival.found(issued.claim.id)
    assert (found.state, found.epoch) == (ClaimState.VERIFIED, 2)
    assert found.quarantined_until == found.state_since + QUARANTINE
    row = await owner.fetchrow("select * from domain")
    assert (row["holder_id"], row["claim_id"], row["epoch"]) == (rival.organisation.id, issued.claim.id, 2)
    assert row["quarantined_until"] == found.quarantined_until


async def test_claimant_that_cannot_prove_it_any_more_gains_nothing(harbour, rival, owner):
    held = await harbour.held()
    issued = await rival.prove()
    rival.remove(issued.challenge)
    harbour.place(held.challenge)
    await rival.pass_time(ANSWERED_WITHIN)
    assert await rival.state(issued.claim.id) is ClaimState.EXPIRED
    holder = await harbour.found(held.claim.id)
    assert (holder.state, holder.contested_at, holder.contested_until) == (ClaimState.VERIFIED, None, None)
    assert await _holders(owner) == [harbour.organisation.id]


async def test_outage_at_the_end_of_a_contest_decides_nothing(harbour, rival, owner):
    await harbour.held()
    issued = await rival.prove()
    harbour.resolvers[0].is_signed = False
    harbour.resolvers[0].remove(issued.challenge.name)
    await rival.pass_time(ANSWERED_WITHIN)
    assert await rival.state(issued.claim.id) is ClaimState.CONTESTED
    assert await _holders(owner) == [harbour.organisation.id]


async def test_contested_claim_that_is_released_asks_the_holder_no_more(harbour, rival, owner):
    held = await harbour.held()
    issued = await rival.prove()
    await rival.release(issued.claim.id)
    assert (await harbour.found(held.claim.id)).contested_at is None
    await rival.pass_time(ANSWERED_WITHIN)
    assert await _holders(owner) == [harbour.organisation.id]


@pytest.mark.parametrize("end", ["released", "suspended"])
async def test_domain_that_its_holder_gives_up_goes_to_who_has_proven_it(harbour, rival, owner, end):
    held = await harbour.held()
    if end == "suspended":
        await harbour.lose(held)
        issued = await rival.claim()
        harbour.services.clock.advance(GRACE - timedelta(days=1))
        rival.place(issued.challenge)
        await rival.verify(issued.claim.id)
    else:
        issued = await rival.prove()
    assert await rival.state(issued.claim.id) is ClaimState.CONTESTED
    if end == "released":
        await harbour.release(held.claim.id)
        await check_domains(harbour.services)
    else:
        await harbour.pass_time(timedelta(days=1))
    found = await rival.found(issued.claim.id)
    assert (found.state, found.epoch) == (ClaimState.VERIFIED, 2)
    assert found.quarantined_until is not None
    assert await _holders(owner) == [rival.organisation.id]


async def test_holder_in_its_grace_period_answers_too(harbour, rival, owner):
    held = await harbour.held()
    await harbour.lose(held)
    issued = await rival.prove()
    assert await rival.state(issued.claim.id) is ClaimState.CONTESTED
    harbour.place(await harbour.renew(held.claim.id))
    assert (await harbour.verify(held.claim.id)).state is ClaimState.VERIFIED
    assert await rival.state(issued.claim.id) is ClaimState.DISPUTED
    assert await _holders(owner) == [harbour.organisation.id]


async def test_who_waits_behind_another_has_to_ask_the_new_holder(harbour, rival, owner, services, resolvers):
    await harbour.held()
    third = await make_claimant(services, resolvers, "third")
    first, second = await rival.prove(), await third.prove()
    await rival.pass_time(ANSWERED_WITHIN)
    assert await _holders(owner) == [rival.organisation.id]
    found = await third.found(second.claim.id)
    assert found.state is ClaimState.CONTESTED
    assert found.contested_until > services.clock.now() + ANSWERED_WITHIN - timedelta(minutes=5)
    assert (await rival.found(first.claim.id)).contested_until is not None


async def test_who_takes_over_where_the_holders_alias_leads_waits_for_the_holder(harbour, rival, owner):
    """A holder's alias may outlive what it leads to: who registers that name next answers in the holder's place."""
    held, target = await harbour.claim(), "proofs-of-a-host.com"
    for each in harbour.resolvers:
        each.aliases[held.challenge.name] = target
        each.place(target, held.challenge.value)
    await harbour.verify(held.claim.id)
    issued = await rival.claim()
    for each in rival.resolvers:
        each.place(target, issued.challenge.value)
    found = await rival.verify(issued.claim.id)
    assert (found.state, found.finding) == (ClaimState.CONTESTED, Finding.PROVEN)
    assert await _holders(owner) == [harbour.organisation.id]
    renewed = await harbour.renew(held.claim.id)
    for each in harbour.resolvers:
        del each.aliases[held.challenge.name]
    harbour.place(renewed)
    assert (await harbour.verify(held.claim.id)).contested_at is None
    await rival.pass_time(ANSWERED_WITHIN)
    assert await _holders(owner) == [harbour.organisation.id]


@pytest.mark.parametrize("act", ["renew", "verify"])
async def test_contested_claim_is_neither_renewed_nor_hurried(harbour, rival, act):
    await harbour.held()
    issued = await rival.prove()
    with pytest.raises(ClaimStateError):
        await getattr(rival, act)(issued.claim.id)


# --- a domain and the names below it


async def test_name_below_one_that_is_held_alone_is_free(harbour, rival):
    await harbour.held(NAME, ClaimScope.NAME)
    await rival.held(BELOW)


async def test_name_below_one_that_is_held_with_all_below_is_contested_and_never_simply_overridden(
    harbour, rival, owner
):
    held = await harbour.held(NAME, SUBTREE)
    issued = await rival.prove(BELOW)
    assert await rival.state(issued.claim.id) is ClaimState.CONTESTED
    assert (await harbour.found(held.claim.id)).contested_until is not None
    assert await _holders(owner, BELOW) == []
    await rival.pass_time(ANSWERED_WITHIN)
    found = await rival.found(issued.claim.id)
    assert (found.state, found.epoch) == (ClaimState.VERIFIED, 1)
    assert found.quarantined_until == found.state_since + QUARANTINE
    holder = await harbour.found(held.claim.id)
    assert (holder.state, holder.contested_at) == (ClaimState.VERIFIED, None)


async def test_holder_of_all_below_answers_for_a_name_below(harbour, rival, owner):
    held = await harbour.held(NAME, SUBTREE)
    issued = await rival.prove(BELOW)
    harbour.place(await harbour.renew(held.claim.id))
    await harbour.verify(held.claim.id)
    assert await rival.state(issued.claim.id) is ClaimState.DISPUTED
    await rival.pass_time(ANSWERED_WITHIN)
    assert await _holders(owner, BELOW) == []


async def test_claim_to_all_below_takes_no_name_below_from_its_holder(harbour, rival, owner):
    await rival.held(BELOW)
    await harbour.held(NAME, SUBTREE)
    assert await _holders(owner, BELOW) == [rival.organisation.id]
    assert await _holders(owner) == [harbour.organisation.id]


async def test_record_for_the_name_alone_does_not_prove_all_below(harbour):
    issued = await harbour.claim(NAME, SUBTREE)
    assert issued.challenge.name == f"_users-below.wardship-challenge.{NAME}"
    for each in harbour.resolvers:
        each.place(f"_users.wardship-challenge.{NAME}", issued.challenge.value)
    assert (await harbour.verify(issued.claim.id)).finding is Finding.ABSENT


# --- at the same moment


@pytest.mark.parametrize("is_known", [False, True], ids=["never held", "held before"])
async def test_fifty_verifications_of_one_name_at_once_make_one_holder(services, resolvers, owner, is_known):
    if is_known:
        await owner.execute(
            "insert into domain (id, created_at, name, epoch) values (gen_random_uuid(), now(), $1, 1)", NAME
        )
    claimants = [await make_claimant(services, resolvers, f"claimant-{number}") for number in range(50)]
    claims = []
    for claimant in claimants:
        issued = await claimant.claim()
        claimant.place(issued.challenge)
        await claimant.ask(issued.claim.id)
        claims.append(issued.claim.id)
    while any(await asyncio.gather(*(check_domains(services) for _ in range(6)))):
        pass
    states = [row["state"] for row in await owner.fetch("select state from domain_claim")]
    assert (states.count("verified"), states.count("contested")) == (1, 49)
    row = await owner.fetchrow("select * from domain")
    assert (row["epoch"], row["state"]) == (1 + is_known, "held")
    holder = await owner.fetchval("select id from domain_claim where state = 'verified'")
    assert (row["claim_id"], holder in claims) == (holder, True)


async def test_database_itself_lets_one_claim_hold_a_name(harbour, rival, owner):
    await harbour.held()
    issued = await rival.claim()
    with pytest.raises(Exception, match="domain_claim_holder"):
        await owner.execute("update domain_claim set state = 'verified' where id = $1", issued.claim.id)


# --- organisations that end


async def test_organisation_that_ends_lets_go_of_every_domain(harbour, rival, owner, services):
    held = await harbour.held()
    below = await harbour.held(f"other.{NAME}", SUBTREE)
    waiting = await harbour.claim("waits.com")
    issued = await rival.prove()
    await let_leave(services, harbour.organisation)
    assert await harbour.state(held.claim.id) is ClaimState.VERIFIED
    await pass_time(services, HOURS)
    await check_domains(services)
    assert await owner.fetch("select from domain where holder_id = $1", harbour.organisation.id) == []
    ended = "select from domain_claim where organisation_id = $1 and state not in ('released', 'expired')"
    assert await owner.fetch(ended, harbour.organisation.id) == []
    assert {held.claim.id, below.claim.id, waiting.claim.id}
    assert await rival.state(issued.claim.id) is ClaimState.VERIFIED
    assert await _holders(owner) == [rival.organisation.id]
