"""Grades a proof from exchanges alone: what a vendor's answers prove, whatever its plugin says they do.

Pure, from what is kept: an auditor derives the same grade again. A grade is never better than what the plugin claims,
and ``probed`` needs one of two things.

*Absent where it was found*: the same question at the same place that once named the person now finds nothing (404, 410,
or, where it asks for them or lists all, a success that no longer names them), wherever they were found, while the same
server answers the same credential with a success: a server that answers everything with "not found" proves nothing.

*The credential is refused* (a revocation): at a place where it was accepted, while the same server answers others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias, TypeVar

from wardship.plugins.api import AttestationLevel, Claimed
from wardship.plugins.host.exchanges import ASKING, SAFE, WRITING, KeptExchange

ExchangeT = TypeVar("ExchangeT", bound=KeptExchange)


class Basis(StrEnum):
    """What a grade rests on; the words are kept with the proof and never change."""

    ABSENT_WHERE_FOUND = "absent_where_found"
    CREDENTIAL_REFUSED = "credential_refused"
    RECEIPT = "receipt"
    SAID_BY_VENDOR = "said_by_vendor"
    SAID_BY_PERSON = "said_by_person"
    STILL_FOUND = "still_found"
    STILL_ACCEPTED = "still_accepted"
    NEVER_FOUND = "never_found"
    NOT_LOOKED_AGAIN = "not_looked_again"
    ONLY_REFUSALS = "only_refusals"
    INCONCLUSIVE = "inconclusive"
    NO_EVIDENCE = "no_evidence"
    NONE_KEPT = "none_kept"


class Grade(NamedTuple):
    """How good a proof is, and why."""

    level: AttestationLevel
    basis: Basis


class Obstacle(StrEnum):
    """Why a probe came to no end: the vendor can't answer now, refuses the credential, or won't say."""

    UNAVAILABLE = "unavailable"
    UNAUTHORISED = "unauthorised"
    REFUSED = "refused"


_L = AttestationLevel
LEFT_OVER: Final = Grade(_L.UNVERIFIABLE, Basis.STILL_FOUND)
"""The grade of a proof that itself says that something is left."""

_AS_SAID: Final = {
    _L.SELF_REPORTED: Grade(_L.SELF_REPORTED, Basis.SAID_BY_VENDOR),
    _L.MANUAL: Grade(_L.MANUAL, Basis.SAID_BY_PERSON),
    _L.UNVERIFIABLE: Grade(_L.UNVERIFIABLE, Basis.NO_EVIDENCE),
}
_GONE: Final = frozenset({404, 410})
_REFUSED: Final = frozenset({401, 403})
_BUSY: Final = frozenset({408, 425, 429})
_REDIRECTED: Final = range(300, 400)
_SERVER_ERROR: Final = 500
_ANSWERED_IN_PARTS: Final = frozenset({"PROPFIND", "REPORT"})
_MULTI_STATUS: Final = 207
_ABOUT_METHODS: Final = "OPTIONS"
_LISTING: Final = "PROPFIND"
"""Lists a collection whole (RFC 4918, section 9.1)."""


Question: TypeAlias = tuple[str, str, str]
"""Method, target and digest of the body: what was asked."""


def grade(
    claimed: Claimed,
    said: AttestationLevel,
    exchanges: Sequence[KeptExchange],
    earlier: Sequence[KeptExchange] = (),
    *,
    subjects: int = 1,
) -> Grade:
    """Return what is proven.

    Args:
        claimed: what was to be proven.
        said: how good the plugin says that the proof is.
        exchanges: those of the call that was to prove it, in order.
        earlier: those that were kept of earlier calls about the same subject at the same place, in order.
        subjects: how many people the claim is about; 1 when it is about everything.
    """
    if said in _AS_SAID:
        return _AS_SAID[said]
    if not exchanges:
        return _AS_SAID[_L.SELF_REPORTED]
    if obstacle(claimed, exchanges, earlier) is not None:
        return Grade(_L.UNVERIFIABLE, Basis.INCONCLUSIVE)
    if said is _L.RECEIPT:
        return _by_receipt(exchanges)
    if any(_is_refusal(each) for each in _last_by_target(exchanges)):
        return _by_credential(exchanges)
    return _by_absence(exchanges, earlier, subjects)


def _by_receipt(exchanges: Sequence[KeptExchange]) -> Grade:
    is_given = any(each.is_success for each in exchanges)
    return Grade(_L.RECEIPT, Basis.RECEIPT) if is_given else _AS_SAID[_L.SELF_REPORTED]


def obstacle(
    claimed: Claimed, exchanges: Sequence[ExchangeT], earlier: Sequence[KeptExchange] = ()
) -> tuple[Obstacle, ExchangeT] | None:
    """Return why a probe came to no end, with the exchange that tells so; None when it did.

    The last answer at each target counts. A refused credential is an end only of a revocation, and only where the same
    credential was accepted before.
    """
    met = [(kind, each) for each in _last_by_target(exchanges) if (kind := _hindrance(each))]
    refused = [each for kind, each in met if kind is Obstacle.UNAUTHORISED]
    if claimed is Claimed.REVOKED and all(_was_accepted(each, (*earlier, *exchanges)) for each in refused):
        met = [(kind, each) for kind, each in met if kind is not Obstacle.UNAUTHORISED]
    met = [
        (Obstacle.REFUSED if kind is Obstacle.UNAUTHORISED and _is_accepted(each, exchanges) else kind, each)
        for kind, each in met
    ]
    return min(met, key=lambda found: [*Obstacle].index(found[0]), default=None)


def _hindrance(exchange: KeptExchange) -> Obstacle | None:
    status = exchange.status
    if exchange.error is not None or status is None or status in _BUSY or status >= _SERVER_ERROR:
        return Obstacle.UNAVAILABLE
    if status in _REFUSED:
        return Obstacle.UNAUTHORISED
    return Obstacle.REFUSED if status in _REDIRECTED else None


def _is_refusal(exchange: KeptExchange) -> bool:
    return exchange.error is None and exchange.status in _REFUSED


def _last_by_target(exchanges: Iterable[ExchangeT]) -> list[ExchangeT]:
    """Return the last exchange at each target; one that the host followed elsewhere is judged by its end."""
    return list({each.target: each for each in exchanges if not each.is_followed}.values())


def _was_accepted(refused: KeptExchange, seen: Iterable[KeptExchange]) -> bool:
    """Tell whether a credential that is refused was accepted at the same target."""
    return bool(refused.credential) and any(
        each.is_success and each.target == refused.target and each.credential == refused.credential for each in seen
    )


def _is_accepted(refused: KeptExchange, exchanges: Iterable[KeptExchange]) -> bool:
    """Tell whether a credential that is refused at one target is accepted at another of the same server.

    A page for people and what is said of methods come from a server whose application is away too.
    """
    return any(
        each.is_success
        and not each.is_void
        and each.method != _ABOUT_METHODS
        and each.server == refused.server
        and each.credential == refused.credential
        for each in exchanges
    )


def _by_credential(exchanges: Sequence[KeptExchange]) -> Grade:
    refused = [each for each in _last_by_target(exchanges) if _is_refusal(each)]
    revoked = {each.credential for each in refused}
    successes = [each for each in _last_by_target(exchanges) if each.is_success]
    if any(each.credential in revoked for each in successes):
        return Grade(_L.UNVERIFIABLE, Basis.STILL_ACCEPTED)
    answering = {each.server for each in successes}
    if not {each.server for each in refused} <= answering:
        return Grade(_L.UNVERIFIABLE, Basis.ONLY_REFUSALS)
    return Grade(_L.PROBED, Basis.CREDENTIAL_REFUSED)


@dataclass(slots=True)
class _Findings:
    """Where somebody was found, and where not any more.

    Attributes:
        ever: by target, the questions that were ever answered with them.
        now: by target, those whose last answer named them; questions that may have been writes left out.
        written: where something was written or made since: each the addresses by which one place may be called.
        names_itself: the vendor made something at another address than the one that was asked.
        has_unsure: what came of some writing nobody knows, and so not where it may be.
    """

    ever: defaultdict[str, set[Question]] = field(default_factory=lambda: defaultdict(set))
    now: defaultdict[str, set[Question]] = field(default_factory=lambda: defaultdict(set))

    written: set[frozenset[str]] = field(default_factory=set)
    names_itself: bool = False
    has_unsure: bool = False

    def take(self, exchange: KeptExchange) -> None:
        """Go on by one exchange."""
        self._note_writing(exchange)
        if exchange.method in ASKING:
            self._note_answer(exchange)

    def _note_writing(self, exchange: KeptExchange) -> None:
        self.names_itself |= bool(exchange.made) and exchange.target not in exchange.made
        self.has_unsure |= exchange.is_unsure
        if (exchange.is_success or exchange.is_unsure) and exchange.method in WRITING:
            where = exchange.made or ((exchange.target,) if exchange.method == "PUT" else ())
            self.written |= {frozenset(where)} if where else set()
        elif _is_gone(exchange) or _is_deleted(exchange):
            self.written = {where for where in self.written if exchange.target not in where}

    def _note_answer(self, exchange: KeptExchange) -> None:
        question, target = _question(exchange), exchange.target
        if exchange.is_success and exchange.names_subject:
            self.ever[target].add(question)
            if exchange.method in SAFE:
                self.now[target].add(question)
        elif exchange.is_success and not exchange.is_void:
            self.now[target].discard(question)
        elif _is_gone(exchange):
            self.now[target].clear()


def _question(exchange: KeptExchange) -> Question:
    return exchange.method, exchange.target, exchange.request_digest


def _is_gone(exchange: KeptExchange) -> bool:
    return exchange.error is None and exchange.status in _GONE and exchange.method in SAFE


def _is_deleted(exchange: KeptExchange) -> bool:
    return exchange.method == "DELETE" and (
        exchange.is_success or (exchange.error is None and exchange.status in _GONE)
    )


def _is_answer(exchange: KeptExchange) -> bool:
    """Tell whether a success is of the kind that the method asks for: a multi-status (RFC 4918, RFC 6352, RFC 4791)."""
    return exchange.is_success and (exchange.method not in _ANSWERED_IN_PARTS or exchange.status == _MULTI_STATUS)


def _by_absence(exchanges: Sequence[KeptExchange], earlier: Sequence[KeptExchange], subjects: int) -> Grade:
    findings, looked = _Findings(), list(_that_ask(exchanges))
    for each in (*earlier, *exchanges):
        if not each.is_followed:
            findings.take(each)
    if _is_still_there(looked):
        return LEFT_OVER
    absent = [each for each in looked if _proves_absence(each, findings)]
    where = {each.target for each in absent}
    if len(where) < subjects:
        return Grade(_L.UNVERIFIABLE, Basis.NEVER_FOUND)
    is_searched = any(each.is_success for each in absent)
    is_lost = findings.names_itself and findings.has_unsure and not is_searched
    if is_lost or findings.written or any(found and target not in where for target, found in findings.now.items()):
        return Grade(_L.UNVERIFIABLE, Basis.NOT_LOOKED_AGAIN)
    if not all(each.is_success or _is_accepted(each, exchanges) for each in absent):
        return Grade(_L.UNVERIFIABLE, Basis.ONLY_REFUSALS)
    return Grade(_L.PROBED, Basis.ABSENT_WHERE_FOUND)


def _is_still_there(looked: Iterable[KeptExchange]) -> bool:
    """Tell whether the last answer to some question named them, and nothing later said that the place is empty."""
    named: dict[Question, KeptExchange] = {}
    for each in looked:
        if each.is_void and not each.names_subject:
            continue
        if _is_gone(each):
            named = {question: found for question, found in named.items() if found.target != each.target}
        named.pop(_question(each), None)
        if each.is_success and each.names_subject:
            named[_question(each)] = each
    return bool(named)


def _that_ask(exchanges: Iterable[KeptExchange]) -> Iterator[KeptExchange]:
    return (each for each in exchanges if each.method in ASKING and not each.is_followed)


def _proves_absence(exchange: KeptExchange, findings: _Findings) -> bool:
    """Tell whether a question finds nothing now where they were found: for a search, by the same question."""
    found = findings.ever.get(exchange.target, set())
    if _is_gone(exchange):
        return bool(found)
    is_whole = (exchange.asks_for_subject or exchange.method == _LISTING) and not exchange.is_void
    return _is_answer(exchange) and is_whole and not exchange.names_subject and _question(exchange) in found
