"""graphql-core's own tests of queries and mutations pass when our handler does the execution.

They come with the source distribution of the version that is locked, and run in a process of their own, in which
`core_suite/core_suite_adapter.py` stands for the functions that execute. What is left out, and why, is listed in
`core_suite/exclusions.py`; a test that is listed must fail, or wait for ever, so that no exclusion outlives
its reason.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import graphql
import pytest

from tests.graphql.engine.core_suite.exclusions import EXCLUDED, FILES, FILES_LEFT_OUT

ROOT = Path(__file__).parents[3]
SUITE = ROOT / "build" / "graphql-core"
PLUGINS = ("anyio.pytest_plugin", "pytest_describe.plugin", "core_suite_plugin")
PASSED = 307
"""The tests that execute something and pass; more is welcome: then raise it."""

BY_CODE_ALONE = 233
"""The operations whose whole answer generated code rendered; the others hold an error, or what only a type can tell."""


@dataclass(frozen=True)
class Outcome:
    """What became of each test, and what was counted."""

    outcomes: dict[str, str]
    counted: dict[str, int]

    @property
    def failed(self) -> set[str]:
        return {name for name, outcome in self.outcomes.items() if outcome not in {"passed", "nothing executed"}}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    assert (SUITE / "tests").is_dir(), "run `make test` once: it unpacks the tests of graphql-core"
    report = tmp_path_factory.mktemp("core") / "report.json"
    plugins = [part for name in PLUGINS for part in ("-p", name)]
    done = subprocess.run(  # noqa: S603 (this Python, on files that the preparation checked by their hash)
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", SUITE, *plugins),
            *("-p", "no:cacheprovider", "--tb=short", *(f"tests/{name}" for name in FILES)),
        ],
        cwd=SUITE,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parent / "core_suite"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "CORE_SUITE_REPORT": str(report),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert report.is_file(), done.stdout + done.stderr
    return Outcome(**json.loads(report.read_text("utf-8")))


def excluded(outcome: Outcome) -> dict[str, list[str]]:
    """Return the tests that each exclusion names."""
    return {
        f"{file}::…::{end}": [
            name for name in outcome.outcomes if name.startswith(f"{file}::") and name.endswith(f"::{end}")
        ]
        for file, ends in EXCLUDED.items()
        for end in ends
    }


def test_suite_is_of_the_version_that_runs() -> None:
    assert f"\nVersion: {graphql.version}\n" in (SUITE / "PKG-INFO").read_text("utf-8")


def test_every_file_about_execution_is_run_or_left_out_for_a_reason() -> None:
    found = {f"execution/{path.name}" for path in (SUITE / "tests" / "execution").glob("test_*.py")}
    found |= {f"execution/{path.parent.name}" for path in (SUITE / "tests" / "execution").glob("*/__init__.py")}
    listed = {name for name in (*FILES, *FILES_LEFT_OUT) if name.startswith("execution/")}
    assert listed == found
    assert not set(FILES) & set(FILES_LEFT_OUT)


def test_graphql_cores_own_tests_pass_through_the_handler(outcome: Outcome) -> None:
    left_out = {name for names in excluded(outcome).values() for name in names}
    assert {name: outcome.outcomes[name] for name in outcome.failed - left_out} == {}
    assert list(outcome.outcomes.values()).count("passed") >= PASSED


def test_every_exclusion_names_one_test_that_fails(outcome: Outcome) -> None:
    named = excluded(outcome)
    assert {exclusion: names for exclusion, names in named.items() if len(names) != 1} == {}
    assert {name for names in named.values() for name in names} - outcome.failed == set()


def test_most_answers_are_rendered_by_generated_code_alone(outcome: Outcome) -> None:
    assert outcome.counted["rendered by generated code alone"] >= BY_CODE_ALONE
