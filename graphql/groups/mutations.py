"""What may be done to groups."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.identifiers import id_argument, ids_argument
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.groups.model import Group, GroupMembership
from wardship.graphql.members.mutations import MemberRowsPayload
from wardship.tenants.access import Access
from wardship.tenants.groups.change import (
    ContactVisibility,
    GroupKind,
    archive_group,
    create_group,
    describe_group,
    restore_group,
    set_contact_visibility,
)
from wardship.tenants.groups.managed import hand_group_to_directory, take_group_from_directory
from wardship.tenants.groups.people import (
    add_each_to_group,
    add_to_group,
    remove_each_from_group,
    remove_from_group,
    set_group_role,
)
from wardship.tenants.groups.read import GroupRecord, MembershipRecord
from wardship.tenants.groups.visibility import GroupRole


@input_type
class CreateGroupInput:
    """A new group."""

    name: str = field("A name that no open group has.")
    description: str = field("What it is for.", default="")
    kind: GroupKind = field("What it stands for.", default=GroupKind.TEAM)


@input_type
class GroupInput:
    """A group to act on."""

    group_id: UUID = id_argument("Group", "The group's id.")


@input_type
class RestoreGroupInput(GroupInput):
    """An archived group."""

    name: str | None = field("Another name, where an open group has the old one.", default=None)


@input_type
class DescribeGroupInput(GroupInput):
    """A change to a group; what is not given stays as it is."""

    name: str | None = field("Its new name.", default=None)
    description: str | None = field("Its new description.", default=None)


@input_type
class SetContactVisibilityInput(GroupInput):
    """What members of a group see of each other."""

    visibility: ContactVisibility = field("What they see.")


@input_type
class GroupMemberInput(GroupInput):
    """A member and a group."""

    member_id: UUID = id_argument("Member", "The member's id.")
    is_pinned: bool = field("In a group that a rule fills: that this holds whatever the rule says.", default=False)


@input_type
class GroupMembersInput(GroupInput):
    """Members and a group, at most 200."""

    member_ids: list[UUID] = ids_argument("Member", "Their ids.")
    is_pinned: bool = field("In a group that a rule fills: that this holds whatever the rule says.", default=False)


@input_type
class GroupMemberRoleInput(GroupMemberInput):
    """A member, a group, and a role there."""

    role: GroupRole = field("The role in the group.", default=GroupRole.MEMBER)


@input_type
class SetGroupRoleInput(GroupMemberInput):
    """A member of a group, and the role there from now on."""

    role: GroupRole = field("The role in the group.")


GroupPayload = object_payload("GroupPayload", "group", Group)
GroupMembershipPayload = object_payload("GroupMembershipPayload", "membership", GroupMembership)


@strawberry.type
class GroupMutations:
    """Groups, and who is in them."""

    @command(GroupPayload)
    async def create_group(self, access: Access, input: CreateGroupInput) -> GroupRecord:
        """Make a group, in which at first members see each other's names only."""
        return await create_group(access, input.name, description=input.description, kind=input.kind)

    @command(GroupPayload)
    async def describe_group(self, access: Access, input: DescribeGroupInput) -> GroupRecord:
        """Change a group's name or description; its own admins may."""
        return await describe_group(access, input.group_id, name=input.name, description=input.description)

    @command(GroupPayload)
    async def archive_group(self, access: Access, input: GroupInput) -> GroupRecord:
        """Close a group; its content stays for those who were in it, sharing for it ends; its own owner may."""
        return await archive_group(access, input.group_id)

    @command(GroupPayload)
    async def restore_group(self, access: Access, input: RestoreGroupInput) -> GroupRecord:
        """Open an archived group again: who was in it still is, and shares again what is granted; its own owner may."""
        return await restore_group(access, input.group_id, name=input.name)

    @command(GroupPayload)
    async def hand_group_to_directory(self, access: Access, input: GroupInput) -> GroupRecord:
        """Let the organisation's directory decide on a group's name and people, who stay as they are. Needs step-up."""
        return await hand_group_to_directory(access, input.group_id)

    @command(GroupPayload)
    async def take_group_from_directory(self, access: Access, input: GroupInput) -> GroupRecord:
        """Let people decide on a group again; those who are in it stay. Needs step-up."""
        return await take_group_from_directory(access, input.group_id)

    @command(GroupPayload)
    async def set_contact_visibility(self, access: Access, input: SetContactVisibilityInput) -> GroupRecord:
        """Say what members of a group see of each other: the organisation's policy."""
        return await set_contact_visibility(access, input.group_id, input.visibility)

    @command(GroupMembershipPayload)
    async def add_group_member(self, access: Access, input: GroupMemberRoleInput) -> MembershipRecord:
        """Put a member into a group; its own admins may, with roles below theirs; more than a member needs step-up."""
        return await add_to_group(access, input.group_id, input.member_id, input.role, is_pinned=input.is_pinned)

    @command(GroupMembershipPayload)
    async def remove_group_member(self, access: Access, input: GroupMemberInput) -> MembershipRecord:
        """Take a member out of a group (an admin: needs step-up), or leave it yourself; what was shared there stays."""
        return await remove_from_group(access, input.group_id, input.member_id, is_pinned=input.is_pinned)

    @command(GroupMembershipPayload)
    async def set_group_role(self, access: Access, input: SetGroupRoleInput) -> MembershipRecord:
        """Change a member's role in a group; the old and the new one are below yours; needs step-up."""
        return await set_group_role(access, input.group_id, input.member_id, input.role, is_pinned=input.is_pinned)

    @command(cost=50)
    async def add_group_members(self, access: Access, input: GroupMembersInput) -> MemberRowsPayload:
        """Put members into a group, each as `addGroupMember` does and refused by itself."""
        rows = await add_each_to_group(access, input.group_id, input.member_ids, is_pinned=input.is_pinned)
        return MemberRowsPayload(rows=rows)

    @command(cost=50)
    async def remove_group_members(self, access: Access, input: GroupMembersInput) -> MemberRowsPayload:
        """Take members out of a group, each as `removeGroupMember` does and refused by itself."""
        rows = await remove_each_from_group(access, input.group_id, input.member_ids, is_pinned=input.is_pinned)
        return MemberRowsPayload(rows=rows)
