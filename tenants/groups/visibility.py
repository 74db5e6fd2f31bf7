"""Which groups one caller may see and manage: the one way to reach group rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType
from uuid import UUID

from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission


class GroupRole(StrEnum):
    """A role in a group."""

    MEMBER = "member"
    GROUP_ADMIN = "group_admin"
    GROUP_OWNER = "group_owner"


GROUP_RANK = {GroupRole.MEMBER: 0, GroupRole.GROUP_ADMIN: 1, GroupRole.GROUP_OWNER: 2}
"""In a group too one manages only those below, and never oneself."""

ABOVE_ALL = max(GROUP_RANK.values()) + 1


@dataclass(frozen=True, slots=True)
class GroupReach:
    """A caller, and whether that one reaches what belongs to every group, or to the own ones."""

    access: Access
    is_everything: bool


VisibleGroups = NewType("VisibleGroups", GroupReach)
"""The groups that one caller may see."""


def visible_groups(access: Access) -> VisibleGroups:
    """Return the groups that the caller may see: those of which he or she is a member now, or all of them.

    Raises:
        PermissionDeniedError: the caller may see no members at all.
    """
    access.require(Permission.MEMBERS_READ)
    return VisibleGroups(GroupReach(access, access.may(Permission.GROUPS_READ_ALL)))


def group_condition(reach: VisibleGroups, column: str, parameters: Parameters) -> str:
    """Return `` and …``: that a column holds the id of a visible group; ``$1`` is the organisation."""
    if reach.is_everything:
        return ""
    return (
        f" and exists (select from group_membership own where own.organisation_id = $1 and own.group_id = {column}"
        f" and own.left_at is null and own.member_id = {parameters.add(reach.access.actor.member_id)})"
    )


MODERATED = """(select m.group_id from group_membership m join user_group g on g.organisation_id = $1
    and g.id = m.group_id and g.archived_at is null where m.organisation_id = $1 and m.left_at is null
    and m.role <> 'member' and m.member_id = {})"""
"""The ids of the open groups in which a member is an admin or owner."""


def moderated_groups(access: Access, column: str, parameters: Parameters) -> str:
    """Return what holds for a column with the id of a group whose content the caller moderates: all, or as its admin.

    An archived group has no admins.
    """
    if access.may(Permission.CONTENT_MODERATE):
        return "true"
    return f"{column} = any(array{MODERATED.format(parameters.add(access.actor.member_id))})"


def group_not_found() -> NotFoundError:
    """Return the one answer for a group that is absent and for one that is not the caller's to see."""
    return NotFoundError("No such group in this organisation: use the id of one that you can see.", path=("group_id",))


async def own_group_rank(access: Access, group_id: UUID) -> int:
    """Return the caller's rank in a group: above all for who manages every group, -1 for who is not in it.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    row = await access.fetchrow(
        """select g.id, m.role from user_group g
            left join group_membership m on m.organisation_id = $1 and m.group_id = g.id and m.member_id = $3
                and m.left_at is null
            where g.organisation_id = $1 and g.id = $2 for no key update of g""",
        group_id,
        access.actor.member_id,
    )
    reach = visible_groups(access)
    if row is None or (row["role"] is None and not reach.is_everything):
        raise group_not_found()
    if Permission.GROUPS_MANAGE in access.permissions:
        return ABOVE_ALL
    return -1 if row["role"] is None else GROUP_RANK[GroupRole(row["role"])]


async def require_group_rank(access: Access, group_id: UUID, least: GroupRole) -> int:
    """Return the caller's rank in a group, which is at least that of a role there.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        PermissionDeniedError: the caller has no such role there, and does not manage all groups.
        InsufficientScopeError: the token does not carry the scope ``write``.
    """
    held = await own_group_rank(access, group_id)
    if held < GROUP_RANK[least]:
        raise PermissionDeniedError("Only an owner or admin of the group can do this: ask one of them.")
    access.require_scope("write")
    return held
