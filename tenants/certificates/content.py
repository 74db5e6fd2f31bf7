"""What a certificate states: what was asked, decided, done where, by when, proven how, kept why until when.

No personal data: neither the person's name nor any identifier that another record holds, but the SHA-256 of the
reference that only the person was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wardship.plugins.api import AttestationLevel, Holder, Verb
from wardship.plugins.host.exchanges import KeptExchange
from wardship.tenants.access import Access
from wardship.tenants.erasure.snapshot import KEPT, Retained
from wardship.tenants.installations.records import InstallationRecord, find_installations
from wardship.tenants.limitations.limits import Limitation
from wardship.tenants.obligations.grades import shortfalls
from wardship.tenants.obligations.proofs import Evidence, ProofRecord
from wardship.tenants.obligations.read import ObligationRecord, obligations_of_right
from wardship.tenants.obligations.taken_back import taken_back_before
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.states import RightKind

VERSION = 2
"""Since version 2 each place carries the exchanges that its grade is derived from; before, none were kept."""


class RetainedThere(msgspec.Struct, frozen=True):
    """What a recipient keeps: category, legal basis, and until when (an ISO date; None where it stated none)."""

    category: str
    legal_basis: str
    until: str | None


class Place(msgspec.Struct, frozen=True):
    """What was owed at one place and how it ended.

    Attributes:
        recipient: name of the integration, and who was asked: the vendor, with the server where settings name one.
        verb: what was owed.
        state: how it ended.
        proof: grade of the proof: probed, receipt, self_reported, manual, unverifiable; empty where none applies.
        checked_at: when the proof was taken (RFC 3339); empty where there is none.
        evidence_sha256: digest of what was seen; empty where there is none.
        shortfall: why it can't be relied on, as a code; empty when it can.
        basis: what the grade rests on, as a stable word; empty where there is no proof, and in version 1.
        exchanges: those with the recipient: times, statuses and keyed digests.
        evidence: what the grade is derived from; None where it rests on what somebody said.
        is_earlier: it was taken back there before this was asked for, and nothing was owed there any more.
    """

    recipient: str
    verb: str
    state: str
    due_at: str
    ended_at: str
    records: int
    proof: str
    checked_at: str
    evidence_sha256: str
    shortfall: str
    retained: tuple[RetainedThere, ...]
    basis: str = ""
    exchanges: tuple[KeptExchange, ...] = ()
    evidence: Evidence | None = None
    is_earlier: bool = False


class CertifiedRight(msgspec.Struct, frozen=True):
    """One right: what was decided, by whom in which capacity, and how it ended.

    Attributes:
        limited: what was withheld, or kept here, by a limitation: what it names, why as a code, until when.
    """

    kind: str
    decision: str
    decided_by: str
    decided_at: str
    state: str
    outcome: str
    ended_at: str
    retained: tuple[Retained, ...]
    places: tuple[Place, ...]
    limited: tuple[Retained, ...] = ()


class Statement(msgspec.Struct, frozen=True):
    """A certificate's content."""

    version: int
    iss: str
    iat: int
    jti: str
    reference_sha256: str
    organisation: str
    regime: str
    submitted_at: str
    due_at: str
    original_due_at: str
    ended_at: str
    identity: str
    rights: tuple[CertifiedRight, ...]
    audit_entries: int
    audit_hash: str


async def statement(access: Access, locked: LockedRequest, certificate_id: UUID) -> Statement:
    """Return what is certified of an ended request."""
    request = locked.request
    owed = await obligations_of_right(access, [right.id for right in locked.rights])
    before = {right.id: await _before(access, locked, right, owed[right.id]) for right in locked.rights}
    recipients = [item.installation_id for items in owed.values() for item in items]
    recipients += [item.installation_id for items in before.values() for item, _ in items]
    installations = await find_installations(access, recipients)
    head = await audit_head(access)
    reference_hash = await access.fetchval(
        "select reference_hash from data_request where organisation_id = $1 and id = $2", request.id
    )
    return Statement(
        version=VERSION,
        iss=access.services.settings.public_url,
        iat=int(access.now.timestamp()),
        jti=str(certificate_id),
        reference_sha256=reference_hash.hex(),
        organisation=await organisation_slug(access),
        regime=request.regime,
        submitted_at=moment_text(request.submitted_at),
        due_at=moment_text(request.due_at),
        original_due_at=moment_text(request.original_due_at),
        ended_at=moment_text(request.ended_at),
        identity=request.identity_method,
        rights=tuple(_right(right, owed[right.id], before[right.id], installations) for right in locked.rights),
        audit_entries=head.entries,
        audit_hash=head.digest,
    )


class AuditHead(NamedTuple):
    """How long the organisation's audit log is at this moment, and the hash of its last entry."""

    entries: int
    digest: str


async def audit_head(access: Access) -> AuditHead:
    """Return where the audit log ends."""
    row = await access.fetchrow("select sequence, hash from audit_head where organisation_id = $1")
    return AuditHead(row["sequence"], row["hash"].hex()) if row else AuditHead(0, "")


async def organisation_slug(access: Access) -> str:
    """Return by which short name the organisation is known."""
    return str(await access.fetchval("select slug from organisation where id = $1"))


async def _before(
    access: Access, locked: LockedRequest, right: RightRecord, owed: Sequence[ObligationRecord]
) -> Sequence[tuple[ObligationRecord, ProofRecord | None]]:
    if right.kind is not RightKind.ERASURE or right.started_at is None:
        return ()
    return await taken_back_before(access, locked.request.member_id, owed)


def _right(
    right: RightRecord,
    owed: Sequence[ObligationRecord],
    before: Sequence[tuple[ObligationRecord, ProofRecord | None]],
    installations: Mapping[UUID, InstallationRecord],
) -> CertifiedRight:
    kept = KEPT if right.kind is RightKind.ERASURE and right.started_at is not None else ()
    missing = shortfalls(owed)
    return CertifiedRight(
        kind=right.kind.value,
        decision=right.decision_code,
        decided_by=right.handler.value if right.decided_by else "",
        decided_at=moment_text(right.decided_at),
        state=right.state.value,
        outcome=right.outcome,
        ended_at=moment_text(right.ended_at),
        retained=kept,
        places=(
            *(
                place_of(item, item.proof, installations[item.installation_id], missing[item.id])
                for item in owed
                if item.verb is not Verb.ATTEST
            ),
            *(_earlier_place(item, proof, installations[item.installation_id]) for item, proof in before),
        ),
        limited=tuple(_limited(item) for item in right.limitations) if "limited" in right.outcome.split(",") else (),
    )


def _limited(limitation: Limitation) -> Retained:
    """Return what a limitation names, without its words, which may name people."""
    until = moment_text(limitation.until) or "until somebody decides that it need not stay"
    return Retained(limitation.named(), limitation.reason_code.value, until)


def _earlier_place(item: ObligationRecord, proof: ProofRecord | None, installation: InstallationRecord) -> Place:
    missing = "unverifiable" if proof is None or proof.level is AttestationLevel.UNVERIFIABLE else ""
    place = msgspec.structs.replace(place_of(item, proof, installation, missing), is_earlier=True)
    # What was exchanged when everything was taken back is about everybody.
    return place if item.member_id else msgspec.structs.replace(place, exchanges=())


def place_of(
    owed: ObligationRecord, proof: ProofRecord | None, installation: InstallationRecord, missing: str
) -> Place:
    """Return what a certificate says of one obligation that has ended."""
    retained = owed.outcome.retained if owed.outcome else ()
    return Place(
        recipient=recipient_of(owed.recipient, installation),
        verb=owed.verb.value,
        state=owed.state.value,
        due_at=moment_text(owed.due_at),
        ended_at=moment_text(owed.ended_at),
        records=owed.outcome.records_affected if owed.outcome else 0,
        proof=proof.level.value if proof else "",
        checked_at=moment_text(proof.checked_at) if proof else "",
        evidence_sha256=(proof.evidence_sha256 or "") if proof else "",
        shortfall=missing,
        retained=tuple(RetainedThere(item.category, item.legal_basis, item.until) for item in retained),
        basis=proof.basis.value if proof else "",
        exchanges=owed.exchanges,
        evidence=proof.evidence if proof else None,
    )


def recipient_of(recipient: str, installation: InstallationRecord) -> str:
    """Return who was asked, without the server that a member connected alone: its name may be the member's."""
    name = installation.manifest.name
    return name if installation.holder is Holder.MEMBER else f"{name}: {recipient}"


def moment_text(moment: datetime | None) -> str:
    """Return a moment as RFC 3339 has it, to the second; empty where there is none."""
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


def plain(content: msgspec.Struct) -> dict[str, Any]:
    """Return a statement as plain JSON values, by the names of its fields."""
    return dict(msgspec.to_builtins(content))
