"""Find groups, and who is in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any
from uuid import UUID

from wardship.core.database.engine import RowT
from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access
from wardship.tenants.groups.visibility import (
    GroupRole,
    VisibleGroups,
    group_condition,
    group_not_found,
    visible_groups,
)
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.members.visibility import VisibleMembers, narrowed, source
from wardship.tenants.paging import Page, PageRequest, page_of_rows, pages_by_parent, rest_sql
from wardship.tenants.parameters import Parameters

_PLACE: Any = property(itemgetter("entered_at", "membership_id"))


class ManagedBy(StrEnum):
    """Who decides who is in a group."""

    PEOPLE = "people"
    DIRECTORY = "directory"


class GroupRecord(Row):
    """A group; ``kind`` is ``site``, ``user_group`` or ``team``, ``contact_visibility`` what its members see."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    name: str = column("name")
    description: str = column("description")
    kind: str = column("kind")
    contact_visibility: str = column("contact_visibility")
    archived_at: datetime | None = column("archived_at")
    managed_by: ManagedBy = column("managed_by", ManagedBy)


class MembershipRecord(Row):
    """A member's time in a group, in a row with ``MEMBERSHIP``'s columns."""

    __slots__ = ()

    id: UUID = column("membership_id")
    created_at: datetime = column("entered_at")
    group_id: UUID = column("group_id")
    member_id: UUID = column("member_id")
    role: GroupRole = column("role", GroupRole)
    left_at: datetime | None = column("departed_at")
    is_by_rule: bool = column("is_by_rule")


class GroupOfMember(GroupRecord):
    """A group that a member is in, and where it stands among the member's groups."""

    __slots__ = ()

    place: tuple[datetime, UUID] = _PLACE


class MemberOfGroup(MemberRecord):
    """A member of a group, and where he or she stands among its members."""

    __slots__ = ()

    place: tuple[datetime, UUID] = _PLACE


GROUP_COLUMNS = ("created_at", "name", "description", "kind", "contact_visibility", "archived_at", "managed_by")
"""The columns of a group besides its id."""

GROUP = "g.id, " + ", ".join(f"g.{name}" for name in GROUP_COLUMNS)
MEMBERSHIP = (
    "s.id as membership_id, s.created_at as entered_at, s.group_id, s.member_id, s.role, s.left_at as departed_at,"
    " s.is_by_rule"
)
"""The columns of a membership, of a table named ``s``."""


async def groups_by_ids(reach: VisibleGroups, ids: Collection[UUID]) -> dict[UUID, GroupRecord]:
    """Return the visible ones among these groups, by id."""
    parameters = Parameters(reach.access.organisation_id)
    sql = f"select {GROUP} from user_group g where g.organisation_id = $1 and g.id = w.id"
    sql = parameters.for_each(ids, sql + group_condition(reach, "g.id", parameters))
    rows = await reach.access.transaction.fetch_as(GroupRecord, sql, *parameters.values)
    return {row.id: row for row in rows}


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
    sql = f"select {GROUP} from user_group g where g.organisation_id = $1"
    sql += " and g.archived_at is not null" if is_archived else " and g.archived_at is null"
    if name_prefix:
        sql += parameters.prefix("g.name", name_prefix)
    sql += group_condition(reach, "g.id", parameters) + rest_sql(page, parameters, "g.created_at, g.id")
    return page_of_rows(await reach.access.transaction.fetch_as(GroupRecord, sql, *parameters.values), page)


async def groups_of_members(
    reach: VisibleGroups,
    member_ids: Collection[UUID],
    page: PageRequest,
    *,
    columns: Collection[str] = GROUP_COLUMNS,
    with_places: bool = True,
) -> dict[UUID, Page[GroupOfMember]]:
    """Return, for each member, a page of the visible groups that he or she is in now, by the time of joining.

    Args:
        reach: the groups that the caller may see.
        member_ids: whose.
        page: what is asked for.
        columns: those of a group that are read besides its id.
        with_places: whether the places in the list are read too, for cursors.
    """
    asked = "s.member_id, g.id" + "".join(f", g.{name}" for name in GROUP_COLUMNS if name in columns)
    places = ", s.created_at as entered_at, s.id as membership_id" if with_places else ""
    return await _present(reach, member_ids, page, GroupOfMember, asked + places)


async def memberships_of_members(
    reach: VisibleGroups, member_ids: Collection[UUID], page: PageRequest
) -> dict[UUID, Page[MembershipRecord]]:
    """Return, for each member, a page of present memberships in visible groups, by the time of joining."""
    return await _present(reach, member_ids, page, MembershipRecord, MEMBERSHIP)


async def _present(
    reach: VisibleGroups, member_ids: Collection[UUID], page: PageRequest, kind: type[RowT], columns: str
) -> dict[UUID, Page[RowT]]:
    parameters = Parameters(reach.access.organisation_id, list(member_ids))
    inner = f"""
        select {columns} from group_membership s
        join user_group g on g.organisation_id = $1 and g.id = s.group_id and g.archived_at is null
        where s.organisation_id = $1 and s.member_id = p.id and s.left_at is null
        {group_condition(reach, "s.group_id", parameters)}{rest_sql(page, parameters, "s.created_at, s.id")}"""
    return pages_by_parent(member_ids, await _lateral(reach, kind, inner, parameters), "member_id", page)


async def memberships_of_groups(
    reach: VisibleGroups, group_ids: Collection[UUID], page: PageRequest, *, is_present: bool = True
) -> dict[UUID, Page[MembershipRecord]]:
    """Return, for each visible group, a page of its present (or past) memberships, ordered by time of joining."""
    parameters = Parameters(reach.access.organisation_id, list(group_ids))
    inner = f"""
        select {MEMBERSHIP} from group_membership s
        where s.organisation_id = $1 and s.group_id = p.id and s.left_at is {"null" if is_present else "not null"}
        {group_condition(reach, "s.group_id", parameters)}{rest_sql(page, parameters, "s.created_at, s.id")}"""
    rows = await _lateral(reach, MembershipRecord, inner, parameters)
    return pages_by_parent(group_ids, rows, "group_id", page)


async def members_of_groups(
    reach: VisibleGroups,
    members: VisibleMembers,
    group_ids: Collection[UUID],
    page: PageRequest,
    columns: Collection[str],
) -> dict[UUID, Page[MemberOfGroup]]:
    """Return, for each visible group, a page of its present members as the caller sees them, by the time of joining."""
    visible, parameters = source(members, columns)
    ids = parameters.add(list(group_ids))
    inner = f"""
        select {MEMBERSHIP} from group_membership s
        where s.organisation_id = $1 and s.group_id = p.id and s.left_at is null
        {group_condition(reach, "s.group_id", parameters)}{rest_sql(page, parameters, "s.created_at, s.id")}"""
    visible += narrowed(members, "= r.member_id") + " limit 1"  # so that it is looked up, not joined with all
    sql = f"""select r.membership_id, r.entered_at, r.group_id, found.*
        from unnest({ids}::uuid[]) as p (id) cross join lateral ({inner}) r cross join lateral ({visible}) found
        order by r.entered_at, r.membership_id"""
    rows = await reach.access.transaction.fetch_as(MemberOfGroup, sql, *parameters.values)
    return pages_by_parent(group_ids, rows, "group_id", page)


async def _lateral(reach: VisibleGroups, kind: type[RowT], inner: str, parameters: Parameters) -> list[RowT]:
    sql = f"select r.* from unnest($2::uuid[]) as p (id) cross join lateral ({inner}) r"
    return await reach.access.transaction.fetch_as(kind, sql, *parameters.values)
