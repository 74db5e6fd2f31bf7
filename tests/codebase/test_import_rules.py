"""What each folder may import: the rules hold, and each rule is seen to catch what it forbids."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "core", "graphql", "plugins", "tenants")
LINTER = Path(sys.executable).with_name("lint-imports")


TYPES_ONLY = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import"


def run(command: list[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own linter
        command,
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(folder)},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return run([LINTER, "--no-cache", "--config", folder / "pyproject.toml"], folder)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources under their import name, found before the installed ones."""
    folder = tmp_path_factory.mktemp("sources")
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(ROOT / name, folder / "wardship" / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


Plant = Callable[[str, str], None]


@pytest.fixture
def plant(sources: Path) -> Iterator[Plant]:
    """Adds a statement to a module, new or not, until the end of the test."""
    with ExitStack() as restoring:

        def add(module: str, statement: str) -> None:
            path = sources / "wardship" / module
            if path.exists():
                restoring.callback(path.write_text, path.read_text("utf-8"))
            else:
                path.parent.mkdir(exist_ok=True)
                path.touch()
                restoring.callback(path.unlink)
            with path.open("a") as file:
                file.write(f"\n{statement}\n")

        yield add


def test_every_folder_imports_what_it_may(sources):
    done = lint(sources)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


PLANTED = [
    ("a folder imports what stands below it", "core/clock.py", "import wardship.tenants.access"),
    ("a folder imports what stands below it", "core/clock.py", "import wardship.plugins.host"),
    ("a folder imports what stands below it", "plugins/api/__init__.py", "import wardship.core.errors"),
    ("a folder imports what stands below it", "plugins/host/__init__.py", "import wardship.tenants"),
    ("a folder imports what stands below it", "tenants/__init__.py", "import wardship.graphql.engine"),
    ("integrations import the contract only", "plugins/__init__.py", "import wardship.graphql.engine"),
    ("integrations import the contract only", "plugins/calendar/__init__.py", "import wardship.core.errors"),
    ("integrations import the contract only", "plugins/calendar/__init__.py", "import wardship.plugins.host"),
    ("integrations import the contract only", "plugins/calendar/__init__.py", "import wardship.plugins.kit"),
    ("a folder imports what stands below it", "plugins/host/__init__.py", "import wardship.plugins.kit"),
    ("a folder imports what stands below it", "plugins/kit/report.py", "import wardship.tenants"),
    ("nothing of ours imports an integration", "plugins/kit/report.py", "import wardship.plugins.calendar"),
    ("integrations import the contract only", "plugins/newcomer/__init__.py", "import wardship.core.errors"),
    ("nothing of ours imports an integration", "core/clock.py", "import wardship.plugins.calendar"),
    ("nothing of ours imports an integration", "app/worker.py", "import wardship.plugins.calendar"),
    ("nothing of ours imports an integration", "plugins/host/__init__.py", "import wardship.plugins.calendar"),
    ("nothing of ours imports an integration", "plugins/api/__init__.py", "import wardship.plugins.calendar"),
    ("the GraphQL engine knows nothing of Wardship", "graphql/engine/__init__.py", "import wardship.core.errors"),
    (
        "the engine's rooms stand on one another",
        "graphql/engine/planning/costs.py",
        "import wardship.graphql.engine.execution.runs",
    ),
    ("the core's folders stand in layers", "core/errors.py", "import wardship.core.keys"),
    ("the nouns of the domain stand in layers", "tenants/members/__init__.py", "import wardship.tenants.requests"),
    ("the nouns of the API stand in layers", "graphql/api/__init__.py", "import wardship.graphql.server"),
    ("no folder or module is in an import circle", "core/clock.py", f"{TYPES_ONLY} wardship.core.audit"),
    ("no folder or module is in an import circle", "app/worker.py", f"{TYPES_ONLY} wardship.app.application"),
    ("no folder or module is in an import circle", "plugins/dav/__init__.py", "import wardship.plugins.calendar"),
    ("the nouns of the domain stand in layers", "tenants/newcomer/__init__.py", ""),
]


@pytest.mark.parametrize(("rule", "module", "statement"), PLANTED)
def test_planted_violation_is_found(sources, plant, rule, module, statement):
    plant(module, statement)
    done = lint(sources)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(rf"^{re.escape(rule)}.* BROKEN", done.stdout, re.MULTILINE)


def test_every_rule_is_seen_to_turn_red():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert [rule["name"] for rule in rules if not any(rule["name"].startswith(name) for name, _, _ in PLANTED)] == []


# A package and a module in it are no siblings, so that the linter's rule against circles does not compare them.
CIRCLES = """
import graphlib, sys, grimp
graph = grimp.build_graph(*sys.argv[1:], cache_dir=None)
imported = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
graphlib.TopologicalSorter(imported).prepare()
"""


def find_circles(folder: Path) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "-c", CIRCLES, *(f"wardship.{name}" for name in FOLDERS)], folder)


def test_no_module_is_in_an_import_circle(sources):
    done = find_circles(sources)
    assert (done.returncode, done.stderr) == (0, "")


def test_circle_of_a_package_and_its_module_is_found(sources, plant):
    plant("core/audit/__init__.py", "import wardship.core.audit.newcomer")
    plant("core/audit/newcomer.py", f"{TYPES_ONLY} wardship.core.audit")
    assert "CycleError" in find_circles(sources).stderr
