"""Groups whose name and people the organisation's directory decides: made, filled and closed by it, and handed over.

Whoever has a role in such a group keeps it as long as the directory leaves the person in it; the directory gives none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.groups.change import (
    GroupOfDirectoryError,
    close_group,
    is_name_taken,
    name_taken,
    open_group,
    require_by_hand,
    update_group,
)
from wardship.tenants.groups.notices import GROUP_JOINED, GROUP_LEFT
from wardship.tenants.groups.read import GroupRecord, ManagedBy, group_by_id
from wardship.tenants.groups.visibility import group_not_found
from wardship.tenants.members.fields import members_changed
from wardship.tenants.notices.tell import tell
from wardship.tenants.permissions import Permission
from wardship.tenants.text import one_line

LARGEST_CHANGE: Final = 5000
"""People whom one call puts into a group, or takes out."""

_MAKE: Final = (
    "insert into user_group (organisation_id, id, created_at, name, managed_by, external_id, directory_changed_at)"
    " values ($1, $2, $3, $4, 'directory', $5, $3) on conflict do nothing"
)
_RULE: Final = "select true from group_rule where organisation_id = $1 and group_id = $2"
_PRESENT: Final = (
    "select member_id from group_membership where organisation_id = $1 and group_id = $2 and left_at is null"
)
# In the order of ids, and as everything locks members that changes them or takes them out of groups.
_LOCK_KNOWN: Final = (
    "select w.id from unnest($2::uuid[]) as w (id) cross join lateral (select from member m"
    " where m.organisation_id = $1 and m.id = w.id and m.state in ('active', 'deactivated') limit 1"
    " for no key update) found"
)
_PUT_IN: Final = (
    "insert into group_membership (organisation_id, id, created_at, group_id, member_id)"
    " select $1, new_id, $2, $3, member_id from unnest($4::uuid[], $5::uuid[]) as w (new_id, member_id)"
    " on conflict (organisation_id, group_id, member_id) where left_at is null do nothing"
)
_TAKE_OUT: Final = (
    "update group_membership set left_at = $3, role = 'member'"
    " where organisation_id = $1 and group_id = $2 and member_id = any($4::uuid[]) and left_at is null"
)


class GroupHasRuleError(ConflictError):
    """A rule fills the group: end the rule before the directory decides on it."""

    code = "GROUP_HAS_RULE"


class GroupOfPeopleError(GroupOfDirectoryError):
    """People decide who is in the group already: there is nothing to take from the directory."""

    code = "GROUP_OF_PEOPLE"


async def make_managed_group(access: Access, name: str, external_id: str = "") -> UUID:
    """Make a group for the directory and return its id.

    Raises:
        GroupNameTakenError: an open group has the name, or one the directory's identifier.
    """
    access.require(Permission.GROUPS_MANAGE)
    group_id = uuid7()
    if not await access.execute(_MAKE, group_id, access.now, one_line(name, "name", least=1), external_id):
        raise name_taken()
    await access.audit("group.created", "group", group_id, by="directory")
    return group_id


async def describe_managed_group(access: Access, group_id: UUID, name: str, external_id: str) -> None:
    """Give a group of the directory's the name and the identifier that it has there.

    Raises:
        NotFoundError: it has no such group.
        GroupNameTakenError: another open group has the name.
    """
    group = await managed_group(access, group_id)
    wanted = one_line(name, "name", least=1)
    if wanted != group.name and await is_name_taken(access, group_id, wanted):
        raise name_taken()
    assignments = "name = $3, external_id = $4, directory_changed_at = $5"
    await update_group(access, group_id, assignments, wanted, external_id, access.now)
    if wanted != group.name:
        await access.audit("group.described", "group", group_id)


async def set_managed_people(access: Access, group_id: UUID, member_ids: Collection[UUID]) -> list[UUID]:
    """Let exactly these members be in a group of the directory's, and tell those who come and go.

    Whoever is no member here is left out, and returned.

    Raises:
        NotFoundError: the directory has no such group.
        InvalidInputError: more people come or go than one call may move.
    """
    group = await managed_group(access, group_id)
    present = {row["member_id"] for row in await access.fetch(_PRESENT, group_id)}
    come, go = sorted(set(member_ids) - present), sorted(present - set(member_ids))
    if max(len(come), len(go)) > LARGEST_CHANGE:
        raise InvalidInputError(f"Put at most {LARGEST_CHANGE} people in or take them out at once.", path=("members",))
    known = await _lock_known(access, sorted({*come, *go}))
    left_out = [each for each in come if each not in known]
    come = [each for each in come if each in known]
    if not come and not go:
        return left_out
    await access.execute(_PUT_IN, access.now, group_id, [uuid7() for _ in come], come)
    await access.execute(_TAKE_OUT, group_id, access.now, go)
    moved = {"added": [str(each) for each in come], "removed": [str(each) for each in go]}
    await access.audit("group.people_set", "group", group_id, **moved)
    await _tell_moved(access, group, come, go)
    await members_changed(access, [*come, *go], frozenset({"groups"}))
    return left_out


async def _lock_known(access: Access, member_ids: Sequence[UUID]) -> set[UUID]:
    return {row["id"] for row in await access.fetch(_LOCK_KNOWN, member_ids)} if member_ids else set()


async def _tell_moved(access: Access, group: GroupRecord, come: Sequence[UUID], go: Sequence[UUID]) -> None:
    if come:
        await tell(access, GROUP_JOINED, come, target=("group", group.id), group=group.name, role="")
    if go:
        await tell(access, GROUP_LEFT, go, target=("group", group.id), group=group.name)


async def close_managed_group(access: Access, group_id: UUID) -> None:
    """Archive a group that the directory has no more: nothing in it is erased, and people may open it again.

    Raises:
        NotFoundError: the directory has no such group.
    """
    await managed_group(access, group_id)
    await close_group(access, group_id)


async def managed_group(access: Access, group_id: UUID) -> GroupRecord:
    """Return an open group of the directory's, for the directory.

    Raises:
        NotFoundError: it has none such.
    """
    access.require(Permission.GROUPS_MANAGE)
    group = await group_by_id(access, group_id)
    if group.managed_by is not ManagedBy.DIRECTORY or group.archived_at is not None:
        raise group_not_found()
    return group


async def hand_group_to_directory(access: Access, group_id: UUID) -> GroupRecord:
    """Let the organisation's directory decide on a group's name and people, whom it finds as they are.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        StepUpRequiredError: the second factor was not shown a moment ago.
        GroupArchivedError: it is archived.
        GroupOfDirectoryError: it does already.
        GroupHasRuleError: a rule fills it.
    """
    group = await open_group(access, group_id)
    access.require(Permission.GROUPS_MANAGE)
    access.require_step_up()
    require_by_hand(group)
    if await access.fetchval(_RULE, group_id):
        raise GroupHasRuleError("A rule fills this group: end the rule first (endGroupRule).", path=("group_id",))
    return await _hand_over(access, group_id, ManagedBy.DIRECTORY)


async def take_group_from_directory(access: Access, group_id: UUID) -> GroupRecord:
    """Let people decide on a group again, which the directory finds no more; those who are in it stay.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        StepUpRequiredError: the second factor was not shown a moment ago.
        GroupOfPeopleError: they do already.
    """
    group = await group_by_id(access, group_id)
    access.require(Permission.GROUPS_MANAGE)
    access.require_step_up()
    if group.managed_by is ManagedBy.PEOPLE:
        raise GroupOfPeopleError("People decide on this group already.", path=("group_id",))
    return await _hand_over(access, group_id, ManagedBy.PEOPLE)


async def _hand_over(access: Access, group_id: UUID, to: ManagedBy) -> GroupRecord:
    assignments = "managed_by = $3, external_id = '', directory_changed_at = $4"
    changed = await update_group(access, group_id, assignments, to.value, access.now)
    await access.audit("group.handed_over", "group", group_id, to=to.value)
    return changed
