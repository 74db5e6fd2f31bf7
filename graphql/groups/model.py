"""Groups as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, TypeAlias, cast
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field, node_loader
from wardship.graphql.api.paging import connection, connections, page_request
from wardship.graphql.engine import BatchInfo, Connection, backed_by, batch_field, field
from wardship.graphql.members.model import Member, optional_members
from wardship.graphql.members.seen import note_members
from wardship.tenants.content.read import files_of_groups, posts_of_groups
from wardship.tenants.content.visibility import readable_content
from wardship.tenants.groups.change import ContactVisibility, GroupKind
from wardship.tenants.groups.read import (
    GroupOfMember,
    GroupRecord,
    MembershipRecord,
    groups_by_ids,
    members_of_groups,
    memberships_of_groups,
)
from wardship.tenants.groups.visibility import GroupRole, visible_groups
from wardship.tenants.members.visibility import visible_members

if TYPE_CHECKING:
    from wardship.graphql.content.model import FileReference, Post

LazyPost: TypeAlias = Annotated["Post", strawberry.lazy("wardship.graphql.content.model")]
LazyFileReference: TypeAlias = Annotated["FileReference", strawberry.lazy("wardship.graphql.content.model")]

strawberry.enum(GroupRole, name="GroupRole", description="A role in a group.")
strawberry.enum(GroupKind, name="GroupKind", description="What a group stands for.")
strawberry.enum(
    ContactVisibility,
    name="ContactVisibility",
    description="What members of a group, present or past, see of each other.",
)


@strawberry.type(description="A site, user group or team.")
@backed_by(GroupRecord, GroupOfMember)
class Group(Node):
    """A group."""

    id: strawberry.ID = global_id_field("Group")
    created_at: datetime = field(description="When it was made.")
    name: str = field(description="Its name.")
    description: str = field(description="What it is for.")
    kind: GroupKind = field(description="What it stands for.")
    contact_visibility: ContactVisibility = field(description="What its members see of each other.")
    archived_at: datetime | None = field(description="When it was archived; null while it is open.")

    @batch_field(cost=3, description="Its present members, as far as you see them, by the time of joining.")
    @staticmethod
    async def members(
        parents: Sequence[GroupRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[Member]]:
        """Return the members of these groups."""
        request, access = page_request(first, after), info.context.access
        found = await members_of_groups(
            visible_groups(access),
            visible_members(access),
            [parent.id for parent in parents],
            request,
            info.selection.fields("edges.node"),
        )
        note_members(info.context, [record for page in found.values() for record in page.items])
        return connections(parents, found, request, attrgetter("place"))

    @batch_field(cost=2, description="Memberships in it, present ones or past ones, by the time of joining.")
    @staticmethod
    async def memberships(
        parents: Sequence[GroupRecord],
        info: BatchInfo[ApiContext],
        first: int = 20,
        after: str | None = None,
        is_present: bool = True,  # noqa: FBT001, FBT002 - a GraphQL argument
    ) -> Sequence[Connection[GroupMembership]]:
        """Return the memberships in these groups."""
        request = page_request(first, after)
        found = await memberships_of_groups(
            visible_groups(info.context.access), [parent.id for parent in parents], request, is_present=is_present
        )
        return connections(parents, found, request)

    @batch_field(cost=2, description="What its members wrote in it, oldest first; for those who may read it.")
    @staticmethod
    async def posts(
        parents: Sequence[GroupRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[LazyPost]]:
        """Return the posts in these groups."""
        from wardship.graphql.content.model import post_of  # noqa: PLC0415 - posts lead back to groups

        request = page_request(first, after)
        found = await posts_of_groups(readable_content(info.context.access), [parent.id for parent in parents], request)
        return [connection(found[parent.id], request, node=post_of) for parent in parents]

    @batch_field(
        cost=2, description="The files that its members shared in it, oldest first; for those who may read it."
    )
    @staticmethod
    async def files(
        parents: Sequence[GroupRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[LazyFileReference]]:
        """Return the files in these groups."""
        from wardship.graphql.content.model import file_of  # noqa: PLC0415 - files lead back to groups

        request = page_request(first, after)
        found = await files_of_groups(readable_content(info.context.access), [parent.id for parent in parents], request)
        return [connection(found[parent.id], request, node=file_of) for parent in parents]


@strawberry.type(description="A member's time in a group.")
@backed_by(MembershipRecord)
class GroupMembership:
    """A membership in a group."""

    role: GroupRole = field(description="The member's role in the group.", source="role")
    joined_at: datetime = field(description="When the member first joined it.", source="created_at")
    left_at: datetime | None = field(description="When the member left; null while in it.")

    @batch_field(cost=2, description="The member; null when you may not see him or her.")
    @staticmethod
    async def member(parents: Sequence[MembershipRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return the members of these memberships."""
        keys = [parent.member_id for parent in parents]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())

    @batch_field(cost=2, description="The group; null when you may not see it.")
    @staticmethod
    async def group(parents: Sequence[MembershipRecord], info: BatchInfo[ApiContext]) -> Sequence[Group | None]:
        """Return the groups of these memberships."""
        return await optional_groups(info.context, [parent.group_id for parent in parents])


def group_of(record: GroupRecord) -> Group:
    """Return a group of the domain as the API shows it: the record stands for it."""
    return cast("Group", record)


def membership_of(record: MembershipRecord) -> GroupMembership:
    """Return a membership of the domain as the API shows it: the record stands for it."""
    return cast("GroupMembership", record)


async def optional_groups(context: ApiContext, ids: Sequence[UUID | None]) -> list[Group | None]:
    """Return the group for each id, in order; None where there is none or it is not the caller's to see."""
    wanted = {group_id for group_id in ids if group_id is not None}
    found = await groups_by_ids(visible_groups(context.access), wanted) if wanted else {}
    return cast("list[Group | None]", [None if group_id is None else found.get(group_id) for group_id in ids])


@node_loader("Group")
async def _load(info: ApiInfo, identifier: UUID) -> Group | None:
    (found,) = await optional_groups(info.context, [identifier])
    return found
