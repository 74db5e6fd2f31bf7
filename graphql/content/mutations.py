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
from wardship.tenants.content.bin import delete_file, delete_post, restore_file, restore_post
from wardship.tenants.content.records import FileRecord, PostRecord
from wardship.tenants.content.share import create_post, edit_post, share_file


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


_REASON = "Why, for its author; needed when that is not you."


@input_type
class DeletePostInput:
    """A post to delete."""

    post_id: UUID = id_argument("Post", "The post's id.")
    reason: str = field(_REASON, default="")


@input_type
class RestorePostInput:
    """A deleted post."""

    post_id: UUID = id_argument("Post", "The post's id.")


@input_type
class DeleteFileInput:
    """A file to delete."""

    file_id: UUID = id_argument("FileReference", "The file's id.")
    reason: str = field(_REASON, default="")


@input_type
class RestoreFileInput:
    """A deleted file."""

    file_id: UUID = id_argument("FileReference", "The file's id.")


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
    """That the post is deleted, or why it was refused."""

    deleted_post_id: strawberry.ID | None = field("The post's id: it can be restored for 30 days.", default=None)


@object_type()
class DeleteFilePayload(Payload):
    """That the file is deleted, or why it was refused."""

    deleted_file_id: strawberry.ID | None = field("The file's id: it can be restored for 30 days.", default=None)


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
        """Delete your post with its files, or, in a group that you moderate, another's; to be restored for 30 days."""
        deleted = await delete_post(access, input.post_id, input.reason)
        return DeletePostPayload(deleted_post_id=global_id("Post", deleted.id))

    @command(PostPayload)
    async def restore_post(self, access: Access, input: RestorePostInput) -> PostRecord:
        """Share a deleted post again, with the files that were deleted with it."""
        return await restore_post(access, input.post_id)

    @command()
    async def delete_file(self, access: Access, input: DeleteFileInput) -> DeleteFilePayload:
        """Delete your file, or, in a group that you moderate, another's; to be restored for 30 days."""
        deleted = await delete_file(access, input.file_id, input.reason)
        return DeleteFilePayload(deleted_file_id=global_id("FileReference", deleted.id))

    @command(FilePayload)
    async def restore_file(self, access: Access, input: RestoreFileInput) -> FileRecord:
        """Share a deleted file again."""
        return await restore_file(access, input.file_id)

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
