"""The private folder of a running server, at a short path: its sockets, its access rules, its copied programs.

A Unix socket's path has room for about 100 bytes and every folder above it must be open to the server's account; a
data folder promises neither.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from wardship.core.database.embedded import binaries
from wardship.core.database.embedded.account import ServerAccount, own_name
from wardship.core.database.embedded.folder import DataFolder
from wardship.core.errors import WardshipError

_PREFIX = "wardship-"
_LONGEST_BASE = 60
_BASES = ("/tmp", "/var/tmp", "/run", "/var/lib")  # noqa: S108 the folder made in one of them is private and unguessable
# Read by a server at its start: when the account may read these, it may read what lies beside them.
_SAMPLES = ("share/postgres.bki", "share/timezone/UTC", "lib/plpgsql.so")


class NoRuntimeFolderError(WardshipError):
    """No folder for temporary files has a short path and is open to the server's account."""

    code: ClassVar[str] = "EMBEDDED_NO_RUNTIME_FOLDER"


@dataclass(frozen=True, slots=True)
class Runtime:
    """The private folder of one running server."""

    root: Path

    @property
    def sockets(self) -> Path:
        """The folder with the server's socket; it belongs to the server's account alone."""
        return self.root / "socket"

    @property
    def server_socket(self) -> Path:
        """The server's socket, named as every PostgreSQL client expects."""
        return self.sockets / ".s.PGSQL.5432"

    @property
    def control(self) -> Path:
        """The supervisor's socket: a process that holds a connection to it keeps the server running."""
        return self.root / "control"

    @property
    def host_rules(self) -> Path:
        """The server's `pg_hba.conf`."""
        return self.root / "pg_hba.conf"

    @property
    def name_map(self) -> Path:
        """The server's `pg_ident.conf`."""
        return self.root / "pg_ident.conf"


def recorded(folder: DataFolder) -> Runtime | None:
    """Return the folder that the last start recorded, when it still exists and is ours."""
    try:
        root = Path(folder.record.read_text(encoding="utf-8").strip())
        status = root.lstat()
    except FileNotFoundError:
        return None
    is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and root.name.startswith(_PREFIX)
    return Runtime(root) if is_ours else None


@contextmanager
def created(folder: DataFolder, account: ServerAccount) -> Iterator[tuple[Runtime, Path]]:
    """Make and record the folder, and give it with the folder of programs that the server's account can run.

    What a killed predecessor left is removed first; the folder itself is removed when the body fails.

    Raises:
        NoRuntimeFolderError: no place for it.
    """
    left_over = recorded(folder)
    if left_over is not None:
        shutil.rmtree(left_over.root)
    programs = binaries.bin_folder()
    must_copy = not _can_run(account, programs)
    runtime = Runtime(Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_base(account, must_execute=must_copy))))
    try:
        _write_record(folder, runtime)
        _fill(runtime, account)
        yield runtime, binaries.copy_server(runtime.root / "programs") if must_copy else programs
    except BaseException:
        folder.record.unlink(missing_ok=True)
        shutil.rmtree(runtime.root)
        raise


def _write_record(folder: DataFolder, runtime: Runtime) -> None:
    draft = folder.record.with_suffix(".new")
    draft.write_text(f"{runtime.root}\n", encoding="utf-8")
    draft.replace(folder.record)


def _fill(runtime: Runtime, account: ServerAccount) -> None:
    """Lay out the folder: ours to write, the server account's to read, closed to everybody else."""
    runtime.sockets.mkdir(mode=0o700)
    # Only our own account and root may connect, even where others reach the socket: the kernel says who asks.
    runtime.host_rules.write_text("local all all peer map=wardship\n", encoding="utf-8")
    names = sorted({own_name(), "root"})
    runtime.name_map.write_text("".join(f'wardship "{name}" all\n' for name in names), encoding="utf-8")
    for rules in (runtime.host_rules, runtime.name_map):
        rules.chmod(0o640)
    if account.is_other:
        os.chown(runtime.root, -1, account.gid)
        runtime.root.chmod(0o710)
        os.chown(runtime.sockets, account.uid, account.gid)
        for rules in (runtime.host_rules, runtime.name_map):
            os.chown(rules, -1, account.gid)


def _can_run(account: ServerAccount, programs: Path) -> bool:
    if not account.is_other:
        return True
    return all(account.may_execute(programs / name) for name in ("initdb", "postgres")) and all(
        account.may_read(programs.parent / sample) for sample in _SAMPLES
    )


def _base(account: ServerAccount, *, must_execute: bool) -> Path:
    for base in (Path(tempfile.gettempdir()), *map(Path, _BASES)):
        if base.is_dir() and _is_fit(base.resolve(), account, must_execute=must_execute):
            return base.resolve()
    raise NoRuntimeFolderError(
        f"Set TMPDIR to a folder whose path is shorter than {_LONGEST_BASE} bytes"
        " and through which every account may pass."
    )


def _is_fit(base: Path, account: ServerAccount, *, must_execute: bool) -> bool:
    status = base.stat()
    # In a folder that anybody may write to, only the sticky bit keeps others from putting theirs in the place of ours.
    is_safe = status.st_uid in {0, os.geteuid()} and bool(
        status.st_mode & stat.S_ISVTX or not status.st_mode & (stat.S_IWOTH | stat.S_IWGRP)
    )
    forbids_programs = bool(os.statvfs(base).f_flag & getattr(os, "ST_NOEXEC", 0))
    return (
        is_safe
        and len(os.fsencode(base)) < _LONGEST_BASE
        and os.access(base, os.W_OK | os.X_OK)
        and account.may_traverse(base)
        and not (must_execute and forbids_programs)
    )
