"""Find members: by id, in pages, counted; each reads only what the caller may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from wardship.core.actor import Role
from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.tenants.access import Access
from wardship.tenants.members.records import MemberRecord, MemberState
from wardship.tenants.members.search import search_parts, search_sql
from wardship.tenants.members.visibility import COLUMNS, VisibleMembers, narrowed, source, visible_members
from wardship.tenants.paging import Page, PageRequest, page_of_rows, rest_sql
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

ALL_COLUMNS = frozenset(COLUMNS)
FEW = 100
"""Members of a group, or holders of a role, up to whom each is looked up; of more the list of all is read in order."""


class MemberOrder(StrEnum):
    """What a list is ordered by; ties by id."""

    CREATED = "created_at"
    NAME = "display_name"


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Which members a list holds.

    Attributes:
        states: empty means active and deactivated; a caller who may not read details gets the active ones only.
        name_prefix: how the display name starts, letter case included.
        search: what the display name or its last word starts with, in any letter case; with an @, the address.
        member_id: that one, in whatever state the caller may see it.
        group_id: present members of that group, as far as the caller sees the group.
        role: those who hold it; only for those who may read details.
    """

    states: frozenset[MemberState] = frozenset()
    name_prefix: str = ""
    search: str = ""
    member_id: UUID | None = None
    group_id: UUID | None = None
    role: Role | None = None


def member_not_found() -> NotFoundError:
    """Return the one answer for a member who is absent and for one who is not the caller's to see."""
    return NotFoundError(
        "No such member in this organisation: use the id of one that you can see.", path=("member_id",)
    )


async def members_by_ids(
    reach: VisibleMembers, ids: Collection[UUID], columns: Collection[str] = ALL_COLUMNS
) -> dict[UUID, MemberRecord]:
    """Return the visible ones among these members, by id, with only the columns asked for."""
    sql, parameters = source(reach, columns)
    if reach.is_everyone:
        sql = parameters.for_each(ids, f"{sql} and m.id = w.id")
    else:
        sql += narrowed(reach, f"= any({parameters.add(list(ids))}::uuid[])")
    rows = await reach.access.transaction.fetch_as(MemberRecord, sql, *parameters.values)
    return {row.id: row for row in rows}


async def member_by_id(access: Access, member_id: UUID) -> MemberRecord:
    """Return one member as far as the caller may see.

    Raises:
        NotFoundError: absent, or not the caller's to see.
    """
    found = await members_by_ids(visible_members(access), [member_id])
    if member_id not in found:
        raise member_not_found()
    return found[member_id]


async def list_members(
    reach: VisibleMembers,
    wanted: MemberFilter,
    page: PageRequest,
    *,
    order: MemberOrder = MemberOrder.CREATED,
    columns: Collection[str] = ALL_COLUMNS,
) -> Page[MemberRecord]:
    """Return a page of the visible members, ordered by time of creation or by name.

    Raises:
        PermissionDeniedError: the filter asks for administrative detail that the caller may not see, or the caller
            sees single members only.
        InvalidInputError: members are sought by name, yet not ordered by it.
    """
    reach.access.require(Permission.MEMBERS_READ)
    if (wanted.name_prefix or wanted.search) and order is not MemberOrder.NAME:
        raise InvalidInputError("Order by name what you seek by name.", path=("order_by",))
    if wanted.search:
        return await _search(reach, wanted, page, {*columns, order.value})
    sql, parameters = source(reach, {*columns, order.value})
    conditions = _conditions(reach, wanted, parameters)
    if reach.is_everyone and order is MemberOrder.NAME:
        sql += " and m.concealed_at is null"  # where they would stand tells how they are called
    rest = rest_sql(page, parameters, f"m.{order.value}, m.id")
    # For each state by itself, because an index holds the members of one state in order, and not those of several.
    states, by = f"{parameters.add(_states(reach, wanted))}::text[]", f"order by {order.value}, id limit {page.ceiling}"
    listed = f"""select found.* from unnest({states}) as s (state)
        cross join lateral ({sql}{conditions} and m.state = s.state{rest}) found"""
    if reach.is_everyone and (few := _few(wanted, parameters)):
        each = f"{sql}{_conditions(reach, wanted, parameters, is_found=True)} and m.state = any({states})"
        listed = f"""with few as materialized ({few} limit {FEW + 1}) (
            select found.* from few cross join lateral ({each} and m.id = few.id{rest}) found
            where (select count(*) from few) <= {FEW}
        ) union all ({listed} where (select count(*) from few) > {FEW} {by})"""
    sql = f"{listed} {by}"
    return page_of_rows(await reach.access.transaction.fetch_as(MemberRecord, sql, *parameters.values), page)


async def _search(
    reach: VisibleMembers, wanted: MemberFilter, page: PageRequest, columns: Collection[str]
) -> Page[MemberRecord]:
    """Return a page of who is found, in the order of what was found of them."""
    _, parameters = source(reach, columns)
    conditions = _conditions(reach, wanted, parameters)
    found = search_parts(reach, wanted.search, parameters)
    parts = [part._replace(condition=part.condition + conditions) for part in found]
    sql = search_sql(reach, columns, parts, page, parameters)
    sql = f"""select found.* from unnest({parameters.add(_states(reach, wanted))}::text[]) as s (state)
        cross join lateral ({sql}) found
        order by found.found_at, found.id limit {page.ceiling}"""
    return page_of_rows(await reach.access.transaction.fetch_as(MemberRecord, sql, *parameters.values), page)


async def count_members(reach: VisibleMembers, wanted: MemberFilter) -> int:
    """Return how many visible members a filter finds; costs as much as a hundred pages in a large organisation."""
    sql, parameters = source(reach, ())
    sql += f" and m.state = any({parameters.add(_states(reach, wanted))}::text[])"
    sql += _conditions(reach, wanted, parameters)
    if wanted.search:
        parts = search_parts(reach, wanted.search, parameters)
        sql += f" and ({' or '.join(f'({part.condition})' for part in parts)})"
    counted: int = await reach.access.transaction.fetchval(f"select count(*) from ({sql}) found", *parameters.values)
    return counted


def _few(wanted: MemberFilter, parameters: Parameters) -> str:
    """Return the statement for the ids of those among whom a filter's members are, where these may be few."""
    if wanted.group_id is not None:
        return f"""select theirs.member_id as id from group_membership theirs where theirs.organisation_id = $1
            and theirs.left_at is null and theirs.group_id = {parameters.add(wanted.group_id)}"""
    if wanted.role is None or wanted.role is Role.MEMBER:
        return ""
    return f"""select r.member_id as id from role_assignment r
        where r.organisation_id = $1 and r.role = {parameters.add(wanted.role.value)}"""


def _conditions(reach: VisibleMembers, wanted: MemberFilter, parameters: Parameters, *, is_found: bool = False) -> str:
    """Return the conditions of a filter besides states; with ``is_found`` without that by which ``_few`` has found."""
    if wanted.states or wanted.role is not None:
        reach.access.require(Permission.MEMBERS_READ_DETAILS)
    sql = ""
    if wanted.member_id is not None:
        sql += narrowed(reach, f"= {parameters.add(wanted.member_id)}")
    if wanted.name_prefix:
        sql += parameters.prefix("m.display_name", wanted.name_prefix)
    if wanted.role is not None and not (is_found and wanted.group_id is None):
        # Every member has that role: it is looked up for each on the page, not for everybody before.
        listed = wanted.role is not Role.MEMBER and not is_found
        sql += f""" and {"m.id = any(array" if listed else "exists "}(select r.member_id from role_assignment r
            where r.organisation_id = $1 and r.role = {parameters.add(wanted.role.value)}
            {")" if listed else "and r.member_id = m.id"})"""
    if wanted.group_id is not None and not is_found:
        group = parameters.add(wanted.group_id)
        sql += f""" and m.id = any(array(select theirs.member_id from group_membership theirs
            where theirs.organisation_id = $1 and theirs.left_at is null
            and theirs.group_id = {group}{_own_group(reach, group, parameters)}))"""
    return sql


def _states(reach: VisibleMembers, wanted: MemberFilter) -> Sequence[str]:
    if wanted.states:
        return sorted(wanted.states)
    if wanted.member_id is not None and reach.is_everyone:
        return sorted(MemberState)
    return ["active", "deactivated"] if reach.is_everyone else ["active"]


def _own_group(reach: VisibleMembers, group: str, parameters: Parameters) -> str:
    """Return `` and …``: that the caller is in a group; of nothing else, so that it is looked up once."""
    if reach.is_everyone:
        return ""
    viewer = parameters.add(reach.viewer_id)
    return f""" and {group} = any(array(select own.group_id from group_membership own
        where own.organisation_id = $1 and own.left_at is null and own.member_id = {viewer}))"""
