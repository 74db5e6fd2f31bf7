"""Administrators see what a member does after joining, what was before by consent, and without the domain nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_group, make_member
from tests.graphql.calls import gid, make_api
from tests.mails import invitation_token
from tests.tenants.account_claims.coming_back import ANN
from tests.tenants.account_claims.people import Somebody
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError
from wardship.tenants.account_claims.choices import share_earlier, stay
from wardship.tenants.account_claims.records import AccountClaimState
from wardship.tenants.account_claims.write import AccountClaimStateError
from wardship.tenants.content.bin import delete_post, deleted_posts
from wardship.tenants.content.read import post_by_id
from wardship.tenants.content.share import create_post, edit_post
from wardship.tenants.domains.clocks import SUSPENDED_FOR
from wardship.tenants.domains.settling import GRACE
from wardship.tenants.groups.people import add_to_group, set_group_role
from wardship.tenants.groups.visibility import GroupRole
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.members.boundary import MemberFrozenError
from wardship.tenants.members.membership import remove_member
from wardship.tenants.members.profile import update_member, update_own_profile
from wardship.tenants.members.read import MemberFilter, MemberOrder, list_members, member_by_id
from wardship.tenants.members.roles import assign_role
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.organisations.transfer import offer_ownership
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio


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


async def test_administrator_who_goes_into_the_group_reads_nothing_earlier(place, owner):
    """Whoever manages groups could otherwise have the consent of nobody by a click."""
    async with place.who.access() as access:
        await add_to_group(access, place.group, place.who.admin.member_id)
    assert await place.seen_by(place.who.admin) == {place.later}
    async with place.who.access() as access:
        with pytest.raises(NotFoundError):
            await delete_post(access, place.earlier, "to look at it in the bin")
    await _let_be_in_the_group_since_before(place, owner)
    assert await place.seen_by(place.who.admin) == {place.earlier, place.later}


async def _let_be_in_the_group_since_before(place, owner):
    earlier = "update group_membership set created_at = created_at - interval '1 year' where member_id = $1"
    await owner.execute(earlier, place.who.admin.member_id)


async def test_who_answers_by_an_invitation_has_the_same_boundary(grouper, services, owner):
    """Whoever is asked, and accepts an invitation instead, has said no more than who stays."""
    who = grouper.who
    member = await make_member(services.database, who.organisation, email=ANN)
    group = await make_group(services.database, who.organisation, "Yard", member)
    async with access_for(services, member) as access:
        earlier = (await create_post(access, group, "from before")).id
    async with who.access() as access:
        await remove_member(access, member.member_id)
    await grouper.group()
    ann = Somebody(services, member.account_id, ANN)
    services.clock.advance(timedelta(days=1))
    async with who.access() as access:
        await invite_member(access, ANN)
    await accept_invitation(services, ann.account_id, await invitation_token(services), request_id="test-request")
    claim = await ann.claim()
    assert (claim.state, claim.earlier_shared_at) == (AccountClaimState.MANAGED, None)
    visible_from = await owner.fetchval("select visible_from from member where id = $1", member.member_id)
    assert visible_from == claim.managed_at == services.clock.now()
    async with who.access() as access:
        with pytest.raises(NotFoundError):
            await post_by_id(access, earlier)
    await ann.choose(lambda access, key: share_earlier(access, key, is_shared=True))
    async with who.access() as access:
        assert (await post_by_id(access, earlier)).id == earlier


async def test_moderator_finds_no_earlier_content_in_the_bin(place, owner):
    """One who was in the group deleted it; another, who moderates everything and was not in it, does not see it."""
    async with place.who.access() as access:
        await add_to_group(access, place.group, (admin := place.who.admin).member_id)
    await _let_be_in_the_group_since_before(place, owner)
    async with place.who.access() as access:
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


async def test_who_was_concealed_is_removed_once_the_domain_is_released_and_has_no_role_before(place):
    """While it can be proven again nobody is removed; afterwards nobody else could end the membership."""
    await _suspend(place)
    assert await _refused(place, "removal")
    assert await _refused(place, "role")
    await place.who.pass_time(SUSPENDED_FOR)
    assert await _refused(place, "role")
    async with place.who.access() as access:
        await remove_member(access, place.member.member_id)
    assert (await place.ann.claim()).state is AccountClaimState.RELEASED


async def _refused(place, act):
    with pytest.raises(MemberFrozenError) as refusal:
        async with place.who.access() as access:
            await ACTS[act](place)(access)
    return refusal.value.path == ("member_id",)


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


async def test_grace_period_leaves_members_their_access_and_others_alone(place, owner):
    await place.who.lose(place.domain)
    (member,) = await owner.fetch("select state, concealed_at from member where id = $1", place.member.member_id)
    assert tuple(member) == ("active", None)
    async with access_for(place.who.services, place.member) as access:
        await edit_post(access, place.later, "still here")
    async with place.who.access() as access:
        await assign_role(access, place.bob.member_id, Role.AUDITOR)
