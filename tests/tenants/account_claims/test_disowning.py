"""A membership that was made without the person is disowned by who has proven the address, and what follows is real."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import make_member
from tests.tenants.account_claims.people import make_account
from tests.tenants.domains.claimant import NAME
from wardship.core.errors import NotFoundError
from wardship.tenants.access import StepUpRequiredError
from wardship.tenants.account_claims.choices import stay
from wardship.tenants.account_claims.enrolment import enrol_proven
from wardship.tenants.account_claims.records import Enrolment
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.members.add import ImportRow, import_members
from wardship.tenants.members.tombstones import ErasedAddressError
from wardship.tenants.requests.disowning import disown_membership, made_memberships

pytestmark = pytest.mark.anyio
ANN = f"ann@{NAME}"


async def _imported(grouper):
    async with grouper.who.access() as access:
        (result,) = await import_members(access, [ImportRow(ANN, {"phone": "+44 20 7946 0958"})])
    return result.member_id


async def _joined(grouper, services, owner):
    await grouper.policy(Enrolment.JOIN_NEW)
    ann = await make_account(services, ANN, at=services.clock.now())
    await enrol_proven(services)
    return ann, await owner.fetchval("select id from member where account_id = $1", ann.account_id)


async def _made(who):
    async with who.access() as access:
        return await made_memberships(access)


async def _disown(who, member_id, **how):
    async with who.access(**how) as access:
        return await disown_membership(access, member_id)


async def _erasures(owner, member_id):
    return await owner.fetch(
        "select g.kind, g.state, r.identity_state, r.identity_method from request_right g"
        " join data_request r on r.id = g.request_id where r.member_id = $1",
        member_id,
    )


@pytest.fixture
async def disowned(grouper, services):
    """Somebody who was imported, and has disowned that."""
    member_id = await _imported(grouper)
    ann = await make_account(services, ANN)
    await _disown(ann, member_id)
    return ann, member_id


async def test_person_sees_what_others_made_for_a_proven_address(grouper, services):
    member_id = await _imported(grouper)
    ann, eve = await make_account(services, ANN), await make_account(services, "eve@example.org")
    (made,) = await _made(ann)
    assert (made.id, made.organisation_name, made.address, made.is_joined) == (member_id, "Harbour", ANN, False)
    assert await _made(eve) == []


async def test_disowned_import_ends_its_erasure_is_asked_for_and_administrators_are_told(disowned, owner):
    ann, member_id = disowned
    row = await owner.fetchrow("select state, account_id from member where id = $1", member_id)
    assert tuple(row) == ("removed", ann.account_id)
    assert [tuple(row) for row in await _erasures(owner, member_id)] == [
        ("erasure", "with_privacy_team", "verified", "second_factor")
    ]
    told = await owner.fetch("select member_id from notice where kind = 'membership_disowned'")
    assert len(told) == 2
    assert member_id not in {row["member_id"] for row in told}
    assert await owner.fetchval("select count(*) from role_assignment where member_id = $1", member_id) == 0


async def test_disowned_address_is_neither_imported_nor_invited_again(disowned, grouper, owner):
    assert await _made(disowned[0]) == []
    before = await owner.fetchval("select count(*) from member")
    async with grouper.who.access() as access:
        (result,) = await import_members(access, [ImportRow(ANN)])
        assert isinstance(result.refusal, ErasedAddressError)
        with pytest.raises(ErasedAddressError):
            await invite_member(access, ANN)
    assert await owner.fetchval("select count(*) from member") == before
    assert await owner.fetchval("select count(*) from invitation") == 0


async def test_disowned_account_is_not_grouped_again(grouper, services, owner):
    ann, member_id = await _joined(grouper, services, owner)
    (made,) = await _made(ann)
    assert (made.id, made.is_joined) == (member_id, True)
    await _disown(ann, member_id)
    assert (await ann.claim()).state.value == "released"
    await grouper.policy(Enrolment.CLAIM_EXISTING)
    services.clock.advance(timedelta(days=1))
    found = await grouper.group()
    assert (found.matching, found.former_members, found.claimed) == (0, 0, 1)
    assert [row["state"] for row in await _erasures(owner, member_id)] == ["with_privacy_team"]


async def test_membership_that_the_person_chose_is_not_disowned(grouper, services, owner):
    ann = await make_account(services, ANN)
    await grouper.group()
    services.clock.advance(timedelta(minutes=1))
    chosen = await ann.choose(stay)
    assert await _made(ann) == []
    with pytest.raises(NotFoundError):
        await _disown(ann, chosen.member_id)
    assert await owner.fetchval("select state from member where id = $1", chosen.member_id) == "active"


@pytest.mark.parametrize("address", ["eve@example.org", f"alias+ann@{NAME}"])
async def test_only_who_has_proven_the_very_address_disowns(grouper, services, owner, address):
    member_id = await _imported(grouper)
    eve = await make_account(services, address)
    with pytest.raises(NotFoundError):
        await _disown(eve, member_id)
    assert await owner.fetchval("select state from member where id = $1", member_id) == "active"
    assert await _erasures(owner, member_id) == []


async def test_disowning_needs_the_second_factor(grouper, services, owner):
    member_id = await _imported(grouper)
    ann = await make_account(services, ANN)
    with pytest.raises(StepUpRequiredError):
        await _disown(ann, member_id, stepped_up=False)
    assert await owner.fetchval("select state from member where id = $1", member_id) == "active"


async def test_member_disowns_what_was_made_for_another_address_of_the_own_account(grouper, services, owner):
    member_id = await _imported(grouper)
    ann = await make_account(services, "ann@example.org", others=(ANN,))
    own = await make_member(
        services.database, grouper.who.organisation, account_id=ann.account_id, email="ann@example.org"
    )
    await _disown(ann, member_id)
    states = await owner.fetch("select id, state from member where id = any($1::uuid[])", [member_id, own.member_id])
    assert {row["id"]: row["state"] for row in states} == {member_id: "removed", own.member_id: "active"}


async def test_memberships_of_others_stay(grouper, services, owner):
    member_id = await _imported(grouper)
    ann = await make_account(services, ANN)
    other = await make_member(services.database, grouper.who.organisation, email="bob@example.org")
    await _disown(ann, member_id)
    assert await owner.fetchval("select state from member where id = $1", other.member_id) == "active"
