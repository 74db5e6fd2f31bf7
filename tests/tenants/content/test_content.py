"""Shared content: who reads, writes and finds it."""

from __future__ import annotations

import pytest

from tests.builders import access_for, make_group, make_member, make_organisation
from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.tenants.content import own
from wardship.tenants.content.bin import delete_post
from wardship.tenants.content.own import own_content
from wardship.tenants.content.read import (
    files_of_posts,
    post_by_id,
    posts_of_groups,
    rendered_bodies,
)
from wardship.tenants.content.records import mentioned, rendered
from wardship.tenants.content.share import (
    NotInGroupError,
    NotYoursError,
    create_post,
    edit_post,
    share_file,
)
from wardship.tenants.content.visibility import readable_content
from wardship.tenants.groups.change import GroupArchivedError
from wardship.tenants.groups.people import remove_from_group
from wardship.tenants.paging import PageRequest

pytestmark = pytest.mark.anyio

FILE = {"name": "plan.pdf", "media_type": "Application/PDF", "size_bytes": 7, "url": "https://files.example.org/plan"}


@pytest.fixture
async def place(database):
    organisation = await make_organisation(database, "a")
    auditor = await make_member(database, organisation, Role.AUDITOR)
    ann, bob, eve = [await make_member(database, organisation, name=name) for name in ("Ann", "Bob", "Eve")]
    group = await make_group(database, organisation, "Team", ann, bob)
    return group, auditor, ann, bob, eve


async def _do(services, person, action, *arguments, **more):
    async with access_for(services, person) as access:
        return await action(access, *arguments, **more)


def test_mentions_are_found_once_and_rendered_in_one_pass():
    body = "<@11111111-1111-7111-8111-111111111111> and <@11111111-1111-7111-8111-111111111111>, <@x>"
    (found,) = mentioned(body)
    sly = "<@22222222-2222-7222-8222-222222222222>"
    assert rendered(body, {found: sly}) == f"@{sly} and @{sly}, <@x>"
    assert rendered(body, {}) == "@somebody and @somebody, <@x>"


async def test_post_mentions_members_by_the_name_of_the_moment(services, owner, place):
    group, _, ann, bob, _ = place
    post = await _do(services, ann, create_post, group, f"Ask <@{bob.member_id}> about it")
    async with access_for(services, ann, read_only=True) as access:
        assert await rendered_bodies(access, [post]) == ["Ask @Bob about it"]
    assert await owner.fetch("select post_id, member_id from mention") == [(post.id, bob.member_id)]
    await owner.execute("update member set display_name = pseudonym where id = $1", bob.member_id)
    async with access_for(services, ann, read_only=True) as access:
        assert await rendered_bodies(access, [post]) == [f"Ask @{bob.pseudonym} about it"]


async def test_only_members_of_the_group_are_mentioned_in_it(services, owner, place):
    group, _, ann, _, eve = place
    with pytest.raises(InvalidInputError):
        await _do(services, ann, create_post, group, f"<@{eve.member_id}>")
    assert await owner.fetchval("select count(*) from post") == 0


async def test_group_reads_and_the_rest_finds_nothing(services, place):
    group, auditor, ann, bob, eve = place
    post = await _do(services, ann, create_post, group, "Hello")
    for person in (ann, bob, auditor):
        assert (await _do(services, person, post_by_id, post.id)).body == "Hello"
    with pytest.raises(NotFoundError):
        await _do(services, eve, post_by_id, post.id)
    async with access_for(services, eve, read_only=True) as access:
        assert (await posts_of_groups(readable_content(access), [group], PageRequest()))[group].items == []


async def test_those_who_see_all_still_share_only_in_their_own_groups(services, owner, place):
    group, auditor, *_, eve = place
    with pytest.raises(NotInGroupError):
        await _do(services, auditor, create_post, group, "Hello")
    with pytest.raises(NotFoundError):
        await _do(services, eve, create_post, group, "Hello")
    assert await owner.fetchval("select count(*) from post") == 0


async def test_author_edits_and_deletes_and_nobody_else(services, owner, place):
    group, _, ann, bob, eve = place
    post = await _do(services, ann, create_post, group, f"Hello <@{bob.member_id}>")
    for action, more in ((edit_post, ("Changed",)), (delete_post, ())):
        with pytest.raises(NotYoursError):
            await _do(services, bob, action, post.id, *more)
        with pytest.raises(NotFoundError):
            await _do(services, eve, action, post.id, *more)
    edited = await _do(services, ann, edit_post, post.id, "Changed")
    assert (edited.body, edited.edited_at) == ("Changed", services.clock.now())
    assert edited == await _do(services, ann, post_by_id, post.id)
    assert await owner.fetchval("select count(*) from mention") == 0
    await _do(services, ann, delete_post, post.id)
    assert await owner.fetchval("select count(*) from post where deleted_at is null") == 0


async def test_edit_keeps_the_mention_of_somebody_who_has_left(services, owner, place):
    group, _, ann, bob, _ = place
    post = await _do(services, ann, create_post, group, f"Hello <@{bob.member_id}>")
    await _do(services, bob, remove_from_group, group, bob.member_id)
    await _do(services, ann, edit_post, post.id, f"Goodbye <@{bob.member_id}>")
    assert await owner.fetch("select post_id, member_id from mention") == [(post.id, bob.member_id)]
    with pytest.raises(InvalidInputError):
        await _do(services, ann, create_post, group, f"Hello <@{bob.member_id}>")


async def test_file_is_a_reference_by_https(services, place):
    group, _, ann, bob, _ = place
    post = await _do(services, ann, create_post, group, "See the plan")
    shared = await _do(services, ann, share_file, group, **FILE, post_id=post.id)
    assert (shared.media_type, shared.size_bytes, shared.uploader_id) == ("application/pdf", 7, ann.member_id)
    async with access_for(services, bob, read_only=True) as access:
        found = await files_of_posts(readable_content(access), [post.id])
        assert [item.name for item in found[post.id]] == ["plan.pdf"]
    for wrong in (
        {"url": "http://x.org"},
        {"media_type": "pdf"},
        {"size_bytes": -1},
        {"name": ""},
        {"url": "file:///x"},
    ):
        with pytest.raises(InvalidInputError):
            await _do(services, ann, share_file, group, **(FILE | wrong))
    with pytest.raises(PermissionDeniedError):
        await _do(services, bob, share_file, group, **FILE, post_id=post.id)


async def test_member_finds_what_contains_his_information(services, place):
    group, _, ann, bob, _ = place
    own = await _do(services, ann, create_post, group, "Written by me")
    mention = await _do(services, bob, create_post, group, f"Thanks, <@{ann.member_id}>!")
    spelled = await _do(services, bob, create_post, group, f"Write to {ann.email.upper()}")
    await _do(services, bob, create_post, group, "Nothing of interest")

    async def found(**more):
        async with access_for(services, ann, read_only=True) as access:
            return [post.id for post in (await own_content(access, PageRequest(), **more)).items]

    assert await found() == [own.id, mention.id, spelled.id]
    assert await found(text="WRITTEN") == [own.id]
    assert await found(text="%") == []
    await _do(services, ann, remove_from_group, group, ann.member_id)
    assert await found() == [own.id, mention.id]
    with pytest.raises(NotFoundError):
        await _do(services, ann, post_by_id, mention.id)


async def test_archived_group_takes_no_content_and_keeps_what_it_has(services, owner, place):
    group, _, ann, bob, _ = place
    post = await _do(services, ann, create_post, group, "First")
    other = await _do(services, ann, create_post, group, "Second")
    await owner.execute("update user_group set archived_at = now()")
    before = await owner.fetch("select * from post order by id")
    for action, *arguments in ((create_post, group, "Third"), (edit_post, post.id, "Other")):
        with pytest.raises(GroupArchivedError):
            await _do(services, ann, action, *arguments)
    with pytest.raises(GroupArchivedError):
        await _do(services, bob, share_file, group, **FILE)
    assert await owner.fetch("select * from post order by id") == before
    assert (await _do(services, bob, post_by_id, post.id)).body == "First"
    await _do(services, ann, delete_post, other.id)
    assert await owner.fetchval("select count(*) from post where deleted_at is null") == 1


@pytest.mark.parametrize(
    "spelled",
    [
        "ZOË ÅNGSTRÖM said so",
        "Zoe\u0308 A\u030angstro\u0308m",
        "Zoë_Ångström_CV.pdf",
        "zoe+news@xn--bcher-kva.example",
        "call 030 901820",
        "ask @zoë",
    ],
)
async def test_member_finds_every_form_of_what_he_is_known_by(services, owner, place, spelled):
    group, _, ann, bob, _ = place
    await owner.execute(
        "update member set display_name = 'Zoë Ångström', username = 'zoë', phone = '+49 30 901820',"
        " email = 'zoe@bücher.example' where id = $1",
        ann.member_id,
    )
    found = await _do(services, bob, create_post, group, spelled)
    await _do(services, bob, create_post, group, "Zoeller was at 1030 9018201")
    async with access_for(services, ann, read_only=True) as access:
        assert [post.id for post in (await own_content(access, PageRequest())).items] == [found.id]


async def test_own_content_is_paged_whatever_lies_between(services, place, monkeypatch):
    monkeypatch.setattr(own, "_AT_ONCE", 2)
    group, _, ann, bob, _ = place
    wanted = []
    for number in range(5):
        wanted.append((await _do(services, bob, create_post, group, f"<@{ann.member_id}> {number}")).id)
        await _do(services, bob, create_post, group, f"x{ann.email} is nobody's {number}")
    seen, after = [], None
    async with access_for(services, ann, read_only=True) as access:
        for _ in range(3):
            page = await own_content(access, PageRequest(first=2, after=after))
            seen += [post.id for post in page.items]
            after = (page.items[-1].created_at, page.items[-1].id)
    assert (seen, page.has_next) == (wanted, False)


async def test_own_content_without_a_hit_asks_seldom(services, owner, place):
    group, _, ann, *_ = place
    await owner.execute(
        "insert into post (organisation_id, id, created_at, group_id, author_id, body)"
        " select organisation_id, gen_random_uuid(), now(), $1, $2, 'text ' || n"
        " from member, generate_series(1, 3000) n where id = $2",
        group,
        ann.member_id,
    )
    async with access_for(services, ann, read_only=True) as access:
        before = access.transaction.statements
        assert (await own_content(access, PageRequest(), text="nowhere")).items == []
        assert access.transaction.statements - before <= 4
