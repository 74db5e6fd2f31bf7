"""What each folder may import: the rules hold, and each rule is seen to catch what it forbids."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "core", "graphql", "plugins", "tenants")
LINTER = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own linter
        [LINTER, "--no-cache", "--config", folder / "pyproject.toml"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(folder)},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources under their import name, found before the installed ones."""
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(ROOT / name, tmp_path / "wardship" / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_folder_imports_what_it_may(copy):
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("rule", "module", "statement"),
    [
        ("core imports nothing of ours but the plugin contract", "core/clock.py", "import wardship.tenants.access"),
        ("the plugin contract imports nothing of ours", "plugins/api/__init__.py", "import wardship.core.errors"),
        ("core imports nothing of ours but the plugin contract", "core/clock.py", "import wardship.plugins.calendar"),
        ("integrations import the contract only", "plugins/calendar/__init__.py", "import wardship.core.errors"),
        ("the plugin host imports the contract and the core", "plugins/host/__init__.py", "import wardship.tenants"),
        ("tenants import core, the contract and the host", "tenants/__init__.py", "import wardship.graphql.engine"),
        ("the GraphQL engine knows nothing of Wardship", "graphql/engine/__init__.py", "import wardship.core.errors"),
        (
            "the engine's rooms stand on one another",
            "graphql/engine/planning/costs.py",
            "import wardship.graphql.engine.execution.runs",
        ),
        ("nothing imports graphql but the composition root", "plugins/__init__.py", "import wardship.graphql.engine"),
    ],
)
def test_forbidden_import_is_found(copy, rule, module, statement):
    path = copy / "wardship" / module
    path.write_text(f"{path.read_text('utf-8')}\n{statement}\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{rule} BROKEN" in done.stdout
