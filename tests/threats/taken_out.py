"""Runs tests on Wardship without one control: `pytest -p tests.threats.taken_out`, its place in the list in WITHOUT.

No file is changed: the modules are compiled from another text.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.machinery import SourceFileLoader
from types import CodeType

import pytest

from tests.threats.control import Cut
from tests.threats.listed import controls

_WITHOUT = "WITHOUT"


class Outcome:
    """What became of the tests, for the process that has started this one."""

    def __init__(self) -> None:
        self.red: list[str] = []
        self.broken: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what failed, and apart from it what was not even begun."""
        if report.failed and report.when != "teardown":
            (self.red if report.when == "call" else self.broken).append(_why(report))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say in a line of its own whether it is red."""
        word, why = ("BROKEN", self.broken) if self.broken else ("RED", self.red) if self.red else ("GREEN", [""])
        terminalreporter.write_line(f"WITHOUT: {word} {len(self.red)} {why[0]}")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Take the control out before anything of Wardship is imported."""
    take_out(controls()[int(os.environ[_WITHOUT])].cuts)
    early_config.pluginmanager.register(Outcome())


def take_out(cuts: Iterable[Cut]) -> None:
    """Let modules be compiled without what is cut out of them, in this process and from now on."""
    sources: dict[str, str] = {}
    for each in cuts:
        where = str(each.path)
        sources[where] = each.cut(sources.get(where) or each.path.read_text("utf-8"))
    real = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        path = os.path.realpath(self.get_filename(fullname))
        if path not in sources:
            return real(self, fullname)
        return compile(sources[path], path, "exec", dont_inherit=True)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign] - this is how it is done


def _why(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(report.longrepr if crash is None else crash.message).partition("\n")[0][:160]
