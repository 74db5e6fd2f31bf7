"""The tests of graphql-core itself, of the version that is locked. The engine is held to them; none is committed."""

import os
import re
import shutil
import tarfile
from pathlib import Path

from tools.prepare import python_packages
from tools.prepare.steps import BUILD, PYTHON, ROOT, VENV, PreparationError, digest, is_fresh, run, say, stamp, unstamp

LOCK = ROOT / "requirements" / "development.lock"
FOLDER = BUILD / "graphql-core"


def core_suite() -> None:
    """Unpack graphql-core's tests from its source distribution, whose hash the lock file holds, into build."""
    entry = locked(LOCK.read_text("utf-8"))
    value = digest([], entry, str(ROOT))
    if is_fresh("graphql-core", value, FOLDER / "tests"):
        return
    unstamp("graphql-core")
    say("unpacking the tests of graphql-core …")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    _unpack(_downloaded(entry))
    stamp("graphql-core", value)


def locked(lock: str) -> str:
    """Return the lines of a lock file that lock graphql-core: its version and the hashes of its distributions.

    Raises:
        PreparationError: there are none.
    """
    found = re.search(r"^graphql-core==(?:.*\\\n)+.*\n", lock, re.MULTILINE)
    if found is None:
        raise PreparationError("requirements/development.lock does not lock graphql-core: run make lock.")
    return found.group()


def _downloaded(entry: str) -> Path:
    """Load the source distribution; its build backend, which tells pip what it is, is in the environment."""
    wanted = FOLDER / "requirements.txt"
    wanted.write_text(entry, "utf-8")
    run(
        [
            *(PYTHON, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--no-binary", "graphql-core", "--no-build-isolation", "--require-hashes"),
            *("-r", wanted, "-d", FOLDER),
        ],
        environment={"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"},
        failure=f"graphql-core's source distribution could not be loaded. {python_packages.NO_NETWORK}",
    )
    return next(FOLDER.glob("*.tar.gz"))


def _unpack(archive: Path) -> None:
    """Leave of the archive the tests, and what names their version."""
    with tarfile.open(archive) as opened:
        # Pythons before 3.11.4 have no filters and pass this by; the archive's digest was checked either way.
        opened.extraction_filter = getattr(tarfile, "data_filter", None)
        opened.extractall(FOLDER)  # noqa: S202 - filtered by the attribute
    (top,) = FOLDER.glob("graphql_core-*/")
    for name in ("tests", "PKG-INFO"):
        (top / name).rename(FOLDER / name)
    shutil.rmtree(top)
    archive.unlink()
