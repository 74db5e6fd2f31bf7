"""Which categories of data have gone to which recipient, of how many people: the map over the ledger."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.plugins.api.taxonomy import is_special
from wardship.tenants.access import Access
from wardship.tenants.data_access.controllers import category_label
from wardship.tenants.egress.holdings import HELD
from wardship.tenants.egress.ledger import MAY_HAVE_ARRIVED
from wardship.tenants.permissions import Permission


class FlowRecord(Row):
    """That people's data of one category is held at one recipient.

    Attributes:
        people: of how many something of the category may have arrived that is not taken back.
        last_at: when it was last sent.
    """

    __slots__ = ()

    installation_id: UUID = column("installation_id")
    recipient: str = column("recipient")
    category: str = column("category")
    people: int = column("people")
    last_at: datetime = column("last_at")

    @property
    def label(self) -> str:
        """Return the category in words."""
        return category_label(self.category)

    @property
    def is_special(self) -> bool:
        """Return whether the category is specially protected."""
        return is_special(self.category)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an installation reaches: of how many people it holds data, and when it was last sent some."""

    people: int
    last_delivery_at: datetime | None


_FLOWS: Final = """
    select d.installation_id, d.recipient, c.category, count(distinct d.member_id) as people,
        max(d.created_at) as last_at
    from installation i
    join disclosure d on d.organisation_id = i.organisation_id and d.installation_id = i.id
    join subject_link l on l.organisation_id = d.organisation_id and l.installation_id = d.installation_id
        and l.place_id = d.place_id and l.member_id = d.member_id and l.state = any($3::text[])
    cross join unnest(d.categories) as c (category)
    where i.organisation_id = $1 and i.state <> 'removed' and d.organisation_id = $1 and d.state = any($2::text[])
    group by d.installation_id, d.recipient, c.category
    order by d.recipient, d.installation_id, c.category
"""
_REACH: Final = """
    select w.id, p.people, s.last_at from unnest($2::uuid[]) as w (id)
    cross join lateral (select count(distinct l.member_id) as people from subject_link l
        where l.organisation_id = $1 and l.installation_id = w.id and l.state = any($3::text[])) p
    left join lateral (select d.created_at as last_at from disclosure d
        where d.organisation_id = $1 and d.installation_id = w.id
        order by d.created_at desc, d.id desc limit 1) s on true
"""


async def data_flows(access: Access) -> list[FlowRecord]:
    """Return every category at every recipient that holds some of it, by recipient.

    Raises:
        PermissionDeniedError: the caller has no right to the ledger.
    """
    access.require(Permission.LEDGER_READ)
    return await access.fetch_as(
        FlowRecord, _FLOWS, [state.value for state in MAY_HAVE_ARRIVED], [state.value for state in HELD]
    )


async def reach_of(access: Access, installation_ids: Collection[UUID]) -> dict[UUID, Reach]:
    """Return how far each installation reaches; none where the caller has no right to the ledger."""
    if not access.may(Permission.LEDGER_READ):
        return {}
    rows = await access.fetch(_REACH, list(installation_ids), [state.value for state in HELD])
    return {row["id"]: Reach(row["people"], row["last_at"]) for row in rows}
