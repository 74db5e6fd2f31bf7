"""Create, describe and archive groups, and say what their members see of each other."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.groups.notices import GROUP_ARCHIVED, GROUP_RESTORED, GROUP_SHOWS_CONTACTS
from wardship.tenants.groups.read import GROUP, GroupRecord, ManagedBy, group_by_id
from wardship.tenants.groups.telling import tell_whole_group
from wardship.tenants.groups.visibility import GroupRole, group_not_found, require_group_rank
from wardship.tenants.members.fields import members_changed
from wardship.tenants.permissions import Permission
from wardship.tenants.text import many_lines, one_line


class GroupNameTakenError(ConflictError):
    """Another group has this name: choose another."""

    code = "GROUP_NAME_TAKEN"


class GroupArchivedError(ConflictError):
    """The group is archived: nothing in it changes any more."""

    code = "GROUP_ARCHIVED"


class GroupOfDirectoryError(ConflictError):
    """The organisation's directory decides who is in the group: change it there, or take the group from it first."""

    code = "GROUP_OF_DIRECTORY"


class GroupOpenError(ConflictError):
    """The group is not archived: there is nothing to restore."""

    code = "GROUP_OPEN"


class GroupKind(StrEnum):
    """What a group stands for."""

    SITE = "site"
    USER_GROUP = "user_group"
    TEAM = "team"


class ContactVisibility(StrEnum):
    """What members of a group, present or past, see of each other."""

    NAME_ONLY = "name_only"
    CONTACT_DETAILS = "contact_details"


async def create_group(
    access: Access, name: str, *, description: str = "", kind: GroupKind = GroupKind.TEAM
) -> GroupRecord:
    """Make a group, in which at first members see each other's names only.

    Raises:
        GroupNameTakenError: another group has the name.
    """
    access.require(Permission.GROUPS_MANAGE)
    group_id = uuid7()
    made = await access.execute(
        "insert into user_group (organisation_id, id, created_at, name, description, kind)"
        " values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        group_id,
        access.now,
        one_line(name, "name", least=1),
        many_lines(description, "description", most=2000),
        kind.value,
    )
    if not made:
        raise name_taken()
    await access.audit("group.created", "group", group_id)
    return await group_by_id(access, group_id)


async def describe_group(
    access: Access, group_id: UUID, *, name: str | None = None, description: str | None = None
) -> GroupRecord:
    """Change a group's name or description; its own admins may.

    Raises:
        GroupNameTakenError: another group has the name.
        GroupArchivedError: the group is archived.
    """
    await require_group_rank(access, group_id, GroupRole.GROUP_ADMIN)
    group = await open_group(access, group_id)
    if name is not None:
        require_by_hand(group)
    wanted = group.name if name is None else one_line(name, "name", least=1)
    text = group.description if description is None else many_lines(description, "description", most=2000)
    if await is_name_taken(access, group_id, wanted):
        raise name_taken()
    changed = await update_group(access, group_id, "name = $3, description = $4", wanted, text)
    await access.audit("group.described", "group", group_id)
    return changed


async def archive_group(access: Access, group_id: UUID) -> GroupRecord:
    """Close a group: its content stays for those who were in it, sharing for it ends; its own owner may.

    What is installed for the group stays, so that opening it again would let it share again; vendors erase what they
    hold on that ground.

    Raises:
        GroupArchivedError: it is archived already.
    """
    await require_group_rank(access, group_id, GroupRole.GROUP_OWNER)
    require_by_hand(await open_group(access, group_id))
    return await close_group(access, group_id)


async def close_group(access: Access, group_id: UUID) -> GroupRecord:
    """Close an open group, of which the directory says nothing any more; for acts that have checked who may."""
    end = "archived_at = $3, managed_by = 'people', external_id = ''"
    changed = await update_group(access, group_id, end, access.now)
    await access.audit("group.archived", "group", group_id)
    await tell_whole_group(access, GROUP_ARCHIVED, changed)
    await members_changed(access, await _present(access, group_id), frozenset({"groups"}))
    return changed


async def restore_group(access: Access, group_id: UUID, *, name: str | None = None) -> GroupRecord:
    """Open an archived group again: who was in it still is, and shares again what is granted; its own owner may.

    Args:
        access: the caller.
        group_id: which.
        name: another name, where an open group has taken the old one meanwhile.

    Raises:
        GroupOpenError: it is not archived.
        GroupNameTakenError: an open group has the name.
    """
    await require_group_rank(access, group_id, GroupRole.GROUP_OWNER)
    group = await group_by_id(access, group_id)
    if group.archived_at is None:
        raise GroupOpenError("This group is open: there is nothing to restore.", path=("group_id",))
    wanted = group.name if name is None else one_line(name, "name", least=1)
    if await is_name_taken(access, group_id, wanted):
        raise name_taken()
    changed = await update_group(access, group_id, "archived_at = null, name = $3", wanted)
    await access.audit("group.restored", "group", group_id)
    await tell_whole_group(access, GROUP_RESTORED, changed)
    await members_changed(access, await _present(access, group_id), frozenset({"groups"}))
    return changed


async def set_contact_visibility(access: Access, group_id: UUID, visibility: ContactVisibility) -> GroupRecord:
    """Say what members of a group see of each other: the organisation's policy, hence not the group's own to set.

    Raises:
        GroupArchivedError: the group is archived.
    """
    group = await open_group(access, group_id)
    access.require(Permission.GROUPS_MANAGE)
    changed = await update_group(access, group_id, "contact_visibility = $3", visibility.value)
    await access.audit("group.contact_visibility_set", "group", group_id, visibility=visibility.value)
    if visibility is ContactVisibility.CONTACT_DETAILS and group.contact_visibility != visibility.value:
        await tell_whole_group(access, GROUP_SHOWS_CONTACTS, changed)
    return changed


async def open_group(access: Access, group_id: UUID) -> GroupRecord:
    """Return a group that is not archived.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        GroupArchivedError: it is archived.
    """
    group = await group_by_id(access, group_id)
    if group.archived_at is not None:
        raise GroupArchivedError("This group is archived: restore it, or make a new one.", path=("group_id",))
    return group


def require_by_hand(group: GroupRecord) -> None:
    """Refuse what people do with a group whose name and people the directory decides.

    Raises:
        GroupOfDirectoryError: it does.
    """
    if group.managed_by is ManagedBy.DIRECTORY:
        raise GroupOfDirectoryError(
            "The organisation's directory decides on this group: change it there, or take the group from it first"
            " (takeGroupFromDirectory).",
            path=("group_id",),
        )


async def is_name_taken(access: Access, group_id: UUID, name: str) -> bool:
    """Return whether another open group has a name."""
    found = await access.fetchval(
        "select true from user_group where organisation_id = $1 and name = $3 and id <> $2 and archived_at is null",
        group_id,
        name,
    )
    return bool(found)


async def _present(access: Access, group_id: UUID) -> list[UUID]:
    rows = await access.fetch(
        "select member_id from group_membership where organisation_id = $1 and group_id = $2 and left_at is null"
        " order by member_id",
        group_id,
    )
    return [row["member_id"] for row in rows]


async def update_group(access: Access, group_id: UUID, assignments: str, *values: object) -> GroupRecord:
    """Change a group that the caller has just been shown, and return it as it is now."""
    row = await access.fetchrow_as(
        GroupRecord,
        f"update user_group g set {assignments} where g.organisation_id = $1 and g.id = $2 returning {GROUP}",  # noqa: S608 - constants
        group_id,
        *values,
    )
    if row is None:
        raise group_not_found()
    return row


def name_taken() -> GroupNameTakenError:
    """Return the refusal of a name that an open group has."""
    return GroupNameTakenError("Another group has this name: choose another.", path=("name",))
