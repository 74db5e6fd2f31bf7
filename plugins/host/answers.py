"""Checks what a connector returned before anything believes it."""

from __future__ import annotations

from typing import assert_never

from pydantic import BaseModel, ValidationError

from wardship.plugins.api import Attestation, Export, Outcome, Received, Reconciliation, Verb
from wardship.plugins.host.capability import RESULTS
from wardship.plugins.host.redaction import Redaction
from wardship.plugins.host.reply import Fault, Reply, failure


def reply_to_answer(verb: Verb, answer: object, redaction: Redaction) -> Reply:
    """Return the reply for a connector's answer; one of the wrong type, or not valid, is nonsense."""
    expected = RESULTS[verb]
    if type(answer) is not expected:
        return failure(
            verb, Fault.NONSENSE, f"the integration answered {type(answer).__name__}, not {expected.__name__}"
        )
    try:
        # Read again from its JSON form: an object may have been made without validation, or hold what is no value.
        checked = expected.model_validate_json(answer.model_dump_json(warnings="error"))
    except (ValidationError, ValueError, TypeError):
        return failure(verb, Fault.NONSENSE, f"the integration answered with an invalid {expected.__name__}")
    return _reply(verb, checked, redaction)


def _reply(verb: Verb, checked: BaseModel, redaction: Redaction) -> Reply:
    match checked:
        case Outcome():
            return Reply(verb=verb, outcome=_clean(checked, redaction))
        case Export() | Received():
            return Reply(verb=verb, outcome=_clean(checked.outcome, redaction), value=checked)
        case Attestation():
            residual = tuple(redaction.cut(each) for each in checked.residual)
            value = checked.model_copy(update={"residual": residual, "method": redaction.cut(checked.method)})
            return Reply(verb=verb, outcome=Outcome.completed(), value=value)
        case Reconciliation():
            return Reply(verb=verb, outcome=Outcome.completed(len(checked.standings)), value=checked)
    assert_never(checked)  # type: ignore[arg-type]  # RESULTS names these five types only


def _clean(outcome: Outcome, redaction: Redaction) -> Outcome:
    return outcome.model_copy(update={"detail": redaction.cut(outcome.detail)})
