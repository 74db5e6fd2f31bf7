"""The data folder: whose it is, what lies in it, and the two locks that keep a second server off it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from wardship.core.errors import WardshipError

_POLL_SECONDS = 0.02
_START_LOCK = "start.lock"


class FolderNotOursError(WardshipError):
    """The folder belongs to another account or holds something else: nothing in it was changed."""

    code: ClassVar[str] = "EMBEDDED_FOLDER_NOT_OURS"


class FolderUnusableError(WardshipError):
    """The folder can't be made, read or written: no space, no permission, or not a local file system."""

    code: ClassVar[str] = "EMBEDDED_FOLDER_UNUSABLE"


class StartTimeoutError(WardshipError):
    """The server, or another process that starts or stops it, took longer than the caller wanted to wait."""

    code: ClassVar[str] = "EMBEDDED_START_TIMEOUT"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder of one server, and the places in it."""

    root: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory; it belongs to the server's account."""
        return self.root / "cluster"

    @property
    def unfinished_cluster(self) -> Path:
        """Where a cluster is made before it is moved into place whole."""
        return self.root / "cluster.new"

    @property
    def log(self) -> Path:
        """What the server says; no statement and no value of a statement."""
        return self.root / "server.log"

    @property
    def record(self) -> Path:
        """A file that names the private folder with the running server's sockets."""
        return self.root / "runtime"

    @property
    def provisioned(self) -> Path:
        """A file that exists once roles and database do."""
        return self.root / "provisioned"

    @contextmanager
    def starting(self, deadline: float) -> Iterator[None]:
        """Hold the folder while attaching to its server or starting one; processes take turns.

        Raises:
            StartTimeoutError: another process still held it at `deadline` (of the monotonic clock).
        """
        lock = self._lock(_START_LOCK, deadline)
        try:
            yield
        finally:
            os.close(lock)

    def server_lock(self, deadline: float) -> int:
        """Return a file descriptor whose lock means "no server runs here"; the server's processes inherit it.

        The kernel frees it when the last of them has ended, however it ended: no process number has to be trusted.

        Raises:
            StartTimeoutError: an earlier server was still shutting down at `deadline` (of the monotonic clock).
        """
        return self._lock("server.lock", deadline)

    def _lock(self, name: str, deadline: float) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        descriptor = os.open(self.root / name, flags, 0o600)
        try:
            while not _is_locked(descriptor):
                self._wait(deadline)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _wait(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise StartTimeoutError(f"Look at {self.log} for what keeps PostgreSQL busy, then try again.")
        time.sleep(_POLL_SECONDS)


def claim(path: Path) -> DataFolder:
    """Make the folder private and ours, or recognise it as ours.

    Raises:
        FolderNotOursError: it belongs to another account, or holds something that isn't ours.
        OSError: it can't be made or read.
    """
    root = path.absolute()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    root = root.resolve()
    owner = root.stat().st_uid
    if owner != os.geteuid():
        raise FolderNotOursError(
            f"Run Wardship as user {owner}, who owns {root}, or choose another folder with WARDSHIP_DATA_DIR."
        )
    names = {entry.name for entry in root.iterdir()}
    if names and _START_LOCK not in names:
        raise FolderNotOursError(f"Choose an empty folder: {root} holds files that aren't Wardship's.")
    root.chmod(0o700)
    return DataFolder(root)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
