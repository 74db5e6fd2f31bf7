"""In which order a vendor's events count: an older one about the same person changes nothing that a newer one said."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access

ERASED: Final = "erased"
_FIELD: Final = "field:"
_ADVANCE: Final = """
insert into inbound_order as o (organisation_id, id, created_at, installation_id, member_id, topic, at, sequence)
select $1, n.id, $2, $3, $4, n.topic, $5, $6 from unnest($7::uuid[], $8::text[]) as n (id, topic)
on conflict (organisation_id, installation_id, member_id, topic) do update set created_at = excluded.created_at,
    at = excluded.at, sequence = excluded.sequence
where not case when o.sequence is not null and excluded.sequence is not null then o.sequence > excluded.sequence
    else o.at > excluded.at end
returning topic
"""
_NEWER: Final = """
select exists (select from inbound_order o where o.organisation_id = $1 and o.installation_id = $2
    and o.member_id = $3 and starts_with(o.topic, $4)
    and case when o.sequence is not null and $6::bigint is not null then o.sequence > $6
        else o.at > $5::timestamptz end)
"""


class Order(NamedTuple):
    """When an event was: ``sequence`` decides between two that have one, else ``at`` does; never in the future."""

    at: datetime
    sequence: int | None


class Topics(NamedTuple):
    """What is told of one person by one installation."""

    installation_id: UUID
    member_id: UUID


def of_field(name: str) -> str:
    """Return the topic of a field."""
    return f"{_FIELD}{name}"


async def advance(access: Access, person: Topics, topics: Collection[str], order: Order) -> frozenset[str]:
    """Note that an event is the newest of these topics, and return those of which it is; members are locked before."""
    rows = await access.fetch(
        _ADVANCE, access.now, *person, order.at, order.sequence, [uuid7() for _ in topics], list(topics)
    )
    return frozenset(row["topic"] for row in rows)


async def was_erased_since(access: Access, person: Topics, order: Order) -> bool:
    """Return whether the vendor has told of a later erasure of the person."""
    return bool(await access.fetchval(_NEWER, *person, ERASED, order.at, order.sequence))


async def has_newer_data(access: Access, person: Topics, order: Order) -> bool:
    """Return whether the vendor has told anything later of the person's data."""
    return bool(await access.fetchval(_NEWER, *person, _FIELD, order.at, order.sequence))
