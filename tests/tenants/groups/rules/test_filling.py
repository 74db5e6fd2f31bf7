"""Groups filled by rules are kept in line with members, hands and the directory."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, access_for, system_access
from tests.tenants.groups.rules.ruling import SALES, WELDERS, A, add_by_hand, do, set_as_seen, set_rule_again
from wardship.core.errors import NotFoundError
from wardship.tenants.groups.change import archive_group, restore_group
from wardship.tenants.groups.people import add_to_group, remove_from_group, set_group_role
from wardship.tenants.groups.rules.change import (
    let_rule_go,
)
from wardship.tenants.groups.rules.filling import EVERY, fill_due_groups
from wardship.tenants.groups.rules.pinning import GroupFilledByRuleError
from wardship.tenants.groups.rules.records import RuleCondition
from wardship.tenants.groups.visibility import GroupRole
from wardship.tenants.members.fields import DIRECTORY, members_changed
from wardship.tenants.members.membership import deactivate_member, reactivate_member
from wardship.tenants.members.profile import update_member

pytestmark = pytest.mark.anyio


async def test_who_changes_comes_and_goes_in_the_same_transaction(services, adam, people, group, present, titled):
    ann, bob, _ = people
    await add_by_hand(services, adam, group, bob)
    await titled("Painter", bob)
    await set_as_seen(services, adam, group, WELDERS)
    await do(services, adam, update_member, ann.member_id, {"job_title": "Welder"})
    assert await present() == ["Ann*", "Bob"]
    await do(services, adam, update_member, ann.member_id, {"job_title": "Painter"})
    assert await present() == ["Bob"]


async def test_what_the_directory_says_counts_at_once(services, firm, adam, people, group, in_department, present):
    await set_as_seen(services, adam, group, SALES)
    await in_department("SALES", people[0])
    async with system_access(services, firm) as access:
        await members_changed(access, [people[0].member_id], frozenset({DIRECTORY}))
    assert await present() == ["Ann*"]


async def test_who_was_put_in_by_hand_stays_when_the_rule_does_not_hold(services, adam, people, group, titled, present):
    ann, bob, _ = people
    await add_by_hand(services, adam, group, ann)
    await titled("Welder", ann, bob)
    preview = await set_as_seen(services, adam, group, WELDERS)
    assert (preview.joining, preview.staying) == ([bob.member_id], 1)
    await titled("Painter", ann, bob)
    await do(services, adam, set_rule_again, group)
    assert await present() == ["Ann"]


async def test_inactive_members_are_not_put_in_and_stay_while_they_are_away(
    services, adam, people, group, titled, present, clock
):
    ann, bob, _ = people
    await titled("Welder", ann, bob)
    await do(services, adam, deactivate_member, bob.member_id)
    await set_as_seen(services, adam, group, WELDERS)
    assert await present() == ["Ann*"]
    await do(services, adam, deactivate_member, ann.member_id)
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Ann*"]
    await do(services, adam, reactivate_member, bob.member_id)
    assert await present() == ["Ann*", "Bob*"]


@pytest.mark.parametrize("who", ["administrator", "member"])
async def test_who_was_taken_out_or_left_is_not_put_in_again_by_any_rule(
    services, adam, people, group, titled, present, who, clock
):
    ann, bob, _ = people
    await titled("Welder", ann, bob)
    await set_as_seen(services, adam, group, WELDERS)
    if who == "administrator":
        await do(services, adam, remove_from_group, group, ann.member_id, is_pinned=True)
    else:
        await do(services, ann, remove_from_group, group, ann.member_id)
    await do(services, adam, update_member, ann.member_id, {"job_title": "welder"})
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Bob*"]
    preview = await set_as_seen(services, adam, group, [RuleCondition(A.JOB_TITLE, ("WELDER",))])
    assert (preview.joining, preview.kept_out) == ([], 1)
    await do(services, adam, let_rule_go, group, keeps_members=True)
    await add_by_hand(services, adam, group, ann)
    assert await present() == ["Ann", "Bob"]


async def test_who_left_before_there_was_a_rule_is_not_put_in_either(services, adam, people, group, titled, present):
    ann = people[0]
    await add_by_hand(services, adam, group, ann)
    await do(services, ann, remove_from_group, group, ann.member_id)
    await titled("Welder", *people)
    preview = await set_as_seen(services, adam, group, WELDERS)
    assert preview.kept_out == 1
    assert await present() == ["Bob*", "Çağla*"]


async def test_change_by_hand_is_refused_unless_it_is_pinned(services, adam, people, group, titled, present, owner):
    ann, bob, cagla = people
    await titled("Welder", ann, bob)
    await set_as_seen(services, adam, group, WELDERS)
    before = await owner.fetch("select * from group_membership order by id")
    told = await owner.fetchval("select count(*) from notice")
    for act in (
        (add_to_group, group, cagla.member_id),
        (remove_from_group, group, ann.member_id),
        (set_group_role, group, ann.member_id, GroupRole.GROUP_ADMIN),
    ):
        with pytest.raises(GroupFilledByRuleError):
            await do(services, adam, *act)
    assert await owner.fetch("select * from group_membership order by id") == before
    assert await owner.fetchval("select count(*) from notice") == told
    await do(services, adam, add_to_group, group, cagla.member_id, is_pinned=True)
    await do(services, adam, add_to_group, group, ann.member_id, is_pinned=True)
    await do(services, adam, set_group_role, group, bob.member_id, GroupRole.GROUP_ADMIN, is_pinned=True)
    await titled("Painter", ann, bob)
    await do(services, adam, set_rule_again, group)
    assert await present() == ["Ann", "Bob", "Çağla"]


async def test_rule_gives_no_role_above_member(services, adam, people, group, titled, owner):
    ann = people[0]
    await add_by_hand(services, adam, group, ann)
    await do(services, adam, set_group_role, group, ann.member_id, GroupRole.GROUP_OWNER)
    await owner.execute("update group_membership set left_at = $1, role = 'member'", NOW)
    await titled("Welder", *people)
    await set_as_seen(services, adam, group, WELDERS)
    rows = await owner.fetch("select distinct role from group_membership where left_at is null")
    assert [row["role"] for row in rows] == ["member"]


async def test_end_of_the_membership_ends_it_and_a_return_is_put_in_again(
    services, adam, people, group, titled, present
):
    ann = people[0]
    await titled("Welder", ann)
    await set_as_seen(services, adam, group, WELDERS)
    async with access_for(services, adam) as access:
        await access.execute(
            "update member set state = 'removed' where organisation_id = $1 and id = $2", ann.member_id
        )
        await members_changed(access, [ann.member_id], frozenset({"state", "ended"}))
    assert await present() == []
    async with access_for(services, adam) as access:
        await access.execute("update member set state = 'active' where organisation_id = $1 and id = $2", ann.member_id)
        await members_changed(access, [ann.member_id], frozenset({"state"}))
    assert await present() == ["Ann*"]


@pytest.mark.parametrize("keeps", [True, False], ids=["keeping", "leaving"])
async def test_group_without_its_rule_is_filled_by_hand(services, adam, people, group, titled, present, owner, keeps):
    ann, bob, _ = people
    await add_by_hand(services, adam, group, bob)
    await titled("Welder", ann)
    await set_as_seen(services, adam, group, WELDERS)
    await do(services, adam, let_rule_go, group, keeps_members=keeps)
    assert await present() == (["Ann", "Bob"] if keeps else ["Bob"])
    assert await owner.fetchval("select count(*) from group_rule_value") == 0
    await do(services, adam, remove_from_group, group, bob.member_id)
    with pytest.raises(NotFoundError):
        await do(services, adam, let_rule_go, group, keeps_members=keeps)


async def test_who_leaves_with_a_rule_can_come_by_the_next(services, adam, people, group, titled, present):
    await titled("Welder", people[0])
    await set_as_seen(services, adam, group, WELDERS)
    await do(services, adam, let_rule_go, group, keeps_members=False)
    await set_as_seen(services, adam, group, WELDERS)
    assert await present() == ["Ann*"]


async def test_archived_group_is_left_alone_and_followed_again_when_open(
    services, adam, people, group, titled, present, clock
):
    ann, bob, _ = people
    await titled("Welder", ann)
    await set_as_seen(services, adam, group, WELDERS)
    await do(services, adam, archive_group, group)
    await titled("Painter", ann)
    await titled("Welder", bob)
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Ann*"]
    await do(services, adam, restore_group, group)
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Bob*"]


async def test_sweep_looks_at_each_organisation_once_in_a_while(services, adam, people, group, titled, present, clock):
    await set_as_seen(services, adam, group, WELDERS)
    await titled("Welder", people[0])
    await fill_due_groups(services)
    assert await present() == []
    clock.advance(EVERY + timedelta(minutes=1))
    await fill_due_groups(services)
    assert await present() == ["Ann*"]
