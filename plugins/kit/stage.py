"""What scenarios act on: the bench and the findings, and the steps that all of them take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from wardship.plugins.api import (
    Claim,
    Claimed,
    Export,
    Grant,
    Holder,
    Inquiry,
    OutcomeStatus,
    Record,
    Restriction,
    Revocation,
    Share,
    Verb,
)
from wardship.plugins.kit.bench import ORDINARY, Ask, Bench
from wardship.plugins.kit.findings import Findings
from wardship.plugins.kit.judging import judge_call
from wardship.plugins.kit.seen import Seen

IN_PROGRESS: Final = OutcomeStatus.IN_PROGRESS


class HaltedError(Exception):
    """Nothing more can be seen: what all scenarios rest on does not work."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Makes the calls of scenarios, and holds each to the rules for all."""

    bench: Bench
    findings: Findings

    async def see(self, verb: Verb, argument: BaseModel | None = None, ask: Ask = ORDINARY) -> Seen | None:
        """Make a call, again while it is in progress; None where it broke a rule that spoils the rest of it."""
        seen = await self.bench.settle(verb, argument, ask)
        kept = [judge_call(self.bench, self.findings, each) for each in self._calls(seen)]
        if not all(kept):
            return None
        is_at_its_end = seen.end.outcome.status is not IN_PROGRESS
        why = f"{verb} is still in progress after {len(self._calls(seen))} calls"
        self.findings.judge("comes-to-an-end", "", is_kept=is_at_its_end, why=why)
        return seen if is_at_its_end else None

    async def done(
        self, rule: str, aspect: str, verb: Verb, argument: BaseModel | None = None, ask: Ask = ORDINARY
    ) -> Seen | None:
        """Make a call that is to be completed, by which a rule is kept in one aspect; None where it was not."""
        seen = await self.see(verb, argument, ask)
        if seen is None:
            return None
        said = seen.error.args[0] if seen.error is not None and seen.error.args else seen.end.outcome.detail
        why = f"{aspect or 'an ordinary call'}: {seen.in_words}" + (f" ({said})" if said else "")
        self.findings.judge(rule, aspect, is_kept=seen.is_done, why=why)
        return seen if seen.is_done else None

    async def share(self, *records: Record) -> bool:
        """Deliver records one by one; tell whether they arrived, for scenarios that are about something else.

        A proof about one person rests on the requests about that person, so that none is about several.
        """
        for record in records:
            seen = await self.see(Verb.SHARE, Share(records=(record,)))
            if seen is None or not seen.is_done:
                return False
        return True

    async def held(self, record: Record) -> Export | None:
        """Return what the vendor gives out on a person; None where it can't be told."""
        if not self.bench.can(Verb.EXPORT):
            return None
        seen = await self.see(Verb.EXPORT, record.subject)
        if seen is None or not seen.is_done or not isinstance(seen.answer, Export):
            return None
        return seen.answer

    def argument(self, verb: Verb, record: Record) -> BaseModel | None:
        """Return what a verb is called with about one person."""
        subject = record.subject
        categories = tuple(dict.fromkeys(entry.category for entry in self.bench.manifest.receives))
        return {
            Verb.GRANT: Grant(holder=Holder.ORGANISATION, holder_id="kit-organisation", categories=categories),
            Verb.SHARE: Share(records=(record,)),
            Verb.CORRECT: record,
            Verb.REVOKE: Revocation(everything=False, subjects=(subject,)),
            Verb.EXPORT: subject,
            Verb.ERASE: subject,
            Verb.RESTRICT: Restriction(subject=subject, active=True),
            Verb.ATTEST: Claim(claimed=Claimed.ERASED, subjects=(subject,)),
            Verb.RECONCILE: Inquiry(subjects=(subject,)),
        }.get(verb)

    def _calls(self, seen: Seen) -> list[Seen]:
        return [call for call in self.bench.calls if call.obligation_id == seen.obligation_id]


def values_of(export: Export) -> tuple[str, ...]:
    """Return the values in an export, in order."""
    return tuple(sorted(_text(row.value) for row in export.rows))


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
