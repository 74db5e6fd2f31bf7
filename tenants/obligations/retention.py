"""Act on the time for which a vendor said that it keeps data after the end: when it is over, the end is owed again.

What was looked up and not found, or confirmed by the vendor, needs nothing more, unless the vendor said what stays.
Where a record only became smaller, the end of what went is the record itself, which replaces what the vendor holds: it
is sent again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.plugins.api import AttestationLevel, Cause, Record, Restriction, Retained, Share, Verb
from wardship.tenants.access import Access, Services
from wardship.tenants.egress.holdings import LinkState
from wardship.tenants.egress.ledger import fields_disclosed, fields_dropped, last_disclosed
from wardship.tenants.egress.locks import lock_members
from wardship.tenants.installations.records import (
    InstallationRecord,
    PlaceRecord,
    PlaceState,
    find_installations,
    read_places,
)
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.leases import Lease, PreparedCall
from wardship.tenants.obligations.states import hand_over

_AT_ONCE: Final = 200
_ENDS: Final = frozenset({Verb.ERASE, Verb.REVOKE})
_EVIDENT: Final = frozenset({AttestationLevel.PROBED.value, AttestationLevel.RECEIPT.value})
_SET_END: Final = "update obligation set retention_ends_at = $3 where organisation_id = $1 and id = $2"
_LINK: Final = "select state from subject_link where organisation_id = $1 and place_id = $2 and member_id = $3"
_LOCK_DUE: Final = (
    "select id, verb, installation_id, place_id, member_id, outcome, attestation from obligation"
    " where organisation_id = $1 and id = $2 and retention_ends_at <= $3 for update"
)


async def note_retention(
    access: Access, installation: InstallationRecord, lease: Lease, retained: tuple[Retained, ...] = ()
) -> None:
    """Note until when the vendor may still keep what it was told to erase, or what an installation that ended sent.

    Args:
        access: the caller.
        installation: whose vendor; by the declaration that was approved.
        lease: the erasure or revocation that has ended.
        retained: what the vendor said stays, in whose place that counts where it names a day.
    """
    if lease.verb not in _ENDS or lease.arguments.cause is Cause.RETENTION_ENDED:
        return
    await _note(access, lease, await _declared_days(access, installation, lease), retained)


async def note_dropped(access: Access, call: PreparedCall, retained: tuple[Retained, ...] = ()) -> None:
    """Note the same where a record was delivered that has less than the one before: of the fields that went.

    Args:
        access: the caller.
        call: the delivery that has arrived.
        retained: what the vendor said stays.
    """
    installation, lease = call.installation, call.lease
    if lease.member_id is None:
        return
    present = {field.name for record in _records(call) for field in record.fields}
    dropped = await fields_dropped(access, lease.place_id, lease.member_id, lease.id, present)
    if dropped:
        await _note(access, lease, _longest(installation, dropped), retained)


def _records(call: PreparedCall) -> tuple[Record, ...]:
    match call.argument:
        case Share(records=records):
            return records
        case Record() as record:
            return (record,)
        case Restriction(record=Record() as record):
            return (record,)
        case _:
            return ()


async def _note(access: Access, lease: Lease, days: int, retained: tuple[Retained, ...]) -> None:
    moments = [access.now + timedelta(days=days)] if days else []
    moments += [_end_of(each.until) for each in retained if each.until is not None]
    if moments:
        await access.execute(_SET_END, lease.id, max(moments))


async def _declared_days(access: Access, installation: InstallationRecord, lease: Lease) -> int:
    """Return the longest retention of what was sent: of one person's fields, or of all that is declared."""
    if lease.member_id is None:
        entries = installation.manifest.receives
        return max((installation.kept_days, *(entry.retention_days for entry in entries)))
    found = await fields_disclosed(access, lease.place_id, [lease.member_id])
    return _longest(installation, found.get(lease.member_id, set()))


def _longest(installation: InstallationRecord, fields: Collection[str]) -> int:
    """Return the longest time for which any of these fields is kept; what is declared no more, as it once was."""
    entries = installation.manifest.receives
    declared = {name for entry in entries for name in entry.fields}
    once = installation.kept_days if set(fields) - declared else 0
    return max((once, *(entry.retention_days for entry in entries if set(fields).intersection(entry.fields))))


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


async def end_retentions(services: Services) -> None:
    """Owe the end again where the time is over for which a vendor said that it keeps data, in every organisation."""
    async with services.database.directory(read_only=True) as transaction:
        rows = await transaction.fetch("select * from due_retentions($1, $2)", services.clock.now(), _AT_ONCE)
    for row in rows:
        async with services.database.tenant(row["organisation_id"]) as transaction:
            access = Access(system_actor(row["organisation_id"]), transaction, services, "retention")
            await _end(access, row["obligation_id"])


async def _end(access: Access, obligation_id: UUID) -> None:
    ended = await access.fetchrow(_LOCK_DUE, obligation_id, access.now)
    if ended is None:
        return  # another worker was first
    await access.execute(_SET_END, obligation_id, None)
    installation = (await find_installations(access, [ended["installation_id"]]))[ended["installation_id"]]
    place = (await read_places(access, [ended["place_id"]]))[ended["place_id"]]
    if _is_evident(ended):
        return
    made = await _owe(access, installation, place, ended)
    if made:
        await access.audit("obligation.retention_ended", "obligation", obligation_id, owed=made[0])


def _is_evident(ended: Mapping[str, Any]) -> bool:
    """Return whether it was looked up or confirmed that nothing was left, and the vendor said that nothing stays."""
    proof, outcome = json.loads(ended["attestation"] or "{}"), json.loads(ended["outcome"] or "{}")
    return proof.get("level") in _EVIDENT and not outcome.get("retained")


async def _owe(
    access: Access, installation: InstallationRecord, place: PlaceRecord, ended: Mapping[str, Any]
) -> list[UUID]:
    """Owe what ends what was kept, and return that; nothing where something else has ended it, or will."""
    member_id = ended["member_id"]
    if member_id is None:
        made = await enqueue(access, [_erasure(installation, place, ended)])
        await hand_over(access, installation, made, words=_words(installation))
        return made
    if place.state is PlaceState.LEFT:
        return []  # of all that was there the end is owed again
    link = await access.fetchval(_LINK, place.id, member_id)
    if link == LinkState.SHARED:
        return await _owe_record(access, installation, place, member_id)
    # What rests gets its record when it rests no more; what was erased since has a time of its own.
    if link == LinkState.RESTRICTED or Verb(ended["verb"]) not in _ENDS:
        return []
    return await enqueue(access, [_erasure(installation, place, ended)])


def _erasure(installation: InstallationRecord, place: PlaceRecord, ended: Mapping[str, Any]) -> Demand:
    return Demand(
        installation=installation,
        verb=Verb.ERASE,
        place_id=place.id,
        member_id=ended["member_id"],
        cause=Cause.RETENTION_ENDED,
        key=f"retention:{ended['id']}",
    )


async def _owe_record(
    access: Access, installation: InstallationRecord, place: PlaceRecord, member_id: UUID
) -> list[UUID]:
    """Owe a member's record again where the vendor ever got more than is in the present one, which takes its place."""
    if place.id != installation.place_id or not installation.is_sharing:
        return []  # it is taken back, or everybody's record is sent when sharing goes on
    await lock_members(access, [member_id])
    ever = (await fields_disclosed(access, place.id, [member_id])).get(member_id, set())
    present = (await last_disclosed(access, [member_id])).get((place.id, member_id), frozenset())
    if ever <= present:
        return []
    return await enqueue(access, [Demand(installation=installation, verb=Verb.SHARE, member_id=member_id)])


def _words(installation: InstallationRecord) -> str:
    vendor = installation.manifest.vendor
    return (
        f"The time is over for which {vendor.legal_name} declared to keep what was sent: have {vendor.privacy_contact}"
        " confirm that nothing is left, and note the answer here."
    )
