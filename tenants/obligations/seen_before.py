"""What was seen at a vendor before, which a proof needs: that something is absent says little where it never was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from wardship.plugins.host.exchanges import KeptExchange
from wardship.tenants.access import Access
from wardship.tenants.egress.ledger import MAY_HAVE_ARRIVED
from wardship.tenants.obligations.leases import Lease, Seen

_MOST: Final = 10_000
_read = msgspec.json.Decoder(KeptExchange).decode

# What was written without an answer, and of each question the newest success that names the person, the newest that
# does not, and the newest "not found": all that the grading of a proof looks at, in order.
_SEEN: Final = """
with last_delivery as (
    select member_id, max(case when state = 'delivered' then created_at else coalesce(settled_at, created_at) end) as at
    from disclosure
    where organisation_id = $1 and place_id = $2 and state = any($4::text[])
        and ($3::uuid[] is null or member_id = any($3)) group by member_id
), seen as (
    select o.member_id, o.id, e.position, e.exchange, (e.exchange ->> 'at')::timestamptz as at,
        e.exchange ->> 'status' as status, e.exchange ->> 'target' as target,
        jsonb_build_array(e.exchange -> 'method', e.exchange -> 'request_digest', e.exchange -> 'credential',
            e.exchange -> 'names_subject', e.exchange -> 'is_void', e.exchange -> 'made',
            e.exchange -> 'status') as question
    from obligation o cross join lateral jsonb_array_elements(o.exchanges) with ordinality as e (exchange, position)
    where o.organisation_id = $1 and o.place_id = $2 and ($3::uuid[] is null or o.member_id = any($3))
), newest as (
    select distinct on (member_id, target, question, status in ('404', '410')) * from seen
    where status like '2__' or status in ('404', '410') or exchange ->> 'method' in ('PUT', 'POST', 'PATCH')
    order by member_id, target, question, status in ('404', '410'), at desc, id desc, position desc
)
select n.member_id, n.exchange::text as exchange, coalesce(n.at < l.at, false) as is_outdated
from newest n left join last_delivery l using (member_id) order by n.at, n.id, n.position limit $5
"""


SeenOf: TypeAlias = Mapping[UUID | None, Seen]
"""What was seen, by member; under None all of it."""


async def seen_before(access: Access, place_id: UUID, leases: Sequence[Lease]) -> SeenOf:
    """Return what was seen at a place of those whom some leases are to prove something of, in one statement."""
    members = [lease.member_id for lease in leases]
    wanted = None if None in members else members
    rows = await access.fetch(_SEEN, place_id, wanted, [state.value for state in MAY_HAVE_ARRIVED], _MOST)
    if len(rows) == _MOST:  # what was cut off might be what a proof breaks on
        return {}
    found: defaultdict[UUID | None, _Gathering] = defaultdict(_Gathering)
    for row in rows:
        exchange = _read(row["exchange"])
        for key in {row["member_id"], None}:
            (found[key].outdated if row["is_outdated"] else found[key].earlier).append(exchange)
    return {key: Seen(tuple(each.earlier), tuple(each.outdated)) for key, each in found.items()}


@dataclass(slots=True)
class _Gathering:
    earlier: list[KeptExchange] = field(default_factory=list)
    outdated: list[KeptExchange] = field(default_factory=list)
