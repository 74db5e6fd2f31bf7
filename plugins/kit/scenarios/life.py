"""The life of a person at a vendor that answers: shared, corrected, restricted, compared, exported."""

from __future__ import annotations

from wardship.plugins.api import (
    Export,
    InboundCall,
    Inquiry,
    Reconciliation,
    Record,
    Restriction,
    Share,
    SubjectState,
    Verb,
    new_webhook_secret,
    sign_webhook,
)
from wardship.plugins.api.taxonomy import covers
from wardship.plugins.host.reply import Fault
from wardship.plugins.kit.bench import Ask
from wardship.plugins.kit.people import telling_values
from wardship.plugins.kit.scenarios.declaration import judge_methods
from wardship.plugins.kit.seen import Seen
from wardship.plugins.kit.stage import HaltedError, Stage, values_of

_PRESENT = frozenset({SubjectState.ACTIVE, SubjectState.UPDATED})


async def check(stage: Stage) -> None:
    """See that the vendor is reached; nothing else can be seen where it is not."""
    seen = await stage.done("check-succeeds", "", Verb.CHECK)
    judge_methods(stage.bench, stage.findings)
    if seen is None:
        raise HaltedError("check does not succeed")


async def grant(stage: Stage) -> None:
    """Connect somebody twice."""
    if not stage.bench.can(Verb.GRANT):
        return
    stage.findings.need("grant-is-repeatable", "the first time", "again")
    ask = Ask(obligation_id=stage.bench.new_obligation())
    argument = stage.argument(Verb.GRANT, stage.bench.people.somebody())
    for aspect in ("the first time", "again"):
        await stage.done("grant-is-repeatable", aspect, Verb.GRANT, argument, ask)


async def sharing(stage: Stage) -> None:
    """Share two people at once, twice, and then less of one of them."""
    if not stage.bench.can(Verb.SHARE):
        return
    people = stage.bench.people
    first, second = people.somebody(), people.somebody()
    records = (first, second) if stage.bench.manifest.limits.batch > 1 else (first,)
    stage.findings.need("share-is-repeatable", "the first time", "again", "the same is there")
    ask = Ask(obligation_id=stage.bench.new_obligation())
    seen = await stage.done("share-is-repeatable", "the first time", Verb.SHARE, Share(records=records), ask)
    if seen is None:
        raise HaltedError("share does not succeed")
    judge_batch(stage, seen, records)
    before = await exported(stage, seen, first)
    await stage.done("share-is-repeatable", "again", Verb.SHARE, Share(records=records), ask)
    after = await stage.held(first)
    is_same = before is None or (after is not None and values_of(after) == values_of(before))
    why = "after the second delivery the vendor gives out something else than after the first"
    stage.findings.judge("share-is-repeatable", "the same is there", is_kept=is_same, why=why)
    await replaced(stage, Verb.SHARE, second if len(records) > 1 else first)
    await replaced(stage, Verb.CORRECT, first)


def judge_batch(stage: Stage, seen: Seen, records: tuple[Record, ...]) -> None:
    """Judge by what went over the wire whether each person of a batch was told of."""
    sent = "\n".join(request.url + request.body.decode("utf-8", errors="replace") for request in seen.sent)
    missing = sum(not any(word in sent for word in (each.subject.id, *telling_values(each))) for each in records)
    why = f"of a batch of {len(records)} people, {missing} are in no request"
    stage.findings.judge("batch-is-delivered", "", is_kept=not missing, why=why)


async def exported(stage: Stage, shared: Seen, record: Record) -> Export | None:
    """Export a person who was shared, and compare it with what was sent."""
    if not stage.bench.can(Verb.EXPORT):
        return None
    seen = await stage.done("export-is-complete", "completed", Verb.EXPORT, record.subject)
    if seen is None or not isinstance(seen.answer, Export):
        return None
    sent = "\n".join(request.body.decode("utf-8", errors="replace") for request in shared.sent)
    given = "\n".join(values_of(seen.answer))
    missing = [field.name for field in record.fields if record.text(field.name) in sent]
    missing = [name for name in missing if record.text(name) not in given]
    stage.findings.need("export-is-complete", "completed", "whole")
    why = f"shared and not exported: {', '.join(missing)}"
    stage.findings.judge("export-is-complete", "whole", is_kept=not missing, why=why)
    manifest = stage.bench.manifest
    declared = [entry.category for entry in manifest.receives] + [entry.category for entry in manifest.provides]
    strange = sorted({row.category for row in seen.answer.rows if not _is_declared(row.category, declared)})
    why = f"rows of categories that are not declared: {', '.join(strange)}"
    stage.findings.judge("export-is-tagged", "", is_kept=not strange, why=why)
    return seen.answer


def _is_declared(category: str, declared: list[str]) -> bool:
    return any(covers(each, category) for each in declared)


async def replaced(stage: Stage, verb: Verb, record: Record) -> None:
    """Bring a later record of a person, and see that what it does not say is gone."""
    if not stage.bench.can(verb) or not stage.bench.can(Verb.EXPORT):
        return
    stage.findings.need("record-replaces", verb, f"{verb}: nothing is left")
    changed = stage.bench.people.changed(record)
    if not await stage.share(record):
        return
    if await stage.done("record-replaces", verb, verb, stage.argument(verb, changed)) is None:
        return
    held = await stage.held(record)
    if held is None:
        return
    given = "\n".join(values_of(held))
    old = [field.name for field in record.fields if record.text(field.name) not in _texts(changed)]
    left = [name for name in old if record.text(name) in given]
    why = f"after {verb} the vendor still holds the old {', '.join(left)}"
    stage.findings.judge("record-replaces", f"{verb}: nothing is left", is_kept=not left, why=why)


def _texts(record: Record) -> set[str]:
    return {record.text(field.name) for field in record.fields}


async def restricting(stage: Stage) -> None:
    """Restrict a person twice, and lift it."""
    if not stage.bench.can(Verb.RESTRICT) or not stage.bench.can(Verb.SHARE):
        return
    rule, record = "restriction-is-lifted", stage.bench.people.somebody()
    stage.findings.need(rule, "restricted", "restricted again", "lifted", "the record is back")
    if not await stage.share(record):
        return
    shared = await stage.held(record)
    stop = stage.argument(Verb.RESTRICT, record)
    for aspect in ("restricted", "restricted again"):
        await stage.done(rule, aspect, Verb.RESTRICT, stop)
    lift = Restriction(subject=record.subject, active=False, record=record)
    if await stage.done(rule, "lifted", Verb.RESTRICT, lift) is None:
        return
    held = await stage.held(record)
    is_back = shared is None or (held is not None and values_of(held) == values_of(shared))
    why = "after the restriction was lifted the vendor gives out something else than before"
    stage.findings.judge(rule, "the record is back", is_kept=is_back, why=why)


async def comparing(stage: Stage) -> None:
    """Ask for the state of somebody who is there and of somebody who is not, and export the latter."""
    bench, there = stage.bench, stage.bench.people.somebody()
    nobody = bench.people.somebody()
    if bench.can(Verb.EXPORT):
        seen = await stage.done("unknown-is-empty", "", Verb.EXPORT, nobody.subject)
        if seen is not None and isinstance(seen.answer, Export) and seen.answer.rows:
            stage.findings.fail("unknown-is-empty", "export of somebody who was never shared brings rows")
    if not bench.can(Verb.RECONCILE) or not bench.can(Verb.SHARE) or not await stage.share(there):
        return
    inquiry = Inquiry(subjects=(there.subject, nobody.subject)[: bench.manifest.limits.batch])
    seen = await stage.done("states-are-true", "", Verb.RECONCILE, inquiry)
    if seen is None or not isinstance(seen.answer, Reconciliation):
        return
    told = [(each.subject_id, each.state in _PRESENT) for each in seen.answer.standings]
    wanted = [(each.id, each == there.subject) for each in inquiry.subjects]
    why = f"of {len(wanted)} people, one of them there, it tells {len(told)} states: {_states(seen.answer)}"
    stage.findings.judge("states-are-true", "", is_kept=sorted(told) == sorted(wanted), why=why)


def _states(answer: Reconciliation) -> str:
    return ", ".join(each.state for each in answer.standings) or "none"


async def receiving(stage: Stage) -> None:
    """Let somebody call who has no key, and somebody who has another one."""
    if not stage.bench.can(Verb.RECEIVE):
        return
    rule, body, kind = "unsigned-is-refused", b"{}", ("content-type", "application/json")
    forged = sign_webhook("kit-message", stage.bench.clock.now(), body, new_webhook_secret())
    for aspect, headers in (("unsigned", (kind,)), ("signed by somebody else", (kind, *forged.items()))):
        stage.findings.need(rule, aspect)
        seen = await stage.see(Verb.RECEIVE, InboundCall(headers=headers, body=body))
        if seen is not None:
            stage.findings.judge(rule, aspect, is_kept=not seen.is_done, why=f"a call that is {aspect} is taken")


async def out_of_order(stage: Stage) -> None:
    """Restrict, revoke and correct people who have not been shared yet."""
    bench, rule = stage.bench, "order-does-not-matter"
    for verb in (Verb.RESTRICT, Verb.REVOKE):
        if bench.can(verb):
            stage.findings.need(rule, verb)
            await stage.done(rule, verb, verb, stage.argument(verb, bench.people.somebody()))
    if bench.can(Verb.CORRECT):
        stage.findings.need(rule, Verb.CORRECT)
        seen = await stage.see(Verb.CORRECT, bench.people.somebody())
        if seen is not None:
            is_kept = seen.is_done or seen.end.fault is Fault.REJECTED
            stage.findings.judge(rule, Verb.CORRECT, is_kept=is_kept, why=f"somebody new: {seen.in_words}")


async def granting_less(stage: Stage) -> None:
    """Share records of two fields alone, with each field that no call has read so far: others may stand before it."""
    bench = stage.bench
    if not bench.can(Verb.SHARE):
        return
    whole = bench.people.somebody()
    for field in whole.fields:
        for other in whole.fields:
            if field.name not in {name for seen in bench.calls for name in seen.fields} and other != field:
                await stage.share(Record(subject=whole.subject, fields=(field, other)))
