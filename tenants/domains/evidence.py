"""What an organisation says in a dispute of a domain: for the provider alone, who decides it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.domains.read import claim_by_id
from wardship.tenants.domains.records import ClaimRecord
from wardship.tenants.permissions import Permission
from wardship.tenants.text import many_lines

MOST_EVIDENCE: Final = 20
_LONGEST: Final = 5000
_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2038))"
_COUNT: Final = "select count(*) from domain_evidence where organisation_id = $1 and claim_id = $2"
_INSERT: Final = (
    "insert into domain_evidence (organisation_id, id, created_at, claim_id, author_id, text)"
    " values ($1, $2, $3, $4, $5, $6)"
)
_READ: Final = (
    "select id, created_at, text from domain_evidence where organisation_id = $1 and claim_id = $2"
    " order by created_at, id limit $3"
)


class NoDisputeError(ConflictError):
    """The domain is in no dispute: there is nothing to say about it."""

    code: ClassVar[str] = "NO_DISPUTE"


class TooMuchEvidenceError(ConflictError):
    """Twenty pieces of evidence were given in this dispute: they are read as they are."""

    code: ClassVar[str] = "TOO_MUCH_EVIDENCE"


class EvidenceRecord(Row):
    """One piece of evidence, as its organisation wrote it."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    text: str = column("text")


async def add_evidence(access: Access, claim_id: UUID, text: str) -> ClaimRecord:
    """Say why the domain is the own organisation's; the provider reads it when it decides, the other side never.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        PermissionDeniedError: the caller does not manage domains.
        InvalidInputError: nothing is said, or too much.
        NoDisputeError: the domain is in no dispute.
        TooMuchEvidenceError: there are twenty pieces already.
    """
    claim = await claim_by_id(access, claim_id)
    access.require(Permission.DOMAINS_MANAGE)
    said = many_lines(text, "text", most=_LONGEST, least=1)
    if not await access.transaction.fetchval("select is_in_dispute($1)", claim_id):
        raise NoDisputeError("This domain is in no dispute.", path=("domain_id",))
    await access.transaction.execute(_LOCK, access.organisation_id)
    if await access.fetchval(_COUNT, claim_id) >= MOST_EVIDENCE:
        raise TooMuchEvidenceError(f"{MOST_EVIDENCE} pieces of evidence were given already.", path=("domain_id",))
    await access.execute(_INSERT, uuid7(), access.now, claim_id, access.actor.member_id, said)
    await access.audit("domain.evidence_added", "domain_claim", claim_id)
    return claim


async def read_evidence(access: Access, claim_id: UUID) -> list[EvidenceRecord]:
    """Return what an organisation says of a claim of its own, oldest first; for acts that have checked who may."""
    return await access.fetch_as(EvidenceRecord, _READ, claim_id, MOST_EVIDENCE)
