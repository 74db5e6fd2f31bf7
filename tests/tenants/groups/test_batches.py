"""Many are put into a group and taken out at once, each by the rules of one."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from wardship.core.actor import Role
from wardship.core.errors import NotFoundError
from wardship.tenants.groups.people import add_each_to_group, remove_each_from_group

pytestmark = pytest.mark.anyio
PRESENT = "select member_id from group_membership where group_id = $1 and left_at is null"


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")
    people = [await make_member(database, organisation, name=name) for name in ("Ann", "Bob", "Cleo")]
    return adam, people, await make_group(database, organisation, "Team", people[0])


async def test_each_comes_and_goes_by_itself(services, place, owner):
    adam, people, group = place
    ann, bob, cleo = [person.member_id for person in people]
    await owner.execute("update member set state = 'deactivated' where id = $1", cleo)
    async with access_for(services, adam) as access:
        rows = await add_each_to_group(access, group, [cleo, bob, ann])
    assert [(row.id, row.refusal and row.refusal.code) for row in rows] == [
        (cleo, "MEMBER_NOT_ACTIVE"),
        (bob, None),
        (ann, "ALREADY_IN_GROUP"),
    ]
    assert {row["member_id"] for row in await owner.fetch(PRESENT, group)} == {ann, bob}
    async with access_for(services, adam) as access:
        rows = await remove_each_from_group(access, group, [bob, cleo])
    assert [row.refusal and row.refusal.code for row in rows] == [None, "NOT_FOUND"]
    audited = await owner.fetch(
        "select action, target_id from audit_entry where action like 'group.%' order by sequence"
    )
    assert [tuple(row) for row in audited] == [("group.member_added", bob), ("group.member_removed", bob)]
    told = await owner.fetch("select kind from notice where member_id = $1 order by id", bob)
    assert [row["kind"] for row in told] == ["group_joined", "group_left"]


async def test_group_that_one_does_not_see_is_not_found(services, place, owner):
    _, people, group = place
    for act in (add_each_to_group, remove_each_from_group):
        with pytest.raises(NotFoundError):
            async with access_for(services, people[1]) as access:
                await act(access, group, [people[2].member_id])
    assert {row["member_id"] for row in await owner.fetch(PRESENT, group)} == {people[0].member_id}
