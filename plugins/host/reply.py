"""What the host makes of a call, whatever the plugin did: nothing that it returned or raised is believed unchecked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from pydantic import BaseModel, ValidationError

from wardship.core.outbound.breaking import CallEnd
from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    AuthorisationExpired,
    Export,
    Outcome,
    OutcomeStatus,
    Reason,
    Received,
    Reconciliation,
    Rejected,
    RevocationStep,
    TemporarilyUnavailable,
    Verb,
)
from wardship.plugins.host.authorisations import NotConnectedError
from wardship.plugins.host.call import RESULTS, Answer
from wardship.plugins.host.data_guards import Redaction, people_in
from wardship.plugins.host.exchanges import Exchange
from wardship.plugins.host.grading import Basis
from wardship.plugins.host.remote.answers import EndpointGoneError

Value = Export | Attestation | Reconciliation | Received


class Fault(StrEnum):
    """Why there is no answer of the vendor's own."""

    UNAVAILABLE = "unavailable"
    UNAUTHORISED = "unauthorised"
    REJECTED = "rejected"
    GONE = "gone"
    TIMEOUT = "timeout"
    CRASH = "crash"
    INVALID_RESPONSE = "nonsense"
    STUCK = "stuck"
    BREAKER_OPEN = "breaker_open"
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    NOT_LOADED = "not_loaded"
    BAD_SETTINGS = "bad_settings"
    NOT_CONNECTED = "not_connected"


UNANSWERED = frozenset({Fault.UNAVAILABLE, Fault.TIMEOUT, Fault.CRASH, Fault.INVALID_RESPONSE})
"""The faults that the circuit breaker counts."""

_PACES = frozenset({Fault.BUSY, Fault.RATE_LIMITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One call's end; there is always one, and always an outcome.

    Attributes:
        outcome: the connector's, or the one that stands for the fault.
        value: what the verb brings besides: an export, a proof, the states, or what was received. A proof has the grade
            that its exchanges earn.
        basis: of a proof's grade; None for anything else.
        said: how good the connector said that its proof is; None where none was made.
        fault: None when the connector answered, or when a person or nobody has to act.
        manual_steps: what a person has to do besides, by the revocation plan.
        exchanges: the HTTP requests that were made.
        renewed: by the digest under an earlier key the present one, of what they hold.
        secrets_read: names of the secrets that were read.
        duration_s: from the call to its end.
    """

    verb: Verb
    outcome: Outcome
    value: Value | None = None
    basis: Basis | None = None
    said: AttestationLevel | None = None
    fault: Fault | None = None
    manual_steps: tuple[RevocationStep, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    renewed: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets_read: tuple[str, ...] = ()
    duration_s: float = 0.0


def call_end(reply: Reply) -> CallEnd:
    """Return what a reply tells of the place that was called."""
    if reply.fault in UNANSWERED:
        return CallEnd.UNANSWERED
    if reply.fault in {Fault.UNAUTHORISED, Fault.NOT_CONNECTED}:
        return CallEnd.LOCKED_OUT
    is_good = reply.fault is None and reply.outcome.status is not OutcomeStatus.FAILED
    return CallEnd.SUCCEEDED if is_good else CallEnd.ANSWERED


def failure(verb: Verb, fault: Fault, detail: str, *, retry_after_s: float | None = None, fatal: bool = False) -> Reply:
    """Return the reply for a call that brought no answer."""
    asked_to_wait = fault in _PACES or (fault is Fault.UNAVAILABLE and retry_after_s is not None)
    reason = Reason.RATE_LIMITED if asked_to_wait else Reason.VENDOR_ERROR
    outcome = Outcome(
        status=OutcomeStatus.FAILED, reason=reason, detail=detail, retry_after_s=retry_after_s, fatal=fatal
    )
    return Reply(verb=verb, outcome=outcome, fault=fault)


def reply_to_answer(verb: Verb, answer: object, redaction: Redaction, argument: BaseModel | None = None) -> Reply:
    """Return the reply for a connector's answer; one of the wrong type, or not valid, is an invalid response.

    Names for people whom the argument is not about are left out.
    """
    expected = RESULTS[verb]
    if type(answer) is not expected:
        return failure(
            verb, Fault.INVALID_RESPONSE, f"the integration answered {type(answer).__name__}, not {expected.__name__}"
        )
    try:
        # Read again from its JSON form: an object may have been made without validation, or hold what is no value.
        checked = expected.model_validate_json(answer.model_dump_json(warnings="error"))
    except (ValidationError, ValueError, TypeError):
        return failure(verb, Fault.INVALID_RESPONSE, f"the integration answered with an invalid {expected.__name__}")
    people = people_in(argument)
    if isinstance(checked, Outcome):
        checked = _with_names_for(people, checked)
    elif isinstance(checked, Export | Received):
        checked = checked.model_copy(update={"outcome": _with_names_for(people, checked.outcome)})
    return _of_checked(verb, checked, redaction)


def _with_names_for(people: frozenset[str], outcome: Outcome) -> Outcome:
    kept = tuple(known for known in outcome.known_as if known.subject_id in people)
    return outcome.model_copy(update={"known_as": kept})


def _of_checked(verb: Verb, checked: Answer, redaction: Redaction) -> Reply:
    match checked:
        case Outcome():
            return Reply(verb=verb, outcome=_clean(checked, redaction))
        case Export():
            export = _without_secrets(checked, redaction)
            return Reply(verb=verb, outcome=export.outcome, value=export)
        case Received():
            return Reply(verb=verb, outcome=_clean(checked.outcome, redaction), value=checked)
        case Attestation():
            residual = tuple(redaction.cut(each) for each in checked.residual)
            value = checked.model_copy(update={"residual": residual, "method": redaction.cut(checked.method)})
            return Reply(verb=verb, outcome=Outcome.completed(), value=value)
        case Reconciliation():
            return Reply(verb=verb, outcome=Outcome.completed(len(checked.standings)), value=checked)
    assert_never(checked)


def _without_secrets(export: Export, redaction: Redaction) -> Export:
    """Return what a vendor hands out for the person whom it is about, who gets no secret of the organisation's."""
    rows = tuple(each.model_copy(update={"value": redaction.cut_secrets(each.value)}) for each in export.rows)
    return export.model_copy(update={"outcome": _clean(export.outcome, redaction), "rows": rows})


def _clean(outcome: Outcome, redaction: Redaction) -> Outcome:
    retained = tuple(
        each.model_copy(update={"reason": redaction.cut(each.reason), "legal_basis": redaction.cut(each.legal_basis)})
        for each in outcome.retained
    )
    return outcome.model_copy(update={"detail": redaction.cut(outcome.detail), "retained": retained})


def reply_to_error(verb: Verb, error: BaseException, redaction: Redaction) -> Reply:
    """Return the reply for what a connector raised; of a crash only the type, since its message may tell anything."""
    if isinstance(error, TemporarilyUnavailable):
        return failure(verb, Fault.UNAVAILABLE, _said(error, redaction), retry_after_s=_wait(error))
    if isinstance(error, AuthorisationExpired):
        outcome = Outcome(
            status=OutcomeStatus.FAILED, reason=Reason.AUTH_REVOKED, detail=_said(error, redaction), fatal=True
        )
        fault = Fault.NOT_CONNECTED if isinstance(error, NotConnectedError) else Fault.UNAUTHORISED
        return Reply(verb=verb, outcome=outcome, fault=fault)
    if isinstance(error, EndpointGoneError):
        return failure(verb, Fault.GONE, _said(error, redaction), fatal=True)
    if isinstance(error, Rejected):
        outcome = Outcome(status=OutcomeStatus.DENIED, reason=Reason.OTHER, detail=_said(error, redaction), fatal=True)
        return Reply(verb=verb, outcome=outcome, fault=Fault.REJECTED)
    return failure(verb, Fault.CRASH, f"the integration failed ({type(error).__name__}); its vendor has to mend it")


def _said(error: TemporarilyUnavailable | AuthorisationExpired | Rejected, redaction: Redaction) -> str:
    # The arguments rather than the attribute: a plugin's own subclass may have made a property of that.
    message = error.args[0] if error.args else ""
    return redaction.cut(message)[:1000] if type(message) is str else ""


def _wait(error: TemporarilyUnavailable) -> float | None:
    asked = vars(error).get("retry_after_s")
    return float(asked) if isinstance(asked, int | float) and math.isfinite(asked) and asked >= 0 else None
