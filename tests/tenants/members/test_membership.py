"""Deactivating, reactivating and removing members; changing profiles."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.members.membership import (
    StateConflictError,
    deactivate_member,
    reactivate_member,
    remove_member,
)
from wardship.tenants.members.profile import ErasedMemberError, update_member, update_own_profile
from wardship.tenants.members.ranks import NotBelowYouError, YourselfError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")
    ann = await make_member(database, organisation, Role.AUDITOR, name="Ann")
    return organisation, olga, adam, ann


async def _state(owner, person):
    return await owner.fetchval("select state from member where id = $1", person.member_id)


async def test_deactivation_keeps_everything_and_is_undone(services, owner, place):
    _, _, adam, ann = place
    async with access_for(services, adam) as access:
        assert (await deactivate_member(access, ann.member_id)).state == "deactivated"
        with pytest.raises(StateConflictError):
            await deactivate_member(access, ann.member_id)
    assert await owner.fetchval("select count(*) from role_assignment where member_id = $1", ann.member_id) == 2
    async with access_for(services, adam) as access:
        assert (await reactivate_member(access, ann.member_id)).state == "active"
        with pytest.raises(StateConflictError):
            await reactivate_member(access, ann.member_id)


async def test_removal_ends_roles_and_groups_and_keeps_the_data(services, owner, database, clock, place):
    organisation, _, adam, ann = place
    await make_group(database, organisation, "Team", ann)
    async with access_for(services, adam) as access:
        removed = await remove_member(access, ann.member_id)
    assert (removed.state, removed.left_at, removed.display_name) == ("removed", clock.now(), "Ann")
    assert await owner.fetchval("select count(*) from role_assignment where member_id = $1", ann.member_id) == 0
    assert await owner.fetchval("select left_at from group_membership") == clock.now()
    async with access_for(services, adam) as access:
        for again in (remove_member, deactivate_member, reactivate_member):
            with pytest.raises(StateConflictError):
                await again(access, ann.member_id)


@pytest.mark.parametrize("action", [deactivate_member, remove_member])
async def test_nobody_does_it_to_himself_or_upwards(services, owner, place, action):
    _, olga, adam, ann = place
    for actor, target, refusal in (
        (adam, adam, YourselfError),
        (olga, olga, YourselfError),
        (adam, olga, NotBelowYouError),
        (ann, adam, PermissionDeniedError),
    ):
        with pytest.raises(refusal):
            async with access_for(services, actor) as access:
                await action(access, target.member_id)
        assert await _state(owner, target) == "active"
    assert await owner.fetchval("select count(*) from audit_entry") == 0


async def test_member_of_another_organisation_is_not_found(services, database, owner, place):
    _, olga, *_ = place
    stranger = await make_member(database, await make_organisation(database, "b"))
    for action in (deactivate_member, reactivate_member, remove_member):
        async with access_for(services, olga) as access:
            with pytest.raises(NotFoundError):
                await action(access, stranger.member_id)
    assert await _state(owner, stranger) == "active"


async def test_own_profile_is_changed_and_the_audit_names_fields_only(services, owner, place):
    *_, ann = place
    async with access_for(services, ann) as access:
        changed = await update_own_profile(access, {"phone": "+49 30 901820", "display_name": " Änn "})
    assert (changed.phone, changed.display_name) == ("+49 30 901820", "Änn")
    entry = await owner.fetchval("select entry from audit_entry")
    assert '"fields":["display_name","phone"]' in entry
    assert "901820" not in entry


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", "  "),
        ("display_name", "x" * 201),
        ("display_name", "a\u0007"),
        ("phone", "call me"),
        ("picture_url", "http://example.org/a.png"),
        ("picture_url", "https://user@example.org/a.png"),
        ("picture_url", "javascript:alert(1)"),
        ("email", "ann@example.org"),
        ("pseudonym", "x"),
        ("state = 'erased', title", "x"),
    ],
)
async def test_values_that_a_profile_cannot_hold_are_refused(services, owner, place, field, value):
    *_, ann = place
    before = await owner.fetch("select * from member order by id")
    with pytest.raises(InvalidInputError):
        async with access_for(services, ann) as access:
            await update_own_profile(access, {field: value})
    assert await owner.fetch("select * from member order by id") == before


async def test_admin_corrects_those_below_only(services, database, owner, place):
    organisation, olga, adam, ann = place
    async with access_for(services, adam) as access:
        assert (await update_member(access, ann.member_id, {"job_title": "Nurse"})).job_title == "Nurse"
        with pytest.raises(NotBelowYouError):
            await update_member(access, olga.member_id, {"job_title": "Nurse"})
    plain = await make_member(database, organisation)
    async with access_for(services, plain) as access:
        with pytest.raises(NotFoundError):
            await update_member(access, ann.member_id, {"job_title": "Spy"})
    await owner.execute("update member set state = 'erased' where id = $1", ann.member_id)
    async with access_for(services, adam) as access:
        with pytest.raises(ErasedMemberError):
            await update_member(access, ann.member_id, {"job_title": "Ghost"})
