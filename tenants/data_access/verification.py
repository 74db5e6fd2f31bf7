"""Verify the organisation's audit chain where it is kept, and note in the chain itself how far it is intact.

Each entry's hash has to follow from the one before it, the copies that lists are narrowed by have to say what the entry
says, and the head has to be the last entry's. What was found is the last entry of the act ``audit.verified``: a page
shows it without verifying anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from wardship.core.audit.log import AuditEvent
from wardship.core.database.engine import Record
from wardship.tenants.access import Access
from wardship.tenants.permissions import Permission

VERIFIED: Final = "audit.verified"
AT_ONCE: Final = 100_000
"""As many entries are verified in one call at most; the next one goes on from there."""

_LAST: Final = """
select v.entry, (select n.sequence from audit_entry n where n.organisation_id = $1 order by n.sequence desc limit 1)
    as head
from audit_entry v where v.organisation_id = $1 and v.action = $2 order by v.sequence desc limit 1
"""
_FOLLOW: Final = """
with link as (
    select e.sequence, e.hash, sha256(convert_to(e.entry, 'UTF8')) as digest,
        lag(e.sequence, 1, $2::bigint) over chain as earlier, lag(e.hash, 1, $3::bytea) over chain as previous,
        (e.entry::jsonb ->> 'action', e.entry::jsonb #>> '{actor,account}', e.entry::jsonb #>> '{target,kind}',
            e.entry::jsonb #>> '{target,id}')
            is distinct from (e.action, e.actor_id::text, e.target_kind, e.target_id::text) as is_copied_wrong
    from audit_entry e where e.organisation_id = $1 and e.sequence > $2 and e.sequence <= $2 + $4
    window chain as (order by e.sequence)
), followed as (
    select coalesce(max(sequence), $2) as last, count(*) as entries, min(sequence) filter (
        where sequence <> earlier + 1 or hash <> sha256(previous || digest) or is_copied_wrong) as broken
    from link
)
select f.last, f.entries, f.broken, (select hash from link where sequence = f.last) as last_hash, h.sequence, h.hash
from followed f cross join audit_head h where h.organisation_id = $1
"""


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """How far the chain was found intact, when it was last looked at.

    Attributes:
        at: when.
        verified_to: the last entry up to which every one follows from the one before.
        broken_at: the first that does not, or that is missing; None while the chain is intact.
        entries: how many the chain has now, the one among them that notes this.
    """

    at: datetime
    verified_to: int
    broken_at: int | None
    entries: int

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found broken."""
        return self.broken_at is None


class _Details(msgspec.Struct, frozen=True):
    to: int
    hash: str
    broken_at: int | None = None


class _Entry(msgspec.Struct, frozen=True):
    at: datetime
    details: _Details


async def last_verification(access: Access) -> AuditVerification | None:
    """Return what the last verification found; None before the first.

    Raises:
        PermissionDeniedError: the caller may not read the audit chain.
    """
    access.require(Permission.AUDIT_READ)
    row = await access.fetchrow(_LAST, VERIFIED)
    if row is None:
        return None
    entry = msgspec.json.decode(row["entry"], type=_Entry)
    return AuditVerification(entry.at, entry.details.to, entry.details.broken_at, row["head"])


async def verify_chain(access: Access, *, from_start: bool = False) -> AuditVerification:
    """Verify what follows on the last verification, at most 100,000 entries, and note how far the chain is intact.

    Args:
        access: who may read the chain; a token needs the scope ``write``, because it is noted.
        from_start: begins at the first entry, as after a break.

    Raises:
        PermissionDeniedError: the caller may not read the audit chain.
    """
    access.require(Permission.AUDIT_READ)
    access.require_scope("write")
    start = None if from_start else await _intact_until(access)
    after, digest = (0, b"") if start is None else (start.to, bytes.fromhex(start.hash))
    row = await access.fetchrow(_FOLLOW, after, digest, AT_ONCE)
    if row is None:  # nothing was ever done here
        return AuditVerification(access.now, 0, None, 0)
    broken = _broken(row, after)
    verified = row["last"] if broken is None else broken - 1
    found = AuditVerification(access.now, verified, broken, row["sequence"])
    known = digest if row["last"] == after else row["last_hash"]
    details = {"to": verified, "hash": (known or b"").hex() if broken is None else "", "broken_at": broken}
    outcome = "done" if broken is None else "broken"
    await access.audit_event(
        AuditEvent(VERIFIED, "organisation", access.organisation_id, outcome=outcome, details=details)
    )
    return found


async def _intact_until(access: Access) -> _Details | None:
    row = await access.fetchrow(_LAST, VERIFIED)
    if row is None:
        return None
    details = msgspec.json.decode(row["entry"], type=_Entry).details
    return details if details.broken_at is None else None


def _broken(row: Record, after: int) -> int | None:
    """Return the first entry that does not follow, or is missing at the end.

    A head that stands before the last entry needs no word: nothing at all can be appended to it any more.
    """
    if row["broken"] is not None:
        return int(row["broken"])
    last: int = row["last"]
    if last < row["sequence"] and last < after + AT_ONCE:
        return last + 1
    if last == row["sequence"] and row["entries"] and row["last_hash"] != row["hash"]:
        return last
    return None
