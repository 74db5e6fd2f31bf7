"""Shared content as the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import Node, node_loader
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.groups.model import Group, optional_groups
from wardship.graphql.members.model import Member, load_members, optional_members
from wardship.tenants.content.mentions import mentioned
from wardship.tenants.content.read import (
    files_of_posts,
    posts_by_ids,
    rendered_bodies,
)
from wardship.tenants.content.records import FileRecord, PostRecord
from wardship.tenants.content.visibility import readable_content
from wardship.tenants.members.visibility import visible_members


@strawberry.type(description="A file kept elsewhere that a member shared in a group.")
class FileReference:
    """A reference to a file."""

    id: strawberry.ID = field(description="Opaque identifier.")
    created_at: datetime = field(description="When it was shared.")
    name: str = field(description="Its name.")
    media_type: str = field(description="Its media type, such as application/pdf.")
    size_bytes: float = field(description="Its size in bytes, a whole number.")
    url: str = field(description="Where it is kept.")
    uploader_key: strawberry.Private[UUID]

    @batch_field(cost=2, description="Who shared it: at least the name, or the pseudonym after an erasure.")
    @staticmethod
    async def uploader(parents: Sequence[FileReference], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return who shared these files."""
        return await _authors(info, [parent.uploader_key for parent in parents])


@strawberry.type(description="A text that a member shared in a group.")
class Post(Node):
    """A post."""

    record: strawberry.Private[PostRecord]
    created_at: datetime = field(description="When it was written.")
    edited_at: datetime | None = field(description="When it was last changed.")
    source: str = field(description="The text as written, with <@member-id> for whom it mentions.")

    @batch_field(cost=1, description="The text with the names, of this moment, of those whom it mentions.")
    @staticmethod
    async def text(parents: Sequence[Post], info: BatchInfo[ApiContext]) -> Sequence[str]:
        """Return the texts of these posts, rendered."""
        return await rendered_bodies(info.context.access, [parent.record for parent in parents])

    @batch_field(cost=2, description="Who wrote it: at least the name, or the pseudonym after an erasure.")
    @staticmethod
    async def author(parents: Sequence[Post], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return who wrote these posts."""
        return await _authors(info, [parent.record.author_id for parent in parents])

    @batch_field(cost=2, description="The group in which it was shared; null when you are not in it any more.")
    @staticmethod
    async def group(parents: Sequence[Post], info: BatchInfo[ApiContext]) -> Sequence[Group | None]:
        """Return the groups of these posts."""
        return await optional_groups(info.context, [parent.record.group_id for parent in parents])

    @batch_field(cost=3, size=5, description="Whom it mentions: at least the names, or pseudonyms after an erasure.")
    @staticmethod
    async def mentions(parents: Sequence[Post], info: BatchInfo[ApiContext]) -> Sequence[list[Member]]:
        """Return whom these posts mention."""
        ids = {parent.record.id: mentioned(parent.record.body) for parent in parents}
        everybody = {member_id for found in ids.values() for member_id in found}
        reach = visible_members(info.context.access, named_in_content=everybody)
        members = await load_members(info.context, reach, list(everybody), info.selection.fields())
        return [[members[key] for key in ids[parent.record.id] if key in members] for parent in parents]

    @batch_field(cost=2, size=3, description="The files that were shared with it.")
    @staticmethod
    async def files(parents: Sequence[Post], info: BatchInfo[ApiContext]) -> Sequence[list[FileReference]]:
        """Return the files of these posts."""
        found = await files_of_posts(readable_content(info.context.access), [parent.record.id for parent in parents])
        return [[file_of(record) for record in found[parent.record.id]] for parent in parents]


def post_of(record: PostRecord) -> Post:
    """Return a post of the domain as the API shows it."""
    return Post(
        id=global_id("Post", record.id),
        record=record,
        created_at=record.created_at,
        edited_at=record.edited_at,
        source=record.body,
    )


def file_of(record: FileRecord) -> FileReference:
    """Return a file of the domain as the API shows it."""
    return FileReference(
        id=global_id("FileReference", record.id),
        created_at=record.created_at,
        name=record.name,
        media_type=record.media_type,
        size_bytes=record.size_bytes,
        url=record.url,
        uploader_key=record.uploader_id,
    )


async def _authors(info: BatchInfo[ApiContext], ids: Sequence[UUID]) -> list[Member | None]:
    reach = visible_members(info.context.access, named_in_content=ids)
    return await optional_members(info.context, reach, ids, info.selection.fields())


@node_loader("Post")
async def _load(info: ApiInfo, identifier: UUID) -> Post | None:
    found = await posts_by_ids(readable_content(info.context.access), [identifier])
    return post_of(found[identifier]) if identifier in found else None
