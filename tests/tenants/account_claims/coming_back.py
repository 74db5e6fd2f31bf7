"""A firm to which somebody came back by the domain of the address: what she did before, and what since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import Person, access_for, make_group, make_member
from tests.tenants.account_claims.people import Grouper, Somebody
from tests.tenants.domains.claimant import NAME, Claimant
from wardship.core.errors import NotFoundError
from wardship.tenants.access import Services
from wardship.tenants.account_claims.choices import stay
from wardship.tenants.account_claims.records import Enrolment
from wardship.tenants.content.read import post_by_id, posts_of_groups
from wardship.tenants.content.share import create_post
from wardship.tenants.content.visibility import readable_content
from wardship.tenants.groups.people import add_to_group
from wardship.tenants.members.membership import remove_member
from wardship.tenants.paging import PageRequest

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


async def come_back(harbour: Claimant, services: Services) -> Place:
    """Let somebody who was a member before stay by the domain of the address."""
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
