"""Leases of obligations: claim a batch, read it, give it back, and close each with a decision.

What is kept of a call are codes, counts and hashes; and of one that failed the reason in words, without the values of
the call and without addresses, until what was owed is done or the person is erased.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

import msgspec
from pydantic import BaseModel

from wardship.core.database.scope import Scope
from wardship.core.log import redacted_text
from wardship.core.text import readable
from wardship.plugins.api import Cause, Continuation, Outcome, OutcomeStatus, SubjectRef, Verb
from wardship.plugins.host.call import Installed
from wardship.plugins.host.exchanges import WRITING, Exchange, KeptExchange, read_exchanges
from wardship.plugins.host.reply import Reply
from wardship.tenants.access import Access, Services
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.attempts import CLOSE_SQL, LAST_ATTEMPT_SQL, Attempt
from wardship.tenants.obligations.deadlines import give_up_at
from wardship.tenants.obligations.states import (
    ENDED,
    TRANSITIONS,
    Decision,
    ObligationState,
    uncalled_outcome,
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Leases of one verb at one place.

    Attributes:
        attempts: by obligation; the fencing token: a worker settles only while it holds that attempt.
    """

    worker: str
    organisation_id: UUID
    installation_id: UUID
    place_id: UUID
    verb: Verb
    attempts: dict[UUID, int]


class Arguments(msgspec.Struct, frozen=True):
    """What an obligation's ``arguments`` may say: identifiers, flags and counts.

    Attributes:
        active: restrict or lift.
        purpose: the purpose objected to; empty for all.
        claimed: what is to be proven.
        proves: the obligation whose effect is to be proven.
        round: how often the same had to be repeated because something was left.
        after: reconcile: the last member looked at.
        cause: why something is taken back or rests, of which a proof shows the end; None where nothing is, and in what
            is from before causes were kept.
        is_access_only: this deployment's access at the vendor is ended, and what is held there stays.
    """

    active: bool = True
    purpose: str = ""
    claimed: str = "erased"
    proves: UUID | None = None
    round: int = 1
    after: UUID | None = None
    cause: Cause | None = None
    is_access_only: bool = False


_SUCCESS: Final = range(200, 300)

MOST_KEPT: Final = 40
"""Exchanges of one obligation; what a grade can rest on is kept longest."""

_LONGEST_REASON: Final = 1000
_CUT = "[cut]"
_UNDONE = frozenset(
    {
        OutcomeStatus.DENIED,
        OutcomeStatus.FAILED,
        OutcomeStatus.CANCELLED,
        OutcomeStatus.UNSUPPORTED,
        OutcomeStatus.IN_PROGRESS,
        OutcomeStatus.MANUAL,
    }
)
_GOING_ON: Final = frozenset({ObligationState.PENDING, ObligationState.WAITING})
_TELLING = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+|\+?\d[\d ()/.-]{6,}\d")
"""E-mail addresses and telephone numbers, which a vendor's text might hold."""

_read_arguments = msgspec.json.Decoder(Arguments).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """One obligation in the hands of this worker, or of the person who completes it.

    Attributes:
        id: of the obligation, from which its idempotency keys are derived.
        attempt: the fencing token.
        failures: counted so far.
        sealed: encrypted identifiers of the person, for a call after an erasure.
        continuation: encrypted, what earlier calls left to go on from.
        told: encrypted, what its vendor told of it by a call of its own.
        exchanges: those of earlier attempts, as JSON.
        batch_id: the batch in which it is delivered; its own id where it is delivered alone, because a batch failed.
        batch_digest: of what the batch carried.
        last_attempt: the number of the last one that is known to have ended; one between was lost with its worker.
    """

    id: UUID
    installation_id: UUID
    place_id: UUID
    verb: Verb
    member_id: UUID | None = None
    request_id: UUID | None = None
    right_id: UUID | None = None
    submitted_at: datetime
    due_at: datetime
    attempt: int
    failures: int
    arguments: Arguments = field(default_factory=Arguments)
    sealed: bytes | None = None
    continuation: bytes | None = None
    told: bytes | None = None
    exchanges: str = "[]"
    batch_id: UUID | None = None
    batch_digest: bytes | None = None
    last_attempt: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Return the lease in a row of the table's columns of the same names."""
        return cls(**{**row, "verb": Verb(row["verb"]), "arguments": _read_arguments(row["arguments"])})

    @property
    def was_lost(self) -> bool:
        """Return whether an attempt before this one never came to an end."""
        return self.last_attempt < self.attempt - 1

    @property
    def give_up_at(self) -> datetime:
        """Return when trying ends."""
        return give_up_at(self.submitted_at, self.due_at)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of somebody, or of everybody, at a vendor before; oldest first.

    Attributes:
        earlier: since the last delivery that may have arrived: where it was found then, it is.
        outdated: before it; that tells nothing of what came after, but where more may be left.
    """

    earlier: tuple[KeptExchange, ...] = ()
    outdated: tuple[KeptExchange, ...] = ()

    @property
    def telling(self) -> tuple[KeptExchange, ...]:
        """Return what tells where to look now: of before, that something was accepted, but not that it was found."""
        return (*(msgspec.structs.replace(each, names_subject=False) for each in self.outdated), *self.earlier)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCall:
    """One call, from the transaction that prepares it to the one that settles it.

    Attributes:
        verb: the connector's method; another than the obligation's where one does the duty of the other.
        argument: what it is called with.
        subject: whom it is about; None for what concerns the installation.
        lost_hosts: where data of the place may remain that the loaded plugin reaches no more.
        is_delivery: whether a record goes out, so that the ledger has a row to settle.
        seen: what was seen of the same before, for a proof.
        continuation: what earlier calls of the same obligation left to go on from.
        told: what its vendor told of it by a call of its own: the answer, instead of a call.
        batch_id: the batch in whose call it is; None where it has one of its own.
    """

    lease: Lease
    installation: InstallationRecord
    installed: Installed
    verb: Verb
    argument: BaseModel | None = None
    subject: SubjectRef | None = None
    lost_hosts: tuple[str, ...] = ()
    is_delivery: bool = False
    seen: Seen = Seen()
    continuation: Continuation | None = None
    told: Outcome | None = None
    batch_id: UUID | None = None

    @property
    def call_id(self) -> str:
        """Return the id of the call, from which its idempotency keys are derived: the batch's, or the obligation's."""
        return str(self.batch_id or self.lease.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLimits:
    """How much a worker leases at once, and for how long.

    Attributes:
        lease: longer than any call may take, so that a lease that ends means a worker that died.
        batch: leases taken at once, or as many as the vendor takes in one call; called at once, right after the gate.
    """

    lease: timedelta = timedelta(seconds=150)
    batch: int = 4


_CLAIM = "select * from claim_obligations($1, $2, $3, $4, $5, $6)"
_COLUMNS = (
    "select id, installation_id, place_id, verb, member_id, request_id, right_id, attempt, failures, arguments,"
    " sealed, continuation, told, exchanges, submitted_at, due_at, batch_id, batch_digest, "
)
_OF_ORGANISATION = " from obligation where organisation_id = $1"
_SELECT = _COLUMNS + LAST_ATTEMPT_SQL + _OF_ORGANISATION
_SELECT_BATCH = _SELECT + " and id = any($2::uuid[]) and state = 'leased' order by id"
_KEEP_BATCH = (
    "update obligation set batch_id = $3, batch_digest = $4 where organisation_id = $1 and id = any($2::uuid[])"
)
_SELECT_ONE = _SELECT + " and id = $2 for update"


async def claim(
    services: Services, worker: str, limits: ClaimLimits, *, after: UUID | None, busy: Collection[UUID]
) -> Batch | None:
    """Lease the next batch that may be called now, of the first place after one; None where there is none.

    When a place may be called again is told by a moment and by no event: whoever works looks by the clock.
    """
    now = services.clock.now()
    async with services.database.transaction(Scope()) as transaction:
        rows = await transaction.fetch(_CLAIM, worker, now, limits.lease, limits.batch, after, list(busy))
    if not rows:
        return None
    first = rows[0]
    attempts = {row["obligation_id"]: row["attempt"] for row in rows}
    where = first["organisation_id"], first["installation_id"], first["place_id"]
    return Batch(worker, *where, Verb(first["verb"]), attempts)


async def read_leases(access: Access, batch: Batch) -> list[Lease]:
    """Return the obligations of a batch that are still this worker's."""
    rows = await access.fetch(_SELECT_BATCH, list(batch.attempts))
    return [Lease.of(row) for row in rows if row["attempt"] == batch.attempts[row["id"]]]


async def take_manual(access: Access, obligation_id: UUID) -> Lease:
    """Return an obligation for the person who completes it, locked until the transaction ends."""
    (row,) = await access.fetch(_SELECT_ONE, obligation_id)
    return Lease.of(row)


async def keep_batch(access: Access, leases: Sequence[Lease], batch_id: UUID | None, digest: bytes | None) -> None:
    """Keep in which batch obligations are delivered, and a digest of what it carries; None for no batch."""
    await access.execute(_KEEP_BATCH, [lease.id for lease in leases], batch_id, digest)


async def close_lease(
    access: Access, lease: Lease, decision: Decision, reply: Reply | None = None, *, attestation: str | None = None
) -> bool:
    """Leave an obligation as decided; False, and nothing is changed, when the lease was lost to another worker.

    Args:
        access: the system's own.
        lease: the one that ends.
        decision: what becomes of the obligation.
        reply: how its call ended; None when there was none.
        attestation: the proof that the call brought, as JSON.
    """
    if decision.state not in TRANSITIONS[ObligationState.LEASED]:
        raise ValueError(decision.state)
    if reply is None:
        outcome = uncalled_outcome(decision.status or decision.state.value, decision.code)
        continuation = lease.continuation
    else:
        outcome = stored_outcome(reply, decision.code)
        continuation = decision.continuation
    touched = await access.execute(
        CLOSE_SQL,
        lease.id,
        lease.attempt,
        decision.state.value,
        decision.at,
        outcome,
        int(decision.is_failure),
        attestation,
        access.now if decision.state in ENDED else None,
        stored_exchanges(lease, reply.exchanges) if reply and reply.exchanges else None,
        "" if reply is None else reason_told(reply),
        continuation if decision.state in _GOING_ON else None,
        lease.told,
        access.now,
        decision.state in _GOING_ON,
        msgspec.json.encode(_attempt(access, lease, decision, reply)).decode(),
    )
    return touched == 1


def _attempt(access: Access, lease: Lease, decision: Decision, reply: Reply | None) -> Attempt:
    told = reply.outcome.status.value if reply else decision.status or decision.state.value
    answered = reply.exchanges[-1].status if reply and reply.exchanges else None
    return Attempt(lease.attempt, access.now, told, decision.code, answered, decision.at)


def reason_told(reply: Reply) -> str:
    """Return why a call did not do what was asked, in the words of the vendor or the host; empty where it did."""
    if reply.fault is None and reply.outcome.status not in _UNDONE:
        return ""
    # A check is about nobody: the address to which a collection has moved is what is needed.
    said = readable(reply.outcome.detail)
    return redacted_text(said if reply.verb is Verb.CHECK else without_addresses(said))[:_LONGEST_REASON]


def stored_exchanges(lease: Lease, exchanges: Sequence[Exchange]) -> str:
    """Return the exchanges of all attempts as JSON, those of this one last; the less telling ones are dropped."""
    found = [*read_exchanges(lease.exchanges), *(each.kept(lease.attempt) for each in exchanges)]
    return msgspec.json.encode(most_telling(found)).decode()


def most_telling(exchanges: Sequence[KeptExchange], most: int = MOST_KEPT) -> list[KeptExchange]:
    """Return at most so many exchanges, in their order.

    Of each target the last, and the first success of each kind, go before all others; of the rest the newest.
    """
    if len(exchanges) <= most:
        return list(exchanges)
    telling: dict[object, int] = {}
    for position, each in enumerate(exchanges):
        telling["last", each.target] = position
        if each.status in _SUCCESS:
            kind = (each.method, each.credential, each.names_subject, each.made)
            telling.setdefault(("seen", each.target, *kind), position)
        elif each.method in WRITING:
            telling.setdefault(("unsure", each.target, each.status), position)
    kept = {*telling.values()}
    ranked = sorted(range(len(exchanges)), key=lambda position: (position not in kept, -position))
    return [exchanges[position] for position in sorted(ranked[:most])]


def without_addresses(text: str) -> str:
    """Return a vendor's text without what looks like an e-mail address or a telephone number."""
    return _TELLING.sub(_CUT, text)


def stored_outcome(reply: Reply, code: str) -> str:
    """Return what is kept of a reply, as JSON: codes and counts; what was said of it is kept by itself."""
    outcome = reply.outcome
    kept: dict[str, Any] = {
        "status": outcome.status.value,
        "code": code,
        "records_affected": outcome.records_affected,
        "http": [exchange.status for exchange in reply.exchanges][-3:],
        "duration_ms": round(reply.duration_s * 1000),
    }
    if outcome.retained:
        kept["retained"] = [
            {
                "category": each.category,
                "reason": without_addresses(each.reason),
                "legal_basis": without_addresses(each.legal_basis),
                "until": each.until.isoformat() if each.until else None,
            }
            for each in outcome.retained
        ]
    return json.dumps(kept)
