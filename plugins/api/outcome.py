"""What a connector answers: outcomes, exports, states and proofs."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, HttpUrl, StringConstraints, model_validator

from wardship.plugins.api.contract import ContractModel
from wardship.plugins.api.subjects import Field as Datum
from wardship.plugins.api.subjects import Record, SubjectId, VendorName
from wardship.plugins.api.taxonomy import CategoryKey

Note = Annotated[str, StringConstraints(max_length=1000)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class OutcomeStatus(StrEnum):
    """What became of what was asked."""

    COMPLETED = "completed"
    IN_PROGRESS = "in_progress"
    DENIED = "denied"
    CANCELLED = "cancelled"
    FAILED = "failed"
    MANUAL = "manual"
    UNSUPPORTED = "unsupported"


class Reason(StrEnum):
    """Why: the Data Rights Protocol's denial codes, and ours."""

    SUSPECTED_FRAUD = "suspected_fraud"
    INSUFFICIENT_VERIFICATION = "insuf_verification"
    NO_MATCH = "no_match"
    CLAIM_NOT_COVERED = "claim_not_covered"
    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    TOO_MANY_REQUESTS = "too_many_requests"
    OTHER = "other"
    RATE_LIMITED = "rate_limited"
    AUTH_REVOKED = "auth_revoked"
    NOT_FOUND = "not_found"
    LEGAL_HOLD = "legal_hold"
    VENDOR_ERROR = "vendor_error"


class Retained(ContractModel):
    """What stays at the vendor, why, and until when."""

    category: CategoryKey
    reason: Note
    legal_basis: Note
    until: date | None = None


class KnownAs(ContractModel):
    """What the vendor called a person when it took the record: the host remembers it and gives it back.

    It comes back as ``SubjectRef.known_as`` in every later call, and is forgotten once the end is proven.
    """

    subject_id: SubjectId
    name: VendorName


class Outcome(ContractModel):
    """The result of one call.

    Attributes:
        detail: for the administrator; holds no personal data.
        external_ref: the vendor's name for what was begun or made.
        fatal: trying again is useless.
        known_as: the vendor's names for people of this call (``share``, ``correct``, ``restrict``), each person once;
            names for anybody else are not kept.
    """

    status: OutcomeStatus
    reason: Reason | None = None
    detail: Note = ""
    expected_completion_at: AwareDatetime | None = None
    external_ref: Reference | None = None
    records_affected: Annotated[int, Field(ge=0)] = 0
    retained: tuple[Retained, ...] = ()
    retry_after_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    fatal: bool = False
    known_as: Annotated[tuple[KnownAs, ...], Field(max_length=1000)] = ()

    @model_validator(mode="after")
    def _one_name_for_each(self) -> Self:
        named = [known.subject_id for known in self.known_as]
        if len(named) != len(set(named)):
            raise ValueError("an outcome names each person once")
        return self

    @model_validator(mode="after")
    def _refusal_has_reason(self) -> Self:
        if self.status in {OutcomeStatus.DENIED, OutcomeStatus.FAILED} and self.reason is None:
            raise ValueError(f"an outcome that is {self.status} needs a reason")
        return self

    @classmethod
    def completed(
        cls, records_affected: int = 0, *, external_ref: str | None = None, known_as: tuple[KnownAs, ...] = ()
    ) -> Self:
        """Return the outcome of what is done."""
        return cls(
            status=OutcomeStatus.COMPLETED,
            records_affected=records_affected,
            external_ref=external_ref,
            known_as=known_as,
        )

    @classmethod
    def manual(cls, detail: str) -> Self:
        """Return the outcome of what a person has to do."""
        return cls(status=OutcomeStatus.MANUAL, detail=detail)


class Export(ContractModel):
    """What the vendor holds on a person; rows tagged by category. Empty rows with a completed outcome mean nothing."""

    outcome: Outcome
    rows: tuple[Datum, ...] = ()


class SubjectState(StrEnum):
    """What the vendor knows of a person."""

    ACTIVE = "active"
    UPDATED = "updated"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Standing(ContractModel):
    """One person's state at the vendor."""

    subject_id: SubjectId
    state: SubjectState


class Reconciliation(ContractModel):
    """The states of the people asked about, each once, and the references of records that belong to none of them."""

    standings: tuple[Standing, ...]
    strays: tuple[Reference, ...] = ()


class Received(ContractModel):
    """What an inbound call brought; the host labels it with its source and limits it to what is allowed."""

    outcome: Outcome
    records: tuple[Record, ...] = ()


class AttestationLevel(StrEnum):
    """How good a proof is, best first."""

    PROBED = "probed"
    RECEIPT = "receipt"
    SELF_REPORTED = "self_reported"
    MANUAL = "manual"
    UNVERIFIABLE = "unverifiable"


class VendorConfirmation(ContractModel):
    """The vendor's own receipt."""

    url: HttpUrl | None = None
    code: Reference | None = None


class Attestation(ContractModel):
    """The proof that something is erased or revoked.

    Attributes:
        method: what was looked up, in words.
        evidence_sha256: hexadecimal digest of what was seen.
        residual: what was still found, without personal data; empty when nothing was.
    """

    level: AttestationLevel
    checked_at: AwareDatetime
    method: Note
    evidence_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    vendor_confirmation: VendorConfirmation | None = None
    residual: tuple[Note, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether it was looked up, or confirmed by the vendor, and nothing was left."""
        return not self.residual and self.level in {AttestationLevel.PROBED, AttestationLevel.RECEIPT}

    @classmethod
    def probed(cls, *, at: AwareDatetime, method: str, evidence: str, residual: tuple[str, ...] = ()) -> Self:
        """Return the proof by looking it up: the evidence is the transcript, of which the digest is kept."""
        return cls(
            level=AttestationLevel.PROBED,
            checked_at=at,
            method=method,
            evidence_sha256=hashlib.sha256(evidence.encode()).hexdigest(),
            residual=residual,
        )
