"""Promises about files and folders that no reviewer should have to look for."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tools.check import length
from tools.check import pyright as pyright_check

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "core", "graphql", "plugins", "tenants")
REQUIREMENTS = ROOT / "requirements"
# Names that say nothing about what a module is for.
EMPTY_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
GOALS = {"run", "test", "demo", "check", "bench", "lock", "schema"}


def test_no_file_is_too_long_without_a_decision():
    assert length.too_long(length.tracked_files(), length.decision_texts()) == []


@pytest.fixture
def two_files(monkeypatch, tmp_path):
    """A file that is a line too long, and one that is not."""
    monkeypatch.setattr(length, "ROOT", tmp_path)
    (tmp_path / "long.py").write_text("x = 1\n" * 401)
    (tmp_path / "short.py").write_text("x = 1\n" * 400)
    return [Path("long.py"), Path("short.py")]


@pytest.mark.parametrize(
    "decision",
    [
        "",
        "**Held by** `long.py`.",
        "`long.py` is one table, and longer than others.",
        "- `long.py` may have more than 400 lines.",
        "- `long.py` may have more than 400 lines: it has to.",
        "- `other/long.py` may have more than 400 lines: it is one table of all machines.",
        "- `long.py` may have more than 4000 lines: it is one table of all machines.",
        "What `long.py` may have more than 400 lines: is it one table of all machines?",
        "- `long.py` may have more than 400 lines:\n- it is one table of all machines.",
    ],
)
def test_long_file_is_found_where_no_decision_says_why_it_is_long(two_files, decision):
    (found,) = [finding for finding in length.too_long(two_files, decision) if not finding.startswith("other/")]
    assert found.startswith("long.py: 401 lines: split it by noun, or let a decision say")


@pytest.mark.parametrize("reason", ["it is one table of all machines.", "it is\n  one table of all machines."])
def test_long_file_is_let_through_by_the_reason_that_a_decision_gives(two_files, reason):
    assert length.too_long(two_files, f"- `long.py` may have more than 400 lines: {reason}\n") == []


def test_reason_that_no_file_needs_any_more_is_found(two_files):
    names = ("long.py", "short.py", "gone.py")
    points = [f"- `{name}` may have more than 400 lines: it is one table." for name in names]
    found = length.too_long(two_files, "\n".join(points))
    assert [finding.split(":")[0] for finding in found] == ["gone.py", "short.py"]


def test_no_module_has_an_empty_name():
    found = [path for path in length.tracked_files() if EMPTY_NAMES & {part.split(".")[0] for part in path.parts}]
    assert found == []


def test_no_folder_under_graphql_hides_a_standard_module():
    folders = {path.name for path in (ROOT / "graphql").iterdir() if path.is_dir()}
    assert folders & sys.stdlib_module_names == set()


@pytest.mark.parametrize("lock", sorted(REQUIREMENTS.glob("*.lock")), ids=lambda path: path.name)
def test_python_lock_names_no_address_and_every_hash(lock):
    text = lock.read_text("utf-8")
    assert "://" not in text
    packages = re.findall(r"^[a-z0-9][^\n]*(?:\n    --hash[^\n]*)+", text, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)) > 0


NPM_LOCKS = [path for path in length.tracked_files() if path.name == "package-lock.json"]


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda path: path.parent.name)
def test_npm_lock_names_no_address_to_load_from(lock):
    packages = json.loads((ROOT / lock).read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in packages.items() if name)


def pins(name: str) -> dict[str, str]:
    text = (REQUIREMENTS / f"{name}.lock").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", text, re.MULTILINE))


def test_tests_run_on_what_wardship_runs_on():
    development = pins("development")
    assert {name: development.get(name) for name in pins("runtime")} == pins("runtime")


def test_decisions_are_numbered_once_and_say_what_holds_them():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert len(set(numbers)) == len(numbers)
    for path in decisions:
        text = path.read_text("utf-8")
        assert re.match(rf"# {path.name[:4]}[:.] \S", text), path.name
        assert re.search(r"^> \S", text, re.MULTILINE), f"{path.name} has no line to quote"
        assert "`tests/" in text, f"{path.name} does not say which test holds it"


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{path.as_posix()}: {target}"
        for path in length.tracked_files()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#]+)", (ROOT / path).read_text("utf-8"))
        if "://" not in target and not (ROOT / path).parent.joinpath(target).exists()
    ]
    assert broken == []


def test_every_goal_is_there_and_explained():
    text = (ROOT / "Makefile").read_text("utf-8")
    explained = set(re.findall(r"^([a-z]+):.*## \S", text, re.MULTILINE))
    assert explained >= GOALS
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert set(phony.split()) == explained


def test_make_says_what_is_missing_without_a_fit_python():
    done = subprocess.run(
        ["/usr/bin/env", "make", "run", "PYTHON="], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "Wardship needs Python 3.11 or later: install it" in done.stderr


def test_pyright_that_looked_at_nothing_is_a_failure(monkeypatch, capsys):
    report = {"generalDiagnostics": [], "summary": {"filesAnalyzed": 0}}
    done = subprocess.CompletedProcess([], 0, json.dumps(report), "")
    monkeypatch.setattr(pyright_check.subprocess, "run", lambda *_arguments, **_options: done)
    assert pyright_check.main() == 1
    assert "pyright analysed no file" in capsys.readouterr().err


EXCEPTION = re.compile(
    r"#\s*(?:noqa|(?:type|pyright):\s*ignore)"
    r"(?P<code>\s*:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*|\s*\[[\w, -]+\])?(?P<reason>[^#]*)"
)


def lacks_code_or_reason(line: str) -> bool:
    exceptions = list(EXCEPTION.finditer(line))
    return any(not found["code"] for found in exceptions) or bool(
        exceptions and not re.search(r"[A-Za-z]{3}", line[exceptions[-1].end("code") :])
    )


# Only ever lowered: a new exception takes the place of an old one.
MOST_LINT_EXCEPTIONS = 90


def lint_exceptions(root: Path, files: Iterable[Path]) -> list[str]:
    """Return the lines with an exception, and each code that a whole file is excused from."""
    names = [path.as_posix() for path in files if path.suffix == ".py" and path.parts[0] in FOLDERS]
    lines = [
        f"{name}:{number}"
        for name in names
        for number, line in enumerate((root / name).read_text("utf-8").splitlines(), 1)
        if EXCEPTION.search(line)
    ]
    ruff = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    excused = ruff["per-file-ignores"].items()
    return lines + [f"{name}: {code}" for name, codes in excused if name.split("/")[0] in FOLDERS for code in codes]


def test_lint_exceptions_of_the_product_become_fewer():
    found = lint_exceptions(ROOT, length.tracked_files())
    assert len(found) <= MOST_LINT_EXCEPTIONS, "write it without the exception, or do away with another one"


def test_nothing_in_the_product_can_lose_a_cancellation():
    """`asyncio.wait_for` of Python 3.11 does, where what is waited for comes at that moment: use `asyncio.timeout`."""
    product = [path for path in length.tracked_files() if path.suffix == ".py" and path.parts[0] in FOLDERS]
    assert product
    assert [path.as_posix() for path in product if "asyncio.wait_for(" in (ROOT / path).read_text("utf-8")] == []


def test_no_folder_of_the_product_is_excused_from_a_rule():
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    excused = {name for name in ruff["per-file-ignores"] if name.split("/")[0] in {*FOLDERS, "**", "*"}}
    assert [name for name in excused if not (ROOT / name).is_file()] == []


def test_lint_exceptions_are_counted_by_line_and_by_excused_file(tmp_path):
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "a.py").write_text(
        "x = 1  # noqa: S603 - ours\ny = 1\nz = 1  # type: ignore[misc]  # theirs\n"
    )
    (tmp_path / "tests.py").write_text("x = 1  # noqa: S603 - ours\n")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.ruff.lint.per-file-ignores]\n"core/a.py" = ["S608", "SLF001"]\n"tests/**" = ["D"]\n'
    )
    found = lint_exceptions(tmp_path, [Path("core/a.py"), Path("tests.py")])
    assert found == ["core/a.py:1", "core/a.py:3", "core/a.py: S608", "core/a.py: SLF001"]


@pytest.mark.parametrize("line", ["x = 1  # noqa", "x = 1  # noqa: S603", "x = 1  # type: ignore[assignment]"])
def test_bare_lint_exception_is_found(line):
    assert lacks_code_or_reason(line)
    assert not lacks_code_or_reason("x = 1  # noqa: S603, S607 - our own program")


def test_every_lint_exception_has_its_code_and_reason():
    here = Path(__file__).relative_to(ROOT)
    found = [
        f"{path.as_posix()}:{number}"
        for path in length.tracked_files()
        if path.suffix == ".py" and path != here
        for number, line in enumerate((ROOT / path).read_text("utf-8").splitlines(), 1)
        if lacks_code_or_reason(line)
    ]
    assert found == []


def test_tools_need_only_the_standard_library():
    """They run before anything is installed."""
    imported = set()
    for path in (ROOT / "tools").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported |= {name.split(".")[0] for name in names}
    assert imported <= sys.stdlib_module_names | {"tools"}
