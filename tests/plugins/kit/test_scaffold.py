"""What `plugin new` writes is whole: it type-checks, is formatted, and is refused where it could not be."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tools.prepare.node_packages import node
from wardship.plugins.kit import KitSetupError, Level, Status, check_conformance
from wardship.plugins.kit.scaffold.writing import write_remote_scaffold, write_scaffold

ROOT = Path(__file__).parents[3]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the checkers of what we wrote ourselves
        [sys.executable, "-m", *arguments], cwd=folder, check=False, capture_output=True, text=True, timeout=240
    )


@pytest.mark.parametrize("name", ["acme", "a-vendor-of-five-words-x"])
def test_what_is_written_is_formatted_and_lints(tmp_path, name):
    folder = write_scaffold(name, tmp_path)
    for command in (["ruff", "check", "."], ["ruff", "format", "--check", "."]):
        done = run(folder, *command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_written_passes_mypy_strict_where_wardship_is_installed(tmp_path, monkeypatch):
    for name in ("core", "plugins"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / "installed" / "wardship" / name, ignore=ignored)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "installed"))
    folder = write_scaffold("acme-crm", tmp_path)
    done = run(folder, "mypy", "--cache-dir", str(tmp_path / "cache"))
    assert (done.returncode, done.stdout) == (0, "Success: no issues found in 3 source files\n"), done.stdout


def test_what_is_written_reaches_gold_from_its_folder(tmp_path):
    report = check_conformance(str(write_scaffold("acme-crm", tmp_path)))
    assert (report.integration, report.level) == ("acme_crm", Level.GOLD), report.as_text()
    assert report.of(Status.EXEMPT) == ()


@pytest.mark.parametrize(
    "name",
    ["", "A", "a", "Acme", "acme corp", "../acme", "acme/..", "1acme", "acme-", "a--b", "json", "class", "a" * 25],
)
def test_a_name_that_can_be_no_key_is_refused_and_nothing_is_written(tmp_path, name):
    with pytest.raises(KitSetupError):
        write_scaffold(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "A", "a", "Acme", "acme corp", "../acme", "1acme", "acme-", "a" * 25])
def test_a_name_that_can_be_no_key_of_a_remote_integration_is_refused_and_nothing_is_written(tmp_path, name):
    with pytest.raises(KitSetupError):
        write_remote_scaffold(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["acme", "a-vendor-of-five-words-x", "class"])
def test_what_is_written_for_another_language_is_whole_and_passes_its_own_tests(tmp_path, name):
    folder = write_remote_scaffold(name, tmp_path)
    text = "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file())
    assert not re.search(r"@[A-Z]+@", text)
    for file in folder.glob("*.json"):
        json.loads(file.read_text("utf-8"))
    done = subprocess.run(  # noqa: S603 - what we wrote ourselves
        [node(), "--test"], cwd=folder, check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"^# pass 4$", done.stdout, re.MULTILINE)


def test_each_folder_has_a_signing_secret_of_its_own_that_is_for_its_owner_alone_and_is_not_committed(tmp_path):
    one, other = (write_remote_scaffold(name, tmp_path) / ".env" for name in ("acme", "other"))
    assert one.read_text() != other.read_text()
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert ".env" in (one.parent / ".gitignore").read_text().splitlines()


def test_a_remote_integration_does_not_overwrite_what_is_there(tmp_path):
    folder = write_remote_scaffold("acme", tmp_path)
    (folder / "product.mjs").write_text("mine")
    with pytest.raises(KitSetupError, match="is there already"):
        write_remote_scaffold("acme", tmp_path)
    assert (folder / "product.mjs").read_text() == "mine"


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    folder = write_scaffold("acme", tmp_path)
    (folder / "acme_wardship.py").write_text("mine")
    with pytest.raises(KitSetupError, match="is there already"):
        write_scaffold("acme", tmp_path)
    assert (folder / "acme_wardship.py").read_text() == "mine"
