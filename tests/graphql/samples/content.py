"""Samples of shared content."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.builders import NOW
from tests.graphql.sample import Sample, mutation, on_team
from tests.graphql.world import World


@asynccontextmanager
async def _deleted(world: World) -> AsyncIterator[None]:
    """The post and the file in the bin of a moderator."""
    admin = world.people["admin"].member_id
    await world.owner.execute(_DELETE_POST, NOW, admin)
    await world.owner.execute(_DELETE_FILE, NOW, admin)
    await world.owner.execute("update file_reference set post_id = null where id = $1", world.ids["file"])
    yield
    await world.owner.execute(_DELETE_POST, None, None)
    await world.owner.execute(_DELETE_FILE, None, None)
    await world.owner.execute(
        "update file_reference set post_id = $2 where id = $1", world.ids["file"], world.ids["post"]
    )


_DELETE_POST = "update post set deleted_at = $1, deleted_by = $2"
_DELETE_FILE = "update file_reference set deleted_at = $1, deleted_by = $2"


async def populate(world: World) -> None:
    """A post with a mention and a file."""
    tag = world.organisation.name.split()[0]
    author, subject = world.people["member"].member_id, world.people["subject"].member_id
    team = world.ids["team"]
    body = f"{tag} wrote to <@{subject}>"
    world.ids["post"] = post = await world.insert("post", group_id=team, author_id=author, body=body)
    await world.insert("mention", post_id=post, member_id=subject)
    world.ids["file"] = await world.insert(
        "file_reference",
        group_id=team,
        uploader_id=author,
        post_id=post,
        name=f"{tag}.pdf",
        media_type="application/pdf",
        size_bytes=1,
        url=f"https://{tag.lower()}.example.org/file",
    )


def _file(world: World) -> dict[str, object]:
    return {
        **on_team(world),
        "postId": world.id_of("Post", "post"),
        "name": "a.pdf",
        "mediaType": "application/pdf",
        "sizeBytes": 1,
        "url": "https://example.org/a.pdf",
    }


SAMPLES = [
    mutation("createPost", "CreatePostInput", lambda w: on_team(w) | {"source": "Hello"}),
    mutation("editPost", "EditPostInput", lambda w: {"postId": w.id_of("Post", "post"), "source": "Changed"}),
    mutation("deletePost", "DeletePostInput", lambda w: {"postId": w.id_of("Post", "post"), "reason": "Not here."}),
    mutation("restorePost", "RestorePostInput", lambda w: {"postId": w.id_of("Post", "post")}, _deleted),
    mutation(
        "deleteFile",
        "DeleteFileInput",
        lambda w: {"fileId": w.id_of("FileReference", "file"), "reason": "Not here."},
    ),
    mutation("restoreFile", "RestoreFileInput", lambda w: {"fileId": w.id_of("FileReference", "file")}, _deleted),
    Sample(
        "deletedPosts",
        "{ deletedPosts { edges { node { id source deletedAt deletionReason author { displayName } } } } }",
        around=_deleted,
    ),
    Sample("deletedFiles", "{ deletedFiles { edges { node { id name deletedAt deletionReason } } } }", around=_deleted),
    mutation("shareFile", "ShareFileInput", _file),
]


KEYS = {"Post": "p"}


CROWD = """
insert into post (organisation_id, id, created_at, group_id, author_id, body)
    select organisation_id, key('p', place, n), at, in_group, asker, 'Hello <@' || other || '>' from number;
insert into post (organisation_id, id, created_at, group_id, author_id, body, deleted_at, deleted_by)
    select organisation_id, key('q', place, n), at, in_group, asker, 'Gone <@' || other || '>',
        '2026-11-01'::timestamptz + n * interval '1 s', case when n % 2 = 0 then asker else other end from number;
insert into mention (organisation_id, id, created_at, post_id, member_id)
    select organisation_id, key('x', place, n), at, key('p', place, n), key('m', place, 1 + n % 500) from number;
insert into file_reference (organisation_id, id, created_at, group_id, uploader_id, post_id, name, media_type,
        size_bytes,
        url)
    select organisation_id, key('f', place, n), at, in_group, member, key('p', place, n), 'a.pdf', 'application/pdf', 1,
        'https://example.org/' || n from number
    union all select organisation_id, key('B', place, n), at, in_group, asker, key('q', place, n), 'c.pdf',
        'application/pdf', 1, 'https://example.org/' || n from number;
insert into file_reference (organisation_id, id, created_at, group_id, uploader_id, post_id, name, media_type,
        size_bytes, url, deleted_at, deleted_by)
    select organisation_id, key('F', place, n), at, in_group, asker, null, 'b.pdf', 'application/pdf', 1,
        'https://example.org/' || n, '2026-11-01'::timestamptz + n * interval '1 s',
        case when n % 2 = 0 then asker else other end from number;
"""


FILTERS = {
    "Viewer.content(text)": ('text: "hello"',),
}
