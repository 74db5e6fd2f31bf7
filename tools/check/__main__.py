"""Run every check, two at a time, and print what each said: `python -m tools.check [NAME …]`."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tools.prepare.node_packages import CONSOLE, environment, npm
from tools.prepare.steps import ROOT, VENV, say

BIN = VENV / "bin"
SOURCES = ("app", "core", "graphql", "plugins", "tenants")

# The slow ones first, so that the quick ones fill the gaps.
CHECKS: dict[str, list[str]] = {
    "pyright": [f"{BIN}/python", "-m", "tools.check.pyright"],
    "console": [*npm(), "run", "--prefix", str(CONSOLE), "check"],
    "mypy": [f"{BIN}/mypy"],
    "mypy-tools": [f"{BIN}/mypy", "--cache-dir", "build/mypy-tools", "tools"],
    # Through the link, because the linter does not see `wardship.graphql`, a namespace, in an editable installation.
    "imports": ["env", "PYTHONPATH=build/types", f"{BIN}/lint-imports", "--no-cache"],
    "ruff": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "length": [f"{BIN}/python", "-m", "tools.check.length"],
}


def outcome(name: str) -> bool:
    """Run one check; print its name and time, and all that it said when it failed."""
    started = time.monotonic()
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env={**os.environ, **environment()},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    passed = done.returncode == 0
    summary = f"{'ok' if passed else 'FAILED':8}{name:12}{time.monotonic() - started:6.1f} s"
    say(summary if passed else f"{summary}\n{done.stdout}")
    return passed


def main(names: list[str]) -> int:
    """Run the named checks, or all; 1 when one failed, 2 when a name is unknown."""
    unknown = set(names) - set(CHECKS)
    if unknown:
        say(f"error: no such check: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
        return 2
    with ThreadPoolExecutor(2) as pool:
        return 0 if all(list(pool.map(outcome, names or CHECKS))) else 1


sys.exit(main(sys.argv[1:]))
