"""A batch as large as the manifest says."""

from __future__ import annotations

from typing import Final

from wardship.plugins.api import Record, Revocation, Share, Verb
from wardship.plugins.kit.bench import Ask
from wardship.plugins.kit.stage import Stage

_MOST: Final = 200
_RULE: Final = "batch-is-as-large-as-it-says"


async def whole(stage: Stage) -> None:
    """Share as many people at once as the manifest says, look at the last of them, and take all back."""
    bench = stage.bench
    limits = bench.manifest.limits
    count = min(limits.batch, limits.per_minute, _MOST)
    if not bench.can(Verb.SHARE) or count == 1 or stage.findings.has_failed("batch-is-delivered"):
        return
    records = bench.people.many(count)
    apart = Ask(is_apart=True)
    stage.findings.need(_RULE, "delivered", "the last is there")
    if await stage.done(_RULE, "delivered", Verb.SHARE, Share(records=records), apart) is None:
        return
    held = await stage.held(records[-1])
    why = f"of a batch of {count} people the last is not there"
    stage.findings.judge(_RULE, "the last is there", is_kept=held is None or bool(held.rows), why=why)
    await _take_back(stage, records)


async def _take_back(stage: Stage, records: tuple[Record, ...]) -> None:
    bench = stage.bench
    if bench.can(Verb.REVOKE):
        subjects = tuple(record.subject for record in records)
        await bench.settle(Verb.REVOKE, Revocation(everything=False, subjects=subjects), Ask(is_apart=True))
        return
    for record in records if bench.can(Verb.ERASE) else ():
        await bench.settle(Verb.ERASE, record.subject, Ask(is_apart=True))
