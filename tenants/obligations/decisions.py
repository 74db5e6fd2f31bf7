"""Decide what becomes of an obligation after a call: a pure function of the reply and of times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from wardship.plugins.api import OutcomeStatus, Reason, Verb
from wardship.plugins.host import Fault, Reply
from wardship.tenants.obligations.deadlines import give_up_at, wait_before_retry

DUTIES: Final = frozenset({Verb.REVOKE, Verb.ERASE, Verb.RESTRICT, Verb.CORRECT, Verb.EXPORT, Verb.ATTEST})
"""What is owed to a person or to the organisation even when the integration can't do it: somebody has to."""

NOT_SENT: Final = frozenset({Fault.BREAKER_OPEN, Fault.BUSY, Fault.STUCK, Fault.NOT_LOADED, Fault.BAD_SETTINGS})
"""Faults before anything left the host."""

_HELD_BACK = frozenset({Fault.BREAKER_OPEN, Fault.BUSY})
_NEEDS_ADMINISTRATOR = frozenset({Fault.UNAUTHORISED, Fault.BAD_SETTINGS})
_FINAL_FAULTS = frozenset({Fault.REJECTED, Fault.NOT_LOADED})
_FINAL = frozenset({OutcomeStatus.DENIED, OutcomeStatus.CANCELLED, OutcomeStatus.UNSUPPORTED, OutcomeStatus.MANUAL})
_POLL = timedelta(hours=1)
_SHORTEST_POLL = timedelta(seconds=30)


class Next(StrEnum):
    """The state in which a call leaves its obligation."""

    COMPLETED = "completed"
    PENDING = "pending"
    WAITING = "waiting"
    MANUAL = "manual"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """The obligation as it was when it was called.

    Attributes:
        failures: counted so far.
    """

    id: UUID
    verb: Verb
    submitted_at: datetime
    due_at: datetime
    failures: int

    @property
    def give_up_at(self) -> datetime:
        """Return when trying ends."""
        return give_up_at(self.submitted_at, self.due_at)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of it.

    Attributes:
        next: the state.
        at: when it is due again, in the states pending and waiting.
        is_failure: whether this call counts as one.
        code: why, as a stable word.
    """

    next: Next
    code: str
    at: datetime | None = None
    is_failure: bool = False


def decide(owed: Owed, reply: Reply, now: datetime) -> Decision:
    """Return what becomes of an obligation whose call ended like this."""
    outcome = reply.outcome
    if reply.fault is None and outcome.status is OutcomeStatus.COMPLETED:
        # What the plan leaves to a person still has to be done before the duty has ended.
        is_done = not reply.manual_steps or owed.verb not in DUTIES
        return Decision(Next.COMPLETED, "completed") if is_done else Decision(Next.MANUAL, "manual_step_left")
    code = _code(reply)
    if reply.fault in _FINAL_FAULTS or (reply.fault is None and (outcome.status in _FINAL or outcome.fatal)):
        return given_up(owed.verb, code)
    if now >= owed.give_up_at:
        return given_up(owed.verb, code)
    return _again(owed, reply, now, code)


def given_up(verb: Verb, code: str) -> Decision:
    """Return the end of trying: a person takes over what is owed, and the rest has failed."""
    return Decision(Next.MANUAL if verb in DUTIES else Next.FAILED, code)


def _again(owed: Owed, reply: Reply, now: datetime, code: str) -> Decision:
    outcome = reply.outcome
    asked = timedelta(seconds=outcome.retry_after_s or 0)
    if reply.fault in _NEEDS_ADMINISTRATOR:
        return Decision(Next.WAITING, code, owed.give_up_at)
    if reply.fault is None and outcome.status is OutcomeStatus.IN_PROGRESS:
        expected = outcome.expected_completion_at or now + (asked or _POLL)
        return Decision(Next.WAITING, code, min(max(expected, now + _SHORTEST_POLL), owed.give_up_at))
    if reply.fault in _HELD_BACK:
        return Decision(Next.PENDING, code, min(now + max(asked, timedelta(seconds=1)), owed.give_up_at))
    wait = max(wait_before_retry(owed.id, owed.failures + 1), asked)
    return Decision(Next.PENDING, code, min(now + wait, owed.give_up_at), is_failure=True)


def _code(reply: Reply) -> str:
    if reply.fault is not None:
        return reply.fault.value
    reason = reply.outcome.reason
    return reply.outcome.status.value if reason is None or reason is Reason.OTHER else str(reason.value)
