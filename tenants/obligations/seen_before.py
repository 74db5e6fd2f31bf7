"""What was seen at a vendor before, which a proof needs: that something is absent says little where it never was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from wardship.core.database.engine import Record
from wardship.plugins.host.exchanges import KeptExchange
from wardship.tenants.access import Access
from wardship.tenants.egress.ledger import MAY_HAVE_ARRIVED
from wardship.tenants.obligations.leases import Lease, Seen

_MOST: Final = 10_000
_MOST_ACCEPTED: Final = 500
"""Addresses at which a credential was accepted, those of the most people first: enough for one that is everybody's."""
_read = msgspec.json.Decoder(KeptExchange).decode

_ARRIVED: Final = [state.value for state in MAY_HAVE_ARRIVED]


_WHOSE: Final = "WHOSE"
_OF_EVERYBODY: Final = ""
_OF_THEM: Final = "and member_id = any($5::uuid[])"
_LAST_DELIVERY: Final = """last_delivery as (
    select member_id, max(case when state = 'delivered' then created_at else coalesce(settled_at, created_at) end) as at
    from disclosure where organisation_id = $1 and place_id = $2 and state = any($4::text[]) WHOSE group by member_id
)"""
_EXCHANGES: Final = """seen as (
    select o.member_id, o.id, e.position, e.exchange, (e.exchange ->> 'at')::timestamptz as at,
        e.exchange ->> 'status' as status, e.exchange ->> 'target' as target,
        jsonb_build_array(e.exchange -> 'method', e.exchange -> 'request_digest', e.exchange -> 'credential',
            e.exchange -> 'names_subject', e.exchange -> 'is_void', e.exchange -> 'made',
            e.exchange -> 'status') as question
    from obligation o cross join lateral jsonb_array_elements(o.exchanges) with ordinality as e (exchange, position)
    where o.organisation_id = $1 and o.place_id = $2 WHOSE
)"""
_TELLS: Final = "(status like '2__' or status in ('404', '410') or exchange ->> 'method' in ('PUT', 'POST', 'PATCH'))"


def _with(whose: str, *parts: str) -> str:
    """Return a statement whose first parts are common table expressions, of everybody or of the members in ``$5``."""
    *tables, last = parts
    return f"with {', '.join(tables)} {last}".replace(_WHOSE, whose).replace("TELLS", _TELLS)


# What was written without an answer, and of each question the newest success that names the person, the newest that
# does not, and the newest "not found": all that the grading of a proof looks at, in order.
_SEEN: Final = _with(
    _OF_THEM,
    _LAST_DELIVERY,
    _EXCHANGES,
    """newest as (
    select distinct on (member_id, target, question, status in ('404', '410')) * from seen where TELLS
    order by member_id, target, question, status in ('404', '410'), at desc, id desc, position desc
)""",
    """select n.member_id, n.exchange::text as exchange, coalesce(n.at < l.at, false) as is_outdated
from newest n left join last_delivery l using (member_id) order by n.at, n.id, n.position limit $3""",
)

# The same of everybody together: an address that all share is asked for each person, and the newest answer tells all.
_SEEN_OF_ALL: Final = _with(
    _OF_EVERYBODY,
    _LAST_DELIVERY,
    _EXCHANGES,
    """told as (
    select s.*, coalesce(s.at < l.at, false) as is_outdated from seen s left join last_delivery l using (member_id)
    where TELLS
)""",
    """newest as (
    select distinct on (target, question, status in ('404', '410'), is_outdated) * from told
    order by target, question, status in ('404', '410'), is_outdated, at desc, id desc, position desc
)""",
    "select exchange::text as exchange, is_outdated from newest order by at, id, position limit $3",
)

# Of more people than that, where which credential was accepted: all that the end of a credential is proven by.
_ACCEPTED: Final = _with(
    _OF_EVERYBODY,
    _EXCHANGES,
    """select (array_agg(exchange order by at desc, id desc, position desc))[1]::text as exchange from seen
where status like '2__' and exchange ->> 'credential' is not null
group by target, exchange ->> 'credential' order by count(*) desc, max(at) desc limit $3""",
)


SeenOf: TypeAlias = Mapping[UUID | None, Seen]
"""What was seen, by member; under None all of it."""


async def seen_before(access: Access, place_id: UUID, leases: Sequence[Lease]) -> SeenOf:
    """Return what was seen at a place of those whom some leases are to prove something of, in one statement for all."""
    members = [lease.member_id for lease in leases if lease.member_id is not None]
    found: dict[UUID | None, Seen] = {}
    if members:
        found |= await _of_members(access, place_id, members)
    if len(members) < len(leases):
        found[None] = await _of_all(access, place_id)
    return found


async def _of_members(access: Access, place_id: UUID, members: Sequence[UUID]) -> SeenOf:
    rows = await access.fetch(_SEEN, place_id, _MOST, _ARRIVED, members)
    if len(rows) == _MOST:  # what was cut off might be what a proof breaks on
        return {}
    by_member: defaultdict[UUID, list[Record]] = defaultdict(list)
    for row in rows:
        by_member[row["member_id"]].append(row)
    return {member_id: _seen(of_one) for member_id, of_one in by_member.items()}


async def _of_all(access: Access, place_id: UUID) -> Seen:
    rows = await access.fetch(_SEEN_OF_ALL, place_id, _MOST, _ARRIVED)
    if len(rows) < _MOST:
        return _seen(rows)
    # Without all of it nothing is known of where anybody was found: that nobody is there now proves nothing then.
    accepted = await access.fetch(_ACCEPTED, place_id, _MOST_ACCEPTED)
    return Seen(tuple(msgspec.structs.replace(_read(row["exchange"]), names_subject=False) for row in accepted))


def _seen(rows: Sequence[Record]) -> Seen:
    """Return what some rows tell, in their order."""
    told = [(_read(row["exchange"]), row["is_outdated"]) for row in rows]
    return Seen(
        earlier=tuple(each for each, is_outdated in told if not is_outdated),
        outdated=tuple(each for each, is_outdated in told if is_outdated),
    )
