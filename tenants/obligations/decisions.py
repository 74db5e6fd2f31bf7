"""Decide what becomes of an obligation after a call, and what is kept of it: pure functions of the reply and of times.

Kept are codes, counts and hashes, and no free text that could name anybody.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any, Final

from wardship.plugins.api import Attestation, OutcomeStatus, Reason, Verb
from wardship.plugins.host import Fault, Reply
from wardship.tenants.obligations.deadlines import wait_before_retry
from wardship.tenants.obligations.leases import Lease
from wardship.tenants.obligations.states import Decision, ObligationState

DUTIES: Final = frozenset({Verb.REVOKE, Verb.ERASE, Verb.RESTRICT, Verb.CORRECT, Verb.EXPORT, Verb.ATTEST})
"""What is owed to a person or to the organisation even when the integration can't do it: somebody has to."""

NOT_SENT: Final = frozenset({Fault.BREAKER_OPEN, Fault.BUSY, Fault.STUCK, Fault.NOT_LOADED, Fault.BAD_SETTINGS})
"""Faults before anything left the host."""

NEEDS_ADMINISTRATOR: Final = frozenset({Fault.UNAUTHORISED, Fault.BAD_SETTINGS})
"""Faults that only an administrator can mend: trying again would be refused again."""

_HELD_BACK = frozenset({Fault.BREAKER_OPEN, Fault.BUSY})
_FINAL_FAULTS = frozenset({Fault.REJECTED, Fault.NOT_LOADED})
_FINAL = frozenset({OutcomeStatus.DENIED, OutcomeStatus.CANCELLED, OutcomeStatus.UNSUPPORTED, OutcomeStatus.MANUAL})
_POLL = timedelta(hours=1)
_SHORTEST_POLL = timedelta(seconds=30)
_S = ObligationState
_CUT = "[cut]"
_TELLING = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+|\+?\d[\d ()/.-]{6,}\d")
"""E-mail addresses and telephone numbers, which a vendor's text might hold."""


def decide(lease: Lease, reply: Reply, now: datetime) -> Decision:
    """Return what becomes of a leased obligation whose call ended like this."""
    outcome = reply.outcome
    if reply.fault is None and outcome.status is OutcomeStatus.COMPLETED:
        # What the plan leaves to a person still has to be done before the duty has ended.
        is_done = not reply.manual_steps or lease.verb not in DUTIES
        return Decision(_S.COMPLETED, "completed") if is_done else Decision(_S.MANUAL, "manual_step_left")
    code = _code(reply)
    if reply.fault in _FINAL_FAULTS or (reply.fault is None and (outcome.status in _FINAL or outcome.fatal)):
        return given_up(lease.verb, code)
    if now >= lease.give_up_at:
        return given_up(lease.verb, code)
    return _again(lease, reply, now, code)


def given_up(verb: Verb, code: str) -> Decision:
    """Return the end of trying: a person takes over what is owed, and the rest has failed."""
    return Decision(_S.MANUAL if verb in DUTIES else _S.FAILED, code)


def _again(lease: Lease, reply: Reply, now: datetime, code: str) -> Decision:
    outcome = reply.outcome
    asked = timedelta(seconds=outcome.retry_after_s or 0)
    if reply.fault in NEEDS_ADMINISTRATOR:
        return Decision(_S.WAITING, code, lease.give_up_at)
    if reply.fault is None and outcome.status is OutcomeStatus.IN_PROGRESS:
        expected = outcome.expected_completion_at or now + (asked or _POLL)
        return Decision(_S.WAITING, code, min(max(expected, now + _SHORTEST_POLL), lease.give_up_at))
    if reply.fault in _HELD_BACK:
        return Decision(_S.PENDING, code, min(now + max(asked, timedelta(seconds=1)), lease.give_up_at))
    wait = max(wait_before_retry(lease.id, lease.failures + 1), asked)
    return Decision(_S.PENDING, code, min(now + wait, lease.give_up_at), is_failure=True)


def _code(reply: Reply) -> str:
    if reply.fault is not None:
        return reply.fault.value
    reason = reply.outcome.reason
    return reply.outcome.status.value if reason is None or reason is Reason.OTHER else str(reason.value)


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
