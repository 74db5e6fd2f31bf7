"""Take leases: claim a batch, read it, and give it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from wardship.core.database.scope import Scope
from wardship.plugins.api import Verb
from wardship.tenants.access import Access, Services
from wardship.tenants.obligations.decisions import Owed


@dataclass(frozen=True, slots=True)
class Batch:
    """Leases of one verb at one installation.

    Attributes:
        attempts: by obligation; the fencing token: whoever settles must still hold that attempt.
    """

    worker: str
    organisation_id: UUID
    installation_id: UUID
    verb: Verb
    attempts: dict[UUID, int]


class Arguments(msgspec.Struct, frozen=True):
    """What an obligation's ``arguments`` may say: identifiers, flags and counts.

    Attributes:
        active: restrict or lift.
        purpose: the purpose objected to; empty for all.
        claimed: what is to be proven.
        proves: the obligation whose deed is to be proven.
        round: how often the deed had to be repeated because something was left.
        after: reconcile: the last member looked at.
    """

    active: bool = True
    purpose: str = ""
    claimed: str = "erased"
    proves: UUID | None = None
    round: int = 1
    after: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """One obligation in the hands of this worker."""

    owed: Owed
    installation_id: UUID
    member_id: UUID | None
    request_id: UUID | None
    right_id: UUID | None
    attempt: int
    arguments: Arguments
    sealed: bytes | None

    @property
    def id(self) -> UUID:
        """Return the obligation's id, which is also its idempotency key."""
        return self.owed.id

    @property
    def verb(self) -> Verb:
        """Return what is owed."""
        return self.owed.verb


async def claim(  # noqa: PLR0913 - each keyword is a part of one claim
    services: Services,
    *,
    worker: str,
    lease: timedelta,
    size: int,
    after: UUID | None,
    busy: Collection[UUID],
) -> Batch | None:
    """Lease the next batch that is due, of the first installation after one; None when nothing is due."""
    async with services.database.transaction(Scope()) as transaction:
        rows = await transaction.fetch(
            "select * from claim_obligations($1, $2, $3, $4, $5, $6)",
            worker,
            services.clock.now(),
            lease,
            size,
            after,
            list(busy),
        )
    if not rows:
        return None
    first = rows[0]
    attempts = {row["obligation_id"]: row["attempt"] for row in rows}
    return Batch(worker, first["organisation_id"], first["installation_id"], Verb(first["verb"]), attempts)


async def read_leases(access: Access, batch: Batch) -> list[Leased]:
    """Return the obligations of a batch that are still this worker's."""
    rows = await access.transaction.fetch(
        "select id, installation_id, verb, member_id, request_id, right_id, attempt, failures, arguments, sealed,"
        " submitted_at, due_at from obligation"
        " where organisation_id = $1 and id = any($2::uuid[]) and state = 'leased' order by id",
        access.organisation_id,
        list(batch.attempts),
    )
    return [
        Leased(
            owed=Owed(
                id=row["id"],
                verb=Verb(row["verb"]),
                submitted_at=row["submitted_at"],
                due_at=row["due_at"],
                failures=row["failures"],
            ),
            installation_id=row["installation_id"],
            member_id=row["member_id"],
            request_id=row["request_id"],
            right_id=row["right_id"],
            attempt=row["attempt"],
            arguments=msgspec.json.decode(row["arguments"], type=Arguments),
            sealed=row["sealed"],
        )
        for row in rows
        if row["attempt"] == batch.attempts[row["id"]]
    ]


async def release(access: Access, batch: Batch) -> None:
    """Give back what is still leased, at once and without counting a failure."""
    await access.transaction.execute(
        "update obligation o set state = 'pending', next_at = $2, lease_until = null, lease_owner = ''"
        " from unnest($3::uuid[], $4::integer[]) as n (id, attempt)"
        " where o.organisation_id = $1 and o.id = n.id and o.attempt = n.attempt and o.state = 'leased'",
        access.organisation_id,
        access.now,
        list(batch.attempts),
        list(batch.attempts.values()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The state in which an obligation is left.

    Attributes:
        at: when it is due again, for the states that are.
        outcome: JSON of what is kept.
    """

    state: str
    outcome: str
    at: datetime | None = None
    is_failure: bool = False
    attestation: str | None = None


async def write(access: Access, leased: Leased, change: Change) -> bool:
    """Leave an obligation in a state; False, and nothing is changed, when the lease was lost to another worker."""
    is_ended = change.state in {"completed", "failed", "cancelled"}
    touched = await access.transaction.execute(
        "update obligation set state = $4, next_at = coalesce($5, next_at), outcome = $6::jsonb,"
        " failures = failures + $7, attestation = coalesce($8::jsonb, attestation), ended_at = $9,"
        " sealed = case when $9::timestamptz is null then sealed end, lease_until = null, lease_owner = ''"
        " where organisation_id = $1 and id = $2 and attempt = $3 and state = 'leased'",
        access.organisation_id,
        leased.id,
        leased.attempt,
        change.state,
        change.at,
        change.outcome,
        int(change.is_failure),
        change.attestation,
        access.now if is_ended else None,
    )
    return touched == 1


def ids(batch: Sequence[Leased]) -> list[UUID]:
    """Return the ids of these obligations."""
    return [leased.id for leased in batch]
