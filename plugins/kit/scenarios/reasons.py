"""Why something is taken back or comes to rest: whatever the cause, and for one purpose alone."""

from __future__ import annotations

from typing import Final

from wardship.plugins.api import FIRST_CONTRACT, Cause, Restriction, Verb
from wardship.plugins.kit.bench import Ask
from wardship.plugins.kit.stage import Stage, values_of

_STOPS: Final = (Cause.RESTRICTION, Cause.OBJECTION)
_ENDS: Final = tuple(cause for cause in Cause if cause is not Cause.RESTRICTION)
_CAUSES: Final = {Verb.ERASE: _ENDS, Verb.REVOKE: _ENDS, Verb.RESTRICT: _STOPS}


async def causes(stage: Stage) -> None:
    """Take back what was never there, for each cause that there is."""
    bench, rule = stage.bench, "every-cause-is-taken"
    record = bench.people.somebody()
    for verb in (verb for verb in _CAUSES if bench.can(verb)):
        stage.findings.need(rule, verb)
        usual = await stage.see(verb, stage.argument(verb, record))
        # What fails whatever the cause is told by other rules.
        for cause in _CAUSES[verb] if usual is not None and usual.is_done else ():
            ask = Ask(cause=cause, is_apart=True)
            seen = await stage.see(verb, stage.argument(verb, record), ask)
            if seen is not None:
                why = f"for the cause {cause}: {seen.in_words}"
                stage.findings.judge(rule, verb, is_kept=seen.is_done, why=why)


async def objecting(stage: Stage) -> None:
    """Object to each purpose, share what may still be held, and take the objection back."""
    bench, rule = stage.bench, "objection-is-taken"
    manifest = bench.manifest
    if not manifest.supports.object or manifest.contract == FIRST_CONTRACT or not bench.can(Verb.RESTRICT):
        return
    record = bench.people.somebody()
    stage.findings.need(rule, "objected", "shared after it", "taken back")
    if bench.can(Verb.SHARE) and not await stage.share(record):
        return
    before = await stage.held(record)
    for purpose in dict.fromkeys(entry.purpose for entry in manifest.receives):
        stop = Restriction(subject=record.subject, active=True, purpose=purpose)
        if await stage.done(rule, "objected", Verb.RESTRICT, stop, Ask(cause=Cause.OBJECTION)) is None:
            return
        if bench.can(Verb.SHARE) and not await stage.share(record):
            return
        held = await stage.held(record)
        is_there = before is None or (held is not None and values_of(held) == values_of(before))
        why = f"after an objection to {purpose} what is shared for other purposes is not there"
        stage.findings.judge(rule, "shared after it", is_kept=is_there, why=why)
        lift = Restriction(subject=record.subject, active=False, purpose=purpose)
        await stage.done(rule, "taken back", Verb.RESTRICT, lift)
