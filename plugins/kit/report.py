"""What the kit found, rule by rule; no badge is given while anything was not run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from wardship.plugins.kit.rules import Level, Rule


class Status(StrEnum):
    """What became of a rule.

    ``UNCONCERNED`` is a rule about what the manifest does not promise; it is no hindrance, and no merit.
    """

    PASSED = "passed"
    FAILED = "failed"
    EXEMPT = "exempt"
    NOT_RUN = "not run"
    UNCONCERNED = "not concerned"


_KEEPING: Final = frozenset({Status.PASSED, Status.EXEMPT, Status.UNCONCERNED})
_MARKS: Final = {
    Status.PASSED: "ok",
    Status.FAILED: "FAILED",
    Status.EXEMPT: "exempt",
    Status.NOT_RUN: "NOT RUN",
    Status.UNCONCERNED: "-",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule, and why: what was seen, the reason of an exemption, or what was not run."""

    rule: Rule
    status: Status
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts on one integration.

    Attributes:
        integration: its key.
        version: of the package, as its manifest says; empty where it could not be loaded.
    """

    integration: str
    version: str
    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rules there are of each status."""
        found = Counter(verdict.status for verdict in self.verdicts)
        return {status.value: found[status] for status in Status}

    @property
    def level(self) -> Level | None:
        """The badge: the highest level of which every rule is kept; None while any rule at all was not run."""
        if any(verdict.status is Status.NOT_RUN for verdict in self.verdicts):
            return None
        reached = None
        for level in Level:
            if any(verdict.status not in _KEEPING for verdict in self.verdicts if verdict.rule.level is level):
                break
            reached = level
        return reached

    def verdict(self, rule: str) -> Verdict:
        """Return what became of a rule."""
        return next(verdict for verdict in self.verdicts if verdict.rule.id == rule)

    def of(self, status: Status) -> tuple[str, ...]:
        """Return the names of the rules of a status."""
        return tuple(verdict.rule.id for verdict in self.verdicts if verdict.status is status)

    def as_json(self) -> str:
        """Return the report for machines: level, counts, and each rule with its status and why."""
        rules = [
            {
                "rule": verdict.rule.id,
                "level": verdict.rule.level.value,
                "status": verdict.status.value,
                "why": list(verdict.why),
            }
            for verdict in self.verdicts
        ]
        told = {"integration": self.integration, "version": self.version, "level": self.level, "counts": self.counts}
        return json.dumps({**told, "rules": rules}, indent=2)

    def as_text(self) -> str:
        """Return the report for people: what was not kept with its reasons, the counts, and the level."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for verdict in self.verdicts:
            yield f"{_MARKS[verdict.status]:8}{verdict.rule.level:8}{verdict.rule.id}"
            if verdict.status is not Status.PASSED:
                yield from (f"        {why}" for why in verdict.why)
            if verdict.status is Status.FAILED:
                yield f"        The rule: {verdict.rule.statement} {verdict.rule.reason}"
        yield ""
        yield f"{self.integration} {self.version}: {_counted(self.counts)}"
        yield self.conclusion

    @property
    def conclusion(self) -> str:
        """The level in a sentence."""
        if missing := self.of(Status.NOT_RUN):
            return f"No badge: {len(missing)} rules were not run ({', '.join(missing)})."
        if self.level is None:
            return "No badge: rules of bronze are not kept."
        exempt = self.counts[Status.EXEMPT]
        return f"Level: {self.level}" + (f", with {exempt} rules exempt." if exempt else ".")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in counts.items())
