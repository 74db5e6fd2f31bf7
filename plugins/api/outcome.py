"""What a connector answers: outcomes, exports, states and proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, HttpUrl, StringConstraints, model_validator

from wardship.plugins.api.arguments import OpaqueId
from wardship.plugins.api.contract import ContractModel
from wardship.plugins.api.inbound import MOST_EVENTS, InboundAnswer, InboundEvent, InboundKind, InboundSubject
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
        external_ref: the vendor's name for what was begun or made; it comes back at the next call of the same
            obligation, as ``context.continuation``.
        records_affected: of the whole obligation, not of the last call alone.
        retry_after_s: when to call again, from now; honoured as given, but for less than a second or more than 3 days.
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
        cls,
        records_affected: int = 0,
        *,
        external_ref: str | None = None,
        known_as: tuple[KnownAs, ...] = (),
        retained: tuple[Retained, ...] = (),
    ) -> Self:
        """Return the outcome of what is done."""
        return cls(
            status=OutcomeStatus.COMPLETED,
            records_affected=records_affected,
            external_ref=external_ref,
            known_as=known_as,
            retained=retained,
        )

    @classmethod
    def in_progress(
        cls,
        external_ref: str | None = None,
        *,
        retry_after_s: float | None = None,
        records_affected: int = 0,
        known_as: tuple[KnownAs, ...] = (),
    ) -> Self:
        """Return the outcome of what the vendor has begun: the host calls again, with ``external_ref``."""
        return cls(
            status=OutcomeStatus.IN_PROGRESS,
            external_ref=external_ref,
            retry_after_s=retry_after_s,
            records_affected=records_affected,
            known_as=known_as,
        )

    @classmethod
    def manual(cls, detail: str) -> Self:
        """Return the outcome of what a person has to do."""
        return cls(status=OutcomeStatus.MANUAL, detail=detail)


class Continuation(ContractModel):
    """What the connector answered before to the same obligation, which has not ended: where to go on.

    An answer that is ``in_progress`` and names no ``external_ref`` leaves the one before; one that has failed, and
    names none, ends it: the next call begins anew. An error that is raised changes nothing.

    Attributes:
        external_ref: the vendor's name for what was begun.
        records_affected: the most that an answer told.
        retained: what the last answer that told anything said stays.
    """

    external_ref: Reference | None = None
    records_affected: Annotated[int, Field(ge=0)] = 0
    retained: tuple[Retained, ...] = ()

    def after(self, outcome: Outcome) -> Self:
        """Return what the next call of the obligation goes on from, or what is to be reported of the whole."""
        has_failed = outcome.status is OutcomeStatus.FAILED
        return type(self)(
            external_ref=outcome.external_ref or (None if has_failed else self.external_ref),
            records_affected=max(self.records_affected, outcome.records_affected),
            retained=outcome.retained or self.retained,
        )


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


class ObligationOutcome(ContractModel):
    """What became of something that the vendor had begun: it answers what the host would ask for later.

    Attributes:
        obligation_id: that of the call that was answered ``in_progress``.
        outcome: believed only while the host still waits for it, and never better than the vendor's own word.
    """

    obligation_id: OpaqueId
    outcome: Outcome


class Received(ContractModel):
    """What an inbound call brought; the host labels it with its source and limits it to what is allowed.

    Attributes:
        outcome: completed where the call is the vendor's own; nothing of any other is believed.
        records: data of people by our ids; the same as events of new data.
        message_id: the vendor's, the same for each try of one message: a repetition changes nothing, and is answered as
            the first. None: calls with the same content are the same message.
        sent_at: when the message was signed; one from another time than the present is refused. None where the vendor
            signs no moment: then its messages are remembered for as long as the integration is installed.
        events: in the order in which they are to count.
        outcomes: of what the vendor had begun, each obligation once.
        answer: what the vendor is answered; None leaves that to the host.
    """

    outcome: Outcome
    records: tuple[Record, ...] = ()
    message_id: Reference | None = None
    sent_at: AwareDatetime | None = None
    events: Annotated[tuple[InboundEvent, ...], Field(max_length=MOST_EVENTS)] = ()
    outcomes: Annotated[tuple[ObligationOutcome, ...], Field(max_length=MOST_EVENTS)] = ()
    answer: InboundAnswer | None = None

    @model_validator(mode="after")
    def _is_within_bounds(self) -> Self:
        if len(self.all_events) > MOST_EVENTS:
            raise ValueError(f"one call brings at most {MOST_EVENTS} events")
        if len({each.obligation_id for each in self.outcomes}) != len(self.outcomes):
            raise ValueError("one call names each obligation once")
        return self

    @property
    def all_events(self) -> tuple[InboundEvent, ...]:
        """The events, with the records as events of new data."""
        new = tuple(
            InboundEvent(kind=InboundKind.NEW_DATA, subject=InboundSubject(id=record.subject.id), fields=record.fields)
            for record in self.records
            if record.fields
        )
        return self.events + new


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

    @classmethod
    def looked_up(cls, *, at: AwareDatetime, method: str, gone: Iterable[bool]) -> Self:
        """Return the proof by looking each thing up: what ``expect_absent`` and ``expect_refused`` told, in order.

        How good it is, the host says by the exchanges that it saw.
        """
        found = tuple(gone)
        left = sum(not each for each in found)
        residual = (f"{left} of {len(found)} still there",) if left else ()
        return cls.probed(at=at, method=method, evidence=f"{method}: {found}", residual=residual)
