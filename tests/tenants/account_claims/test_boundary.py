"""Administrators see what a member does after joining, what was before by consent, and without the domain nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import Person, access_for, make_group, make_member
from tests.graphql.calls import gid, make_api
from tests.tenants.account_claims.people import Grouper, Somebody
from tests.tenants.domains.claimant import NAME, Claimant
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError
from wardship.tenants.account_claims.choices import share_earlier, stay
from wardship.tenants.account_claims.records import AccountClaimState, Enrolment
from wardship.tenants.account_claims.write import AccountClaimStateError
from wardship.tenants.content.bin import delete_post, deleted_posts
from wardship.tenants.content.read import post_by_id, posts_of_groups
from wardship.tenants.content.share import create_post, edit_post
from wardship.tenants.content.visibility import readable_content
from wardship.tenants.domains.clocks import SUSPENDED_FOR
from wardship.tenants.domains.settling import GRACE
from wardship.tenants.groups.people import add_to_group, set_group_role
from wardship.tenants.groups.visibility import GroupRole
from wardship.tenants.members.boundary import MemberFrozenError
from wardship.tenants.members.membership import remove_member
from wardship.tenants.members.profile import update_member, update_own_profile
from wardship.tenants.members.read import MemberFilter, MemberOrder, list_members, member_by_id
from wardship.tenants.members.roles import assign_role
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.organisations.transfer import offer_ownership
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio
ANN = f"ann@{NAME}"


@dataclass
class Place:
    """A firm to which somebody came back by the domain of the address.

    Attributes:
        ann: who was a member before, wrote something, left, and stays now.
        bob: who was in the group with her all the time.
        earlier: a post of hers from before.
        later: one from after.
    """

    grouper: Grouper
    domain: object
    ann: Somebody
    member: Person
    bob: Person
    group: UUID
    earlier: UUID
    later: UUID

    @property
    def who(self) -> Claimant:
        return self.grouper.who

    async def seen_by(self, person: Person) -> set[UUID]:
        """The posts of hers that somebody reads: in the group, and one by one."""
        async with access_for(self.who.services, person) as access:
            reach = readable_content(access)
            page = (await posts_of_groups(reach, [self.group], PageRequest(50)))[self.group]
            found = {post.id for post in page.items}
            for key in (self.earlier, self.later):
                if key in found:
                    await post_by_id(access, key)
                else:
                    with pytest.raises(NotFoundError):
                        await post_by_id(access, key)
        return found


@pytest.fixture
async def place(harbour, services) -> Place:
    issued = await harbour.held()
    grouper = Grouper(harbour, issued.claim.id)
    await grouper.policy(Enrolment.CLAIM_EXISTING)
    member = await make_member(
        services.database,
        harbour.organisation,
        name="Ann Early",
        email=ANN,
        phone="+44 20 7946 0958",
        last_seen_at=services.clock.now(),
    )
    bob = await make_member(services.database, harbour.organisation, name="Bob")
    group = await make_group(services.database, harbour.organisation, "Yard", member, bob)
    async with access_for(services, member) as access:
        earlier = (await create_post(access, group, "from before")).id
    async with harbour.access() as access:
        await remove_member(access, member.member_id)
    services.clock.advance(timedelta(days=1))
    await grouper.group()
    ann = Somebody(services, member.account_id, ANN)
    await ann.choose(stay)
    async with harbour.access() as access:
        await add_to_group(access, group, member.member_id)
    services.clock.advance(timedelta(days=1))
    async with access_for(services, member) as access:
        later = (await create_post(access, group, "from after")).id
    return Place(grouper, issued, ann, member, bob, group, earlier, later)


async def test_administrator_reads_what_was_written_since_the_joining_alone(place):
    assert await place.seen_by(place.who.admin) == {place.later}


async def test_group_and_author_read_all_of_it(place):
    assert await place.seen_by(place.bob) == {place.earlier, place.later}
    assert await place.seen_by(place.member) == {place.earlier, place.later}


async def test_consent_shows_what_was_before_and_its_withdrawal_hides_it_again(place, services):
    shared = await place.ann.choose(lambda access, key: share_earlier(access, key, is_shared=True))
    assert shared.earlier_shared_at == services.clock.now()
    assert await place.seen_by(place.who.admin) == {place.earlier, place.later}
    withdrawn = await place.ann.choose(lambda access, key: share_earlier(access, key, is_shared=False))
    assert withdrawn.earlier_shared_at is None
    assert await place.seen_by(place.who.admin) == {place.later}


async def test_moderator_finds_no_earlier_content_in_the_bin(place):
    """One who is in the group deleted it; another, who moderates everything and is not in it, does not see it."""
    async with place.who.access() as access:
        await add_to_group(access, place.group, (admin := place.who.admin).member_id)
        for key in (place.earlier, place.later):
            await delete_post(access, key, "tidied up")
        assert {post.id for post in (await deleted_posts(access, PageRequest(50))).items} == {
            place.earlier,
            place.later,
        }
    async with place.who.access(place.who.owner) as access:
        found = {post.id for post in (await deleted_posts(access, PageRequest(50))).items}
    assert found == {place.later}
    assert admin != place.who.owner


async def test_when_the_member_was_seen_before_is_not_shown(place, owner):
    async with place.who.access() as access:
        assert (await member_by_id(access, place.member.member_id)).last_seen_at is None
    await owner.execute("update member set last_seen_at = visible_from where id = $1", place.member.member_id)
    async with place.who.access() as access:
        assert (await member_by_id(access, place.member.member_id)).last_seen_at is not None


async def test_consent_of_who_is_no_member_by_the_claim_is_refused(place):
    async with place.who.access() as access:
        await remove_member(access, place.member.member_id)
    with pytest.raises(AccountClaimStateError):
        await place.ann.choose(lambda access, key: share_earlier(access, key, is_shared=True))


MEMBER = """
query M($id: ID!) { node(id: $id) { ... on Member {
    displayName email state title firstName lastName jobTitle company username phone pictureUrl postalAddress joinedAt
    lastSeenAt } } members(first: 50, orderBy: CREATED) { edges { node { displayName email phone } } } }
"""


async def _shown(place):
    found = await make_api(place.who.services).data(place.who.admin, MEMBER, id=gid("Member", place.member.member_id))
    (listed,) = (edge["node"] for edge in found["members"]["edges"] if edge["node"]["email"] == ANN)
    return {name: value for name, value in found["node"].items() if value}, listed


async def _suspend(place):
    await place.who.lose(place.domain)
    await place.who.pass_time(GRACE)
    assert await place.who.state(place.grouper.domain_id) == "suspended"


async def test_without_the_domain_address_and_state_alone_are_seen_and_nothing_is_deleted(place, owner):
    before = await owner.fetchrow("select display_name, phone, state from member where id = $1", place.member.member_id)
    await _suspend(place)
    shown, listed = await _shown(place)
    assert shown == {"displayName": ANN, "email": ANN, "state": "ACTIVE"}
    assert listed == {"displayName": ANN, "email": ANN, "phone": None}
    assert await place.seen_by(place.who.admin) == set()
    assert await place.seen_by(place.bob) == {place.earlier, place.later}
    after = await owner.fetchrow("select display_name, phone, state from member where id = $1", place.member.member_id)
    assert after == before


async def test_concealed_member_is_not_found_by_name_nor_by_its_place_among_names(place):
    await _suspend(place)
    async with place.who.access() as access:
        for wanted in (MemberFilter(), MemberFilter(name_prefix="Ann")):
            page = await list_members(visible_members(access), wanted, PageRequest(50), order=MemberOrder.NAME)
            assert ANN not in {member.email for member in page.items}


async def test_concealed_member_sees_the_own_profile_and_changes_it(place):
    await _suspend(place)
    async with access_for(place.who.services, place.member) as access:
        changed = await update_own_profile(access, {"job_title": "Pilot"})
    assert (changed.display_name, changed.job_title) == ("Ann Early", "Pilot")


async def test_change_by_an_administrator_shows_no_more_of_a_concealed_member(place):
    await _suspend(place)
    async with place.who.access() as access:
        changed = await update_member(access, place.member.member_id, {"job_title": "Pilot"})
    assert (changed.display_name, changed.phone, changed.job_title) == (ANN, None, None)


async def test_domain_that_is_proven_again_shows_its_members_again(place):
    await _suspend(place)
    place.who.place(await place.who.renew(place.grouper.domain_id))
    await place.who.verify(place.grouper.domain_id)
    shown, _ = await _shown(place)
    assert shown["displayName"] == "Ann Early"
    assert await place.seen_by(place.who.admin) == {place.later}


async def test_after_the_domain_is_released_a_member_decides_to_be_seen_again(place):
    await _suspend(place)
    await place.who.pass_time(SUSPENDED_FOR)
    assert (await place.ann.claim()).state is AccountClaimState.RELEASED
    assert (await _shown(place))[0]["displayName"] == ANN
    await place.ann.choose(stay)
    assert (await _shown(place))[0]["displayName"] == "Ann Early"


ACTS = {
    "role": lambda place: lambda access: assign_role(access, place.member.member_id, Role.AUDITOR),
    "removal": lambda place: lambda access: remove_member(access, place.member.member_id),
    "group role": lambda place: (
        lambda access: set_group_role(access, place.group, place.member.member_id, GroupRole.GROUP_ADMIN)
    ),
    "ownership": lambda place: lambda access: offer_ownership(access, place.member.member_id),
}


@pytest.mark.parametrize("act", ACTS)
async def test_grace_period_freezes_what_administrators_do_with_joined_members(place, owner, act):
    await place.who.lose(place.domain)
    held = (
        "select state, (select array_agg(role order by role) from role_assignment r where r.member_id = m.id) as roles"
    )
    before = await owner.fetchrow(f"{held} from member m where id = $1", place.member.member_id)
    who = place.who.owner if act == "ownership" else place.who.admin
    with pytest.raises(MemberFrozenError):
        async with place.who.access(who) as access:
            await ACTS[act](place)(access)
    assert await owner.fetchrow(f"{held} from member m where id = $1", place.member.member_id) == before
    assert await owner.fetchval("select count(*) from ownership_transfer") == 0
    place.who.place(await place.who.renew(place.grouper.domain_id))
    await place.who.verify(place.grouper.domain_id)
    async with place.who.access(who) as access:
        await ACTS[act](place)(access)


async def test_grace_period_leaves_members_their_access_and_others_alone(place):
    await place.who.lose(place.domain)
    async with access_for(place.who.services, place.member) as access:
        await edit_post(access, place.later, "still here")
    async with place.who.access() as access:
        await assign_role(access, place.bob.member_id, Role.AUDITOR)
