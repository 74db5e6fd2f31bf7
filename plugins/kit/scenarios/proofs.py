"""Erasure and its proof: gone, once and for all, and proven as well as the plan promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from wardship.plugins.api import Attestation, AttestationLevel, Claim, Claimed, Export, Record, RevocationMethod, Verb
from wardship.plugins.api.taxonomy import covers
from wardship.plugins.kit.bench import Ask
from wardship.plugins.kit.judging import is_clean_proof
from wardship.plugins.kit.seen import Seen
from wardship.plugins.kit.stage import Stage

_OUT_OF_STEP: Final = timedelta(days=3)
_NEAR: Final = timedelta(hours=1)
_BEST_FIRST: Final = tuple(AttestationLevel)


async def erasing(stage: Stage) -> None:
    """Erase somebody who was never there, and somebody who is, twice; another person stays."""
    if not stage.bench.can(Verb.ERASE):
        return
    stage.findings.need("erase-is-idempotent", "never there", "there", "no more there")
    record, other = stage.bench.people.somebody(), stage.bench.people.somebody()
    await _erase_nobody(stage, "never there", stage.bench.people.somebody())
    if not await stage.share(record, other):
        return
    # At the other one: the erasure's proof must not rest on what the kit has asked.
    await _look_while_there(stage, other)
    ask = Ask(obligation_id=stage.bench.new_obligation())
    erased = await stage.done("erase-is-idempotent", "there", Verb.ERASE, record.subject, ask)
    if erased is None:
        return
    if await gone(stage, "erased-is-gone", record, Claimed.ERASED, kept_by_law(erased)):
        await _erase_nobody(stage, "no more there", record)
    await stays(stage, "erased-is-gone", other)


async def _erase_nobody(stage: Stage, aspect: str, record: Record) -> None:
    rule = "erase-is-idempotent"
    seen = await stage.done(rule, aspect, Verb.ERASE, record.subject)
    if seen is not None and (count := seen.end.outcome.records_affected):
        stage.findings.fail(rule, f"{aspect}: erase tells of {count} records")


async def _look_while_there(stage: Stage, record: Record) -> None:
    """Ask for a proof of what has not happened."""
    if not stage.bench.can(Verb.ATTEST) or not stage.bench.can(Verb.SHARE):
        return
    seen = await stage.see(Verb.ATTEST, Claim(claimed=Claimed.ERASED, subjects=(record.subject,)))
    if seen is not None:
        why = "attest says that somebody is gone who has just been shared"
        stage.findings.judge("proof-finds-what-is-there", "", is_kept=not is_clean_proof(seen.answer), why=why)


def kept_by_law(seen: Seen) -> frozenset[str]:
    """Return the categories of what an outcome says that the vendor has to keep."""
    return frozenset(each.category for each in seen.end.outcome.retained)


def left_of(held: Export, retained: frozenset[str]) -> int:
    """Return how many rows there are besides what the vendor has to keep."""
    return sum(not any(covers(kept, row.category) for kept in retained) for row in held.rows)


async def gone(
    stage: Stage, rule: str, record: Record, claimed: Claimed, retained: frozenset[str] = frozenset()
) -> bool:
    """See that the vendor holds nothing on a person any more but what it said, and that it is proven as promised."""
    held = await stage.held(record)
    if held is not None:
        left = left_of(held, retained)
        why = f"the vendor still gives out {left} rows on a person who is to be gone"
        stage.findings.judge(rule, "gone", is_kept=not left, why=why)
        if left:
            return False
    if retained:
        return True
    return await proven(stage, rule, Claim(claimed=claimed, subjects=(record.subject,)))


async def stays(stage: Stage, rule: str, record: Record) -> None:
    """See that the vendor still holds what nobody asked to take back."""
    held = await stage.held(record) if stage.bench.can(Verb.SHARE) else None
    if held is not None:
        why = "what the vendor held on another person is gone too"
        stage.findings.judge(rule, "another stays", is_kept=bool(held.rows), why=why)


async def proven(stage: Stage, rule: str, claim: Claim) -> bool:
    """Let it be proven; tell whether nothing is left."""
    verb = Verb.ERASE if claim.claimed is Claimed.ERASED else Verb.REVOKE
    what = f"{verb} of everything" if claim.everything else verb
    if not stage.bench.can(Verb.ATTEST) or stage.findings.has_failed("proof-finds-what-is-there"):
        return True
    stage.findings.need("proof-as-promised", what)
    seen = await stage.see(Verb.ATTEST, claim)
    if seen is None:
        return True
    if isinstance(seen.answer, Attestation) and seen.answer.residual:
        stage.findings.fail(rule, f"after {what} attest still finds something: it says that something is left")
        return False
    stage.findings.hold(rule, "proven")
    if not stage.bench.can(Verb.SHARE):
        return True
    promised = promised_level(stage, verb)
    why = f"the proof of {what} is graded {_grade(seen)}; the plan promises {promised}"
    stage.findings.judge("proof-as-promised", what, is_kept=_is_as_good(seen, promised), why=why)
    return True


def promised_level(stage: Stage, verb: Verb) -> AttestationLevel:
    """Return the best proof that the plan promises for what the connector does of a verb."""
    steps = [step for step in stage.bench.plan.of(verb) if step.method is not RevocationMethod.MANUAL]
    return min((step.proof for step in steps), key=_BEST_FIRST.index, default=AttestationLevel.UNVERIFIABLE)


def _is_as_good(seen: Seen, promised: AttestationLevel) -> bool:
    value = seen.end.value
    return isinstance(value, Attestation) and _BEST_FIRST.index(value.level) <= _BEST_FIRST.index(promised)


def _grade(seen: Seen) -> str:
    value = seen.end.value
    if isinstance(value, Attestation):
        return f"{value.level} ({seen.end.basis})"
    return f"not at all: {seen.in_words}"


async def out_of_step(stage: Stage) -> None:
    """Let the host's clock be another than the machine's, and see which one a proof bears."""
    bench = stage.bench
    if not bench.can(Verb.ATTEST):
        return
    record = bench.people.somebody()
    if bench.can(Verb.SHARE) and not await stage.share(record):
        return
    before = bench.clock.offset
    bench.clock.offset = before + _OUT_OF_STEP
    try:
        claim = Claim(claimed=Claimed.ERASED, subjects=(record.subject,))
        seen = await stage.see(Verb.ATTEST, claim, Ask(is_apart=True))
        if seen is not None and isinstance(seen.answer, Attestation):
            is_near = abs(bench.clock.now() - seen.answer.checked_at) < _NEAR
            why = "checked_at is the machine's time: use context.now()"
            stage.findings.judge("host-clock", "", is_kept=is_near, why=why)
    finally:
        bench.clock.offset = before
