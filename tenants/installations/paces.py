"""When a place may be called: its pace and its circuit breaker, in the database, where every worker sees them.

Whether a place answers is read with it, right before its calls are made, so that one that works costs no statement.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from wardship.core.database.database import Database
from wardship.core.database.engine import Transaction
from wardship.core.outbound.breaking import FAILURES_TO_OPEN, NOTED_EVERY, OPEN_FOR, CallEnd, Health
from wardship.core.outbound.pacing import Pace, PacedPlace, Rate, given

# Written although nothing changes: the row is made, locked, and read as who held it before has left it.
_LOCK: Final = (
    "insert into place_pace as p (organisation_id, id, created_at) values ($1, $2, $3)"
    " on conflict (organisation_id, id) do update set pace = p.pace returning pace"
)
_KEEP: Final = "update place_pace set pace = $3::jsonb where organisation_id = $1 and id = $2"
# With the rate by which it was given: what is owed there is leased by both.
_KEEP_GIVEN: Final = (
    "update place_pace set pace = $3::jsonb, per_minute = $4, per_second = $5, begins_within_ms = $6"
    " where organisation_id = $1 and id = $2"
)
_READ: Final = "select pace from place_pace where organisation_id = $1 and id = $2"
_read = msgspec.json.Decoder(Pace).decode

_TRY: Final = (
    "update installation_place set next_try_at = $4 where organisation_id = $1 and id = $2 and next_try_at <= $3"
)
_READ_TRY: Final = "select next_try_at from installation_place where organisation_id = $1 and id = $2"

# Each is ``Health.after`` of one end: in one statement, so that calls that end together are all counted.
_NOTE: Final = {
    CallEnd.SUCCEEDED: (
        "update installation_place set failures = 0, failing_since = null, succeeded_at = $3, next_try_at = null"
        " where organisation_id = $1 and id = $2"
        " and (failing_since is not null or succeeded_at is null or succeeded_at <= $3::timestamptz - $4::interval)"
    ),
    CallEnd.ANSWERED: (
        "update installation_place set failures = 0, failing_since = null, next_try_at = null"
        " where organisation_id = $1 and id = $2 and failing_since is not null"
    ),
    CallEnd.LOCKED_OUT: (
        "update installation_place set failures = 0, failing_since = coalesce(failing_since, $3), next_try_at = null"
        " where organisation_id = $1 and id = $2"
        " and (failing_since is null or failures > 0 or next_try_at is not null)"
    ),
    CallEnd.UNANSWERED: (
        "update installation_place set failures = failures + 1, failing_since = coalesce(failing_since, $3),"
        " next_try_at = case when failures + 1 >= $4 then $3::timestamptz + $5::interval else next_try_at end"
        " where organisation_id = $1 and id = $2"
    ),
}
_FURTHER: Final[dict[CallEnd, tuple[object, ...]]] = {
    CallEnd.SUCCEEDED: (NOTED_EVERY,),
    CallEnd.UNANSWERED: (FAILURES_TO_OPEN, OPEN_FOR),
}


class PlacePaces:
    """Keeps paces in the database: a transaction for each request, beside which the request itself takes long."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, place: PacedPlace, rate: Rate, now: datetime, *, within_s: float | None) -> float:
        """Return the seconds until one more may be sent, which is then counted (see ``Paces``)."""
        async with self._tenant(place) as transaction:
            before = await self._lock(transaction, place, now)
            after, wait = given(before, rate, now, within_s=within_s)
            if after is not before:
                kept = (_stored(after), rate.per_minute, rate.per_second, round(rate.begins_within_s * 1000))
                await transaction.execute(_KEEP_GIVEN, *_key(place), *kept)
        return wait

    async def wait_s(self, place: PacedPlace, rate: Rate, now: datetime) -> float:
        """Return the seconds until one more could be sent."""
        async with self._tenant(place) as transaction:
            kept = await transaction.fetchval(_READ, *_key(place))
        return 0.0 if kept is None else (_read(kept).next_at(rate, now) - now).total_seconds()

    async def hold(self, place: PacedPlace, now: datetime, for_s: float) -> None:
        """Leave a place alone for some seconds."""
        async with self._tenant(place) as transaction:
            before = await self._lock(transaction, place, now)
            await transaction.execute(_KEEP, *_key(place), _stored(before.held(now + timedelta(seconds=for_s))))

    def _tenant(self, place: PacedPlace) -> Transaction:
        return self._database.tenant(_key(place)[0])

    async def _lock(self, transaction: Transaction, place: PacedPlace, now: datetime) -> Pace:
        return _read(await transaction.fetchval(_LOCK, *_key(place), now))


class PlaceBreakers:
    """Keeps the health of places with them in the database: one statement where something changes, none else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def admit(self, place: PacedPlace, known: Health, now: datetime) -> float:
        """Return the seconds for which calls are refused (see ``Breakers``)."""
        if known.next_try_at is None:
            return 0.0
        if (wait := known.wait_s(now)) > 0:
            return wait
        organisation_id, place_id = _key(place)
        async with self._database.tenant(organisation_id) as transaction:
            if await transaction.execute(_TRY, organisation_id, place_id, now, now + OPEN_FOR):
                return 0.0
            # Somebody else tries it, or has found that it answers again.
            at = await transaction.fetchval(_READ_TRY, organisation_id, place_id)
        return Health(next_try_at=at).wait_s(now)

    async def note(self, place: PacedPlace, known: Health, end: CallEnd, now: datetime) -> None:
        """Note how a call that was made ended, where what was read of the place does not say it already."""
        if known.is_told_by(end, now):
            return
        organisation_id, place_id = _key(place)
        moment = () if end is CallEnd.ANSWERED else (now,)
        async with self._database.tenant(organisation_id) as transaction:
            await transaction.execute(_NOTE[end], organisation_id, place_id, *moment, *_FURTHER.get(end, ()))


def _stored(pace: Pace) -> str:
    return msgspec.json.encode(pace).decode()


def _key(place: PacedPlace) -> tuple[UUID, UUID]:
    return UUID(place.organisation_id), UUID(place.id)
