"""Samples of shared content."""

from __future__ import annotations

from tests.graphql.sample import mutation, on_team
from tests.graphql.world import World


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
    mutation("deletePost", "DeletePostInput", lambda w: {"postId": w.id_of("Post", "post")}),
    mutation("shareFile", "ShareFileInput", _file),
]


KEYS = {"Post": "p"}


CROWD = """
insert into post (organisation_id, id, created_at, group_id, author_id, body)
    select organisation_id, key('p', place, n), at, in_group, asker, 'Hello <@' || other || '>' from number;
insert into mention (organisation_id, id, created_at, post_id, member_id)
    select organisation_id, key('x', place, n), at, key('p', place, n), key('m', place, 1 + n % 500) from number;
insert into file_reference (organisation_id, id, created_at, group_id, uploader_id, post_id, name, media_type,
        size_bytes,
        url)
    select organisation_id, key('f', place, n), at, in_group, member, key('p', place, n), 'a.pdf', 'application/pdf', 1,
        'https://example.org/' || n from number;
"""


FILTERS = {
    "Viewer.content(text)": ('text: "hello"',),
}
