"""A PgBouncer for the tests: the machine's own, or Debian's package, unpacked without root's powers."""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.prepare.steps import BUILD, ROOT, PreparationError, digest, is_fresh, run, say, stamp, unstamp

UNPACKED = BUILD / "pgbouncer"
RECORD = BUILD / "pgbouncer.json"
PACKAGE = "pgbouncer"
ADVICE = (
    "The tests of the database's pooler need PgBouncer: install it (Debian: apt-get install pgbouncer), "
    "or set PGBOUNCER to where it is, then run make again."
)


def pgbouncer() -> None:
    """Find or unpack a PgBouncer, and record for the tests where it is and what it needs in its environment."""
    found = _own()
    record = {"executable": found, "environment": {}} if found else _packaged()
    RECORD.write_text(json.dumps(record, indent=2) + "\n")


def _own() -> str | None:
    wanted = os.environ.get("PGBOUNCER")
    if wanted:
        if not _runs(wanted, {}):
            raise PreparationError(f"PGBOUNCER={wanted} does not run: name a PgBouncer, or unset it.")
        return wanted
    # Debian puts it where an ordinary user's path doesn't lead.
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    found = shutil.which(PACKAGE, path=path)
    return found if found and _runs(found, {}) else None


def _runs(program: str | Path, environment: Mapping[str, str]) -> bool:
    command, surroundings = [str(program), "--version"], {**os.environ, **environment}
    try:
        done = subprocess.run(command, env=surroundings, check=False, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _packaged() -> dict[str, object]:
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise PreparationError(ADVICE)
    program = UNPACKED / "usr" / "sbin" / PACKAGE
    value = digest([], str(ROOT), platform.platform())
    if not is_fresh("pgbouncer", value, program):
        unstamp("pgbouncer")
        say("unpacking PgBouncer for the tests …")
        shutil.rmtree(UNPACKED, ignore_errors=True)
        for package in _download(UNPACKED / "packages"):
            run(["dpkg-deb", "-x", package, UNPACKED], failure=f"{package.name} could not be unpacked.")
        shutil.rmtree(UNPACKED / "apt")
        if not _runs(program, _libraries()):
            raise PreparationError(f"Debian's package of PgBouncer does not run here. {ADVICE}")
        stamp("pgbouncer", value)
    return {"executable": str(program), "environment": _libraries()}


def _libraries() -> dict[str, str]:
    found = [*UNPACKED.glob("lib/*-linux-*"), *UNPACKED.glob("usr/lib/*-linux-*")]
    return {"LD_LIBRARY_PATH": os.pathsep.join(map(str, sorted(found)))}


def _download(folder: Path) -> list[Path]:
    """Load the package and the libraries that it needs; apt checks who signed them."""
    state = [UNPACKED / "apt" / name for name in ("state/lists/partial", "cache/archives/partial")]
    for place in (folder, *state):
        place.mkdir(parents=True)
    # Lists and archives of our own, so that neither root's powers nor a fresh list of root's is needed.
    options = [
        *("-o", f"Dir::State={UNPACKED / 'apt' / 'state'}", "-o", "Dir::State::status=/var/lib/dpkg/status"),
        *("-o", f"Dir::Cache={UNPACKED / 'apt' / 'cache'}", "-o", "APT::Sandbox::User=root"),
    ]
    run(["apt-get", *options, "update"], failure=f"apt's lists could not be loaded. {ADVICE}")
    asked = ["apt-cache", *options, "depends", "--important", PACKAGE]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    needed = [name for name in told.split() if name.startswith("lib") and not name.startswith("libc6")]
    run(["apt-get", *options, "download", PACKAGE, *needed], cwd=folder, failure=f"It could not be loaded. {ADVICE}")
    return sorted(folder.glob("*.deb"))
