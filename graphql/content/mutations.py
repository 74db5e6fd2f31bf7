"""What may be done with shared content."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.core.errors import InvalidInputError
from wardship.graphql.api.command import Payload, command, object_payload
from wardship.graphql.api.identifiers import global_id, id_argument, optional_id
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.content.model import FileReference, Post
from wardship.graphql.engine import field
from wardship.tenants.access import Access
from wardship.tenants.content.records import FileRecord, PostRecord
from wardship.tenants.content.share import create_post, delete_post, edit_post, share_file


@input_type
class CreatePostInput:
    """A text to share."""

    group_id: UUID = id_argument("Group", "One of your groups.")
    source: str = field("The text; <@member-id> mentions a member of the group.")


@input_type
class EditPostInput:
    """A new text for your post."""

    post_id: UUID = id_argument("Post", "The post's id.")
    source: str = field("The new text.")


@input_type
class DeletePostInput:
    """A post of yours."""

    post_id: UUID = id_argument("Post", "The post's id.")


@input_type
class ShareFileInput:
    """A file that is kept elsewhere."""

    group_id: UUID = id_argument("Group", "One of your groups.")
    post_id: UUID | None = optional_id("Post", "Your post that it belongs to.")
    name: str = field("Its name.")
    media_type: str = field("Its media type, such as application/pdf.")
    size_bytes: float = field("Its size in bytes, a whole number.")
    url: str = field("Its https address.")


PostPayload = object_payload("PostPayload", "post", Post)


@object_type()
class DeletePostPayload(Payload):
    """That the post is gone, or why it was refused."""

    deleted_post_id: strawberry.ID | None = field("The id that the post had.", default=None)


FilePayload = object_payload("FilePayload", "file", FileReference)


@strawberry.type
class ContentMutations:
    """Posts and files."""

    @command(PostPayload)
    async def create_post(self, access: Access, input: CreatePostInput) -> PostRecord:
        """Share a text in one of your groups."""
        return await create_post(access, input.group_id, input.source)

    @command(PostPayload)
    async def edit_post(self, access: Access, input: EditPostInput) -> PostRecord:
        """Replace the text of your own post."""
        return await edit_post(access, input.post_id, input.source)

    @command()
    async def delete_post(self, access: Access, input: DeletePostInput) -> DeletePostPayload:
        """Delete your own post, with its files."""
        gone = await delete_post(access, input.post_id)
        return DeletePostPayload(deleted_post_id=global_id("Post", gone.id))

    @command(FilePayload)
    async def share_file(self, access: Access, input: ShareFileInput) -> FileRecord:
        """Share a file that is kept elsewhere, by its https address, in one of your groups."""
        return await share_file(
            access,
            input.group_id,
            name=input.name,
            media_type=input.media_type,
            size_bytes=_whole(input.size_bytes),
            url=input.url,
            post_id=input.post_id,
        )


def _whole(size: float) -> int:
    if size != int(size):
        raise InvalidInputError("Give the size in whole bytes.", path=("sizeBytes",))
    return int(size)
