"""Who left a group, or the organisation, and came back sees nobody of the time between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from wardship.core.actor import Role
from wardship.tenants.groups.change import archive_group
from wardship.tenants.groups.people import add_to_group, remove_from_group
from wardship.tenants.groups.read import memberships_of_groups
from wardship.tenants.groups.visibility import visible_groups
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member, token_digest
from wardship.tenants.members.membership import remove_member
from wardship.tenants.members.read import members_by_ids
from wardship.tenants.members.visibility import Detail, visible_members
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


class Team:
    """A group that shows contact details, and its administrator's hands on it; every step takes a day."""

    def __init__(self, services, clock, admin, group, people):
        self.services, self.clock, self.admin, self.group = services, clock, admin, group
        self.people = people

    async def step(self, action, name):
        self.clock.advance(DAY)
        person = self.people[name]
        async with access_for(self.services, self.admin.actor(at=self.clock.now())) as access:
            await action(access, self.group, person.member_id)

    async def sees(self, viewer, target):
        async with access_for(self.services, self.people[viewer], read_only=True) as access:
            found = await members_by_ids(visible_members(access), [self.people[target].member_id])
        seen = found.get(self.people[target].member_id)
        return None if seen is None else seen.detail


@pytest.fixture
async def team(services, database, clock):
    organisation = await make_organisation(database, "a")
    admin = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    people = {name: await make_member(database, organisation, name=name) for name in ("ann", "bob", "cat")}
    group = await make_group(database, organisation, "Team", contact_visibility="contact_details")
    return Team(services, clock, admin, group, people)


# What happens day by day ("+ann" joins, "-ann" leaves), and what Ann then sees of Bob.
STORIES = {
    "left before the other joined": (["+ann", "-ann", "+bob"], None),
    "left the very moment the other joined": (["+ann", "-ann=+bob"], None),
    "rejoined after the other had come and left": (["+ann", "-ann", "+bob", "-bob", "+ann"], None),
    "rejoined where the other is still": (["+ann", "-ann", "+bob", "+ann"], Detail.CONTACT),
    "was there before with the other, and rejoined": (["+ann", "+bob", "-bob", "-ann", "+ann"], Detail.CONTACT),
    "never at the same time, though each came twice": (
        ["+ann", "-ann", "+bob", "-bob", "+ann", "-ann", "+bob"],
        None,
    ),
    "together in the second time only": (["+ann", "-ann", "+bob", "-bob", "+ann", "+bob", "-ann"], Detail.CONTACT),
    "left first": (["+bob", "+ann", "-ann"], Detail.CONTACT),
}


@pytest.mark.parametrize("story", STORIES)
async def test_members_of_a_group_see_each_other_by_the_times_that_they_shared(team, story):
    steps, seen = STORIES[story]
    for step in steps:
        for number, one in enumerate(step.split("=")):
            if number:
                team.clock.advance(-DAY)
            await team.step(add_to_group if one[0] == "+" else remove_from_group, one[1:])
    assert await team.sees("ann", "bob") is seen
    assert await team.sees("bob", "ann") is seen


async def test_each_time_in_a_group_is_a_membership_of_its_own(team, owner):
    for action, name in ((add_to_group, "ann"), (remove_from_group, "ann"), (add_to_group, "ann")):
        await team.step(action, name)
    async with access_for(team.services, team.admin, read_only=True) as access:
        reach = visible_groups(access)
        (present,) = (await memberships_of_groups(reach, [team.group], PageRequest()))[team.group].items
        past_page = await memberships_of_groups(reach, [team.group], PageRequest(), is_present=False)
    (past,) = past_page[team.group].items
    assert (past.left_at - past.created_at, present.created_at - past.left_at) == (DAY, DAY)
    assert await owner.fetchval("select count(*) from group_membership") == 2


async def test_who_rejoins_the_organisation_sees_nobody_of_the_time_between(team, owner):
    await team.step(add_to_group, "ann")
    await team.step(add_to_group, "cat")
    team.clock.advance(DAY)
    admin, ann = team.admin.actor(at=team.clock.now()), team.people["ann"]
    async with access_for(team.services, admin) as access:
        await remove_member(access, ann.member_id)
    await team.step(add_to_group, "bob")
    await team.step(remove_from_group, "bob")
    async with access_for(team.services, team.admin.actor(at=team.clock.now())) as access:
        invitation = await invite_member(access, ann.email, group_id=team.group)
    await owner.execute("update invitation set token_hash = $1 where id = $2", token_digest("known"), invitation.id)
    team.clock.advance(DAY)
    joined = await accept_invitation(team.services, ann.account_id, "known", request_id="test")
    assert joined.member_id == ann.member_id
    assert await team.sees("ann", "bob") is None
    assert await team.sees("bob", "ann") is None
    assert await team.sees("ann", "cat") is Detail.CONTACT


async def test_in_an_archived_group_members_and_admins_see_names_only(team, owner):
    for name in ("ann", "bob"):
        await team.step(add_to_group, name)
    await owner.execute(
        "update group_membership set role = 'group_admin' where member_id = $1", team.people["ann"].member_id
    )
    assert await team.sees("ann", "bob") is Detail.CONTACT
    team.clock.advance(DAY)
    async with access_for(team.services, team.admin.actor(at=team.clock.now())) as access:
        await archive_group(access, team.group)
    assert await team.sees("ann", "bob") is Detail.NAME
    assert await team.sees("bob", "ann") is Detail.NAME
