"""What a policy does with an address that is proven: by whichever way, and never for an earlier holder's accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tenants.account_claims.people import Grouper, make_account, make_grouper
from tests.tenants.domains.claimant import NAME
from wardship.core.accounts.address import EmailAddress
from wardship.core.accounts.addresses import mark_proven
from wardship.tenants.account_claims.choices import stay
from wardship.tenants.account_claims.enrolment import AGAIN_AFTER, enrol_proven
from wardship.tenants.account_claims.groupings import GroupingRefusedError
from wardship.tenants.account_claims.policies import policy_for_address
from wardship.tenants.account_claims.records import Enrolment
from wardship.tenants.domains.contests import ANSWERED_WITHIN
from wardship.tenants.domains.settling import GRACE, QUARANTINE
from wardship.tenants.members.tombstones import set_tombstones

pytestmark = pytest.mark.anyio

_E = Enrolment


async def _sign_up(services, address=f"new@{NAME}"):
    made = await make_account(services, address, at=services.clock.now())
    await enrol_proven(services)
    return made


async def _kinds(owner, who):
    rows = await owner.fetch("select kind from account_notice where account_id = $1 order by created_at, id", who)
    return [row["kind"] for row in rows]


async def _memberships(owner, who):
    return await owner.fetch("select organisation_id, state from member where account_id = $1", who)


@pytest.mark.parametrize(
    ("enrolment", "states", "told", "memberships"),
    [
        (_E.OFF, [], [], 0),
        (_E.SUGGEST, [], ["organisation_suggested"], 0),
        (_E.INVITE, ["notified"], ["account_claimed"], 0),
        (_E.JOIN_NEW, ["managed"], ["account_joined"], 1),
        (_E.CLAIM_EXISTING, ["managed"], ["account_joined"], 1),
    ],
)
async def test_account_that_is_new(grouper, services, owner, enrolment, states, told, memberships):
    await grouper.policy(enrolment)
    who = await _sign_up(services)
    assert [claim.state.value for claim in await who.claims()] == states
    assert await _kinds(owner, who.account_id) == told
    assert len(await _memberships(owner, who.account_id)) == memberships
    assert await owner.fetchval("select count(*) from proven_mailbox") == 0


@pytest.mark.parametrize(
    ("enrolment", "states"),
    [(_E.OFF, []), (_E.SUGGEST, []), (_E.INVITE, ["notified"]), (_E.JOIN_NEW, []), (_E.CLAIM_EXISTING, ["notified"])],
)
async def test_account_that_exists_and_proves_an_address_there(grouper, services, owner, enrolment, states):
    await grouper.policy(enrolment)
    who = await make_account(services, "ann@example.org")
    await enrol_proven(services)
    services.clock.advance(timedelta(days=1))
    async with services.database.directory() as transaction:
        await transaction.execute("update account_email set is_primary = false where account_id = $1", who.account_id)
        await transaction.execute(
            "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
            " values (gen_random_uuid(), $1, $2, $3, true, $1)",
            services.clock.now(),
            who.account_id,
            f"ann@{NAME}",
        )
    await enrol_proven(services)
    assert [claim.state.value for claim in await who.claims()] == states
    assert await _memberships(owner, who.account_id) == []


@pytest.mark.parametrize("column", ["verified_at", "is_primary"])
async def test_address_that_is_not_proven_or_not_primary_joins_nothing(grouper, services, owner, column):
    async with services.database.directory() as transaction:
        await transaction.execute(
            "insert into account (id, created_at, display_name) values (gen_random_uuid(), $1, 'Eve')",
            services.clock.now(),
        )
        await transaction.execute(
            "insert into account_email (id, created_at, account_id, address, is_primary, verified_at)"
            " select gen_random_uuid(), $1, id, $2, $3, $4 from account where display_name = 'Eve'",
            services.clock.now(),
            f"victim@{NAME}",
            column != "is_primary",
            services.clock.now() if column != "verified_at" else None,
        )
    await enrol_proven(services)
    assert (await grouper.preview()).matching == 0
    assert await owner.fetchval("select count(*) from account_claim") == 0
    assert await owner.fetchval("select count(*) from account_notice") == 0


async def test_who_was_erased_there_does_not_join_by_a_new_account(grouper, services, owner):
    async with grouper.system() as access:
        await set_tombstones(access, emails=[f"new@{NAME}"], phones=[], usernames=[])
    who = await _sign_up(services)
    assert await who.claims() == []
    assert await _memberships(owner, who.account_id) == []


async def test_interface_says_which_policy_applies_to_an_address(grouper, services):
    async with services.database.directory() as transaction:
        found = await policy_for_address(transaction, EmailAddress(f"new@{NAME}"))
        assert found is not None
        assert (found.organisation_id, found.domain_id) == (grouper.who.organisation.id, grouper.domain_id)
        assert (found.enrolment, found.takes_who_is_new) == (_E.CLAIM_EXISTING, True)
        assert await policy_for_address(transaction, EmailAddress(f"new@yard.{NAME}")) is None
        assert await policy_for_address(transaction, EmailAddress("new@example.org")) is None


async def test_automatic_join_waits_while_the_domain_is_in_its_grace_period(harbour, services, owner):
    issued = await harbour.held()
    grouper = await _with_policy(harbour, issued)
    await harbour.lose(issued)
    who = await _sign_up(services)
    assert await _memberships(owner, who.account_id) == []
    harbour.place(await harbour.renew(grouper.domain_id))
    await harbour.verify(grouper.domain_id)
    services.clock.advance(AGAIN_AFTER)
    await enrol_proven(services)
    assert [claim.state.value for claim in await who.claims()] == ["managed"]


async def test_proof_that_waited_for_an_earlier_holder_is_nothing_to_the_next(harbour, rival, services, owner):
    """Noted in the grace period of one holder, looked at when another has the domain."""
    issued = await harbour.held()
    await _with_policy(harbour, issued)
    await harbour.lose(issued)
    who = await _sign_up(services)
    await harbour.pass_time(GRACE)
    bought = await rival.held()
    await _with_policy(rival, bought)
    assert await owner.fetchval("select count(*) from proven_mailbox") == 1
    await enrol_proven(services)
    assert await owner.fetchval("select count(*) from proven_mailbox") == 0
    assert await who.claims() == []
    assert await _memberships(owner, who.account_id) == []


async def _with_policy(harbour, issued):
    made = Grouper(harbour, issued.claim.id)
    await made.policy(_E.CLAIM_EXISTING)
    return made


async def test_domain_that_changes_hands_gives_nothing_of_earlier_accounts_until_proven_again_and_accepted(
    harbour, rival, services, owner
):
    """The whole way: one organisation falls silent, another proves the domain, and waits out the quarantine."""
    held = await make_grouper(harbour)
    ann, bob = await make_account(services, f"ann@{NAME}"), await make_account(services, f"bob@{NAME}")
    await held.group()
    await ann.choose(stay)
    issued = await rival.prove()
    await rival.pass_time(ANSWERED_WITHIN)
    assert (await rival.state(issued.claim.id)).value == "verified"
    buyer = await _with_policy(rival, issued)
    with pytest.raises(GroupingRefusedError):
        await buyer.preview()
    fresh = await _sign_up(services)
    assert [row["organisation_id"] for row in await _memberships(owner, fresh.account_id)] == [rival.organisation.id]
    await rival.pass_time(QUARANTINE)
    found = await buyer.group()
    assert (found.matching, found.unproven, found.members) == (0, 2, 1)
    assert set(await buyer.states()) == {fresh.address}
    for who in (ann, bob):
        assert rival.organisation.id not in [each.organisation_id for each in await who.claims()]
    async with services.database.directory() as transaction:
        await mark_proven(transaction, bob.account_id, EmailAddress(bob.address), at=services.clock.now())
    await enrol_proven(services)
    assert (await buyer.states())[bob.address] == "notified"
    memberships = [row["organisation_id"] for row in await _memberships(owner, bob.account_id)]
    assert rival.organisation.id not in memberships
    (claim,) = (each for each in await bob.claims() if each.organisation_id == rival.organisation.id)
    await bob.choose(stay, claim=claim)
    memberships = [row["organisation_id"] for row in await _memberships(owner, bob.account_id)]
    assert memberships == [rival.organisation.id]
    assert ann.address not in await buyer.states()
