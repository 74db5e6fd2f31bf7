"""What an answer of the vendor's means for whom: a pace for the place, or a refusal of one thing only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from wardship.plugins.api import OutcomeStatus, Reason
from wardship.plugins.host.exchanges import Exchange
from wardship.plugins.host.reply import UNANSWERED, Fault, Reply
from wardship.plugins.host.turns import PACE_S

_TOO_MANY_REQUESTS: Final = 429
_FORBIDDEN: Final = 403
_MADE_OF_AN_ANSWER: Final = UNANSWERED | {Fault.REJECTED, Fault.UNAUTHORISED}
"""The faults that a connector may make of an answer."""


def paced(reply: Reply, exchanges: Sequence[Exchange]) -> Reply:
    """Return the reply as one of a vendor that answers and asks for a slower pace, where its last answer was a 429.

    Whatever the connector made of that: it is no outage, no refusal, and no fault of the connector's.
    """
    has_met_it = reply.fault in _MADE_OF_AN_ANSWER and _ended_with(exchanges, _TOO_MANY_REQUESTS)
    if not has_met_it and not _says_it(reply):
        return reply
    asked = reply.outcome.retry_after_s
    wait = exchanges[-1].retry_after_s if asked is None and exchanges else asked
    outcome = reply.outcome.model_copy(
        update={
            "status": OutcomeStatus.FAILED,
            "reason": Reason.RATE_LIMITED,
            "retry_after_s": PACE_S if wait is None else wait,
            "fatal": False,
        }
    )
    return replace(reply, fault=Fault.RATE_LIMITED, outcome=outcome)


def _says_it(reply: Reply) -> bool:
    """Return whether a connector answered that the vendor asks for a slower pace."""
    outcome = reply.outcome
    return reply.fault is None and (outcome.status, outcome.reason) == (OutcomeStatus.FAILED, Reason.RATE_LIMITED)


def is_forbidden(reply: Reply, exchanges: Sequence[Exchange]) -> bool:
    """Return whether the last answer was a 403, which may be about one thing only."""
    return reply.fault is Fault.UNAUTHORISED and _ended_with(exchanges, _FORBIDDEN)


def refused_alone(reply: Reply) -> Reply:
    """Return the reply to a call of which one thing was refused, while the connection is accepted."""
    detail = f"{reply.outcome.detail}; the connection itself is accepted"[:1000]
    outcome = reply.outcome.model_copy(
        update={"status": OutcomeStatus.DENIED, "reason": Reason.OTHER, "detail": detail, "fatal": True}
    )
    return replace(reply, fault=Fault.REJECTED, outcome=outcome)


def _ended_with(exchanges: Sequence[Exchange], status: int) -> bool:
    return bool(exchanges) and exchanges[-1].status == status
