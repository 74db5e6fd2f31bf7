"""The kit as tests of the vendor's own: `TestAcme = conformance_suite(acme, settings=…)`."""

from __future__ import annotations

import unittest
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from wardship.plugins.kit.checking import check_conformance
from wardship.plugins.kit.report import Report, Status, Verdict
from wardship.plugins.kit.rules import RULES, Level, Rule
from wardship.plugins.kit.target import Settings

_ORDER: Final = tuple(Level)


class _Run:
    """One run of the kit, made when the first test asks for it."""

    def __init__(self, target: object, settings: Settings, exempt: Mapping[str, str]) -> None:
        self._target, self._settings, self._exempt = target, settings, exempt

    @cached_property
    def report(self) -> Report:
        """What the kit found."""
        return check_conformance(self._target, self._settings, self._exempt)


def conformance_suite(
    plugin: object,
    *,
    settings: Settings = None,
    exempt: Mapping[str, str] | None = None,
    level: Level | str = Level.BRONZE,
) -> type[Any]:
    """Return a class of tests for pytest: one for each rule, and one that the level is reached.

    Bind it to a name that begins with ``Test``. A rule that is exempt, concerns nobody, or was not run is skipped with
    its reason; while any was not run, no level is reached.

    Args:
        plugin: a module or object with the three hooks, or the key of an installed integration.
        settings: see ``check_conformance``.
        exempt: by the name of a rule the reason why it need not be kept.
        level: which level has to be reached.
    """
    run, wanted = _Run(plugin, settings, exempt or {}), Level(level)
    tests: dict[str, Callable[[object], None]] = {
        f"test_{rule.id.replace('-', '_')}": _test_of(rule, run) for rule in RULES.values()
    }
    tests["test_level_is_reached"] = _test_of_level(wanted, run)
    return type("ConformanceSuite", (), {**tests, "report": property(lambda _: run.report)})


def _test_of(rule: Rule, run: _Run) -> Callable[[object], None]:
    def test(_self: object) -> None:
        verdict = run.report.verdict(rule.id)
        if verdict.status is Status.FAILED:
            raise AssertionError(_said(verdict))
        if verdict.status is not Status.PASSED:
            raise unittest.SkipTest(f"{verdict.status}: {'; '.join(verdict.why)}")

    test.__doc__ = rule.statement
    return test


def _test_of_level(wanted: Level, run: _Run) -> Callable[[object], None]:
    def test(_self: object) -> None:
        reached = run.report.level
        if reached is None or _ORDER.index(reached) < _ORDER.index(wanted):
            raise AssertionError(f"{wanted} is not reached.\n{run.report.as_text()}")

    test.__doc__ = f"The level {wanted} is reached."
    return test


def _said(verdict: Verdict) -> str:
    seen = "\n".join(f"- {why}" for why in verdict.why)
    return f"{verdict.rule.id} ({verdict.rule.level}): {verdict.rule.statement}\n{seen}\n{verdict.rule.reason}"
