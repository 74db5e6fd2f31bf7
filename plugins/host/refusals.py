"""What an answer of the vendor's means for whom: a pace for the place, or a refusal of one thing only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from wardship.plugins.api import OutcomeStatus, Reason
from wardship.plugins.host.exchanges import Exchange
from wardship.plugins.host.reply import Fault, Reply

PACE_S: Final = 60.0
"""How long a place is left alone that asks for a slower pace and does not say for how long."""

_TOO_MANY_REQUESTS: Final = 429
_FORBIDDEN: Final = 403


def paced(reply: Reply, exchanges: Sequence[Exchange]) -> Reply:
    """Return the reply as one of a vendor that answers and asks for a slower pace, where its last answer was a 429."""
    if reply.fault is not Fault.UNAVAILABLE or not _ended_with(exchanges, _TOO_MANY_REQUESTS):
        return reply
    asked = reply.outcome.retry_after_s
    wait = exchanges[-1].retry_after_s if asked is None else asked
    outcome = reply.outcome.model_copy(
        update={"reason": Reason.RATE_LIMITED, "retry_after_s": PACE_S if wait is None else wait}
    )
    return replace(reply, fault=Fault.RATE_LIMITED, outcome=outcome)


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
