"""The conformance kit: what a vendor's own tests ask of an integration, by the real host and over real HTTP."""

from __future__ import annotations

from wardship.plugins.kit.checking import check_conformance
from wardship.plugins.kit.findings import KitSetupError
from wardship.plugins.kit.remote.fetching import RemoteTarget
from wardship.plugins.kit.report import Report, Status, Verdict
from wardship.plugins.kit.rules import RULES, Level, Rule
from wardship.plugins.kit.suite import conformance_suite

__all__ = [
    "RULES",
    "KitSetupError",
    "Level",
    "RemoteTarget",
    "Report",
    "Rule",
    "Status",
    "Verdict",
    "check_conformance",
    "conformance_suite",
]
