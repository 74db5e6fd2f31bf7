"""What one caller may see of which members: the one way to reach member rows (requirements A2 and A3)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final, NewType
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission


class Detail(IntEnum):
    """How much of one member a caller sees; each includes what stands before it."""

    NAME = 1
    """The display name."""
    CONTACT = 2
    """How to reach the person for something that concerns the service."""
    FULL = 3
    """All of it, administrative detail included: oneself, and those who administer members."""


COLUMNS: Final = MappingProxyType(
    {
        "display_name": Detail.NAME,
        "title": Detail.CONTACT,
        "first_name": Detail.CONTACT,
        "last_name": Detail.CONTACT,
        "job_title": Detail.CONTACT,
        "company": Detail.CONTACT,
        "username": Detail.CONTACT,
        "email": Detail.CONTACT,
        "phone": Detail.CONTACT,
        "picture_url": Detail.CONTACT,
        "postal_address": Detail.FULL,
        "state": Detail.FULL,
        "joined_at": Detail.FULL,
        "last_seen_at": Detail.FULL,
        "left_at": Detail.FULL,
    }
)
"""The columns of a member that anybody is shown, and from which detail on. The pseudonym is not among them: a person
who had seen it could tell, after an erasure, whose it was."""


_OF_CONCEALED: Final = frozenset({"email", "state"})
"""What is seen of a member who is concealed, besides that the address stands for the name."""

WHOLE: Final = f"id, {Detail.FULL.value} as detail, created_at, {', '.join(COLUMNS)}"
"""What a statement that changes a member returns of its row, for callers to whom the member ``is_whole``."""


@dataclass(frozen=True, slots=True)
class _Reach:
    access: Access
    viewer_id: UUID | None
    is_everyone: bool
    named: frozenset[UUID]
    decides: bool


VisibleMembers = NewType("VisibleMembers", _Reach)
"""The members that one caller may see, and how much of each."""


def visible_members(access: Access, *, named_in_content: Collection[UUID] = ()) -> VisibleMembers:
    """Return what the caller may see of members.

    Oneself in full; everybody in full with ``members.read_details``, but of those who are concealed, because the domain
    by which they joined is lost, address and state; of those who share or shared a group at the same
    time the display name, and the contact details where the group's visibility allows or where the caller administers
    that group; of others nothing. Who came back to a group has as many memberships in it as times there, and each
    counts by itself. An archived group has no admins, and shows names only. The privacy team sees those in full of whom
    a right is with it, and no longer.

    Args:
        access: the caller.
        named_in_content: members who wrote, or are mentioned in, content that the caller may read: their names show.

    Raises:
        PermissionDeniedError: the caller may see no members at all.
    """
    decides = access.may(Permission.REQUESTS_DECIDE_ESCALATED)
    if not decides:
        access.require(Permission.MEMBERS_READ)
    sees_all = access.may(Permission.MEMBERS_READ_DETAILS)
    return VisibleMembers(_Reach(access, access.actor.member_id, sees_all, frozenset(named_in_content), decides))


def may_see_members(access: Access) -> bool:
    """Return whether the caller may see any member, be it those alone about whom the privacy team decides."""
    return access.may(Permission.MEMBERS_READ) or access.may(Permission.REQUESTS_DECIDE_ESCALATED)


def is_whole(reach: VisibleMembers, member_id: UUID) -> bool:
    """Return whether the caller sees a member that exists in full, whatever happens to that member."""
    return reach.is_everyone or reach.viewer_id == member_id


_SHARED_GROUPS = """
    select theirs.member_id, case
        when g.archived_at is not null then 1
        when g.contact_visibility = 'contact_details' then 2
        when mine.role <> 'member' and mine.left_at is null and theirs.left_at is null then 2
        else 1 end as detail
    from group_membership mine
    join group_membership theirs on theirs.organisation_id = mine.organisation_id and theirs.group_id = mine.group_id
    join user_group g on g.organisation_id = mine.organisation_id and g.id = mine.group_id
    where mine.organisation_id = $1 and mine.member_id = $2
        and mine.created_at < coalesce(theirs.left_at, 'infinity')
        and theirs.created_at < coalesce(mine.left_at, 'infinity')
"""


_DECIDED_ABOUT: Final = """
    union all select decided_about, 3 from members_with_privacy_team($1) decided_about
"""


def source(reach: VisibleMembers, columns: Collection[str], *, place: str = "") -> tuple[str, Parameters]:
    """Return ``select … from …`` for the visible members, to which ``where`` may be added, and its parameters.

    The rows have ``id``, ``detail``, ``created_at`` and the columns asked for, each NULL where the caller may not see
    it; the member table is ``m`` in it, the detail ``d.detail``. ``place`` is one more column of it.
    """
    asked = [name for name in COLUMNS if name in columns]
    placed = f", {place} as found_at" if place else ""
    if reach.is_everyone:
        parameters = Parameters(reach.access.organisation_id)
        # A place that no column needs has no type.
        viewer = parameters.add(reach.viewer_id) if not _OF_CONCEALED.issuperset(asked) else ""
        listed = "".join(f", {_shown(name, viewer)} as {name}" for name in asked)
        sql = f"select m.id, 3 as detail, m.created_at{listed}{placed} from member m where m.organisation_id = $1"
        return sql, parameters
    listed = "".join(f", case when d.detail >= {COLUMNS[name].value} then m.{name} end as {name}" for name in asked)
    sql = f"""
        with v as (
            select member_id, max(detail) as detail from (
                select $2::uuid as member_id, 3 as detail
                union all select unnest($3::uuid[]), 1
                union all {_SHARED_GROUPS}{_DECIDED_ABOUT if reach.decides else ""}
            ) reached group by member_id
        )
        select m.id, d.detail, m.created_at{listed}{placed}
        from v
        cross join lateral (  -- looked up one by one, never the organisation read through for a few
            select * from member m where m.organisation_id = $1 and m.id = v.member_id limit 1
        ) m
        cross join lateral (
            select case when v.detail = 2 and m.state <> 'active' then 1 else v.detail end as detail
        ) d
        where true"""
    return sql, Parameters(reach.access.organisation_id, reach.viewer_id, list(reach.named))


def _shown(column: str, viewer: str) -> str:
    """Return what somebody who sees all members sees of a column; ``viewer`` is the place of the own membership.

    Of a member who is concealed, address and state; of nobody, when he or she was seen before the boundary.
    """
    if column in _OF_CONCEALED:
        return f"m.{column}"
    hidden = f"m.concealed_at is not null and m.id is distinct from {viewer}::uuid"
    if column == "display_name":
        return f"case when {hidden} then m.email else m.display_name end"
    if column == "last_seen_at":
        hidden = f"({hidden}) or (m.last_seen_at < m.visible_from and m.id is distinct from {viewer}::uuid)"
    return f"case when not ({hidden}) then m.{column} end"


def narrowed(reach: VisibleMembers, condition: str) -> str:
    """Return `` and …``: that the id of a member satisfies ``= …``, told to both parts of ``source``.

    PostgreSQL carries an equality from one to the other, but not ``= any(…)``; untold, it would work out everybody with
    whom the caller shares a group before it looks at the few that are wanted.
    """
    return f" and m.id {condition}" + ("" if reach.is_everyone else f" and v.member_id {condition}")
