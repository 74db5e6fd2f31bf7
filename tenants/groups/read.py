"""Find groups, and who is in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.groups.visibility import (
    GroupRole,
    VisibleGroups,
    group_condition,
    group_not_found,
    visible_groups,
)
from wardship.tenants.members.records import MemberRecord, member_record
from wardship.tenants.members.visibility import VisibleMembers, narrowed, source
from wardship.tenants.paging import Page, PageRequest, page_of
from wardship.tenants.parameters import Parameters


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """A group; ``kind`` is ``site``, ``user_group`` or ``team``, ``contact_visibility`` what its members see."""

    id: UUID
    created_at: datetime
    name: str
    description: str
    kind: str
    contact_visibility: str
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class MembershipRecord:
    """A member's time in a group."""

    id: UUID
    created_at: datetime
    group_id: UUID
    member_id: UUID
    role: GroupRole
    left_at: datetime | None


_GROUP = "g.id, g.created_at, g.name, g.description, g.kind, g.contact_visibility, g.archived_at"
_MEMBERSHIP = "s.id, s.created_at, s.group_id, s.member_id, s.role, s.left_at"
_JOINED = "s.id as membership_id, s.created_at as entered_at, s.group_id, s.member_id, s.role, s.left_at"


async def groups_by_ids(reach: VisibleGroups, ids: Collection[UUID]) -> dict[UUID, GroupRecord]:
    """Return the visible ones among these groups, by id."""
    parameters = Parameters(reach.access.organisation_id, list(ids))
    sql = f"select {_GROUP} from user_group g where g.organisation_id = $1 and g.id = any($2::uuid[])"  # noqa: S608 - constants
    rows = await reach.access.transaction.fetch(sql + group_condition(reach, "g.id", parameters), *parameters.values)
    return {row["id"]: _group(row) for row in rows}


async def group_by_id(access: Access, group_id: UUID) -> GroupRecord:
    """Return one group.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    found = await groups_by_ids(visible_groups(access), [group_id])
    if group_id not in found:
        raise group_not_found()
    return found[group_id]


async def list_groups(
    reach: VisibleGroups, page: PageRequest, *, name_prefix: str = "", is_archived: bool = False
) -> Page[GroupRecord]:
    """Return a page of the visible groups, ordered by time of creation."""
    parameters = Parameters(reach.access.organisation_id)
    sql = f"select {_GROUP} from user_group g where g.organisation_id = $1"  # noqa: S608 - constants
    sql += " and g.archived_at is not null" if is_archived else " and g.archived_at is null"
    if name_prefix:
        sql += parameters.prefix("g.name", name_prefix)
    sql += group_condition(reach, "g.id", parameters)
    if page.after is not None:
        sql += f" and (g.created_at, g.id) > ({parameters.add(page.after[0])}, {parameters.add(page.after[1])})"
    sql += f" order by g.created_at, g.id limit {page.ceiling}"
    return page_of(await reach.access.transaction.fetch(sql, *parameters.values), page, _group)


async def groups_of_members(
    reach: VisibleGroups, member_ids: Collection[UUID], page: PageRequest
) -> dict[UUID, Page[tuple[MembershipRecord, GroupRecord]]]:
    """Return, for each member, a page of present memberships in visible groups, ordered by time of joining."""
    parameters = Parameters(reach.access.organisation_id, list(member_ids))
    inner = f"""
        select {_JOINED}, {_GROUP} from group_membership s
        join user_group g on g.organisation_id = $1 and g.id = s.group_id and g.archived_at is null
        where s.organisation_id = $1 and s.member_id = p.id and s.left_at is null
        {group_condition(reach, "s.group_id", parameters)}{_after(page, parameters)}
        order by s.created_at, s.id limit {page.ceiling}"""  # noqa: S608 - constants
    rows = await _lateral(reach, inner, parameters)
    found: dict[UUID, list[Any]] = {member_id: [] for member_id in member_ids}
    for row in rows:
        found[row["member_id"]].append(row)
    return {key: page_of(items, page, lambda row: (_joined(row), _group(row))) for key, items in found.items()}


async def memberships_of_groups(
    reach: VisibleGroups, group_ids: Collection[UUID], page: PageRequest, *, is_present: bool = True
) -> dict[UUID, Page[MembershipRecord]]:
    """Return, for each visible group, a page of its present (or past) memberships, ordered by time of joining."""
    parameters = Parameters(reach.access.organisation_id, list(group_ids))
    inner = f"""
        select {_MEMBERSHIP} from group_membership s
        where s.organisation_id = $1 and s.group_id = p.id and (s.left_at is null) = {parameters.add(is_present)}
        {group_condition(reach, "s.group_id", parameters)}{_after(page, parameters)}
        order by s.created_at, s.id limit {page.ceiling}"""  # noqa: S608 - constants
    rows = await _lateral(reach, inner, parameters)
    found: dict[UUID, list[Any]] = {group_id: [] for group_id in group_ids}
    for row in rows:
        found[row["group_id"]].append(row)
    return {key: page_of(items, page, membership_record) for key, items in found.items()}


async def members_of_groups(
    reach: VisibleGroups,
    members: VisibleMembers,
    group_ids: Collection[UUID],
    page: PageRequest,
    columns: Collection[str],
) -> dict[UUID, Page[tuple[MembershipRecord, MemberRecord]]]:
    """Return, for each visible group, a page of its present members as the caller sees them, by the time of joining."""
    visible, parameters = source(members, columns)
    ids = parameters.add(list(group_ids))
    inner = f"""
        select {_JOINED} from group_membership s
        where s.organisation_id = $1 and s.group_id = p.id and s.left_at is null
        {group_condition(reach, "s.group_id", parameters)}{_after(page, parameters)}
        order by s.created_at, s.id limit {page.ceiling}"""  # noqa: S608 - constants
    visible += narrowed(members, "= r.member_id") + " limit 1"  # so that it is looked up, not joined with all
    sql = f"""select r.membership_id, r.entered_at, r.group_id, r.member_id, r.role, r.left_at as departed_at, found.*
        from unnest({ids}::uuid[]) as p (id) cross join lateral ({inner}) r cross join lateral ({visible}) found
        order by r.entered_at, r.membership_id"""  # noqa: S608 - constants
    found: dict[UUID, list[Any]] = {group_id: [] for group_id in group_ids}
    for row in await reach.access.transaction.fetch(sql, *parameters.values):
        found[row["group_id"]].append(row)
    return {key: page_of(items, page, lambda row: (_present(row), member_record(row))) for key, items in found.items()}


def membership_record(row: Mapping[str, Any]) -> MembershipRecord:
    """Return a membership from a row with its columns."""
    return MembershipRecord(
        row["id"], row["created_at"], row["group_id"], row["member_id"], GroupRole(row["role"]), row["left_at"]
    )


def _after(page: PageRequest, parameters: Parameters) -> str:
    if page.after is None:
        return ""
    return f" and (s.created_at, s.id) > ({parameters.add(page.after[0])}, {parameters.add(page.after[1])})"


async def _lateral(reach: VisibleGroups, inner: str, parameters: Parameters) -> list[Any]:
    sql = f"select r.* from unnest($2::uuid[]) as p (id) cross join lateral ({inner}) r"  # noqa: S608 - constants
    return await reach.access.transaction.fetch(sql, *parameters.values)


def _group(row: Mapping[str, Any]) -> GroupRecord:
    return GroupRecord(
        row["id"],
        row["created_at"],
        row["name"],
        row["description"],
        row["kind"],
        row["contact_visibility"],
        row["archived_at"],
    )


def _present(row: Mapping[str, Any]) -> MembershipRecord:
    return MembershipRecord(
        row["membership_id"],
        row["entered_at"],
        row["group_id"],
        row["member_id"],
        GroupRole(row["role"]),
        row["departed_at"],
    )


def _joined(row: Mapping[str, Any]) -> MembershipRecord:
    return MembershipRecord(
        row["membership_id"],
        row["entered_at"],
        row["group_id"],
        row["member_id"],
        GroupRole(row["role"]),
        row["left_at"],
    )
