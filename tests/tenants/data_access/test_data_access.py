"""Who looked at or changed whose data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import access_for, make_member, make_organisation, system_access
from wardship.core.actor import CredentialKind, Role, StaffRole
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.tenants.data_access.read import audit_log, own_changes, own_data_access
from wardship.tenants.data_access.record import record_access
from wardship.tenants.exports.export_context import looks
from wardship.tenants.members.profile import update_member, update_own_profile
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio

LOOKS = """
    select member_id, categories from data_access join data_access_person using (organisation_id, id)
    order by data_access_person.member_id
"""


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    adam = await make_member(database, organisation, Role.ORG_ADMIN)
    ann, bob = [await make_member(database, organisation) for _ in range(2)]
    return organisation, adam, ann, bob


async def test_each_person_looked_at_is_recorded_in_one_statement(services, place):
    organisation, adam, ann, bob = place
    seen = {
        ann.member_id: {"user.contact.email", "user.contact"},
        bob.member_id: {"user.job_title"},
        adam.member_id: {"user.name"},
    }
    async with access_for(services, adam) as access:
        before = access.transaction.statements
        assert record_access(access, seen) == 2
        assert access.transaction.statements - before == 1
        assert record_access(access, {}) == 0
    async with system_access(services, organisation) as access:
        assert record_access(access, seen) == 0
    async with access_for(services, ann, read_only=True) as access:
        (found,) = (await own_data_access(access, PageRequest())).items
    assert (found.actor_id, found.actor_kind, found.categories) == (
        adam.member_id,
        "member",
        ("user.contact", "user.contact.email"),
    )


async def test_each_person_is_recorded_with_what_was_seen_of_that_person(services, database, place, owner):
    organisation, adam, ann, bob = place
    cat = await make_member(database, organisation)
    seen = {ann.member_id: {"a", "b"}, bob.member_id: ["b", "a", "b"], cat.member_id: {"c"}}
    async with access_for(services, adam) as access:
        assert record_access(access, seen) == 3
    assert await owner.fetchval("select count(*) from data_access") == 2, "one for what was seen alike"
    rows = await owner.fetch(LOOKS)
    assert [tuple(row) for row in rows] == [
        (ann.member_id, ["a", "b"]),
        (bob.member_id, ["a", "b"]),
        (cat.member_id, ["c"]),
    ]


async def test_token_and_privacy_team_are_told_apart(services, place):
    _, adam, ann, _ = place
    seen = {ann.member_id: {"user.contact"}}
    token = replace(adam.actor(), credential=CredentialKind.TOKEN)
    staff = replace(adam.actor(), member_id=None, roles=frozenset(), staff_roles=frozenset({StaffRole.PRIVACY_TEAM}))
    for actor in (token, staff):
        async with access_for(services, actor) as access:
            record_access(access, seen)
    async with access_for(services, ann, read_only=True) as access:
        found = (await own_data_access(access, PageRequest())).items
    assert {(item.actor_id, item.actor_kind) for item in found} == {
        (adam.member_id, "token"),
        (adam.account_id, "privacy_team"),
    }


async def test_accesses_are_paged_latest_first(services, place):
    _, adam, ann, _ = place
    for number in range(3):
        async with access_for(services, adam) as access:
            record_access(access, {ann.member_id: {f"category.{number}"}})
    async with access_for(services, ann, read_only=True) as access:
        first = await own_data_access(access, PageRequest(2))
        last = first.items[-1]
        second = await own_data_access(access, PageRequest(2, (last.created_at, last.id)))
    assert [item.categories for item in first.items + second.items] == [
        ("category.2",),
        ("category.1",),
        ("category.0",),
    ]
    assert (first.has_next, second.has_next) == (True, False)


async def test_who_is_seen_with_others_has_an_entry_for_each_look_and_nobody_elses(services, place):
    _, adam, ann, bob = place
    async with access_for(services, adam) as access:
        record_access(access, {ann.member_id: {"a"}, bob.member_id: {"a"}})
        record_access(access, {ann.member_id: {"a"}})
    async with access_for(services, adam, read_only=True) as access:
        record_access(access, {ann.member_id: {"b"}, bob.member_id: {"c"}})
    found = {}
    for person in (ann, bob):
        async with access_for(services, person, read_only=True) as access:
            found[person] = (await own_data_access(access, PageRequest())).items
            copied = [look.categories for look in await looks(access, person.member_id)]
            assert copied == [item.categories for item in reversed(found[person])]
        assert {item.member_id for item in found[person]} == {person.member_id}
    assert [item.categories for item in found[ann]] == [("b",), ("a",), ("a",)]
    assert [item.categories for item in found[bob]] == [("c",), ("a",)]
    assert len({item.id for item in found[ann]}) == 3


async def test_member_sees_changes_of_oneself_and_the_auditor_sees_all(services, database, place):
    organisation, adam, ann, bob = place
    async with access_for(services, adam) as access:
        await update_member(access, ann.member_id, {"job_title": "Nurse"})
    async with access_for(services, bob) as access:
        await update_own_profile(access, {"job_title": "Cook"})
    async with access_for(services, ann, read_only=True) as access:
        (change,) = (await own_changes(access, 10)).items
        with pytest.raises(PermissionDeniedError):
            await audit_log(access, 10)
    assert (change.action, change.actor.member, change.target.id, change.details) == (
        "member.profile_updated",
        adam.member_id,
        ann.member_id,
        {"fields": ["job_title"]},
    )
    auditor = await make_member(database, organisation, Role.AUDITOR)
    async with access_for(services, auditor, read_only=True) as access:
        page = await audit_log(access, 1)
        assert ([item.sequence for item in page.items], page.has_next) == ([2], True)
        page = await audit_log(access, 1, before=2)
        assert ([item.sequence for item in page.items], page.has_next) == ([1], False)
        with pytest.raises(InvalidInputError):
            await audit_log(access, 101)
