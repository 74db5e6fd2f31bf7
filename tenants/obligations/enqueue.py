"""Make obligations: each by a demand, or for everybody in an audience as one set operation of the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.plugins.api import Cause, Verb
from wardship.plugins.api.doers import Doer, doer
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.deadlines import reminder_at, time_for
from wardship.tenants.obligations.states import cancel_waiting, supersede

SUPERSEDES: Mapping[Verb, frozenset[Verb]] = {
    Verb.SHARE: frozenset({Verb.SHARE, Verb.ATTEST}),
    Verb.CORRECT: frozenset({Verb.SHARE}),
    Verb.RESTRICT: frozenset({Verb.SHARE, Verb.RESTRICT}),
    Verb.ERASE: frozenset({Verb.SHARE, Verb.CORRECT, Verb.RESTRICT, Verb.ERASE}),
    Verb.REVOKE: frozenset({Verb.SHARE, Verb.CORRECT, Verb.RESTRICT}),
}
"""What a new demand about a person makes pointless among those that wait: what a request asked for is never dropped.

An objection is told whatever else is owed; only what is said of the same one later takes its place.
"""

_SHORTEST = timedelta(minutes=1)
"""What is due at once or overdue still gets a moment to be tried."""


_HELD = (
    "exists (select from subject_link l where l.organisation_id = $1 and l.installation_id = $5 and l.member_id = m.id"
    " and l.place_id = $6 and l.state in ('shared', 'restricted'))"
)
_IS_ANYBODY_HELD = (
    "select exists (select from subject_link where organisation_id = $1 and installation_id = $2 and place_id = $3"
    " and state in ('shared', 'restricted'))"
)
_AT_REST = (
    "m.state in ('active', 'deactivated') and exists (select from restriction r where r.organisation_id = $1"
    " and r.member_id = m.id and r.category = '' and r.lifted_at is null)"
)
_AUDIENCE = (
    "m.state = 'active' and ($10::uuid is null or m.id = $10)"
    " and ($11::uuid is null or exists (select from group_membership s"
    "  join user_group g on g.organisation_id = $1 and g.id = s.group_id and g.archived_at is null"
    "  where s.organisation_id = $1 and s.member_id = m.id and s.group_id = $11 and s.left_at is null))"
)


TAKING_BACK: Final = frozenset({Verb.ERASE, Verb.REVOKE, Verb.RESTRICT})
"""What is done to what a vendor holds: it is told why."""


def _insert_sql(source: str) -> str:
    """Return the one insert of obligations, from a source of the columns that differ; ``$2`` is the present."""
    return (
        "insert into obligation (organisation_id, created_at, submitted_at, next_at, id, due_at, remind_at,"
        " installation_id, place_id, member_id, request_id, right_id, verb, dedupe_key, arguments, sealed)"
        f" select $1, $2, $2, $2, {source} on conflict do nothing"
    )


def _of_members_sql(who: str) -> str:
    return _insert_sql(
        "time_ordered_id(), $3, $4, $5, $6, m.id, null, null, $7, format($8, m.id), $9::jsonb, null"
        f" from member m where m.organisation_id = $1 and {who}"
    )


_INSERT_EACH = (
    _insert_sql(
        "n.* from unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::uuid[], $7::uuid[], $8::uuid[],"
        " $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::jsonb[], $14::bytea[]) as n"
    )
    + " returning dedupe_key, id"
)
_INSERT_HELD = _of_members_sql(_HELD)
_INSERT_USED = _of_members_sql(f"{_HELD} and not ({_AT_REST})")
_INSERT_AUDIENCE = _of_members_sql(f"(({_AUDIENCE}) or {_HELD})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One obligation to be made.

    Attributes:
        place_id: at which place of the installation; None for where its data goes at present.
        arguments: identifiers, names and flags only; data is read when it is sent.
        sealed: encrypted identifiers of the person, for a call after an erasure.
        cause: why something is taken back or rests; a right that asks for it is one.
        key: distinguishes demands that are alike otherwise; the same demand is not queued twice.
        due_at: at the latest; the manifest's time for the verb when None.
    """

    installation: InstallationRecord
    verb: Verb
    place_id: UUID | None = None
    member_id: UUID | None = None
    request_id: UUID | None = None
    right_id: UUID | None = None
    due_at: datetime | None = None
    arguments: Mapping[str, object] = field(default_factory=dict)
    sealed: bytes | None = None
    cause: Cause | None = None
    key: str = ""
    id: UUID = field(default_factory=uuid7)

    @property
    def place(self) -> UUID:
        """Return the place at which it is owed."""
        return self.place_id or self.installation.place_id

    @property
    def told(self) -> Mapping[str, object]:
        """Return the arguments, with the cause where there is one."""
        is_asked = self.right_id is not None and self.verb in TAKING_BACK
        cause = self.cause or (Cause.REQUEST if is_asked else None)
        return self.arguments if cause is None else {**self.arguments, "cause": cause.value}

    @property
    def objected(self) -> str:
        """Return the purpose of which the vendor is told that it was objected to, or is not any more; else nothing."""
        return str(self.arguments.get("purpose", ""))

    @property
    def dedupe_key(self) -> str:
        """Return what identifies the demand."""
        return _dedupe_key(self.verb, self.place, self.member_id or "", self.right_id or "", self.key)


def _dedupe_key(verb: Verb, place_id: UUID, member: UUID | str, right: UUID | str = "", key: str = "") -> str:
    return f"{verb.value}:{place_id}:{member}:{right}:{key}"


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
    rows = await access.fetch(
        _INSERT_EACH, access.now, *map(list, zip(*(_row(access, demand) for demand in demands), strict=True))
    )
    return {row["dedupe_key"]: row["id"] for row in rows}


def _row(access: Access, demand: Demand) -> tuple[object, ...]:
    due_at = due(access, demand.installation, demand.verb, demand.due_at)
    return (
        demand.id,
        due_at,
        reminder_at(access.now, due_at),
        demand.installation.id,
        demand.place,
        demand.member_id,
        demand.request_id,
        demand.right_id,
        demand.verb.value,
        demand.dedupe_key,
        json.dumps(demand.told),
        demand.sealed,
    )


def due(access: Access, installation: InstallationRecord, verb: Verb, wanted: datetime | None = None) -> datetime:
    """Return when a demand made now is due: by the manifest, or as wanted when that is sooner and still ahead."""
    latest = access.now + time_for(verb, installation.manifest.deadlines)
    return latest if wanted is None else max(min(latest, wanted), access.now + _SHORTEST)


async def _present(access: Access, keys: Sequence[str]) -> dict[str, UUID]:
    rows = await access.fetch(
        "select dedupe_key, id from obligation where organisation_id = $1 and dedupe_key = any($2::text[])"
        " and ((state = 'pending' and attempt = 0) or right_id is not null)",
        list(keys),
    )
    return {row["dedupe_key"]: row["id"] for row in rows}


async def _supersede(access: Access, demands: Sequence[Demand], ids: Collection[UUID]) -> None:
    pointless = [
        (demand.installation.id, demand.place, demand.member_id, verb, demand.objected)
        for demand in demands
        if demand.member_id is not None
        for verb in (SUPERSEDES.get(demand.verb, ()) if not demand.objected else (Verb.RESTRICT,))
    ]
    await supersede(access, pointless, keep=ids)


async def share_with_audience(access: Access, installation: InstallationRecord) -> int:
    """Owe a record of every active member in the audience, and bring in line what is held of others; return how many.

    It goes to the installation's present place.

    The gate decides at the moment of sending what a record holds, and whether there is one.
    """
    arguments = _of_members(access, Demand(installation=installation, verb=Verb.SHARE))
    return await access.transaction.execute(_INSERT_AUDIENCE, *arguments, installation.member_id, installation.group_id)


async def bring_holders_in_line(access: Access, installation: InstallationRecord) -> int:
    """Owe the record again of everybody of whom something is held; return how many obligations were made."""
    arguments = _of_members(access, Demand(installation=installation, verb=Verb.SHARE))
    return await access.transaction.execute(_INSERT_HELD, *arguments)


async def erase_everywhere(
    access: Access,
    installation: InstallationRecord,
    due_at: datetime | None = None,
    *,
    cause: Cause,
    place_id: UUID | None = None,
) -> int:
    """Owe the erasure of everybody of whom something is held at a place; return how many obligations were made.

    Where only a person can erase at the vendor, that is one task for all rather than one for each.

    Args:
        access: the caller.
        installation: whose vendor erases.
        due_at: at the latest; the manifest's time for the verb when None.
        cause: why.
        place_id: at which place; None for the present one.
    """
    demand = Demand(installation=installation, verb=Verb.ERASE, place_id=place_id, due_at=due_at, cause=cause)
    return await _erase_all(access, demand, _INSERT_HELD)


async def erase_what_is_used(access: Access, installation: InstallationRecord, *, cause: Cause) -> int:
    """Owe the same at the present place, but of what a restriction of everything keeps: that rests until it ends."""
    return await _erase_all(access, Demand(installation=installation, verb=Verb.ERASE, cause=cause), _INSERT_USED)


async def _erase_all(access: Access, demand: Demand, insert: str) -> int:
    installation, place = demand.installation, demand.place
    await cancel_waiting(access, installation, {Verb.SHARE, Verb.RESTRICT}, "superseded", place_id=place)
    if doer(installation.manifest, Verb.ERASE) is not Doer.CONNECTOR:
        is_held = await access.fetchval(_IS_ANYBODY_HELD, installation.id, place)
        return len(await enqueue(access, [demand])) if is_held else 0
    return await access.transaction.execute(insert, *_of_members(access, demand))


def _of_members(access: Access, demand: Demand) -> tuple[object, ...]:
    """Return the arguments of an insert for many members, of whom the demand names none."""
    installation, verb, place = demand.installation, demand.verb, demand.place
    latest = due(access, installation, verb, demand.due_at)
    return (
        access.organisation_id,
        access.now,
        latest,
        reminder_at(access.now, latest),
        installation.id,
        place,
        verb.value,
        _dedupe_key(verb, place, member="%s"),
        json.dumps(demand.told),
    )


async def assign_to_right(access: Access, ids: Collection[UUID], request_id: UUID, right_id: UUID) -> None:
    """Let obligations that belong to no right yet count for the right that caused them."""
    await access.execute(
        "update obligation set request_id = $2, right_id = $3::uuid, dedupe_key = dedupe_key || ':' || $3::uuid"
        " where organisation_id = $1 and id = any($4::uuid[]) and right_id is null",
        request_id,
        right_id,
        list(ids),
    )
