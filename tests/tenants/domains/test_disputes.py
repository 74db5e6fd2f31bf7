"""The provider decides a dispute: for a stated need, when both still prove the domain, and both are told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import make_member
from tests.tenants.domains.claimant import NAME
from tests.tenants.operating import operating, operator
from wardship.core.actor import StaffRole
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.domains.clocks import check_domains
from wardship.tenants.domains.contests import DISPUTED_FOR
from wardship.tenants.domains.disputes import (
    EXAMINED_FOR,
    NotExaminedError,
    NotProvenByBothError,
    decide_dispute,
    examine_dispute,
    list_disputes,
)
from wardship.tenants.domains.evidence import NoDisputeError, add_evidence
from wardship.tenants.domains.records import ClaimState
from wardship.tenants.domains.settling import QUARANTINE
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio
WHY = "Both sides have asked us to decide."


@pytest.fixture
async def held(harbour) -> UUID:
    return (await harbour.held()).claim.id


@pytest.fixture
async def disputed(harbour, rival, held) -> UUID:
    """Rival has proven the domain of Harbour, which has answered."""
    issued = await rival.prove()
    harbour.place(await harbour.renew(held))
    await harbour.verify(held)
    assert await rival.state(issued.claim.id) is ClaimState.DISPUTED
    return issued.claim.id


async def _examine(services, dispute_id):
    async with operating(services) as access:
        found = await examine_dispute(access, dispute_id, WHY)
    await check_domains(services)
    return found


async def _decide(services, dispute_id, *, is_claimants):
    async with operating(services) as access:
        return await decide_dispute(access, dispute_id, WHY, is_claimants=is_claimants)


async def test_claimant_gets_it_in_a_new_epoch_and_in_quarantine(services, harbour, rival, held, disputed, owner):
    await _examine(services, disputed)
    await _decide(services, disputed, is_claimants=True)
    found = await rival.found(disputed)
    assert (found.state, found.epoch, found.quarantined_until) == (
        ClaimState.VERIFIED,
        2,
        services.clock.now() + QUARANTINE,
    )
    assert await harbour.state(held) is ClaimState.TRANSFERRED
    row = await owner.fetchrow("select holder_id, claim_id, epoch, state from domain where name = $1", NAME)
    assert tuple(row) == (rival.organisation.id, disputed, 2, "held")


async def test_holder_keeps_it_in_its_epoch(services, harbour, rival, held, disputed, owner):
    await _examine(services, disputed)
    await _decide(services, disputed, is_claimants=False)
    assert await rival.state(disputed) is ClaimState.RELEASED
    holder = await harbour.found(held)
    assert (holder.state, holder.epoch) == (ClaimState.VERIFIED, 1)
    assert await owner.fetchval("select holder_id from domain where name = $1", NAME) == harbour.organisation.id


@pytest.mark.parametrize("who", ["harbour", "rival"])
async def test_nothing_is_decided_where_one_of_both_proves_it_no_more(services, harbour, rival, held, disputed, who):
    for each in services.settings.dns_servers:
        assert each
    claimant, claim_id = (harbour, held) if who == "harbour" else (rival, disputed)
    for each in claimant.resolvers:
        each.remove((await claimant.found(claim_id)).record_name)
    await _examine(services, disputed)
    with pytest.raises(NotProvenByBothError):
        await _decide(services, disputed, is_claimants=True)
    assert await rival.state(disputed) is ClaimState.DISPUTED
    assert await harbour.state(held) is ClaimState.VERIFIED


async def test_it_is_examined_first_and_decided_while_it_is(services, harbour, held, disputed):
    with pytest.raises(NotExaminedError):
        await _decide(services, disputed, is_claimants=True)
    await _examine(services, disputed)
    services.clock.advance(EXAMINED_FOR)
    with pytest.raises(NotExaminedError):
        await _decide(services, disputed, is_claimants=True)
    assert await harbour.state(held) is ClaimState.VERIFIED


async def test_operators_alone_look_and_decide_with_the_second_factor(services, rival, disputed, owner):
    for actor, error in (
        (operator(services, role=StaffRole.PRIVACY_TEAM), PermissionDeniedError),
        (operator(services, stepped_up=False), StepUpRequiredError),
    ):
        for act in (
            lambda access: examine_dispute(access, disputed, WHY),
            lambda access: decide_dispute(access, disputed, WHY, is_claimants=True),
        ):
            with pytest.raises(error):
                async with operating(services, actor) as access:
                    await act(access)
    with pytest.raises(InvalidInputError):
        async with operating(services) as access:
            await examine_dispute(access, disputed, " ")
    assert await owner.fetchval("select count(*) from domain_claim where examined_at is not null") == 0
    assert await rival.state(disputed) is ClaimState.DISPUTED


async def test_list_names_the_domain_and_nobody(services, harbour, rival, disputed):
    async with operating(services) as access:
        (found,) = (await list_disputes(access, PageRequest(10))).items
    assert (found.id, found.name, found.examined_until) == (disputed, NAME, None)
    shown = repr(dict(found))
    assert harbour.organisation.slug not in shown.replace(NAME, "")
    assert rival.organisation.slug not in shown


async def test_evidence_of_both_is_read_by_who_examines_and_by_neither_of_the_other(
    services, harbour, rival, held, disputed, owner
):
    async with harbour.access() as access:
        await add_evidence(access, held, "We have traded as Harbour since 1901.\nSee the register.")
    async with rival.access() as access:
        await add_evidence(access, disputed, "We have bought it.")
    found = await _examine(services, disputed)
    assert {(side.organisation, side.is_holder, *(each.text for each in side.evidence)) for side in found.sides} == {
        (harbour.organisation.slug, True, "We have traded as Harbour since 1901.\nSee the register."),
        (rival.organisation.slug, False, "We have bought it."),
    }
    for claimant in (harbour, rival):
        actions = await owner.fetch(
            "select action from audit_entry where organisation_id = $1", claimant.organisation.id
        )
        assert "domain.examined_by_provider" in {row["action"] for row in actions}


async def test_nothing_is_said_of_a_domain_that_is_in_no_dispute(services, harbour, held, owner):
    with pytest.raises(NoDisputeError):
        async with harbour.access() as access:
            await add_evidence(access, held, "It is ours.")
    member = await make_member(services.database, harbour.organisation)
    with pytest.raises((NotFoundError, PermissionDeniedError)):
        async with harbour.access(member) as access:
            await add_evidence(access, held, "It is ours.")
    assert await owner.fetchval("select count(*) from domain_evidence") == 0


async def test_undecided_it_ends_by_the_clock_and_the_holder_stays(services, harbour, rival, held, disputed):
    await _examine(services, disputed)
    await rival.pass_time(DISPUTED_FOR + timedelta(days=1))
    assert await rival.state(disputed) is ClaimState.EXPIRED
    assert await harbour.state(held) is ClaimState.VERIFIED
    with pytest.raises(NotFoundError):
        await _decide(services, disputed, is_claimants=True)
