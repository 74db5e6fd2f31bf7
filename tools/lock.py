"""Write every lock file again: `python -m tools.lock [--upgrade]`. No lock file names where a package is downloaded."""

import subprocess
import sys

from tools.prepare.node_packages import AUDITS, CONSOLE, OAUTH_CLIENTS, PROVIDER, PYRIGHT, WEBHOOKS, npm
from tools.prepare.steps import ROOT, VENV

REQUIREMENTS = ROOT / "requirements"
COMPILE = (
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "make lock"),
)
# In this order: what the tests run on is what Wardship runs on.
SETS: dict[str, tuple[str, ...]] = {
    "bootstrap": ("--allow-unsafe",),
    "runtime": (),
    "development": ("--constraint", "runtime.lock", "--override", "overrides.txt"),
    "node": (),
}
NPM_FOLDERS = (CONSOLE, AUDITS, PROVIDER, OAUTH_CLIENTS, WEBHOOKS, PYRIGHT, REQUIREMENTS / "chromium")


def main(arguments: list[str]) -> int:
    """Lock the Python packages, then the npm packages."""
    for name, options in SETS.items():
        command = [str(VENV / "bin" / "uv"), *COMPILE, *options, *arguments, f"{name}.in", "-o", f"{name}.lock"]
        subprocess.run(command, cwd=REQUIREMENTS, check=True)
    locking = [
        "--package-lock-only",
        "--ignore-scripts",
        "--omit-lockfile-registry-resolved",
        "--no-audit",
        "--no-fund",
    ]
    for folder in NPM_FOLDERS:
        subprocess.run([*npm(), "update" if "--upgrade" in arguments else "install", *locking], cwd=folder, check=True)
    return 0


sys.exit(main(sys.argv[1:]))
