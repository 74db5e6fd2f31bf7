"""In which order a vendor's events count: an older one about the same person changes nothing that a newer one said.

What somebody has decided on is kept beside it, as a keyed hash of the moment and the value: the very same, told again,
is not asked about again. A newer one is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access

ERASED: Final = "erased"
_FIELD: Final = "field:"
_MOST_DECIDED: Final = 20
"""Decisions that are kept of one field."""
_ADVANCE: Final = """
insert into inbound_order as o (organisation_id, id, created_at, installation_id, member_id, topic, at, sequence)
select $1, n.id, $2, $3, $4, n.topic, $5, $6 from unnest($7::uuid[], $8::text[]) as n (id, topic)
on conflict (organisation_id, installation_id, member_id, topic) do update set created_at = excluded.created_at,
    at = excluded.at, sequence = excluded.sequence
where not case when o.sequence is not null and excluded.sequence is not null then o.sequence > excluded.sequence
    else o.at > excluded.at end
returning topic, decided_keys
"""
_DECIDE: Final = """
update inbound_order set decided_keys = array_append(
    decided_keys[greatest(1, cardinality(decided_keys) - $6 + 2):], $5::bytea)
where organisation_id = $1 and installation_id = $2 and member_id = $3 and topic = $4
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


async def advance(
    access: Access, person: Topics, topics: Collection[str], order: Order
) -> Mapping[str, frozenset[bytes]]:
    """Note that an event is the newest of these topics, and return those of which it is; members are locked before.

    By topic, the keys of what was decided there: see ``decision_keys``.
    """
    rows = await access.fetch(
        _ADVANCE, access.now, *person, order.at, order.sequence, [uuid7() for _ in topics], list(topics)
    )
    return {row["topic"]: frozenset(row["decided_keys"]) for row in rows}


def decision_keys(access: Access, installation_id: UUID, name: str, at: datetime, value: object) -> list[bytes]:
    """Return by what the very same datum is known again, under the present key and those of before.

    Args:
        access: whose deployment.
        installation_id: which vendor told it.
        name: of the field.
        at: since when it is so there.
        value: as it came in; a number is the same with and without a fraction of nothing.
    """
    plain = int(value) if isinstance(value, float) and value.is_integer() else value
    said = msgspec.json.encode([str(installation_id), name, at.astimezone(UTC).isoformat(), plain]).decode()
    return access.services.keys.fingerprints("received-decision", said)


async def note_decided(access: Access, person: Topics, name: str, at: datetime, value: object) -> None:
    """Note that somebody has decided on a field's value; the member is locked before."""
    key = decision_keys(access, person.installation_id, name, at, value)[0]
    await access.execute(_DECIDE, *person, of_field(name), key, _MOST_DECIDED)


async def was_erased_since(access: Access, person: Topics, order: Order) -> bool:
    """Return whether the vendor has told of a later erasure of the person."""
    return bool(await access.fetchval(_NEWER, *person, ERASED, order.at, order.sequence))


async def has_newer_data(access: Access, person: Topics, order: Order) -> bool:
    """Return whether the vendor has told anything later of the person's data."""
    return bool(await access.fetchval(_NEWER, *person, _FIELD, order.at, order.sequence))
