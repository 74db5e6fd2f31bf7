"""The kit in a vendor's own pytest: one line, a test for each rule, and no green while anything was not run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from wardship.plugins.kit import RULES
from wardship.plugins.kit.scaffold.writing import write_scaffold
from wardship.plugins.kit.scenarios.forms import OF_ENDPOINTS


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_scaffold("acme", tmp_path)


def outcome_of(project: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 - pytest, on what we wrote ourselves
        [sys.executable, "-m", "pytest", "-q", "-rsf", "-p", "no:cacheprovider", *arguments],
        cwd=project,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def change(project: Path, file: str, before: str, after: str) -> None:
    text = (project / file).read_text()
    assert before in text
    (project / file).write_text(text.replace(before, after))


def test_the_scaffold_passes_with_a_test_for_each_rule(project):
    status, said = outcome_of(project)
    assert status == 0, said
    unconcerned = len(OF_ENDPOINTS) + 3
    assert f"{len(RULES) + 1 - unconcerned} passed, {unconcerned} skipped" in said
    assert "not concerned: the manifest does not promise grant" in said


def test_a_broken_rule_is_a_failed_test_that_says_what_and_why(project):
    change(
        project, "acme_wardship.py", "at=self.context.now()", "at=__import__('datetime').datetime.now().astimezone()"
    )
    status, said = outcome_of(project)
    assert status == 1
    assert "host-clock (gold): Moments come from" in said
    assert "- checked_at is the machine's time: use context.now()" in said
    failed = re.findall(r"^FAILED tests/test_conformance.py::TestAcme::(\w+)", said, re.MULTILINE)
    assert failed == ["test_host_clock", "test_level_is_reached"]


def test_what_was_not_run_is_skipped_and_reaches_no_level(project):
    change(project, "tests/test_conformance.py", "settings=running, ", "")
    status, said = outcome_of(project)
    assert status == 1
    assert "not run: no settings were given" in said
    failed = re.findall(r"^FAILED tests/test_conformance.py::TestAcme::(\w+)", said, re.MULTILINE)
    assert failed == ["test_level_is_reached"]


def test_an_exemption_is_skipped_with_its_reason(project):
    change(project, "tests/test_conformance.py", 'level="gold"', 'level="gold", exempt={"host-clock": "no clock"}')
    status, said = outcome_of(project)
    assert status == 0, said
    assert "exempt: no clock" in said
