"""Deleted content has a way back for 30 days, for whoever deleted it; then the clock takes it for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from tests.limiting import HOLD, limitation
from tests.requesting import Firm
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.tenants.content.bin import (
    BIN_LASTS,
    delete_file,
    delete_post,
    deleted_files,
    deleted_posts,
    empty_bins,
    restore_file,
    restore_post,
)
from wardship.tenants.content.own import own_content
from wardship.tenants.content.read import file_by_id, files_of_groups, files_of_posts, post_by_id, posts_of_groups
from wardship.tenants.content.share import NotInGroupError, NotYoursError, create_post, edit_post, share_file
from wardship.tenants.content.visibility import readable_content
from wardship.tenants.groups.people import remove_from_group
from wardship.tenants.limitations.limits import Item
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.states import RightKind

pytestmark = pytest.mark.anyio

FILE = {"name": "plan.pdf", "media_type": "application/pdf", "size_bytes": 7, "url": "https://files.example.org/plan"}
PAGE = PageRequest(10)


@pytest.fixture
async def place(database, owner):
    organisation = await make_organisation(database, "a")
    admin = await make_member(database, organisation, Role.ORG_ADMIN)
    ann, bob, leader = [await make_member(database, organisation, name=name) for name in ("Ann", "Bob", "Lee")]
    group = await make_group(database, organisation, "Team", ann, bob, leader)
    await make_group(database, organisation, "Other", bob)
    await owner.execute("update group_membership set role = 'group_admin' where member_id = $1", leader.member_id)
    return group, admin, ann, bob, leader


async def _do(services, person, action, *arguments, **more):
    async with access_for(services, person) as access:
        return await action(access, *arguments, **more)


async def _seen(services, person, group) -> tuple[int, int]:
    """Return how many posts and files of a group somebody reads."""
    async with access_for(services, person) as access:
        reach = readable_content(access)
        posts, files = await posts_of_groups(reach, [group], PAGE), await files_of_groups(reach, [group], PAGE)
        return len(posts[group].items), len(files[group].items)


async def test_author_deletes_a_post_with_its_files_and_restores_both(services, place):
    group, _, ann, bob, _ = place
    post = await _do(services, ann, create_post, group, "Hello")
    file = await _do(services, ann, share_file, group, post_id=post.id, **FILE)
    await _do(services, ann, delete_post, post.id)
    for reader in (ann, bob):
        assert await _seen(services, reader, group) == (0, 0)
        with pytest.raises(NotFoundError):
            await _do(services, reader, post_by_id, post.id)
        with pytest.raises(NotFoundError):
            await _do(services, reader, file_by_id, file.id)
        assert (await _do(services, reader, own_content, PAGE)).items == []
    with pytest.raises(NotFoundError):
        await _do(services, ann, edit_post, post.id, "Changed")
    (deleted,) = (await _do(services, ann, deleted_posts, PAGE)).items
    assert (deleted.id, deleted.body, deleted.deleted_by) == (post.id, "Hello", ann.member_id)
    assert (await _do(services, ann, deleted_files, PAGE)).items == [], "it goes and comes back with its post"
    restored = await _do(services, ann, restore_post, post.id)
    assert (restored.id, restored.body, restored.deleted_at) == (post.id, "Hello", None)
    assert await _seen(services, bob, group) == (1, 1)
    async with access_for(services, bob) as access:
        assert [found.id for found in (await files_of_posts(readable_content(access), [post.id]))[post.id]] == [file.id]


async def test_file_that_was_deleted_before_its_post_does_not_come_back_with_it(services, place):
    group, _, ann, _, _ = place
    post = await _do(services, ann, create_post, group, "Hello")
    file = await _do(services, ann, share_file, group, post_id=post.id, **FILE)
    await _do(services, ann, delete_file, file.id)
    services.clock.advance(timedelta(minutes=1))
    await _do(services, ann, delete_post, post.id)
    with pytest.raises(NotFoundError):
        await _do(services, ann, restore_file, file.id)
    await _do(services, ann, restore_post, post.id)
    assert await _seen(services, ann, group) == (1, 0)
    await _do(services, ann, restore_file, file.id)
    assert await _seen(services, ann, group) == (1, 1)


@pytest.mark.parametrize("moderator", ["admin", "leader"])
async def test_moderator_deletes_with_a_reason_that_the_author_is_told_and_restores(services, owner, place, moderator):
    group, admin, ann, bob, leader = place
    who = {"admin": admin, "leader": leader}[moderator]
    post = await _do(services, ann, create_post, group, "Buy my boat!")
    file = await _do(services, ann, share_file, group, **FILE)
    with pytest.raises(InvalidInputError):
        await _do(services, who, delete_post, post.id)
    await _do(services, who, delete_post, post.id, "No advertising here.")
    await _do(services, who, delete_file, file.id, "Nor this.")
    told = await owner.fetch("select member_id, kind, details ->> 'reason' as reason from notice order by created_at")
    assert {(row["member_id"], row["kind"], row["reason"]) for row in told} == {
        (ann.member_id, "content_deleted", "No advertising here."),
        (ann.member_id, "content_deleted", "Nor this."),
    }
    for other in (ann, bob):
        assert (await _do(services, other, deleted_posts, PAGE)).items == []
        with pytest.raises(NotFoundError):
            await _do(services, other, restore_post, post.id)
        with pytest.raises(NotFoundError):
            await _do(services, other, restore_file, file.id)
    (found,) = (await _do(services, who, deleted_posts, PAGE)).items
    assert (found.id, found.deletion_reason) == (post.id, "No advertising here.")
    await _do(services, who, restore_post, post.id)
    await _do(services, who, restore_file, file.id)
    assert await _seen(services, bob, group) == (1, 1)
    assert await owner.fetchval("select count(*) from notice where kind = 'content_restored'") == 2


async def test_nobody_else_deletes_and_group_admins_only_in_their_group(services, owner, place):
    group, _, ann, bob, leader = place
    post = await _do(services, ann, create_post, group, "Hello")
    file = await _do(services, ann, share_file, group, **FILE)
    for action, identifier in ((delete_post, post.id), (delete_file, file.id)):
        with pytest.raises(NotYoursError):
            await _do(services, bob, action, identifier, "Because.")
    elsewhere = await owner.fetchval("select id from user_group where name = 'Other'")
    other = await _do(services, bob, create_post, elsewhere, "Hello there")
    with pytest.raises(NotFoundError):
        await _do(services, leader, delete_post, other.id, "Because.")
    await owner.execute("update user_group set archived_at = now() where id = $1", group)
    with pytest.raises(NotYoursError):
        await _do(services, leader, delete_post, post.id, "An archived group has no admins.")
    assert await owner.fetchval("select count(*) from post where deleted_at is not null") == 0


async def test_who_has_left_the_group_restores_nothing_into_it(services, place):
    group, _, ann, _, _ = place
    post = await _do(services, ann, create_post, group, "Hello")
    await _do(services, ann, delete_post, post.id)
    await _do(services, ann, remove_from_group, group, ann.member_id)
    with pytest.raises((NotFoundError, NotInGroupError)):
        await _do(services, ann, restore_post, post.id)


async def test_clock_removes_what_was_in_the_bin_for_30_days_and_nothing_else(services, owner, place, clock):
    group, _, ann, bob, _ = place
    kept = await _do(services, ann, create_post, group, "Kept")
    gone = await _do(services, ann, create_post, group, f"Gone <@{bob.member_id}>")
    file = await _do(services, ann, share_file, group, **FILE)
    await _do(services, ann, delete_post, gone.id)
    await _do(services, ann, delete_file, file.id)
    clock.advance(BIN_LASTS - timedelta(seconds=1))
    await empty_bins(services)
    assert len((await _do(services, ann, deleted_posts, PAGE)).items) == 1
    clock.advance(timedelta(seconds=1))
    with pytest.raises(NotFoundError):
        await _do(services, ann, restore_post, gone.id)
    await empty_bins(services)
    assert [row["id"] for row in await owner.fetch("select id from post")] == [kept.id]
    for table in ("mention", "file_reference"):
        assert await owner.fetchval(f"select count(*) from {table}") == 0
    details = await owner.fetchval(
        "select entry::jsonb -> 'details' from audit_entry where action = 'content.bin_emptied'"
    )
    assert details == '{"files": 1, "posts": 1}'


async def _shared(firm: Firm, services) -> tuple:
    group = await make_group(services.database, firm.organisation, "Team", firm.member, firm.admin)
    own = await _do(services, firm.member, create_post, group, "Mine, by Ada Lovelace")
    moderated = await _do(services, firm.member, create_post, group, "Moderated")
    return group, own, moderated


async def test_erased_author_leaves_nothing_in_the_own_bin_and_a_pseudonym_in_a_moderators(firm, services, owner):
    _, own, moderated = await _shared(firm, services)
    await _do(services, firm.member, delete_post, own.id)
    await _do(services, firm.admin, delete_post, moderated.id, "Ada Lovelace advertises.")
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE)
    await firm.commit(submitted)
    services.clock.advance(timedelta(days=15))
    await firm.run()
    rows = await owner.fetch("select id, deletion_reason from post")
    assert [row["id"] for row in rows] == [moderated.id]
    assert "Lovelace" not in rows[0]["deletion_reason"]
    services.clock.advance(BIN_LASTS)
    await empty_bins(services)
    assert await owner.fetchval("select count(*) from post") == 0


async def test_what_an_erasure_keeps_outlives_the_bin(firm, services, owner):
    _, own, _ = await _shared(firm, services)
    await _do(services, firm.member, delete_post, own.id)
    submitted = await firm.submit(RightKind.ERASURE)
    await firm.approve(submitted, RightKind.ERASURE, limitations=[limitation(HOLD, items=[Item("post", own.id)])])
    services.clock.advance(BIN_LASTS + timedelta(days=1))
    await empty_bins(services)
    assert await owner.fetchval("select count(*) from post where id = $1", own.id) == 1
    await firm.commit(submitted)
    services.clock.advance(timedelta(days=15))
    await firm.run()
    await empty_bins(services)
    assert await owner.fetchval("select count(*) from post where id = $1", own.id) == 1
