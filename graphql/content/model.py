"""Shared content as the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, connections, page_request
from wardship.graphql.api.relations import extends, in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.groups.model import Group, optional_groups
from wardship.graphql.members.model import Member, load_members, named_members
from wardship.tenants.content.bin import deleted_files, deleted_posts
from wardship.tenants.content.read import (
    files_of_groups,
    files_of_posts,
    posts_by_ids,
    posts_of_groups,
    rendered_bodies,
)
from wardship.tenants.content.records import FileRecord, PostRecord, mentioned
from wardship.tenants.content.visibility import readable_content
from wardship.tenants.groups.read import GroupRecord
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.paging import Keyset


@object_type(FileRecord)
class FileReference:
    """A file kept elsewhere that a member shared in a group."""

    id: strawberry.ID = global_id_field("FileReference")
    created_at: datetime = field("When it was shared.")
    name: str = field("Its name.")
    media_type: str = field("Its media type, such as application/pdf.")
    size_bytes: float = field("Its size in bytes, a whole number.")
    url: str = field("Where it is kept.")
    deleted_at: datetime | None = field("When it was deleted; null unless it is in the bin.")
    deletion_reason: str = field("Why somebody else deleted it; empty otherwise.")
    uploader = reference(
        named_members, "uploader_id", "Who shared it: at least the name, or the pseudonym after an erasure."
    )


@object_type(PostRecord)
class Post(Node):
    """A text that a member shared in a group."""

    id: strawberry.ID = global_id_field("Post")
    created_at: datetime = field("When it was written.")
    edited_at: datetime | None = field("When it was last changed.")
    deleted_at: datetime | None = field("When it was deleted; null unless it is in the bin.")
    deletion_reason: str = field("Why somebody else deleted it; empty otherwise.")
    source: str = field("The text as written, with <@member-id> for whom it mentions.", source="body")

    @batch_field(cost=1)
    @staticmethod
    async def text(parents: Sequence[PostRecord], info: BatchInfo[ApiContext]) -> Sequence[str]:
        """The text with the names, of this moment, of those whom it mentions."""
        return await rendered_bodies(info.context.access, parents)

    author = reference(
        named_members, "author_id", "Who wrote it: at least the name, or the pseudonym after an erasure."
    )
    group = reference(
        optional_groups, "group_id", "The group in which it was shared; null when you are not in it any more."
    )

    @batch_field(cost=3, size=5)
    @staticmethod
    async def mentions(parents: Sequence[PostRecord], info: BatchInfo[ApiContext]) -> Sequence[list[Member]]:
        """Whom it mentions: at least the names, or pseudonyms after an erasure."""
        ids = {parent.id: mentioned(parent.body) for parent in parents}
        everybody = {member_id for found in ids.values() for member_id in found}
        reach = visible_members(info.context.access, named_in_content=everybody)
        members = await load_members(info.context, reach, list(everybody), info.selection.fields())
        found = {post_id: [members[key] for key in keys if key in members] for post_id, keys in ids.items()}
        return in_order(found, [parent.id for parent in parents])

    @batch_field(cost=2, size=3)
    @staticmethod
    async def files(parents: Sequence[PostRecord], info: BatchInfo[ApiContext]) -> Sequence[list[FileReference]]:
        """The files that were shared with it."""
        found = await files_of_posts(readable_content(info.context.access), [parent.id for parent in parents])
        return in_order(found, [parent.id for parent in parents])


@extends(Group)
class GroupContent:
    """What was shared in a group."""

    @batch_field(cost=2)
    @staticmethod
    async def posts(
        parents: Sequence[GroupRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[Post]]:
        """What its members wrote in it, oldest first; for those who may read it."""
        request = page_request(first, after)
        found = await posts_of_groups(readable_content(info.context.access), [parent.id for parent in parents], request)
        return connections(parents, found, request)

    @batch_field(cost=2)
    @staticmethod
    async def files(
        parents: Sequence[GroupRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[FileReference]]:
        """The files that its members shared in it, oldest first; for those who may read it."""
        request = page_request(first, after)
        found = await files_of_groups(readable_content(info.context.access), [parent.id for parent in parents], request)
        return connections(parents, found, request)


@strawberry.type
class BinQueries:
    """Deleted content, while it can be restored."""

    @root_field(cost=3)
    async def deleted_posts(self, info: ApiInfo, first: int = 20, after: str | None = None) -> Connection[Post]:
        """Posts that you deleted, or that were deleted in groups that you moderate; the first deleted first."""
        request = page_request(first, after)
        return connection(await deleted_posts(info.context.access, request), request, place=_deleted)

    @root_field(cost=3)
    async def deleted_files(
        self, info: ApiInfo, first: int = 20, after: str | None = None
    ) -> Connection[FileReference]:
        """Files that you deleted, or that were deleted in groups that you moderate; the first deleted first."""
        request = page_request(first, after)
        return connection(await deleted_files(info.context.access, request), request, place=_deleted)


def _deleted(item: PostRecord | FileRecord) -> Keyset:
    return cast("datetime", item.deleted_at), item.id


async def load_post(info: ApiInfo, identifier: UUID) -> PostRecord | None:
    """Return one by its identifier; None when it is absent or not the caller's to see."""
    return (await posts_by_ids(readable_content(info.context.access), [identifier])).get(identifier)
