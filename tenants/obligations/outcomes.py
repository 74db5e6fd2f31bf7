"""What is kept of a call's end: codes, counts and hashes, and no free text that could name anybody."""

from __future__ import annotations

import json
import re
from typing import Any

from wardship.plugins.api import Attestation, AttestationLevel, Verb
from wardship.plugins.host import Reply
from wardship.tenants.obligations.read import ObligationRecord, ObligationState

_CUT = "[cut]"
_TAKEN_BACK = {Verb.ERASE, Verb.REVOKE}
_SUPERSEDED = "superseded"
_TELLING = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+|\+?\d[\d ()/.-]{6,}\d")
"""E-mail addresses and telephone numbers, which a vendor's text might hold."""


def without_addresses(text: str) -> str:
    """Return a vendor's text without what looks like an e-mail address or a telephone number."""
    return _TELLING.sub(_CUT, text)


def stored_outcome(reply: Reply, code: str) -> str:
    """Return what is kept of a reply, as JSON. The detail that a connector wrote is not kept."""
    outcome = reply.outcome
    kept: dict[str, Any] = {
        "status": outcome.status.value,
        "code": code,
        "records_affected": outcome.records_affected,
        "http": [exchange.status for exchange in reply.exchanges][-3:],
        "duration_ms": round(reply.duration_s * 1000),
    }
    if outcome.retained:
        kept["retained"] = [
            {
                "category": each.category,
                "reason": without_addresses(each.reason),
                "legal_basis": without_addresses(each.legal_basis),
                "until": each.until.isoformat() if each.until else None,
            }
            for each in outcome.retained
        ]
    return json.dumps(kept)


def ended_outcome(status: str, code: str) -> str:
    """Return what is kept when no call was made."""
    return json.dumps({"status": status, "code": code, "records_affected": 0})


def stored_attestation(attestation: Attestation) -> str:
    """Return what is kept of a proof, as JSON."""
    confirmation = attestation.vendor_confirmation
    kept: dict[str, Any] = {
        "level": attestation.level.value,
        "checked_at": attestation.checked_at.isoformat(),
        "method": without_addresses(attestation.method),
        "evidence_sha256": attestation.evidence_sha256,
        "residual": [without_addresses(each) for each in attestation.residual],
    }
    if confirmation is not None:
        code = without_addresses(confirmation.code) if confirmation.code else None
        url = f"https://{confirmation.url.host}" if confirmation.url else None
        kept["vendor_confirmation"] = {"code": code, "host": url}
    return json.dumps(kept)


def shortfall(owed: ObligationRecord) -> str:
    """Return why an ended obligation can't be relied on, as a code; empty when it can or was replaced."""
    code = owed.outcome.code or owed.outcome.status if owed.outcome else "unknown"
    if code == _SUPERSEDED:
        return ""
    if owed.state is not ObligationState.COMPLETED:
        return code
    if owed.verb in _TAKEN_BACK and (owed.proof is None or owed.proof.level is AttestationLevel.UNVERIFIABLE):
        return "unverifiable"
    return ""
