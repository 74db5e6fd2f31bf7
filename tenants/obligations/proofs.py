"""Proofs as they are kept: the grade, with all that it is derived from, so that anybody can derive it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Self

import msgspec

from wardship.plugins.api import Attestation, AttestationLevel, Claim, Claimed
from wardship.plugins.host.exchanges import KeptExchange
from wardship.plugins.host.grading import LEFT_OVER, Basis, Grade, grade
from wardship.plugins.host.reply import Reply
from wardship.tenants.obligations.leases import PreparedCall, Seen, without_addresses

_MOST: Final = 500
"""Exchanges kept with one proof; a grade that would need more is not claimed."""

_UNPROVEN: Final = Grade(AttestationLevel.UNVERIFIABLE, Basis.NONE_KEPT)
_MANUAL: Final = Grade(AttestationLevel.MANUAL, Basis.SAID_BY_PERSON)


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a grade is derived from.

    Attributes:
        claimed: what was to be proven.
        said: how good the integration said that the proof is.
        subjects: how many people it is about; 1 when it is about everything.
        is_residual: the integration said that something is left.
        exchanges: those of the call that was to prove it.
        earlier: what was seen of the same before, since the last delivery.
        outdated: what was seen before that delivery, where more may be left.
    """

    claimed: Claimed
    said: AttestationLevel
    subjects: int = 1
    is_residual: bool = False
    exchanges: tuple[KeptExchange, ...] = ()
    earlier: tuple[KeptExchange, ...] = ()
    outdated: tuple[KeptExchange, ...] = ()

    @property
    def size(self) -> int:
        """Return how many exchanges it holds."""
        return len(self.exchanges) + len(self.earlier) + len(self.outdated)

    def grade(self) -> Grade:
        """Return what is proven: by where it was found since the last delivery, and nothing may be left of before."""
        if self.is_residual:
            return LEFT_OVER
        seen = Seen(self.earlier, self.outdated)
        found = self._grade(seen.telling)
        if found.level is AttestationLevel.PROBED and seen.outdated:
            return self._grade((*seen.outdated, *seen.earlier))
        return found

    def _grade(self, earlier: Sequence[KeptExchange]) -> Grade:
        return grade(self.claimed, self.said, self.exchanges, earlier, subjects=self.subjects)

    def condensed(self) -> Self:
        """Return the part of it that has the same grade: what was seen where it was looked now."""
        looked = {each.target for each in self.exchanges}
        part = msgspec.structs.replace(
            self,
            earlier=tuple(each for each in self.earlier if each.target in looked),
            outdated=tuple(each for each in self.outdated if each.target in looked),
        )
        return part if part.grade() == self.grade() else self


class ProofRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How it was proven that an erasure or a revocation had its effect.

    Attributes:
        basis: what the grade rests on; of a proof from before it was kept, that nothing was.
        evidence: what the grade is derived from; None where somebody said so, and where nothing was kept.
    """

    level: AttestationLevel
    checked_at: datetime
    method: str
    basis: Basis = Basis.NONE_KEPT
    evidence_sha256: str | None = None
    residual: tuple[str, ...] = ()
    vendor_confirmation: dict[str, str | None] | None = None
    evidence: Evidence | None = None

    @property
    def is_evidence(self) -> bool:
        """Whether it rests on more than what somebody said."""
        return self.level in {AttestationLevel.PROBED, AttestationLevel.RECEIPT}

    def stored(self) -> str:
        """Return it as JSON."""
        return msgspec.json.encode(self).decode()


def derived_grade(basis: Basis, evidence: Evidence | None) -> Grade:
    """Return the grade that follows from what is kept; without evidence a person said so, or nothing is proven."""
    if evidence is not None:
        return evidence.grade()
    return _MANUAL if basis is Basis.SAID_BY_PERSON else _UNPROVEN


_decode = msgspec.json.Decoder(ProofRecord).decode


def read_proof(text: str) -> ProofRecord:
    """Return a proof from a column's JSON; one of which no evidence was kept proves nothing, whatever it says."""
    found = _decode(text)
    if found.basis is not Basis.NONE_KEPT:
        return found
    standing = _MANUAL if found.level is AttestationLevel.MANUAL else _UNPROVEN
    return msgspec.structs.replace(found, level=standing.level, basis=standing.basis)


def proof_by_person(at: datetime, evidence_sha256: str) -> ProofRecord:
    """Return the proof that somebody gives who says that it is done: a digest of what was noted, and no word of it."""
    return ProofRecord(
        level=_MANUAL.level,
        basis=_MANUAL.basis,
        checked_at=at,
        method="a person did it and said so",
        evidence_sha256=evidence_sha256,
    )


def proof_of(call: PreparedCall, reply: Reply, at: datetime) -> ProofRecord | None:
    """Return the proof that a call brought, graded by what was seen and kept; None when it brought none."""
    proof, claim = reply.value, call.argument
    if not isinstance(proof, Attestation) or not isinstance(claim, Claim):
        return None
    evidence = _evidence(call, claim, reply, proof)
    found = derived_grade(Basis.NONE_KEPT, evidence)
    return ProofRecord(
        level=found.level,
        basis=found.basis,
        # By our clock: a proof that says itself when it was taken could make itself younger than what came after it.
        checked_at=reply.exchanges[-1].at if reply.exchanges else at,
        method=without_addresses(proof.method),
        evidence_sha256=proof.evidence_sha256,
        residual=tuple(map(without_addresses, proof.residual)),
        vendor_confirmation=_confirmation(proof),
        evidence=evidence,
    )


def _evidence(call: PreparedCall, claim: Claim, reply: Reply, proof: Attestation) -> Evidence | None:
    found = Evidence(
        claimed=claim.claimed,
        said=reply.said or proof.level,
        subjects=1 if claim.everything else max(1, len(claim.subjects)),
        is_residual=bool(proof.residual),
        exchanges=_kept(reply.exchanges),
        earlier=_kept(each.under(reply.renewed) for each in call.seen.earlier),
        outdated=_kept(each.under(reply.renewed) for each in call.seen.outdated),
    ).condensed()
    return found if found.size <= _MOST else None


def _kept(exchanges: Iterable[KeptExchange]) -> tuple[KeptExchange, ...]:
    return tuple(each.kept() for each in exchanges)


def _confirmation(proof: Attestation) -> dict[str, str | None] | None:
    given = proof.vendor_confirmation
    if given is None:
        return None
    code = without_addresses(given.code) if given.code else None
    return {"code": code, "host": f"https://{given.url.host}" if given.url else None}
