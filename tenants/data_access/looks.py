"""Looks at a person's data by day or week and by who took them: a year of them at a glance."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.tenants.access import Access
from wardship.tenants.paging import rows_by_parent
from wardship.tenants.permissions import Permission

YEAR: Final = timedelta(days=366)
LATEST: Final = 10_000
"""As many looks at one person are counted, the latest ones."""


class LookPeriod(StrEnum):
    """By what looks are counted; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"


class LookCount(Row):
    """How often one actor looked at one member's data in a day or week (UTC), which began at ``begins_at``."""

    __slots__ = ()

    member_id: UUID = column("member_id")
    begins_at: datetime = column("begins_at")
    actor_kind: str = column("actor_kind")
    actor_id: UUID = column("actor_id")
    count: int = column("count")
    categories: tuple[str, ...] = column("categories", tuple)


_COUNT: Final = """
    with look as (
        select l.*, date_trunc($3, l.created_at, 'UTC') as begins_at from unnest($2::uuid[]) as w (id)
        cross join lateral (
            select p.member_id, p.id as look_id, d.created_at, d.actor_kind, d.actor_id, d.categories
            from data_access_person p join data_access d on d.organisation_id = p.organisation_id and d.id = p.id
            where p.organisation_id = $1 and p.member_id = w.id order by p.id desc limit $5
        ) l where l.created_at > $4
    )
    select member_id, begins_at, actor_kind, actor_id, count(distinct look_id) as count,
        array_agg(distinct seen order by seen) as categories
    from look cross join unnest(categories) as seen group by member_id, begins_at, actor_kind, actor_id
    order by member_id, begins_at desc, 5 desc, actor_id
"""


async def own_looks(access: Access, period: LookPeriod) -> list[LookCount]:
    """Return who looked at the caller's own data within a year, the latest first; also after the caller has left."""
    member_id = access.require_person("read")
    return (await _counted(access, [member_id], period))[member_id]


async def looks_at_members(
    access: Access, member_ids: Collection[UUID], period: LookPeriod
) -> dict[UUID, list[LookCount]]:
    """Return who looked at each member's data within a year, the latest first.

    Members whose looks the caller may not see are left out: everybody sees those at the own data, readers of the audit
    see all.
    """
    sees_all = access.may(Permission.AUDIT_READ)
    asked = [member_id for member_id in member_ids if sees_all or member_id == access.actor.member_id]
    return await _counted(access, asked, period) if asked else {}


async def _counted(access: Access, member_ids: Collection[UUID], period: LookPeriod) -> dict[UUID, list[LookCount]]:
    rows = await access.fetch_as(LookCount, _COUNT, list(member_ids), period.value, access.now - YEAR, LATEST)
    return rows_by_parent(member_ids, rows, "member_id")
