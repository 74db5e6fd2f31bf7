"""The cluster: made whole or not at all, of a version that our programs understand, free of a dead server's marks."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import ClassVar, Final

from wardship.core.database.embedded.account import NoServerAccountError, ServerAccount
from wardship.core.database.embedded.binaries import major_version
from wardship.core.database.embedded.folder import DataFolder
from wardship.core.database.embedded.supervisor import Identity
from wardship.core.errors import WardshipError

_TAIL_BYTES = 4000
_ENDING_SECONDS = 1.0
_POLL_SECONDS = 0.02
# The server's account needs no way into the data folder: it starts inside the cluster and names it by this path.
_WORKING_FOLDER = "/proc/self/cwd"
# Nothing of ours, so that no secret of ours is in the server's environment.
ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class InitialisationFailedError(WardshipError):
    """`initdb` failed; what it had made is removed."""

    code: ClassVar[str] = "EMBEDDED_INIT_FAILED"


class ClusterVersionError(WardshipError):
    """The data was written by another major version of PostgreSQL than the one that is installed."""

    code: ClassVar[str] = "EMBEDDED_VERSION_MISMATCH"


class FolderInUseError(WardshipError):
    """A PostgreSQL server that we didn't start runs on the data."""

    code: ClassVar[str] = "EMBEDDED_FOLDER_IN_USE"


def data_argument(cluster: Path, account: ServerAccount) -> str:
    """Return the path by which a server's process names its cluster."""
    return _WORKING_FOLDER if account.is_other else str(cluster)


def prepare(folder: DataFolder, account: ServerAccount, programs: Path, lock: int, *, durable: bool) -> None:
    """Make the cluster when there is none, else check it and clear what a killed server left.

    Must be called with the server lock held, which `initdb` inherits.

    Raises:
        InitialisationFailedError: `initdb` failed.
        ClusterVersionError: another major version wrote it.
        FolderInUseError: a server that we didn't start runs on it.
        NoServerAccountError: this process may not become the server's account.
    """
    if not folder.cluster.is_dir():
        _initialise(folder, account, programs, lock, durable=durable)
    _check_version(folder)
    _clear_stale_mark(folder.cluster)


def log_tail(folder: DataFolder, since: int = 0) -> str:
    """Return the end of the server's log, at most 4,000 bytes of what came after offset `since`."""
    with folder.log.open("rb") as log:
        log.seek(max(since, log.seek(0, os.SEEK_END) - _TAIL_BYTES))
        return log.read().decode("utf-8", "replace").strip()


def _initialise(folder: DataFolder, account: ServerAccount, programs: Path, lock: int, *, durable: bool) -> None:
    draft = folder.unfinished_cluster
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    if account.is_other:
        _give(draft, account)
    start = folder.log.stat().st_size
    if _run_initdb(folder, account, programs, lock, durable=durable) != 0:
        shutil.rmtree(draft)
        raise InitialisationFailedError(
            f"Check that {folder.root} has 100 MB of free space; initdb said: {log_tail(folder, start)}"
        )
    draft.rename(folder.cluster)


def _give(draft: Path, account: ServerAccount) -> None:
    try:
        os.chown(draft, account.uid, account.gid)
    except OSError as error:
        draft.rmdir()
        raise NoServerAccountError(
            f"Run Wardship as an ordinary user: root may not act as user {account.uid} here ({error.strerror})."
        ) from error


def _run_initdb(folder: DataFolder, account: ServerAccount, programs: Path, lock: int, *, durable: bool) -> int:
    options = ["--username=postgres", "--auth=peer", "--encoding=UTF8", "--locale=C"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    draft = folder.unfinished_cluster
    command = [str(programs / "initdb"), "-D", data_argument(draft, account), *options]
    with folder.log.open("ab") as log:
        return subprocess.run(  # noqa: S603 our own programs and options
            command if durable else [*command, "--no-sync"],
            cwd=draft,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
            check=False,
            **identity(account),
        ).returncode


def identity(account: ServerAccount) -> Identity:
    """Return what a child needs in order to run as the account; nothing when it is our own."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account.is_other else {}


def _check_version(folder: DataFolder) -> None:
    found, expected = _read(folder.cluster / "PG_VERSION"), str(major_version())
    if found == expected:
        return
    if not found.isdigit():
        raise ClusterVersionError(f"Restore {folder.root} from a backup: its PostgreSQL data says no version.")
    raise ClusterVersionError(
        f"Install the Wardship release that carries PostgreSQL {found}, which wrote {folder.root}, dump the data"
        f" with it and load the dump into a new folder: PostgreSQL {expected} can't read it in place."
    )


def _clear_stale_mark(cluster: Path) -> None:
    """Remove a dead server's `postmaster.pid`, whose process number may since belong to somebody else.

    The server lock is held, so none of our servers runs; only one started by hand could.
    """
    mark = cluster / "postmaster.pid"
    number = _read(mark).partition("\n")[0].strip()
    if not number.isdigit():
        mark.unlink(missing_ok=True)
        return
    # A process that is ending gives up its lock a moment before its working folder.
    deadline = time.monotonic() + _ENDING_SECONDS
    while _works_in(int(number), cluster):
        if time.monotonic() > deadline:
            raise FolderInUseError(f"Stop the PostgreSQL server with process number {number}: it runs on {cluster}.")
        time.sleep(_POLL_SECONDS)
    if Path("/proc/self").exists():
        mark.unlink()


def _works_in(process: int, cluster: Path) -> bool:
    try:
        return Path(f"/proc/{process}/cwd").samefile(cluster)
    except OSError:
        return False


def _read(path: Path) -> str:
    """Return a small file's text, or nothing; the server's account owns the folder, so no link of its is followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        return file.read(_TAIL_BYTES).decode("ascii", "replace").strip()
