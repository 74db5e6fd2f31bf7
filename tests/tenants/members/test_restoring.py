"""A removal that was a mistake is taken back: the person is a plain member again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_group
from tests.connecting import Connections
from wardship.core.actor import Role
from wardship.core.errors import PermissionDeniedError
from wardship.tenants.members.membership import StateConflictError, deactivate_member, remove_member, restore_member
from wardship.tenants.members.roles import assign_role
from wardship.tenants.requests.grace import GRACE
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio


async def _do(firm, who, action, *arguments):
    async with firm.access(who) as access:
        return await action(access, *arguments)


async def _held(owner, person):
    rows = await owner.fetch("select role from role_assignment where member_id = $1", person.member_id)
    return {row["role"] for row in rows}


async def test_removed_member_is_restored_as_a_plain_member_without_groups(firm, services, owner):
    await make_group(services.database, firm.organisation, "Team", firm.member)
    await _do(firm, firm.owner, assign_role, firm.member.member_id, Role.AUDITOR)
    await _do(firm, firm.admin, remove_member, firm.member.member_id)
    restored = await _do(firm, firm.admin, restore_member, firm.member.member_id)
    assert (restored.state, restored.left_at, restored.display_name) == ("active", None, firm.member.display_name)
    assert await _held(owner, firm.member) == {"member"}
    assert await owner.fetchval("select count(*) from group_membership where left_at is null") == 0
    assert await owner.fetchval("select state from grace_period") == "ended"


async def test_what_was_erased_at_a_recipient_is_shared_again(firm, services, recording):
    connections = Connections(services, firm.admin)
    await connections.connect("recorder")
    await _do(firm, firm.admin, remove_member, firm.member.member_id)
    await connections.work()
    assert firm.member.email not in {record.text("email") for record in recording.held.values()}
    await _do(firm, firm.admin, restore_member, firm.member.member_id)
    await connections.work()
    assert firm.member.email in {record.text("email") for record in recording.held.values()}


async def test_erasure_that_the_end_of_the_time_asked_for_is_withdrawn(firm, services, owner):
    await _do(firm, firm.admin, remove_member, firm.member.member_id)
    services.clock.advance(GRACE + timedelta(days=40))
    await firm.run()
    services.clock.advance(timedelta(days=40))
    await firm.run()
    assert await owner.fetchval("select count(*) from data_request where ended_at is null") == 1
    await _do(firm, firm.admin, restore_member, firm.member.member_id)
    await firm.run()
    assert await owner.fetchval("select count(*) from data_request where ended_at is null") == 0


@pytest.mark.parametrize("before", [None, deactivate_member])
async def test_only_a_removal_is_taken_back(firm, before):
    if before is not None:
        await _do(firm, firm.admin, before, firm.member.member_id)
    with pytest.raises(StateConflictError):
        await _do(firm, firm.admin, restore_member, firm.member.member_id)


async def test_erased_person_is_not_restored(firm, services):
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await firm.commit(submitted)
    services.clock.advance(timedelta(days=15))
    await firm.run()
    with pytest.raises(StateConflictError):
        await _do(firm, firm.admin, restore_member, firm.member.member_id)


async def test_nobody_restores_who_may_not_remove(firm, services):
    await _do(firm, firm.admin, remove_member, firm.member.member_id)
    for actor in (firm.officer.actor(), firm.member.actor(roles=frozenset())):
        with pytest.raises(PermissionDeniedError):
            async with access_for(services, actor) as access:
                await restore_member(access, firm.member.member_id)
