"""Act on the time for which a vendor said that it keeps data after the end: when it is over, the end is owed again.

What was looked up and not found, or confirmed by the vendor, needs nothing more, unless the vendor said what stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from wardship.core.actor import system_actor
from wardship.plugins.api import AttestationLevel, Cause, Retained, Verb
from wardship.tenants.access import Access, Services
from wardship.tenants.egress.holdings import HELD
from wardship.tenants.egress.ledger import fields_disclosed
from wardship.tenants.installations.records import (
    InstallationRecord,
    PlaceRecord,
    PlaceState,
    find_installations,
    read_places,
)
from wardship.tenants.obligations.enqueue import Demand, enqueue
from wardship.tenants.obligations.leases import Lease
from wardship.tenants.obligations.states import hand_over

_AT_ONCE: Final = 200
_ENDS: Final = frozenset({Verb.ERASE, Verb.REVOKE})
_EVIDENT: Final = frozenset({AttestationLevel.PROBED.value, AttestationLevel.RECEIPT.value})
_NOTE: Final = "update obligation set retention_ends_at = $3 where organisation_id = $1 and id = $2"
_LOCK_DUE: Final = (
    "select id, installation_id, place_id, member_id, outcome, attestation from obligation"
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
    days = await _declared_days(access, installation, lease)
    moments = [access.now + timedelta(days=days)] if days else []
    moments += [_end_of(each.until) for each in retained if each.until is not None]
    if moments:
        await access.execute(_NOTE, lease.id, max(moments))


async def _declared_days(access: Access, installation: InstallationRecord, lease: Lease) -> int:
    """Return the longest retention of what was sent: of one person's fields, or of all that is declared."""
    entries = installation.manifest.receives
    if lease.member_id is not None:
        found = await fields_disclosed(access, lease.place_id, [lease.member_id])
        sent = found.get(lease.member_id, set())
        entries = tuple(entry for entry in entries if sent.intersection(entry.fields))
    return max((entry.retention_days for entry in entries), default=0)


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
    await access.execute(_NOTE, obligation_id, None)
    installation = (await find_installations(access, [ended["installation_id"]]))[ended["installation_id"]]
    place = (await read_places(access, [ended["place_id"]]))[ended["place_id"]]
    if _is_evident(ended) or await _is_settled_otherwise(access, place, ended["member_id"]):
        return
    demand = Demand(
        installation=installation,
        verb=Verb.ERASE,
        place_id=place.id,
        member_id=ended["member_id"],
        cause=Cause.RETENTION_ENDED,
        key=f"retention:{obligation_id}",
    )
    made = await enqueue(access, [demand])
    if ended["member_id"] is None:
        await hand_over(access, installation, made, words=_words(installation))
    await access.audit("obligation.retention_ended", "obligation", obligation_id, owed=made[0])


def _is_evident(ended: Mapping[str, Any]) -> bool:
    """Return whether it was looked up or confirmed that nothing was left, and the vendor said that nothing stays."""
    proof, outcome = json.loads(ended["attestation"] or "{}"), json.loads(ended["outcome"] or "{}")
    return proof.get("level") in _EVIDENT and not outcome.get("retained")


async def _is_settled_otherwise(access: Access, place: PlaceRecord, member_id: UUID | None) -> bool:
    """Return whether a member's data is shared again, or the place was left, for which its own end is owed again."""
    if member_id is None:
        return False
    if place.state is PlaceState.LEFT:
        return True
    link = await access.fetchval(
        "select state from subject_link where organisation_id = $1 and place_id = $2 and member_id = $3",
        place.id,
        member_id,
    )
    return link in HELD


def _words(installation: InstallationRecord) -> str:
    vendor = installation.manifest.vendor
    return (
        f"The time is over for which {vendor.legal_name} declared to keep what was sent: have {vendor.privacy_contact}"
        " confirm that nothing is left, and note the answer here."
    )
