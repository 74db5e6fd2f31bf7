"""The person chooses: stay, move away, close the account; is reminded, and has to choose later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_member, make_organisation
from tests.mails import invitation_token
from tests.tenants.account_claims.people import make_account, make_grouper
from tests.tenants.domains.claimant import NAME
from wardship.core.actor import CredentialKind, Role
from wardship.core.errors import NotFoundError
from wardship.core.sign_in.closing import COOLING_OFF, AccountInUseError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.account_claims.choices import AddressAtDomainError, close_instead, move_away, stay
from wardship.tenants.account_claims.clocks import act_on_account_claims
from wardship.tenants.account_claims.exempting import exempt_account
from wardship.tenants.account_claims.read import own_claims
from wardship.tenants.account_claims.records import DECIDED_WITHIN, REMINDED_BEFORE, AccountClaimState
from wardship.tenants.account_claims.write import AccountClaimStateError
from wardship.tenants.accounts.own import SessionRequiredError
from wardship.tenants.domains.records import ClaimScope
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.members.membership import remove_member
from wardship.tenants.members.read import member_by_id

pytestmark = pytest.mark.anyio

_S = AccountClaimState


@pytest.fixture
async def ann(grouper, services):
    """Somebody who was asked."""
    made = await make_account(services, f"ann@{NAME}", others=("ann@example.org", f"ann.b@{NAME}"))
    await grouper.group()
    return made


async def _kinds(owner, who):
    rows = await owner.fetch("select kind from account_notice where account_id = $1 order by created_at, id", who)
    return [row["kind"] for row in rows]


async def test_person_sees_who_asks_by_which_domain_and_until_when(ann, services):
    claim = await ann.claim()
    assert (claim.organisation_name, claim.shown_domain, claim.state) == ("Harbour", NAME, _S.NOTIFIED)
    assert claim.decide_until == services.clock.now() + DECIDED_WITHIN


async def test_who_stays_becomes_a_plain_member_whom_administrators_see(ann, grouper, services, owner):
    chosen = await ann.choose(stay)
    assert (chosen.state, chosen.managed_at) == (_S.MANAGED, services.clock.now())
    async with grouper.who.access() as access:
        member = await member_by_id(access, chosen.member_id)
    assert (member.email, member.state) == (f"ann@{NAME}", "active")
    roles = await owner.fetch("select role from role_assignment where member_id = $1", chosen.member_id)
    assert [row["role"] for row in roles] == ["member"]
    (shown,) = (await grouper.claims()).values()
    assert shown.member_id == chosen.member_id


async def test_who_stays_gets_no_role_that_a_prepared_membership_had(grouper, services, owner):
    who = grouper.who
    prepared = await make_member(services.database, who.organisation, Role.ORG_ADMIN, email=f"ann@{NAME}")
    await owner.execute("update member set account_id = null where id = $1", prepared.member_id)
    await owner.execute("delete from account_email where account_id = $1", prepared.account_id)
    ann = await make_account(services, f"ann@{NAME}")
    await grouper.group()
    chosen = await ann.choose(stay)
    assert chosen.member_id == prepared.member_id
    roles = await owner.fetch("select role from role_assignment where member_id = $1", chosen.member_id)
    assert [row["role"] for row in roles] == ["member"]


async def test_who_moves_away_keeps_the_account_and_no_address_at_the_domain(ann, grouper, owner):
    before = await owner.fetchrow("select * from account where id = $1", ann.account_id)
    personal = await owner.fetchval("select id from account_email where address = 'ann@example.org'")
    chosen = await ann.choose(move_away, personal)
    assert chosen.state is _S.DETACHED
    left = await owner.fetch("select address, is_primary from account_email where account_id = $1", ann.account_id)
    assert [tuple(row) for row in left] == [("ann@example.org", True)]
    assert await owner.fetchrow("select * from account where id = $1", ann.account_id) == before
    assert await grouper.states() == {None: "detached"}
    people = await owner.fetchval("select count(*) from member where account_id = $1", ann.account_id)
    assert people == 0


async def test_moving_to_another_address_at_the_domain_is_refused_and_changes_nothing(ann, owner):
    other = await owner.fetchval("select id from account_email where address = $1", f"ann.b@{NAME}")
    claim = await ann.claim()
    with pytest.raises(AddressAtDomainError):
        async with ann.access() as access:
            await move_away(access, claim.id, other)
    assert (await ann.claim()).state is _S.NOTIFIED
    assert await owner.fetchval("select count(*) from account_email where account_id = $1", ann.account_id) == 3


@pytest.mark.parametrize(("scope", "is_kept"), [(ClaimScope.NAME, True), (ClaimScope.SUBTREE, False)])
async def test_who_moves_away_keeps_addresses_below_unless_all_below_was_claimed(
    harbour, services, owner, scope, is_kept
):
    below = f"ann@yard.{NAME}"
    ann = await make_account(services, f"ann@{NAME}", others=(below, "ann@example.org"))
    await (await make_grouper(harbour, scope=scope)).group()
    personal = await owner.fetchval("select id from account_email where address = 'ann@example.org'")
    await ann.choose(move_away, personal)
    left = await owner.fetch("select address from account_email where account_id = $1 order by 1", ann.account_id)
    assert [row["address"] for row in left] == ["ann@example.org", *([below] if is_kept else [])]


@pytest.mark.parametrize(("scope", "is_taken"), [(ClaimScope.NAME, True), (ClaimScope.SUBTREE, False)])
async def test_moving_to_a_name_below_is_taken_unless_all_below_was_claimed(harbour, services, owner, scope, is_taken):
    below = f"ann@yard.{NAME}"
    ann = await make_account(services, f"ann@{NAME}", others=(below,))
    await (await make_grouper(harbour, scope=scope)).group()
    chosen = await owner.fetchval("select id from account_email where address = $1", below)
    if is_taken:
        assert (await ann.choose(move_away, chosen)).state is _S.DETACHED
    else:
        with pytest.raises(AddressAtDomainError):
            await ann.choose(move_away, chosen)
        assert (await ann.claim()).state is _S.NOTIFIED
    primary = "select address from account_email where account_id = $1 and is_primary"
    assert await owner.fetchval(primary, ann.account_id) == (below if is_taken else ann.address)


async def test_moving_away_needs_the_second_factor(ann, owner):
    personal = await owner.fetchval("select id from account_email where address = 'ann@example.org'")
    claim = await ann.claim()
    with pytest.raises(StepUpRequiredError):
        async with ann.access(stepped_up=False) as access:
            await move_away(access, claim.id, personal)
    assert (await ann.claim()).state is _S.NOTIFIED


async def test_who_closes_the_account_is_no_member_and_not_asked_again(ann, grouper, owner, services):
    chosen = await ann.choose(close_instead, ann.address)
    assert chosen.state is _S.CLOSED
    closes_at = await owner.fetchval("select closes_at from account where id = $1", ann.account_id)
    assert closes_at == services.clock.now() + COOLING_OFF
    assert (await grouper.preview()).matching == 0


async def test_account_that_belongs_to_an_organisation_is_not_closed_by_a_choice(ann, services):
    other = await make_organisation(services.database)
    await make_member(services.database, other, account_id=ann.account_id, email="ann@elsewhere.example")
    claim = await ann.claim()
    with pytest.raises(AccountInUseError):
        async with ann.access() as access:
            await close_instead(access, claim.id, ann.address)
    assert (await ann.claim()).state is _S.NOTIFIED


async def test_only_the_owner_of_the_account_chooses(ann, services):
    claim, eve = await ann.claim(), await make_account(services, "eve@example.org")
    for act in (stay, lambda access, key: close_instead(access, key, eve.address)):
        with pytest.raises(NotFoundError):
            async with eve.access() as access:
                await act(access, claim.id)
    assert (await ann.claim()).state is _S.NOTIFIED


async def test_token_chooses_nothing(ann):
    claim = await ann.claim()
    async with ann.access() as access:
        object.__setattr__(access.actor, "credential", CredentialKind.TOKEN)
        with pytest.raises(SessionRequiredError):
            await own_claims(access)
        with pytest.raises(SessionRequiredError):
            await stay(access, claim.id)
    assert (await ann.claim()).state is _S.NOTIFIED


async def test_administrator_exempts_an_account_and_its_owner_is_told(ann, grouper, owner):
    (claim,) = (await grouper.claims()).values()
    async with grouper.who.access() as access:
        await exempt_account(access, claim.id)
    assert (await ann.claim()).state is _S.EXEMPT
    assert await _kinds(owner, ann.account_id) == ["account_claimed", "account_claim_over"]
    assert (await grouper.preview()).claimed == 1
    with pytest.raises(AccountClaimStateError):
        async with ann.access() as access:
            await stay(access, claim.id)


async def test_person_is_reminded_twice_and_then_has_to_choose(ann, services, owner):
    asked, until = services.clock.now(), (await ann.claim()).decide_until
    for before in REMINDED_BEFORE:
        services.clock.advance(until - before - services.clock.now())
        await act_on_account_claims(services)
        await act_on_account_claims(services)
        assert (await ann.claim()).decide_until == until
    assert await _kinds(owner, ann.account_id) == ["account_claimed", *["account_claim_reminder"] * 2]
    services.clock.advance(asked + DECIDED_WITHIN - services.clock.now() - timedelta(seconds=1))
    await act_on_account_claims(services)
    assert (await ann.claim()).state is _S.NOTIFIED
    services.clock.advance(timedelta(seconds=1))
    await act_on_account_claims(services)
    await act_on_account_claims(services)
    assert (await ann.claim()).state is _S.UNDECIDED
    assert await _kinds(owner, ann.account_id) == [
        "account_claimed",
        *["account_claim_reminder"] * 2,
        "account_undecided",
    ]


async def test_undecided_person_still_has_every_choice(ann, services):
    services.clock.advance(DECIDED_WITHIN)
    await act_on_account_claims(services)
    assert (await ann.choose(stay)).state is _S.MANAGED


async def test_claim_is_released_with_the_membership_and_never_made_again(ann, grouper):
    chosen = await ann.choose(stay)
    async with grouper.who.access() as access:
        await remove_member(access, chosen.member_id)
    assert (await ann.claim()).state is _S.RELEASED
    found = await grouper.group()
    assert (found.matching, found.former_members, found.claimed) == (0, 0, 1)
    assert (await ann.claim()).state is _S.RELEASED


async def test_who_accepts_an_invitation_is_not_asked_any_more(ann, grouper, services, owner):
    services.clock.advance(DECIDED_WITHIN)
    await act_on_account_claims(services)
    async with grouper.who.access() as access:
        await invite_member(access, ann.address)
    token = await invitation_token(services)
    joined = await accept_invitation(services, ann.account_id, token, request_id="test-request")
    claim = await ann.claim()
    assert (claim.state, claim.member_id, claim.decide_until) == (_S.MANAGED, joined.member_id, None)
    services.clock.advance(DECIDED_WITHIN)
    told = await _kinds(owner, ann.account_id)
    await act_on_account_claims(services)
    assert await _kinds(owner, ann.account_id) == told


async def test_invitation_of_who_is_asked_answers_nothing_before_it_is_accepted(ann, grouper, services):
    async with grouper.who.access() as access:
        await invite_member(access, ann.address)
    await invitation_token(services)
    assert (await ann.claim()).state is _S.NOTIFIED
    assert await grouper.states() == {ann.address: "notified"}


async def test_who_joined_by_an_invitation_meanwhile_stays_as_that_member(ann, grouper, services):
    member = await make_member(
        services.database, grouper.who.organisation, account_id=ann.account_id, email=ann.address
    )
    chosen = await ann.choose(stay)
    assert (chosen.state, chosen.member_id) == (_S.MANAGED, member.member_id)
