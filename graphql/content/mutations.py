"""What may be done with shared content."""

from __future__ import annotations

import strawberry

from wardship.core.errors import InvalidInputError
from wardship.graphql.api.command import Payload, command, object_field
from wardship.graphql.api.identifiers import global_id, parse_id, parse_optional
from wardship.graphql.content.model import FileReference, Post
from wardship.graphql.engine import field
from wardship.tenants.access import Access
from wardship.tenants.content.records import FileRecord, PostRecord
from wardship.tenants.content.share import create_post, delete_post, edit_post, share_file


@strawberry.input(description="A text to share.")
class CreatePostInput:
    """Input of ``createPost``."""

    group_id: strawberry.ID = strawberry.field(description="One of your groups.")
    source: str = strawberry.field(description="The text; <@member-id> mentions a member of the group.")


@strawberry.input(description="A new text for your post.")
class EditPostInput:
    """Input of ``editPost``."""

    post_id: strawberry.ID = strawberry.field(description="The post's id.")
    source: str = strawberry.field(description="The new text.")


@strawberry.input(description="A post of yours.")
class DeletePostInput:
    """Input of ``deletePost``."""

    post_id: strawberry.ID = strawberry.field(description="The post's id.")


@strawberry.input(description="A file that is kept elsewhere.")
class ShareFileInput:
    """Input of ``shareFile``."""

    group_id: strawberry.ID = strawberry.field(description="One of your groups.")
    post_id: strawberry.ID | None = strawberry.field(default=None, description="Your post that it belongs to.")
    name: str = strawberry.field(description="Its name.")
    media_type: str = strawberry.field(description="Its media type, such as application/pdf.")
    size_bytes: float = strawberry.field(description="Its size in bytes, a whole number.")
    url: str = strawberry.field(description="Its https address.")


@strawberry.type(description="The post as it is afterwards, or why the call was refused.")
class PostPayload(Payload):
    """What mutations of a post answer with."""

    post: PostRecord | None = object_field(Post, "The post as it is now.")


@strawberry.type(description="That the post is gone, or why it was refused.")
class DeletePostPayload(Payload):
    """What ``deletePost`` answers with."""

    deleted_post_id: strawberry.ID | None = field(description="The id that the post had.", default=None)


@strawberry.type(description="The file, or why it was refused.")
class FilePayload(Payload):
    """What ``shareFile`` answers with."""

    file: FileRecord | None = object_field(FileReference, "The file as it is now.")


@strawberry.type
class ContentMutations:
    """Posts and files."""

    @command()
    @staticmethod
    async def create_post(access: Access, input: CreatePostInput) -> PostPayload:
        """Share a text in one of your groups."""
        group_id = parse_id("Group", input.group_id, path=("groupId",))
        return PostPayload(post=await create_post(access, group_id, input.source))

    @command()
    @staticmethod
    async def edit_post(access: Access, input: EditPostInput) -> PostPayload:
        """Replace the text of your own post."""
        post_id = parse_id("Post", input.post_id, path=("postId",))
        return PostPayload(post=await edit_post(access, post_id, input.source))

    @command()
    @staticmethod
    async def delete_post(access: Access, input: DeletePostInput) -> DeletePostPayload:
        """Delete your own post, with its files."""
        gone = await delete_post(access, parse_id("Post", input.post_id, path=("postId",)))
        return DeletePostPayload(deleted_post_id=global_id("Post", gone.id))

    @command()
    @staticmethod
    async def share_file(access: Access, input: ShareFileInput) -> FilePayload:
        """Share a file that is kept elsewhere, by its https address, in one of your groups."""
        shared = await share_file(
            access,
            parse_id("Group", input.group_id, path=("groupId",)),
            name=input.name,
            media_type=input.media_type,
            size_bytes=_whole(input.size_bytes),
            url=input.url,
            post_id=parse_optional("Post", input.post_id, path=("postId",)),
        )
        return FilePayload(file=shared)


def _whole(size: float) -> int:
    if size != int(size):
        raise InvalidInputError("Give the size in whole bytes.", path=("sizeBytes",))
    return int(size)
