"""Groups as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import asks_places, connections, page_request
from wardship.graphql.api.relations import extends, in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field
from wardship.graphql.members.access_recording import note_members
from wardship.graphql.members.model import Member, related_members
from wardship.tenants.groups.change import ContactVisibility, GroupKind
from wardship.tenants.groups.read import (
    GroupOfMember,
    GroupRecord,
    ManagedBy,
    MembershipRecord,
    groups_by_ids,
    groups_of_members,
    members_of_groups,
    memberships_of_groups,
    memberships_of_members,
)
from wardship.tenants.groups.visibility import GroupRole, visible_groups
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.members.visibility import visible_members

strawberry.enum(GroupRole, name="GroupRole", description="A role in a group.")
strawberry.enum(GroupKind, name="GroupKind", description="What a group stands for.")
strawberry.enum(
    ContactVisibility,
    name="ContactVisibility",
    description="What members of a group, present or past, see of each other.",
)


strawberry.enum(ManagedBy, name="GroupManagement", description="Who decides on a group's name and on who is in it.")


@object_type(GroupRecord, GroupOfMember)
class Group(Node):
    """A site, user group or team."""

    id: strawberry.ID = global_id_field("Group")
    created_at: datetime = field("When it was made.")
    name: str = field("Its name.")
    description: str = field("What it is for.")
    kind: GroupKind = field("What it stands for.")
    contact_visibility: ContactVisibility = field("What its members see of each other.")
    archived_at: datetime | None = field("When it was archived; null while it is open.")
    managed_by: ManagedBy = field("Who decides on its name and on who is in it.")

    @batch_field(cost=3)
    @staticmethod
    async def members(
        parents: Sequence[GroupRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[Member]]:
        """Its present members, as far as you see them, by the time of joining."""
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

    @batch_field(cost=2)
    @staticmethod
    async def memberships(
        parents: Sequence[GroupRecord],
        info: BatchInfo[ApiContext],
        first: int = 20,
        after: str | None = None,
        *,
        is_present: bool = True,
    ) -> Sequence[Connection[GroupMembership]]:
        """Memberships in it, present ones or past ones, by the time of joining."""
        request = page_request(first, after)
        found = await memberships_of_groups(
            visible_groups(info.context.access), [parent.id for parent in parents], request, is_present=is_present
        )
        return connections(parents, found, request)


async def optional_groups(info: ApiInfo | BatchInfo[ApiContext], ids: Sequence[UUID | None]) -> list[Group | None]:
    """Return the group for each id, in order; None where there is none or it is not the caller's to see."""
    wanted = {group_id for group_id in ids if group_id is not None}
    found = await groups_by_ids(visible_groups(info.context.access), wanted) if wanted else {}
    return in_order(found, ids)


@object_type(MembershipRecord)
class GroupMembership:
    """A member's time in a group."""

    role: GroupRole = field("The member's role in the group.", source="role")
    joined_at: datetime = field("When the member joined it, this time.", source="created_at")
    left_at: datetime | None = field("When the member left; null while in it.")
    is_by_rule: bool = field("Whether the group's rule has put the member in, and takes him or her out again.")
    member = reference(related_members, "member_id", "The member; null when you may not see him or her.")
    group = reference(optional_groups, "group_id", "The group; null when you may not see it.")


@extends(Member)
class MemberGroups:
    """The groups of a member."""

    @batch_field(cost=2)
    @staticmethod
    async def groups(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[Group]]:
        """Groups of which the person is a member now, as far as you see them."""
        request = page_request(first, after)
        found = await groups_of_members(
            visible_groups(info.context.access),
            [parent.id for parent in parents],
            request,
            columns=info.selection.fields("edges.node"),
            with_places=asks_places(info.selection),
        )
        return connections(parents, found, request, attrgetter("place"))

    @batch_field(cost=2)
    @staticmethod
    async def memberships(
        parents: Sequence[MemberRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[GroupMembership]]:
        """The person's present memberships in groups, as far as you see them."""
        request = page_request(first, after)
        found = await memberships_of_members(
            visible_groups(info.context.access), [parent.id for parent in parents], request
        )
        return connections(parents, found, request)


async def load_group(info: ApiInfo, identifier: UUID) -> Group | None:
    """Return one by its identifier; None when it is absent or not the caller's to see."""
    (found,) = await optional_groups(info, [identifier])
    return found
