"""Make obligations, in the transaction of whatever makes them due."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.deadlines import reminder_at, time_for

SUPERSEDES: Mapping[Verb, frozenset[Verb]] = {
    Verb.SHARE: frozenset({Verb.SHARE, Verb.ATTEST}),
    Verb.CORRECT: frozenset({Verb.SHARE}),
    Verb.RESTRICT: frozenset({Verb.SHARE, Verb.RESTRICT}),
    Verb.ERASE: frozenset({Verb.SHARE, Verb.CORRECT, Verb.RESTRICT, Verb.ERASE}),
    Verb.REVOKE: frozenset({Verb.SHARE, Verb.CORRECT, Verb.RESTRICT}),
}
"""What a new demand about a person makes pointless among those that wait: what a request asked for is never dropped."""

_SHORTEST = timedelta(minutes=1)
"""What is due at once or overdue still gets a moment to be tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One obligation to be made.

    Attributes:
        arguments: identifiers, names and flags only; data is read when it is sent.
        sealed: encrypted identifiers of the person, for a call after an erasure.
        key: distinguishes demands that are alike otherwise; the same demand is not queued twice.
        due_at: at the latest; the manifest's time for the verb when None.
    """

    installation: InstallationRecord
    verb: Verb
    member_id: UUID | None = None
    request_id: UUID | None = None
    right_id: UUID | None = None
    due_at: datetime | None = None
    arguments: Mapping[str, object] = field(default_factory=dict)
    sealed: bytes | None = None
    key: str = ""
    id: UUID = field(default_factory=uuid7)

    @property
    def dedupe_key(self) -> str:
        """Return what identifies the demand."""
        parts = (self.verb.value, self.installation.id, self.member_id or "", self.right_id or "", self.key)
        return ":".join(map(str, parts))


async def enqueue(access: Access, demands: Sequence[Demand]) -> list[UUID]:
    """Make these obligations and return their ids; one that is there already is returned in place of a second.

    What a new demand makes pointless is cancelled. The caller holds the locks on the members (``egress.locks``).
    """
    if not demands:
        return []
    ids: dict[str, UUID] = {}
    # One that was there may be leased between the two statements: then it has begun, and a new one is owed.
    while missing := [demand for demand in demands if demand.dedupe_key not in ids]:
        ids |= await _insert(access, missing)
        if present := [demand.dedupe_key for demand in missing if demand.dedupe_key not in ids]:
            ids |= await _present(access, present)
    found = [ids[demand.dedupe_key] for demand in demands]
    await _supersede(access, demands, found)
    return found


async def _insert(access: Access, demands: Sequence[Demand]) -> dict[str, UUID]:
    rows = await access.transaction.fetch(
        "insert into obligation (organisation_id, id, created_at, submitted_at, next_at, due_at, remind_at,"
        " installation_id, member_id, request_id, right_id, verb, dedupe_key, arguments, sealed)"
        " select $1, n.id, $2, $2, $2, n.due_at, n.remind_at, n.installation_id, n.member_id, n.request_id, n.right_id,"
        " n.verb, n.dedupe_key, n.arguments, n.sealed"
        " from unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[],"
        " $10::text[], $11::text[], $12::jsonb[], $13::bytea[]) as n (id, due_at, remind_at, installation_id,"
        " member_id, request_id, right_id, verb, dedupe_key, arguments, sealed)"
        " on conflict do nothing returning dedupe_key, id",
        access.organisation_id,
        access.now,
        *map(list, zip(*(_row(access, demand) for demand in demands), strict=True)),
    )
    return {row["dedupe_key"]: row["id"] for row in rows}


def _row(access: Access, demand: Demand) -> tuple[object, ...]:
    due_at = due(access, demand.installation, demand.verb, demand.due_at)
    return (
        demand.id,
        due_at,
        reminder_at(access.now, due_at),
        demand.installation.id,
        demand.member_id,
        demand.request_id,
        demand.right_id,
        demand.verb.value,
        demand.dedupe_key,
        json.dumps(demand.arguments),
        demand.sealed,
    )


def due(access: Access, installation: InstallationRecord, verb: Verb, wanted: datetime | None = None) -> datetime:
    """Return when a demand made now is due: by the manifest, or as wanted when that is sooner and still ahead."""
    latest = access.now + time_for(verb, installation.manifest.deadlines)
    return latest if wanted is None else max(min(latest, wanted), access.now + _SHORTEST)


async def _present(access: Access, keys: Sequence[str]) -> dict[str, UUID]:
    rows = await access.transaction.fetch(
        "select dedupe_key, id from obligation where organisation_id = $1 and dedupe_key = any($2::text[])"
        " and ((state = 'pending' and attempt = 0) or right_id is not null)",
        access.organisation_id,
        list(keys),
    )
    return {row["dedupe_key"]: row["id"] for row in rows}


async def _supersede(access: Access, demands: Sequence[Demand], ids: Collection[UUID]) -> None:
    pointless = [
        (demand.installation.id, demand.member_id, verb.value)
        for demand in demands
        if demand.member_id is not None
        for verb in SUPERSEDES.get(demand.verb, ())
    ]
    if not pointless:
        return
    await access.transaction.execute(
        "update obligation o set state = 'cancelled', ended_at = $2, sealed = null, outcome = $3::jsonb"
        " from unnest($4::uuid[], $5::uuid[], $6::text[]) as n (installation_id, member_id, verb)"
        " where o.organisation_id = $1 and o.installation_id = n.installation_id and o.member_id = n.member_id"
        " and o.verb = n.verb and o.state in ('pending', 'waiting') and o.right_id is null"
        " and not (o.id = any($7::uuid[]))",
        access.organisation_id,
        access.now,
        json.dumps({"status": "cancelled", "code": "superseded"}),
        *map(list, zip(*pointless, strict=True)),
        list(ids),
    )


async def assign_to_right(access: Access, ids: Collection[UUID], request_id: UUID, right_id: UUID) -> None:
    """Let obligations that belong to no right yet count for the right that caused them."""
    await access.transaction.execute(
        "update obligation set request_id = $2, right_id = $3::uuid, dedupe_key = dedupe_key || ':' || $3::uuid"
        " where organisation_id = $1 and id = any($4::uuid[]) and right_id is null",
        access.organisation_id,
        request_id,
        right_id,
        list(ids),
    )
