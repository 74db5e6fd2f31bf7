"""What may be done to groups."""

from __future__ import annotations

from uuid import UUID

import strawberry

from wardship.graphql.api.command import Payload, command, object_field
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.groups.model import Group, GroupMembership
from wardship.tenants.access import Access
from wardship.tenants.groups.change import (
    ContactVisibility,
    GroupKind,
    archive_group,
    create_group,
    describe_group,
    set_contact_visibility,
)
from wardship.tenants.groups.people import add_to_group, remove_from_group, set_group_role
from wardship.tenants.groups.read import GroupRecord, MembershipRecord
from wardship.tenants.groups.visibility import GroupRole


@strawberry.input(description="A new group.")
class CreateGroupInput:
    """Input of ``createGroup``."""

    name: str = strawberry.field(description="A name that no open group has.")
    description: str = strawberry.field(default="", description="What it is for.")
    kind: GroupKind = strawberry.field(default=GroupKind.TEAM, description="What it stands for.")


@strawberry.input(description="A group to act on.")
class GroupInput:
    """Input of mutations that need nothing but a group."""

    group_id: strawberry.ID = strawberry.field(description="The group's id.")

    @property
    def group(self) -> UUID:
        """The group's id."""
        return parse_id("Group", self.group_id, path=("groupId",))


@strawberry.input(description="A change to a group; what is not given stays as it is.")
class DescribeGroupInput(GroupInput):
    """Input of ``describeGroup``."""

    name: str | None = strawberry.field(default=None, description="Its new name.")
    description: str | None = strawberry.field(default=None, description="Its new description.")


@strawberry.input(description="What members of a group see of each other.")
class SetContactVisibilityInput(GroupInput):
    """Input of ``setContactVisibility``."""

    visibility: ContactVisibility = strawberry.field(description="What they see.")


@strawberry.input(description="A member and a group.")
class GroupMemberInput(GroupInput):
    """Input of ``removeGroupMember``."""

    member_id: strawberry.ID = strawberry.field(description="The member's id.")

    @property
    def member(self) -> UUID:
        """The member's id."""
        return parse_id("Member", self.member_id, path=("memberId",))


@strawberry.input(description="A member, a group, and a role there.")
class GroupMemberRoleInput(GroupMemberInput):
    """Input of ``addGroupMember`` and ``setGroupRole``."""

    role: GroupRole = strawberry.field(default=GroupRole.MEMBER, description="The role in the group.")


@strawberry.type(description="The group as it is afterwards, or why the call was refused.")
class GroupPayload(Payload):
    """What mutations of a group answer with."""

    group: GroupRecord | None = object_field(Group, "The group as it is now.")


@strawberry.type(description="The membership as it is afterwards, or why the call was refused.")
class GroupMembershipPayload(Payload):
    """What mutations of a membership answer with."""

    membership: MembershipRecord | None = object_field(GroupMembership, "The membership as it is now.")


@strawberry.type
class GroupMutations:
    """Groups, and who is in them."""

    @command()
    @staticmethod
    async def create_group(access: Access, input: CreateGroupInput) -> GroupPayload:
        """Make a group, in which at first members see each other's names only."""
        made = await create_group(access, input.name, description=input.description, kind=input.kind)
        return GroupPayload(group=made)

    @command()
    @staticmethod
    async def describe_group(access: Access, input: DescribeGroupInput) -> GroupPayload:
        """Change a group's name or description; its own admins may."""
        return GroupPayload(
            group=await describe_group(access, input.group, name=input.name, description=input.description)
        )

    @command()
    @staticmethod
    async def archive_group(access: Access, input: GroupInput) -> GroupPayload:
        """Close a group; its content stays for those who were in it; its own owner may."""
        return GroupPayload(group=await archive_group(access, input.group))

    @command()
    @staticmethod
    async def set_contact_visibility(access: Access, input: SetContactVisibilityInput) -> GroupPayload:
        """Say what members of a group see of each other: the organisation's policy."""
        changed = await set_contact_visibility(access, input.group, input.visibility)
        return GroupPayload(group=changed)

    @command()
    @staticmethod
    async def add_group_member(access: Access, input: GroupMemberRoleInput) -> GroupMembershipPayload:
        """Put a member into a group; its own admins may, with roles below theirs."""
        added = await add_to_group(access, input.group, input.member, input.role)
        return GroupMembershipPayload(membership=added)

    @command()
    @staticmethod
    async def remove_group_member(access: Access, input: GroupMemberInput) -> GroupMembershipPayload:
        """Take a member out of a group, or leave it yourself; what was shared there stays."""
        removed = await remove_from_group(access, input.group, input.member)
        return GroupMembershipPayload(membership=removed)

    @command()
    @staticmethod
    async def set_group_role(access: Access, input: GroupMemberRoleInput) -> GroupMembershipPayload:
        """Change a member's role in a group; the old and the new one are below yours."""
        changed = await set_group_role(access, input.group, input.member, input.role)
        return GroupMembershipPayload(membership=changed)
