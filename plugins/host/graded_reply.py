"""What the host makes of a connector's answer in the light of the exchanges that it saw itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    Claim,
    Outcome,
    OutcomeStatus,
    Reason,
    Verb,
)
from wardship.plugins.host.call import Call
from wardship.plugins.host.exchanges import Exchange
from wardship.plugins.host.grading import LEFT_OVER, Basis, Obstacle, grade, obstacle
from wardship.plugins.host.reply import Fault, Reply, failure

_STILL_NAMED: Final = "the vendor's answer still names what was to be gone"
_FAULTS: Final = {
    Obstacle.UNAVAILABLE: Fault.UNAVAILABLE,
    Obstacle.UNAUTHORISED: Fault.UNAUTHORISED,
    Obstacle.REFUSED: Fault.REJECTED,
}
_HINDERED: Final = frozenset({AttestationLevel.PROBED, AttestationLevel.RECEIPT, AttestationLevel.SELF_REPORTED})


def graded_reply(call: Call, reply: Reply) -> Reply:
    """Return the reply to a claim with its proof graded, or failed where it rests on no answer."""
    if not isinstance(reply.value, Attestation) or not isinstance(call.argument, Claim):
        return reply
    return _graded(call, call.argument, reply, reply.value)


def _graded(call: Call, claim: Claim, reply: Reply, proof: Attestation) -> Reply:
    exchanges = call.client.exchanges
    earlier = [each.under(call.client.witness.renewed) for each in call.earlier]
    said = _said(proof)
    if said in _HINDERED and (met := obstacle(claim.claimed, exchanges, earlier)):
        return _hindered(*met)
    subjects = 1 if claim.everything else max(1, len(claim.subjects))
    found = grade(claim.claimed, said, exchanges, earlier, subjects=subjects)
    if proof.residual:
        found = LEFT_OVER
    left = proof.residual or ((_STILL_NAMED,) if found.basis is Basis.STILL_FOUND else ())
    graded = proof.model_copy(update={"level": found.level, "residual": left})
    return replace(reply, value=graded, basis=found.basis, said=said)


def _said(proof: Attestation) -> AttestationLevel:
    """Return how good the plugin says that a proof is: a receipt is one only with the vendor's confirmation."""
    confirmation = proof.vendor_confirmation
    has_receipt = confirmation is not None and (confirmation.code or confirmation.url)
    if proof.level is AttestationLevel.RECEIPT and not has_receipt:
        return AttestationLevel.SELF_REPORTED
    return proof.level


def _hindered(kind: Obstacle, exchange: Exchange) -> Reply:
    """Return the failure of a probe that came to no end."""
    answer = f"HTTP {exchange.status}" if exchange.error is None else exchange.error
    fault = _FAULTS[kind]
    if kind is Obstacle.UNAVAILABLE:
        detail = f"the vendor could not be asked ({answer}), so nothing is proven"
        return failure(Verb.ATTEST, fault, detail, retry_after_s=exchange.retry_after_s)
    refused = f"the vendor refused to be asked ({answer}), so nothing is proven"
    if kind is Obstacle.UNAUTHORISED:
        reason, status, detail = Reason.AUTH_REVOKED, OutcomeStatus.FAILED, f"{refused}; reconnect"
    else:
        reason, status, detail = Reason.OTHER, OutcomeStatus.DENIED, refused
    outcome = Outcome(status=status, reason=reason, detail=detail, fatal=True)
    return Reply(verb=Verb.ATTEST, outcome=outcome, fault=fault)
