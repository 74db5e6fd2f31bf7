"""What was seen while the kit ran: evidence for each rule, from which its verdict follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from wardship.core.errors import WardshipError
from wardship.plugins.kit.report import Status, Verdict
from wardship.plugins.kit.rules import RULES, Rule


class KitSetupError(WardshipError):
    """The conformance kit was called wrongly: what is to be checked, its settings, or an exemption is not right."""

    code: ClassVar[str] = "CONFORMANCE_KIT_SETUP"


@dataclass(slots=True)
class Findings:
    """Evidence by rule. A rule about which nothing was seen was not run, whatever the reason."""

    _needed: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _held: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _failed: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _unconcerned: dict[str, str] = field(default_factory=dict)
    _hindered: dict[str, str] = field(default_factory=dict)

    def need(self, rule: str, *aspects: str) -> None:
        """Say what has to be seen before a rule is kept."""
        self._needed[RULES[rule].id].update(aspects)

    def hold(self, rule: str, aspect: str = "") -> None:
        """Note that a rule was seen kept in one aspect."""
        self._held[RULES[rule].id].add(aspect)

    def fail(self, rule: str, why: str) -> None:
        """Note that a rule was seen broken."""
        if why not in self._failed[RULES[rule].id]:
            self._failed[rule].append(why)

    def judge(self, rule: str, aspect: str, *, is_kept: bool, why: str) -> None:
        """Note whether a rule was kept in one aspect; ``why`` says what was seen where it was not."""
        if is_kept:
            self.hold(rule, aspect)
        else:
            self.fail(rule, why)

    def unconcerned(self, why: str, *rules: str) -> None:
        """Note that rules are about what the manifest does not promise."""
        self._unconcerned.update({RULES[rule].id: why for rule in rules})

    def hinder(self, why: str, *rules: str) -> None:
        """Note why rules are not run, where nothing else tells."""
        for rule in rules:
            self._hindered.setdefault(RULES[rule].id, why)

    def has_failed(self, *rules: str) -> bool:
        """Tell whether one of the rules was seen broken."""
        return any(self._failed.get(rule) for rule in rules)

    def has_held(self, rule: str) -> bool:
        """Tell whether a rule was seen kept in any aspect."""
        return bool(self._held.get(RULES[rule].id))

    def verdicts(self, exempt: Mapping[str, str]) -> tuple[Verdict, ...]:
        """Return what became of every rule.

        Args:
            exempt: by the name of a rule the reason why it need not be kept.

        Raises:
            KitSetupError: there is no such rule, or no reason.
        """
        for name, reason in exempt.items():
            if name not in RULES:
                raise KitSetupError(f"there is no rule {name!r} to be exempt from; the rules are: {', '.join(RULES)}")
            if not reason.strip():
                raise KitSetupError(f"say why {name} need not be kept: an exemption needs a reason")
        return tuple(self._verdict(rule, exempt.get(rule.id)) for rule in RULES.values())

    def _verdict(self, rule: Rule, exemption: str | None) -> Verdict:
        if exemption is not None:
            return Verdict(rule, Status.EXEMPT, (exemption.strip(), *self._failed.get(rule.id, ())))
        if self._failed.get(rule.id):
            return Verdict(rule, Status.FAILED, tuple(self._failed[rule.id]))
        if rule.id in self._unconcerned:
            return Verdict(rule, Status.UNCONCERNED, (self._unconcerned[rule.id],))
        held, needed = self._held.get(rule.id, set()), self._needed.get(rule.id, set())
        if held and needed <= held:
            return Verdict(rule, Status.PASSED)
        missing = ", ".join(sorted(needed - held))
        why = self._hindered.get(rule.id) or (f"not seen: {missing}" if missing else "nothing was seen of it")
        return Verdict(rule, Status.NOT_RUN, (why,))
