"""The folder `graphql/` and the library of that name live side by side, and the wheel holds every package."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import graphql
import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "core", "graphql", "plugins", "tenants")
# Packages that nobody has listed anywhere: they are in the wheel because their folders are there.
NEWCOMERS = {"plugins/newcomer/__init__.py", "graphql/newcomer/__init__.py", "graphql/newcomer/inner/__init__.py"}
# What a person types has no settings of the tests in its environment.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("WARDSHIP_", "PYTHON"))}


def from_root(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the commands of these tests
        command, cwd=ROOT, env=ENVIRONMENT, check=False, capture_output=True, text=True, timeout=120
    )


def test_graphql_folder_is_not_a_package():
    assert not (ROOT / "graphql" / "__init__.py").exists()


def test_no_folder_with_modules_lacks_its_init_file():
    bare = {
        path.parent.relative_to(ROOT).as_posix()
        for name in FOLDERS
        for path in (ROOT / name).rglob("*.py")
        if "node_modules" not in path.parts and not (path.parent / "__init__.py").exists()
    }
    assert bare == set()


@pytest.mark.parametrize(
    "statement",
    [
        "import graphql; print(graphql.__file__)",
        "import strawberry, graphql; print(graphql.__file__)",
        "import wardship.graphql.engine, graphql; print(graphql.__file__)",
    ],
)
def test_graphql_is_the_library_from_the_repository_root(statement):
    done = from_root(sys.executable, "-W", "error", "-c", statement)
    assert (done.returncode, done.stderr) == (0, "")
    assert Path(done.stdout.strip()).resolve() == Path(graphql.__file__).resolve()
    assert ROOT / "graphql" not in Path(graphql.__file__).parents


@pytest.mark.parametrize("command", [["-m", "pytest"], [str(Path(sys.executable).with_name("pytest"))]])
def test_pytest_collects_from_the_repository_root(command):
    done = from_root(sys.executable, *command, "--collect-only", "-q", "-p", "no:randomly", "tests/codebase")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_graphql_folder_is_not_a_package" in done.stdout


def test_litestar_command_finds_the_application_from_the_repository_root():
    program = str(Path(sys.executable).with_name("litestar"))
    done = from_root(program, "--app", "wardship.app.application:create_app", "routes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "/graphql" in done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel of a copy: setuptools leaves files beside what it builds, and would take old ones for new."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("README.md", "LICENSE", "pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, copy)
    for name in (*FOLDERS, "requirements", "build/console"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    for name in NEWCOMERS:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).touch()
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(  # noqa: S603 - our own build
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", out, copy],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = out.glob("*.whl")
    return zipfile.Path(path)


def test_wheel_holds_every_module_listed_nowhere(wheel):
    held = set(wheel.root.namelist())
    modules = {
        f"wardship/{path.relative_to(ROOT).as_posix()}"
        for name in FOLDERS
        for path in (ROOT / name).rglob("*.py")
        if "node_modules" not in path.parts
    }
    assert {name for name in held if name.endswith(".py")} == modules | {f"wardship/{name}" for name in NEWCOMERS}


def test_wheel_holds_the_data_beside_the_modules(wheel):
    held = set(wheel.root.namelist())
    data = {
        f"wardship/{path.relative_to(ROOT).as_posix()}"
        for name in FOLDERS
        for suffix in ("sql", "txt", "typed", "html")
        for path in (ROOT / name).rglob(f"*.{suffix}")
        if "node_modules" not in path.parts
    }
    assert data <= held


def test_wheel_says_that_the_contract_has_types(wheel):
    assert "wardship/plugins/api/py.typed" in wheel.root.namelist()


def test_wheel_holds_the_built_console_and_nothing_to_build_it_with(wheel):
    held = set(wheel.root.namelist())
    built = ROOT / "build" / "console"
    assert {
        f"wardship/graphql/console/built/{path.relative_to(built).as_posix()}"
        for path in built.rglob("*")
        if path.is_file()
    } <= held
    assert not [name for name in held if "node_modules" in name or name.endswith((".tsx", ".ts"))]


def test_wheel_names_what_it_needs(wheel):
    (metadata,) = [name for name in wheel.root.namelist() if name.endswith(".dist-info/METADATA")]
    text = wheel.root.read(metadata).decode()
    assert "Requires-Dist: strawberry-graphql" in text
    assert "License-Expression: Apache-2.0" in text
