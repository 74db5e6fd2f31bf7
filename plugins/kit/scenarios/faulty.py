"""A vendor that is down, slow, garbled, or no longer accepts us: what each method makes of it."""

from __future__ import annotations

import asyncio
from typing import Final

from wardship.plugins.api import (
    AuthorisationExpired,
    Export,
    Record,
    Rejected,
    TemporarilyUnavailable,
    Verb,
)
from wardship.plugins.host.reply import Fault
from wardship.plugins.kit.bench import Ask
from wardship.plugins.kit.faults import OUTAGES, RETRY_AFTER_S, InjectedFault
from wardship.plugins.kit.judging import is_clean_proof, judge_call
from wardship.plugins.kit.scenarios.proofs import kept_by_law, left_of
from wardship.plugins.kit.seen import Seen
from wardship.plugins.kit.stage import Stage, values_of

_VERBS: Final = tuple(verb for verb in Verb if verb is not Verb.RECEIVE)
_READING: Final = (Verb.EXPORT, Verb.RECONCILE)
_WRITING: Final = (Verb.SHARE, Verb.CORRECT, Verb.RESTRICT, Verb.ERASE, Verb.REVOKE)
_LEAVING_NOTHING: Final = frozenset({Verb.ERASE, Verb.REVOKE})
_RESTING_ON: Final = {
    Verb.SHARE: ("share-is-repeatable",),
    Verb.CORRECT: ("record-replaces",),
    Verb.RESTRICT: ("restriction-is-lifted",),
    Verb.ERASE: ("erase-is-idempotent", "erased-is-gone"),
}
"""What would break the rule of lost answers too, at a vendor that answers."""

_LOOK_S: Final = 0.05
_LOOKS: Final = 60
_OWN_WAIT_S: Final = 1.5
"""So long a connector that only waits lets its loop idle; a machine that is busy makes it no longer."""


async def outages(stage: Stage) -> None:
    """Call each method while the vendor is down in each way, asks for a slower pace, or refuses us."""
    record = stage.bench.people.somebody()
    if stage.bench.can(Verb.SHARE) and not await stage.share(record):
        return
    for verb in _VERBS:
        if not stage.bench.can(verb):
            continue
        for fault in (*OUTAGES, InjectedFault.TOO_MANY_REQUESTS, InjectedFault.REFUSED, InjectedFault.GARBAGE):
            if _is_fair(verb, fault):
                seen = await stage.bench.call(verb, stage.argument(verb, record), Ask(fault=fault))
                if judge_call(stage.bench, stage.findings, seen):
                    judge_fault(stage, seen)


def _is_fair(verb: Verb, fault: InjectedFault) -> bool:
    """Tell whether a fault says anything: a revoked credential is refused, and a write may be answered by a page."""
    if fault is InjectedFault.REFUSED:
        return verb is not Verb.REVOKE
    return fault is not InjectedFault.GARBAGE or verb in {*_READING, Verb.ATTEST}


def judge_fault(stage: Stage, seen: Seen) -> None:
    """Judge what a method made of a vendor that did not answer."""
    aspect = f"{seen.verb} at {seen.fault}"
    if seen.verb is Verb.ATTEST:
        if stage.findings.has_failed("proof-finds-what-is-there"):
            return
        why = f"attest says that it is proven although the vendor gave {seen.fault}"
        stage.findings.judge("proof-needs-an-answer", aspect, is_kept=not is_clean_proof(seen.answer), why=why)
        if is_clean_proof(seen.answer):
            return
    elif seen.fault is InjectedFault.GARBAGE:
        why = f"{seen.verb} is completed although the vendor gave {seen.fault}"
        stage.findings.judge("garbage-is-no-answer", aspect, is_kept=not seen.says_done, why=why)
        return
    else:
        why = f"{seen.verb} is completed although the vendor gave {seen.fault}"
        stage.findings.judge("errors-are-told", aspect, is_kept=not seen.says_done, why=why)
        if seen.says_done:
            return
    _judge_kind(stage, seen, aspect)


def _judge_kind(stage: Stage, seen: Seen, aspect: str) -> None:
    findings = stage.findings
    if seen.fault is InjectedFault.REFUSED:
        is_kept = isinstance(seen.error, AuthorisationExpired) or seen.end.fault is Fault.UNAUTHORISED
        why = f"at 401 {seen.in_words}; raise AuthorisationExpired, as expect() does"
        findings.judge("refused-credentials", aspect, is_kept=is_kept, why=why)
    elif seen.fault is InjectedFault.TOO_MANY_REQUESTS:
        why = f"at 429 {_what_of_the_pace(seen)}; raise TemporarilyUnavailable with retry_after_s, as expect() does"
        findings.judge("slower-pace", aspect, is_kept=_keeps_pace(seen), why=why)
    elif seen.fault in OUTAGES:
        is_kept = not isinstance(seen.error, Rejected | AuthorisationExpired)
        why = f"at {seen.fault} {seen.in_words}, which the host takes for final; raise TemporarilyUnavailable"
        findings.judge("outage-is-no-refusal", aspect, is_kept=is_kept, why=why)


def _keeps_pace(seen: Seen) -> bool:
    if seen.waited_s > _OWN_WAIT_S or isinstance(seen.error, Rejected | AuthorisationExpired):
        return False
    return not isinstance(seen.error, TemporarilyUnavailable) or seen.error.retry_after_s == RETRY_AFTER_S


def _what_of_the_pace(seen: Seen) -> str:
    if seen.waited_s > _OWN_WAIT_S:
        return f"{seen.verb} waits by itself for {seen.waited_s:.0f} seconds"
    if isinstance(seen.error, TemporarilyUnavailable):
        return f"{seen.verb} leaves the vendor's Retry-After out"
    return seen.in_words


async def lost_answers(stage: Stage) -> None:
    """Let the vendor do what it is asked, lose its answer, and ask again under the same obligation."""
    for verb in _WRITING:
        if stage.bench.can(verb) and stage.bench.can(Verb.SHARE):
            stage.findings.need("lost-answer", verb)
            if not stage.findings.has_failed(*_RESTING_ON.get(verb, ())):
                await _lose(stage, verb)


async def _lose(stage: Stage, verb: Verb) -> None:
    """Compare what is there after doing it once with what is there after doing it, losing the answer, and again."""
    record = stage.bench.people.somebody()
    changed = stage.bench.people.changed(record) if verb is Verb.CORRECT else record
    if not await stage.share(record):
        return
    if verb is Verb.CORRECT and not await _is_corrected(stage, changed):
        return
    once = await stage.held(record)
    if verb is Verb.CORRECT and not await stage.share(record):
        return
    argument, obligation_id = stage.argument(verb, changed), stage.bench.new_obligation()
    first = await stage.bench.settle(verb, argument, Ask(obligation_id=obligation_id, fault=InjectedFault.LOST))
    if not judge_call(stage.bench, stage.findings, first):
        return
    if not any(first.writings()):
        stage.findings.judge("lost-answer", verb, is_kept=first.is_done, why=f"nothing was lost: {first.in_words}")
        return
    if first.says_done:
        stage.findings.fail("errors-are-told", f"{verb} is completed although its answer was lost")
        return
    again = await stage.see(verb, argument, Ask(obligation_id=obligation_id))
    if again is not None:
        why = f"{verb} is repeated after its answer was lost: {again.in_words}"
        is_kept = again.is_done
        if is_kept and once is not None and verb is not Verb.RESTRICT:
            why = f"after {verb} was repeated the vendor gives out something else than after doing it once"
            held = await stage.held(record)
            is_kept = _has_left(again, held) if verb in _LEAVING_NOTHING else _is_same(held, once)
        stage.findings.judge("lost-answer", verb, is_kept=is_kept, why=why)


async def _is_corrected(stage: Stage, record: Record) -> bool:
    seen = await stage.see(Verb.CORRECT, record)
    return seen is not None and seen.is_done


def _has_left(seen: Seen, held: Export | None) -> bool:
    return held is None or not left_of(held, kept_by_law(seen))


def _is_same(held: Export | None, once: Export) -> bool:
    return held is not None and values_of(held) == values_of(once)


async def silence(stage: Stage) -> None:
    """Let the vendor never answer, cancel each call, and see that it lets go."""
    record = stage.bench.people.somebody()
    verbs = [verb for verb in _VERBS if stage.bench.can(verb)]
    ask = Ask(fault=InjectedFault.SILENCE, is_cut_short=True)
    calls = await asyncio.gather(*(stage.bench.call(verb, stage.argument(verb, record), ask) for verb in verbs))
    for _ in range(_LOOKS):
        if not any(seen.is_running for seen in calls):
            break
        await asyncio.sleep(_LOOK_S)
    for seen in calls:
        judge_call(stage.bench, stage.findings, seen)
        if seen.says_done and seen.verb is not Verb.ATTEST:
            stage.findings.fail("errors-are-told", f"{seen.verb} is completed although the vendor never answered")
        elif not seen.is_blocked:
            why = f"{seen.verb} goes on after it was cancelled: let CancelledError pass"
            stage.findings.judge("lets-go", seen.verb, is_kept=not seen.is_running, why=why)
