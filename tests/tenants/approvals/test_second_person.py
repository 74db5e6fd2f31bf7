"""More deletions of members in a day than one person may: held, told, and done exactly so once somebody else agrees."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import asyncpg
import pytest

from tests.builders import NOW, Organisation, Person, access_for, make_member, make_organisation
from tests.graphql.calls import Api, gid, make_api
from tests.requesting import make_firm
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role, StaffRole
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import InsufficientScopeError, Services, StepUpRequiredError
from wardship.tenants.approvals.limit import ALWAYS, HeldForApprovalError
from wardship.tenants.approvals.read import list_approvals
from wardship.tenants.approvals.settle import ApprovalEndedError, expire_approvals
from wardship.tenants.fulfilment.second_person import (
    OwnDeletionError,
    approve_deletion,
    refuse_deletion,
    withdraw_deletion,
)
from wardship.tenants.members.membership import StateConflictError, remove_member
from wardship.tenants.members.ranks import NotBelowYouError
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.decide import approve_right
from wardship.tenants.requests.erasures import StalePreviewError, commit_erasure, preview_erasure
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio

REMOVE = """mutation R($input: RemoveMemberInput!) {
    removeMember(input: $input) { member { id } errors { code message } } }"""
OPEN = "select * from approval where organisation_id = $1 and state = 'asked' order by created_at, id"
LISTED = "{ heldDeletions { edges { node { organisation organisationName approvalId kind expiresAt } } } }"
REMOVED = "select count(*) from member where state = 'removed'"


@dataclass
class Place:
    """An organisation with an owner, admins, and some members."""

    services: Services
    owner: asyncpg.Connection
    organisation: Organisation
    olga: Person
    adam: Person
    members: list[Person]
    api: Api

    async def remove(self, who: Person | Actor, member: Person) -> str | None:
        """Remove as the API does, which commits what is held; return the refusal's code."""
        data = await self.api.data(who, REMOVE, input={"memberId": gid("Member", member.member_id)})
        errors = data["removeMember"]["errors"]
        return errors[0]["code"] if errors else None

    async def held(self):
        return await self.owner.fetch(OPEN, self.organisation.id)

    async def hold(self, who: Person | None = None):
        """Remove one more than one person may; return the approval that it waits for."""
        for member in self.members[:ALWAYS]:
            assert await self.remove(who or self.adam, member) is None
        assert await self.remove(who or self.adam, self.members[ALWAYS]) == "HELD_FOR_APPROVAL"
        [approval] = await self.held()
        return approval

    async def decide(self, act, who: Person | Actor, approval):
        async with access_for(self.services, who) as access:
            return await act(access, approval["id"])

    async def state_of(self, member: Person) -> str:
        return await self.owner.fetchval("select state from member where id = $1", member.member_id)

    async def told(self, person: Person) -> list[str]:
        rows = await self.owner.fetch("select kind from notice where member_id = $1 order by id", person.member_id)
        return [row["kind"] for row in rows if row["kind"].startswith("deletion_")]

    @property
    def privacy_team(self) -> Actor:
        session = CredentialKind.SESSION
        staff = frozenset({StaffRole.PRIVACY_TEAM})
        here = self.organisation.id
        return Actor(uuid7(), here, None, frozenset(), session, stepped_up_at=NOW, staff_roles=staff)


async def _place(services, owner, *, admins=1, members=8) -> Place:
    database = services.database
    organisation = await make_organisation(database)
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    people = [await make_member(database, organisation, Role.ORG_ADMIN, name="Adam") for _ in range(admins)]
    plain = [await make_member(database, organisation) for _ in range(members)]
    return Place(services, owner, organisation, olga, people[0] if people else olga, plain, make_api(services))


@pytest.fixture
async def place(services, owner):
    return await _place(services, owner)


async def test_the_sixth_removal_of_a_day_waits_for_somebody_else_and_nothing_is_changed(place):
    approval = await place.hold()
    last = place.members[ALWAYS]
    assert await place.state_of(last) == "active"
    assert await place.owner.fetchval(REMOVED) == ALWAYS
    assert (approval["kind"], approval["member_id"], approval["asked_by"], approval["is_with_privacy_team"]) == (
        "remove_member",
        last.member_id,
        place.adam.member_id,
        False,
    )
    assert (await place.told(place.olga), await place.told(place.adam), await place.told(last)) == (
        ["deletion_held"],
        [],
        [],
    )
    assert await place.owner.fetchval("select count(*) from audit_entry where action = 'deletion.held'") == 1


async def test_approved_by_somebody_else_it_is_done_and_who_asked_is_told(place):
    approval = await place.hold()
    await place.decide(approve_deletion, place.olga, approval)
    assert await place.state_of(place.members[ALWAYS]) == "removed"
    assert await place.owner.fetchval("select state from approval") == "approved"
    assert await place.told(place.adam) == ["deletion_decided"]
    with pytest.raises(ApprovalEndedError):
        await place.decide(approve_deletion, place.olga, approval)
    assert await place.remove(place.adam, place.members[6]) == "HELD_FOR_APPROVAL", "what was approved counts apart"


async def test_asked_again_it_waits_once(place):
    await place.hold()
    assert await place.remove(place.adam, place.members[ALWAYS]) == "HELD_FOR_APPROVAL"
    assert await place.remove(place.olga, place.members[ALWAYS]) == "HELD_FOR_APPROVAL"
    assert len(await place.held()) == 1
    assert await place.told(place.olga) == ["deletion_held"]


async def test_admins_and_tokens_share_the_limit_of_the_organisation(services, owner):
    place = await _place(services, owner, admins=2)
    token = replace(
        place.olga.actor(stepped_up=False),
        credential=CredentialKind.TOKEN,
        scopes=frozenset({"read", "write", "admin"}),
    )
    for number, member in enumerate(place.members[:ALWAYS]):
        assert await place.remove([place.adam, place.olga, token][number % 3], member) is None
    for who in (place.adam, place.olga, token):
        assert await place.remove(who, place.members[ALWAYS]) == "HELD_FOR_APPROVAL"


async def test_twenty_removals_at_the_same_moment_are_five_and_fifteen_that_wait(services, owner):
    place = await _place(services, owner, admins=2, members=20)
    codes = await asyncio.gather(*(place.remove(place.adam, member) for member in place.members))
    assert sorted(map(str, codes)) == ["HELD_FOR_APPROVAL"] * 15 + ["None"] * ALWAYS
    assert await place.owner.fetchval(REMOVED) == ALWAYS
    assert len(await place.held()) == 15


async def test_in_a_large_organisation_a_twentieth_is_removed_by_one_person(services, owner):
    place = await _place(services, owner, members=198)  # with owner and admin two hundred
    for member in place.members[:10]:
        assert await place.remove(place.adam, member) is None
    assert await place.remove(place.adam, place.members[10]) == "HELD_FOR_APPROVAL"


async def test_a_day_later_five_more_may_be_removed(place, clock):
    await place.hold()
    clock.advance(timedelta(hours=24))
    adam = place.adam.actor(at=clock.now())
    assert await place.remove(adam, place.members[6]) is None
    await expire_approvals(place.services)
    assert await place.owner.fetchval("select count(*) from counted_deletion") == 1


async def test_removal_that_is_refused_for_another_reason_is_neither_counted_nor_held(place):
    for _ in range(ALWAYS + 1):
        with pytest.raises(NotBelowYouError):
            async with access_for(place.services, place.adam) as access:
                await remove_member(access, place.olga.member_id)
    await place.hold()
    assert await place.remove(place.adam, place.members[0]) == "MEMBER_STATE"
    assert len(await place.held()) == 1


async def test_nobody_decides_but_another_who_may_with_a_fresh_second_factor(services, owner):
    place = await _place(services, owner, admins=2)
    approval = await place.hold()
    peer = await make_member(services.database, place.organisation, Role.PRIVACY_OFFICER)
    auditor = await make_member(services.database, place.organisation, Role.AUDITOR)
    token = place.olga.actor(stepped_up=False, credential=CredentialKind.TOKEN, scopes=frozenset({"read", "write"}))
    refused = [
        (place.adam, OwnDeletionError),
        (place.members[ALWAYS], PermissionDeniedError),
        (place.members[7], PermissionDeniedError),
        (peer, PermissionDeniedError),
        (auditor, PermissionDeniedError),
        (place.olga.actor(stepped_up=False), StepUpRequiredError),
        (token, InsufficientScopeError),
        (place.privacy_team, NotFoundError),
    ]
    for act in (approve_deletion, refuse_deletion):
        for who, error in refused:
            with pytest.raises(error):
                await place.decide(act, who, approval)
    with pytest.raises(OwnDeletionError):
        await place.decide(withdraw_deletion, place.olga, approval)
    assert await place.state_of(place.members[ALWAYS]) == "active"
    assert len(await place.held()) == 1


async def test_the_person_concerned_approves_nothing_and_ranks_count(services, owner):
    place = await _place(services, owner, admins=3, members=5)
    admins = await owner.fetch("select member_id from role_assignment where role = 'org_admin' order by member_id")
    for member in place.members:
        assert await place.remove(place.adam, member) is None
    target = next(row["member_id"] for row in admins if row["member_id"] != place.adam.member_id)
    input_ = {"memberId": gid("Member", target)}
    data = await place.api.data(place.olga, REMOVE, input=input_)
    assert data["removeMember"]["errors"][0]["code"] == "HELD_FOR_APPROVAL"
    assert "the privacy team" in data["removeMember"]["errors"][0]["message"], "no admin ranks above an admin"
    [approval] = await place.held()
    assert approval["is_with_privacy_team"]
    with pytest.raises(NotBelowYouError):
        await place.decide(approve_deletion, place.adam, approval)
    await place.decide(approve_deletion, place.privacy_team, approval)
    assert await owner.fetchval("select state from member where id = $1", target) == "removed"


async def test_privacy_team_lists_what_waits_for_it_in_every_organisation_without_naming_one(services, owner):
    places = [await _place(services, owner, admins=0) for _ in range(2)]
    approvals = [await place.hold() for place in places]
    elsewhere = await _place(services, owner)
    await elsewhere.hold()
    team = replace(places[0].privacy_team, organisation_id=PROVIDER_ID)
    assert await _listed(places[0], team) == [
        (place.organisation.slug, gid("Approval", approval["id"]), "REMOVE_MEMBER")
        for place, approval in zip(places, approvals, strict=True)
    ]
    await places[0].decide(refuse_deletion, places[0].privacy_team, approvals[0])
    assert [row[0] for row in await _listed(places[0], team)] == [places[1].organisation.slug]
    await owner.execute("update approval set expires_at = $1", NOW)
    assert await _listed(places[0], team) == []
    data = await places[0].api.call(places[0].olga, LISTED)
    assert data["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"


async def _listed(place: Place, who: Actor) -> list[tuple[str, str, str]]:
    data = await place.api.data(who, LISTED)
    nodes = [edge["node"] for edge in data["heldDeletions"]["edges"]]
    return [(node["organisation"], node["approvalId"], node["kind"]) for node in nodes]


async def test_a_single_administrator_waits_for_the_privacy_team_which_sees_no_more_than_that(services, owner):
    place = await _place(services, owner, admins=0)
    approval = await place.hold(place.olga)
    assert approval["is_with_privacy_team"]
    assert await owner.fetchval("select count(*) from notice") == 0 or await place.told(place.olga) == []
    async with access_for(services, place.privacy_team) as access:
        assert [item.id for item in (await list_approvals(access, PageRequest())).items] == [approval["id"]]
    await place.decide(approve_deletion, place.privacy_team, approval)
    assert await place.state_of(place.members[ALWAYS]) == "removed"
    async with access_for(services, place.privacy_team) as access:
        assert (await list_approvals(access, PageRequest())).items == []


@pytest.mark.parametrize("end", ["refused", "withdrawn", "expired"])
async def test_refused_taken_back_or_left_alone_nothing_is_done(place, clock, end):
    approval = await place.hold()
    match end:
        case "refused":
            await place.decide(refuse_deletion, place.olga, approval)
        case "withdrawn":
            await place.decide(withdraw_deletion, place.adam.actor(stepped_up=False), approval)
        case "expired":
            clock.advance(timedelta(days=7))
            with pytest.raises(ApprovalEndedError):
                await place.decide(approve_deletion, place.olga.actor(at=clock.now()), approval)
            assert await expire_approvals(place.services) == 1
    assert await place.owner.fetchval("select state from approval") == end
    assert await place.state_of(place.members[ALWAYS]) == "active"
    assert await place.told(place.adam) == ([] if end == "withdrawn" else ["deletion_decided"])
    assert await expire_approvals(place.services) == 0


async def test_what_can_t_be_done_any_more_waits_on(place):
    approval = await place.hold()
    await place.owner.execute("update member set state = 'erased' where id = $1", approval["member_id"])
    with pytest.raises(StateConflictError):
        await place.decide(approve_deletion, place.olga, approval)
    assert len(await place.held()) == 1


async def test_two_who_approve_at_once_do_it_once(services, owner):
    place = await _place(services, owner, admins=0)
    other = await make_member(services.database, place.organisation, Role.ORG_ADMIN)
    approval = await place.hold(other)
    deciding = (place.decide(approve_deletion, place.olga, approval) for _ in range(4))
    results = await asyncio.gather(*deciding, return_exceptions=True)
    assert sorted(type(item).__name__ for item in results) == ["ApprovalEndedError"] * 3 + ["ApprovalRecord"]
    assert await owner.fetchval("select count(*) from audit_entry where action = 'member.removed'") == ALWAYS + 1


async def _erasure_that_a_clock_asked_for(firm, clock):
    async with firm.access(firm.admin) as access:
        await remove_member(access, firm.member.member_id)
    for _ in range(90):
        clock.advance(timedelta(days=1))
        await firm.run()
    async with firm.services.database.tenant(firm.organisation.id) as transaction:
        right_id = await transaction.fetchval("select id from request_right where kind = 'erasure'")
    async with firm.access(firm.admin) as access:
        await approve_right(access, right_id)
    async with firm.access(firm.officer) as access:
        return right_id, (await preview_erasure(access, right_id)).digest


async def _use_up(firm):
    people = [await make_member(firm.services.database, firm.organisation) for _ in range(ALWAYS)]
    for person in people:
        async with firm.access(firm.admin) as access:
            await remove_member(access, person.member_id)


async def _commit_as_held(firm, right_id, digest):
    async with firm.access(firm.officer) as access:
        try:
            await commit_erasure(access, right_id, digest, later_finds=True)
        except HeldForApprovalError as held:
            return held
    return None


async def test_an_erasure_that_nobody_asked_for_counts_and_is_committed_as_it_was_held(services, owner, clock):
    firm = await make_firm(services)
    right_id, digest = await _erasure_that_a_clock_asked_for(firm, clock)
    await _use_up(firm)
    assert await _commit_as_held(firm, right_id, digest) is not None
    assert await owner.fetchval("select state from request_right where id = $1", right_id) == "previewed"
    [approval] = await owner.fetch(OPEN, firm.organisation.id)
    with pytest.raises(OwnDeletionError):
        async with firm.access(firm.officer) as access:
            asker = replace(access.actor, roles=firm.admin.roles)  # made an administrator meanwhile
            await approve_deletion(replace(access, actor=asker), approval["id"])
    async with firm.access(firm.owner) as access:
        await approve_deletion(access, approval["id"])
    row = await owner.fetchrow("select state, committed_by from request_right where id = $1", right_id)
    assert tuple(row) == ("scheduled", firm.officer.member_id)
    assert await owner.fetchval("select is_rewritten from erasure_find_rule where right_id = $1", right_id) is True


async def test_an_erasure_that_changed_while_it_waited_is_not_committed(services, owner, clock):
    firm = await make_firm(services)
    right_id, digest = await _erasure_that_a_clock_asked_for(firm, clock)
    await _use_up(firm)
    await _commit_as_held(firm, right_id, digest)
    [approval] = await owner.fetch(OPEN, firm.organisation.id)
    await owner.execute("update member set email = 'new@example.org' where id = $1", firm.member.member_id)
    with pytest.raises(StalePreviewError):
        async with firm.access(firm.owner) as access:
            await approve_deletion(access, approval["id"])
    assert await owner.fetchval("select state from request_right where id = $1", right_id) == "previewed"


async def test_an_erasure_that_the_person_asked_for_is_nobody_s_deletion(services, owner):
    firm = await make_firm(services)
    await _use_up(firm)
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await firm.commit(submitted)
    assert await owner.fetch(OPEN, firm.organisation.id) == []
    assert await owner.fetchval("select count(*) from counted_deletion") == ALWAYS
