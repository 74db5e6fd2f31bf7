"""Attempts that no settlement ended: interrupted, in a batch that was taken apart, or lost with their worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from wardship.plugins.api import OutcomeStatus
from wardship.plugins.host.reply import Reply
from wardship.tenants.access import Access
from wardship.tenants.obligations.attempts import MOST_ATTEMPTS, TRIED_SQL, Attempt, appended_sql
from wardship.tenants.obligations.leases import Batch, Lease
from wardship.tenants.obligations.states import ObligationState, transition_sql

WORKER_LOST: Final = "worker_lost"
"""The code of an attempt whose worker died, or did not come back in time: the vendor may have done what was asked."""

INTERRUPTED: Final = "interrupted"
"""The code of an attempt that ended because its worker was told to stop."""

TAKEN_APART: Final = "batch_taken_apart"
"""The code of an attempt in a batch that failed: its members are delivered one by one now."""

_GIVEN_BACK: Final = (
    f", next_at = $2, lease_until = null, lease_owner = '', tried_at = $2, {TRIED_SQL}"
    f", attempts = {appended_sql('n.entry::jsonb')}"
)
_OF_LEASES: Final = " from unnest($3::uuid[], $4::integer[], $5::text[]) as n (id, attempt, entry)"
_IS_OURS: Final = "o.id = n.id and o.attempt = n.attempt"
_RELEASE: Final = transition_sql(
    ObligationState.PENDING, start={ObligationState.LEASED}, changes=_GIVEN_BACK, joined=_OF_LEASES, where=_IS_OURS
)
_DELIVER_ALONE: Final = transition_sql(
    ObligationState.PENDING,
    start={ObligationState.LEASED},
    changes=f"{_GIVEN_BACK}, batch_id = o.id, batch_digest = null",
    joined=_OF_LEASES,
    where=_IS_OURS,
)
_UPDATE: Final = "update obligation o set tried_at = $2, "
_FIRST_AND_NEWEST: Final = (
    ", attempts = (select jsonb_agg(kept.entry order by kept.place) from ("
    "  select e.entry, e.place, count(*) over () as many"
    "  from jsonb_array_elements(o.attempts || n.entry::jsonb) with ordinality as e (entry, place)) kept"
    " where kept.place = 1 or kept.place > kept.many - $6::integer)"
)
_WHERE: Final = " where o.organisation_id = $1 and o.state = 'leased' and "
_NOTE_LOST: Final = _UPDATE + TRIED_SQL + _FIRST_AND_NEWEST + _OF_LEASES + _WHERE + _IS_OURS


async def note_lost_attempts(access: Access, leases: Sequence[Lease]) -> None:
    """Keep of leases that were taken over which attempts never came to an end, before they are tried again."""
    entries = [[_entry(access, number, WORKER_LOST) for number in _lost_numbers(lease)] for lease in leases]
    await _write(access, _NOTE_LOST, {lease.id: lease.attempt for lease in leases}, entries, MOST_ATTEMPTS - 1)


async def release(access: Access, batch: Batch) -> None:
    """Give back what is still leased, at once and without counting a failure."""
    attempts = batch.attempts
    await _write(access, _RELEASE, attempts, [_entry(access, each, INTERRUPTED) for each in attempts.values()])


async def deliver_alone(access: Access, leases: Sequence[Lease], reply: Reply) -> None:
    """Give back the leases of a batch that failed, so that each is delivered alone now, and none strands the others."""
    answered = reply.exchanges[-1].status if reply.exchanges else None
    entries = [
        Attempt(lease.attempt, access.now, reply.outcome.status.value, TAKEN_APART, answered, access.now)
        for lease in leases
    ]
    await _write(access, _DELIVER_ALONE, {lease.id: lease.attempt for lease in leases}, entries)


def _lost_numbers(lease: Lease) -> range:
    return range(max(lease.last_attempt + 1, lease.attempt - MOST_ATTEMPTS), lease.attempt)


def _entry(access: Access, number: int, code: str) -> Attempt:
    return Attempt(number, access.now, OutcomeStatus.FAILED.value, code, None, access.now)


async def _write(access: Access, sql: str, attempts: Mapping[UUID, int], entries: Sequence[object], *more: int) -> None:
    texts = [msgspec.json.encode(each).decode() for each in entries]
    await access.execute(sql, access.now, list(attempts), list(attempts.values()), texts, *more)
