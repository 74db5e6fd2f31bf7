"""What a vendor tells by a call of its own of something that it has begun: kept as the next answer, and asked for now.

It is read as the answer of the call that would ask for it: by the worker, under all that holds for an answer. So it
ends nothing that has ended, proves nothing, and is looked at once, however often it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

from wardship.plugins.api import Outcome, Verb
from wardship.plugins.host.call import RESULTS
from wardship.tenants.access import Access
from wardship.tenants.obligations.sealed import TOLD_SEALED_FOR

_KNOWN: Final = (
    "select id, verb, state, attempt from obligation where organisation_id = $1 and installation_id = $2"
    " and (id = $3 or batch_id = $3) order by id for no key update"
)
_KEEP: Final = (
    "update obligation o set told = n.told, next_at = case when o.state = 'leased' then o.next_at else $2 end"
    " from unnest($3::uuid[], $4::bytea[]) as n (id, told)"
    " where o.organisation_id = $1 and o.id = n.id and o.state in ('pending', 'leased', 'waiting')"
)
_ASK: Final = (
    "update obligation set next_at = $2 where organisation_id = $1 and id = any($3::uuid[]) and state = 'waiting'"
)
_GOING_ON: Final = frozenset({"pending", "leased", "waiting"})
_TOLD_WHOLE: Final = frozenset(verb for verb, result in RESULTS.items() if result is Outcome)
"""The verbs that an outcome answers; to know the rest the vendor is asked, at once."""


class ToldResult(StrEnum):
    """What became of an outcome that was told."""

    APPLIED = "applied"
    OUTDATED = "outdated"
    UNKNOWN = "unknown_obligation"


async def keep_told(access: Access, installation_id: UUID, obligation_id: str, outcome: Outcome) -> ToldResult:
    """Keep what a vendor told of an obligation, or of a batch of them, that has not ended.

    Args:
        access: the vendor's.
        installation_id: whose call it is; of others' obligations nothing is known there.
        obligation_id: as the vendor was told.
        outcome: what became of it.
    """
    try:
        named = UUID(obligation_id)
    except ValueError:
        return ToldResult.UNKNOWN
    rows = await access.fetch(_KNOWN, installation_id, named)
    # Before it was ever sent nobody can have begun it.
    begun = [row for row in rows if row["attempt"] > 0]
    if not begun:
        return ToldResult.UNKNOWN
    going_on = [row for row in begun if row["state"] in _GOING_ON]
    if not going_on:
        return ToldResult.OUTDATED
    whole = [row["id"] for row in going_on if Verb(row["verb"]) in _TOLD_WHOLE]
    await _keep(access, whole, outcome)
    await access.execute(_ASK, access.now, [row["id"] for row in going_on])
    await access.transaction.execute("select pg_notify('wardship_obligations', '')")
    return ToldResult.APPLIED


async def _keep(access: Access, obligation_ids: Sequence[UUID], outcome: Outcome) -> None:
    if obligation_ids:
        content = outcome.model_dump_json().encode()
        sealed = [access.encrypt(TOLD_SEALED_FOR, each, content) for each in obligation_ids]
        await access.execute(_KEEP, access.now, list(obligation_ids), sealed)
