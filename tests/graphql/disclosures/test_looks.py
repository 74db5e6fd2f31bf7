"""A year of looks at a person's data, by day and week and by who took them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.graphql.calls import gid, make_api
from wardship.core.actor import Role
from wardship.tenants.data_access.record import record_access

pytestmark = pytest.mark.anyio

MINE = "query($by: LookPeriod) { viewer { looks(by: $by) { beginsAt count categories actor { displayName } } } }"
THEIRS = "query($id: ID!) { member(id: $id) { displayName looks { count actorKind } } }"
LOOKS = "select count(*) from data_access_person"


@pytest.fixture
async def place(services, database, clock):
    """Two looks of Adam's in one week and one in another, one of Eve's, and one that is too long ago."""
    organisation = await make_organisation(database)
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")
    eve = await make_member(database, organisation, Role.AUDITOR, name="Eve")
    ann = await make_member(database, organisation, name="Ann")
    begun = clock.now()
    for days, who, category in (
        (-400, adam, "user.name"),
        (-8, adam, "user.contact"),
        (-1, adam, "user.contact"),
        (-1, adam, "user.job_title"),
        (0, eve, "user.name"),
    ):
        clock.advance(begun + timedelta(days=days) - clock.now())
        async with access_for(services, who) as access:
            record_access(access, {ann.member_id: {category}})
    return organisation, adam, eve, ann


async def test_person_sees_who_looked_by_week_and_by_day(services, place):
    _, _, _, ann = place
    api = make_api(services)
    weeks = (await api.data(ann, MINE, by="WEEK"))["viewer"]["looks"]
    seen = [(look["actor"]["displayName"], look["count"], look["categories"]) for look in weeks]
    assert sorted(seen) == [
        ("Adam", 1, ["user.contact"]),
        ("Adam", 2, ["user.contact", "user.job_title"]),
        ("Eve", 1, ["user.name"]),
    ]
    days = (await api.data(ann, MINE, by="DAY"))["viewer"]["looks"]
    assert [look["beginsAt"] for look in days] == sorted((look["beginsAt"] for look in days), reverse=True)
    assert sum(look["count"] for look in days) == 4


async def test_auditor_sees_those_at_others_and_a_colleague_does_not(services, database, place, owner):
    organisation, adam, eve, ann = place
    api = make_api(services)
    for who in (adam, eve):
        found = (await api.data(who, THEIRS, id=gid("Member", ann.member_id)))["member"]
        assert sum(look["count"] for look in found["looks"]) == 4
    before = await owner.fetchval(LOOKS)
    bob = await make_member(database, organisation, name="Bob")
    assert (await api.data(bob, THEIRS, id=gid("Member", ann.member_id)))["member"] is None
    own = (await api.data(bob, THEIRS, id=gid("Member", bob.member_id)))["member"]
    assert own["looks"] == []
    assert await owner.fetchval(LOOKS) == before
