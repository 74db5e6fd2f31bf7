"""One call as the kit saw it from both sides: what the connector did and said, and what went over the wire."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from pydantic import BaseModel

from wardship.plugins.api import (
    Attestation,
    Export,
    Outcome,
    OutcomeStatus,
    Received,
    Reconciliation,
    Verb,
)
from wardship.plugins.host.exchanges import SAFE
from wardship.plugins.host.reply import Reply
from wardship.plugins.kit.faults import InjectedFault

COMPLETED: Final = Outcome.completed()
TURN_S: Final = 0.01
"""How often a connector's loop is asked for a turn while one of its methods runs."""
_OF_EVERY_RECORD: Final = frozenset(vars(logging.makeLogRecord({})))


@dataclass(slots=True, kw_only=True)
class Sent:
    """One request as it went out; ``status`` is of the answer, None where none came."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int | None = None

    @property
    def is_writing(self) -> bool:
        """Whether the request may change something at the vendor."""
        return self.method not in SAFE

    @property
    def question(self) -> tuple[str, str, bytes]:
        """What the request is: two with the same are one repeated."""
        return self.method, self.url, self.body

    @property
    def key(self) -> str | None:
        """The idempotency key."""
        return self.headers.get("idempotency-key")


@dataclass(slots=True, kw_only=True)
class Seen:
    """What one call did.

    Attributes:
        fault: what was put between host and vendor.
        sent: in order.
        strayed: hosts that were asked for and are not declared.
        connections: addresses to which the connector opened a connection of its own.
        told: what it logged by the host's log.
        printed: the pieces that it wrote to the streams of the process; ``logged`` are its records of the standard log.
        fields: names of fields whose value was read; ``asked`` are those that were asked for by name.
        identifiers: kinds that were read; ``asked_identifiers`` were asked for by kind.
        answer: what the method returned, unchecked; None while it has not.
        error: what it raised.
        ticks: turns that the connector's event loop has given others since the method began.
        is_blocked: the loop gave no turn for too long.
        is_running: the method has begun, and has neither returned nor raised.
    """

    verb: Verb
    argument: BaseModel | None
    obligation_id: str
    fault: InjectedFault = InjectedFault.NONE
    sent: list[Sent] = field(default_factory=list)
    strayed: list[str] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    logged: list[logging.LogRecord] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    identifiers: set[str] = field(default_factory=set)
    asked_identifiers: set[str] = field(default_factory=set)
    answer: object = None
    error: BaseException | None = None
    ticks: int = 0
    is_running: bool = False
    is_blocked: bool = False
    reply: Reply | None = None

    @property
    def end(self) -> Reply:
        """What the host made of it; raises ``LookupError`` before there is an end."""
        if self.reply is None:
            raise LookupError("the call has not ended")
        return self.reply

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that the connector answered; None where it raised, or answered nothing valid."""
        match self.answer:
            case Outcome():
                return self.answer
            case Export() | Received():
                return self.answer.outcome
            case Reconciliation() | Attestation():
                return COMPLETED
        return None

    @property
    def says_done(self) -> bool:
        """Whether the connector said that it is done."""
        return self.outcome is not None and self.outcome.status is OutcomeStatus.COMPLETED

    @property
    def is_done(self) -> bool:
        """Whether the host took it for done."""
        return self.end.fault is None and self.end.outcome.status is OutcomeStatus.COMPLETED

    @property
    def waited_s(self) -> float:
        """For how long the connector waited for something, in seconds, by the turns that its loop gave meanwhile."""
        return self.ticks * TURN_S

    @property
    def in_words(self) -> str:
        """What became of it, for a report: nothing that the connector said."""
        if self.error is not None:
            return f"{self.verb} raised {type(self.error).__name__}"
        fault = f", {self.end.fault}" if self.end.fault else ""
        return f"{self.verb} ended {self.end.outcome.status}{fault}"

    def writings(self) -> Iterator[Sent]:
        """Yield the requests that may change something."""
        return (sent for sent in self.sent if sent.is_writing)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield where the connector said something, and what: all that people may read."""
        yield from (("its log", text) for text in self.told)
        yield from (("a log of its own", _record_text(record)) for record in self.logged)
        yield "what it prints", "".join(self.printed)
        if self.error is not None:
            yield "the message of an error", " ".join(map(str, self.error.args))
        if self.outcome is not None:
            yield "the detail of an outcome", self.outcome.detail
            yield from (("what it says is retained", kept.reason + kept.legal_basis) for kept in self.outcome.retained)
        if isinstance(self.answer, Attestation):
            yield "the method of a proof", self.answer.method
            yield from (("the residual of a proof", left) for left in self.answer.residual)


def _record_text(record: logging.LogRecord) -> str:
    """Return all that a record of the standard log tells: message, extra fields, and the exceptions."""
    said = record.args or ()
    parts = [str(record.msg), *map(str, said.values() if isinstance(said, Mapping) else said)]
    with suppress(TypeError, ValueError, KeyError):  # the arguments do not fit: they are told one by one
        parts.append(record.getMessage())
    extra = [f"{name} {value}" for name, value in vars(record).items() if name not in _OF_EVERY_RECORD]
    error = record.exc_info[1] if record.exc_info else None
    raised = [] if error is None else traceback.format_exception(error, limit=0)
    return " ".join((*parts, *extra, *raised))
