"""People, domains and invitations that are in both organisations: one of each is left, and nobody gains by it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import make_group, make_member, make_organisation, system_access
from tests.core.sign_in.showing import credentials_of
from tests.tenants.mergers.merging import Merging
from wardship.core.accounts.tombstones import is_suppressed, suppress
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.core.sign_in.authentication import (
    OrganisationMergingError,
    OrganisationNotFoundError,
    authenticate,
)
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member, token_digest
from wardship.tenants.mergers.accepting import ANNOUNCED_FOR
from wardship.tenants.mergers.clocks import follow_mergers
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request
from wardship.tenants.requests.withdraw import withdraw_request

pytestmark = pytest.mark.anyio
ADDRESS = "ann@example.net"
LISTED = "update member set account_id = null, email = $1 where id = $2"


async def _people(merging: Merging) -> list[tuple[UUID, UUID | None, str]]:
    rows = await merging.owner.fetch(
        "select id, account_id, email from member where organisation_id = $1 and id <> all($2) order by id",
        merging.harbour.id,
        [merging.hanna.member_id, merging.oscar.member_id],
    )
    return [(row["id"], row["account_id"], row["email"]) for row in rows]


async def test_address_that_the_others_account_has_proven_makes_the_same_person(merging, database):
    listed = await make_member(database, merging.harbour, name="Ann")
    await merging.owner.execute(
        "update member set account_id = null, email = $1 where id = $2", ADDRESS, listed.member_id
    )
    ann = await make_member(database, merging.orchard, name="Ann", email=ADDRESS)
    await merging.merge()
    assert await _people(merging) == [(listed.member_id, ann.account_id, ADDRESS)]


async def test_address_that_nobody_has_proven_makes_nobody_the_same_person(merging, database):
    listed = await make_member(database, merging.harbour, name="Ann")
    await merging.owner.execute(
        "update member set account_id = null, email = $1 where id = $2", ADDRESS, listed.member_id
    )
    mallory = await make_member(database, merging.orchard, name="Mallory")
    await merging.owner.execute("update member set email = $1 where id = $2", ADDRESS, mallory.member_id)
    await merging.merge()
    assert sorted(await _people(merging)) == sorted(
        [(listed.member_id, None, ADDRESS), (mallory.member_id, mallory.account_id, "")]
    )


async def test_who_was_active_in_one_is_active_and_a_plain_member(merging, database):
    ann = await make_member(database, merging.orchard, Role.ORG_ADMIN, email=ADDRESS)
    here = await make_member(
        database, merging.harbour, Role.ORG_ADMIN, account_id=ann.account_id, email="a@example.org", state="deactivated"
    )
    crew = await make_group(database, merging.harbour, "Crew", here)
    await merging.merge()
    assert await merging.owner.fetchval("select state from member where id = $1", here.member_id) == "active"
    roles = await merging.owner.fetch("select role from role_assignment where member_id = $1", here.member_id)
    assert [row["role"] for row in roles] == ["member"], "nobody administers by it"
    assert await merging.owner.fetchval("select left_at is not null from group_membership where group_id = $1", crew)


@pytest.mark.parametrize("kind", [RightKind.ERASURE, RightKind.DEACTIVATION])
async def test_end_of_one_of_two_memberships_is_waited_for(merging, database, kind):
    ann = await make_member(database, merging.orchard, email=ADDRESS)
    await make_member(database, merging.harbour, account_id=ann.account_id, email="a@example.org")
    merger = await merging.announce()
    async with merging.access(ann) as access:
        asked = await submit_request(access, [RequestedRight(kind)])
    await merging.begin()
    row = await merging.owner.fetchrow("select state, waits_for from merger")
    assert tuple(row) == ("announced", "erasures")
    async with merging.access(ann) as access:
        await withdraw_request(access, asked.request.id)
    await follow_mergers(merging.services)
    await merging.finish()
    assert await merging.state(merger.id) == "merged"


async def test_who_was_erased_there_is_brought_back_by_nobody_here(merging):
    services = merging.services
    async with system_access(services, merging.orchard) as access:
        at, kept = access.now, {"email": [ADDRESS]}
        await suppress(access.transaction, services.keys, kept, organisation_id=merging.orchard.id, at=at)
    await merging.merge()
    async with system_access(services, merging.harbour) as access:
        assert await is_suppressed(access.transaction, services.keys, merging.harbour.id, ADDRESS)


async def test_open_invitations_give_no_role_and_stand_once(merging, owner):
    for person, roles in ((merging.oscar, [Role.AUDITOR]), (merging.hanna, [])):
        async with merging.access(person) as access:
            await invite_member(access, ADDRESS, roles=roles)
    async with merging.access(merging.oscar) as access:
        await invite_member(access, "bob@example.net", roles=[Role.AUDITOR])
    await owner.execute("update invitation set expires_at = expires_at + $1", ANNOUNCED_FOR + timedelta(days=1))
    await merging.merge()
    rows = await owner.fetch("select email, roles from invitation where revoked_at is null order by email")
    assert [row["email"] for row in rows] == [ADDRESS, "bob@example.net"]
    assert rows[1]["roles"] == ["member"]


@pytest.mark.parametrize(("ours", "theirs"), [("verified", "pending"), ("pending", "verified")])
async def test_domain_that_both_claim_stays_with_the_claim_that_holds_it(merging, owner, ours, theirs):
    claims = {}
    for organisation, state in ((merging.harbour, ours), (merging.orchard, theirs)):
        claims[state] = uuid7()
        await owner.execute(
            "insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, state_until,"
            " token_issued_at, epoch)"
            " values ($1, $2, now(), 'both.example', 'name', $3, now(), '2028-01-01', now(), 1)",
            organisation.id,
            claims[state],
            state,
        )
        if state == "verified":
            await owner.execute(
                "insert into domain (id, created_at, name, holder_id, claim_id, epoch, state)"
                " values ($1, now(), 'both.example', $2, $3, 1, 'held')",
                uuid7(),
                organisation.id,
                claims[state],
            )
    await merging.merge()
    rows = await owner.fetch("select id, organisation_id, state from domain_claim")
    assert {row["id"]: (row["organisation_id"], row["state"]) for row in rows} == {
        claims["verified"]: (merging.harbour.id, "verified"),
        claims["pending"]: (merging.harbour.id, "released"),
    }
    held = await owner.fetchrow("select holder_id, claim_id, epoch from domain")
    assert tuple(held) == (merging.harbour.id, claims["verified"], 1)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("pending", "disputed"), ("pending", "contested"), ("contested", "disputed"), ("disputed", "pending")],
)
async def test_claim_that_has_come_further_against_another_holder_goes_on(merging, database, owner, ours, theirs):
    rival = await make_organisation(database, "rival")
    claims = {}
    for organisation, state in ((merging.harbour, ours), (merging.orchard, theirs), (rival, "verified")):
        claims[state] = uuid7()
        await owner.execute(
            "insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, state_until,"
            " token_issued_at, epoch)"
            " values ($1, $2, now(), 'both.example', 'name', $3, now(), '2028-01-01', now(), 1)",
            organisation.id,
            claims[state],
            state,
        )
    await owner.execute(
        "insert into domain (id, created_at, name, holder_id, claim_id, epoch, state)"
        " values ($1, now(), 'both.example', $2, $3, 1, 'held')",
        uuid7(),
        rival.id,
        claims["verified"],
    )
    await merging.merge()
    rows = await owner.fetch("select id, state from domain_claim where organisation_id = $1", merging.harbour.id)
    further, other = sorted((ours, theirs), key=["disputed", "contested", "pending"].index)
    assert {row["id"]: row["state"] for row in rows} == {claims[further]: further, claims[other]: "released"}


async def test_invitation_that_came_is_accepted_and_gives_a_plain_membership(merging, database, owner):
    elsewhere = await make_organisation(database, "elsewhere")
    bob = await make_member(database, elsewhere, name="Bob", email="bob@example.net")
    crew = await make_group(database, merging.orchard, "Crew")
    async with merging.access(merging.oscar) as access:
        await invite_member(access, bob.email, roles=[Role.AUDITOR], group_id=crew)
    await owner.execute("update invitation set token_hash = $1, expires_at = '2028-01-01'", token_digest("of-bob"))
    await merging.merge()
    joined = await accept_invitation(merging.services, bob.account_id, "of-bob", request_id="r")
    assert joined.organisation_slug == "harbour"
    rows = await owner.fetch(
        "select r.role from role_assignment r join member m on m.id = r.member_id"
        " where m.account_id = $1 and m.organisation_id = $2",
        bob.account_id,
        merging.harbour.id,
    )
    assert [row["role"] for row in rows] == ["member"]


async def test_who_comes_in_that_minute_is_told_to_wait_and_goes_on_in_the_other(merging):
    services, oscar = merging.services, merging.oscar
    await merging.announce()
    merging.clock.advance(ANNOUNCED_FOR - timedelta(minutes=1))
    shown = [await credentials_of(services, oscar, organisation=slug) for slug in ("orchard", "harbour", None)]
    merging.clock.advance(timedelta(minutes=1))
    await follow_mergers(services)
    with pytest.raises(OrganisationMergingError, match="becomes part of Harbour Logistics"):
        await authenticate(services, shown[0])
    await merging.finish()
    for credentials in shown[1:]:
        actor = await authenticate(services, credentials)
        assert (actor.organisation_id, actor.roles) == (merging.harbour.id, {Role.MEMBER})
    with pytest.raises(OrganisationNotFoundError):
        await authenticate(services, shown[0])
