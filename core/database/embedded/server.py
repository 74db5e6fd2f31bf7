"""A PostgreSQL server inside the installation: started when first needed, shared, and gone with its last user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final, Self

from wardship.core.database.embedded import binaries, cluster, control, roles, runtime, supervisor
from wardship.core.database.embedded.account import ServerAccount, server_account
from wardship.core.database.embedded.control import Hold
from wardship.core.database.embedded.folder import DataFolder, FolderUnusableError, claim
from wardship.core.database.embedded.options import is_durable, server_options
from wardship.core.database.embedded.runtime import Runtime
from wardship.core.database.embedded.supervisor import Plan
from wardship.core.errors import WardshipError

_LARGEST_LOG = 1_000_000
# What is given, asyncpg does not look up in variables such as PGSSLMODE, which are meant for other servers.
_NOT_FROM_THE_ENVIRONMENT: Final[dict[str, str | int]] = {
    "password": "",
    "ssl": False,
    "direct_tls": False,
    "target_session_attrs": "any",
    "krbsrvname": "postgres",
    "gsslib": "gssapi",
}
_HAS_DEATH_SIGNAL = sys.platform == "linux"


class ServerFailedError(WardshipError):
    """The server ended before it accepted connections."""

    code: ClassVar[str] = "EMBEDDED_START_FAILED"


class EmbeddedPostgres:
    """One use of the server that runs on a data folder; processes and objects share one server for each folder.

    Attributes:
        data_dir: the data folder, absolute.
        socket_dir: the folder of the server's Unix socket; give it as `host` to any PostgreSQL client.
        binaries: the folder with `psql`, `pg_dump`, `pg_restore` and `pgbench`.
    """

    def __init__(self, folder: DataFolder, place: Runtime, hold: Hold) -> None:
        self.data_dir = folder.root
        self.socket_dir = place.sockets
        self.binaries = binaries.bin_folder()
        self._folder = folder
        self._hold: Hold | None = hold

    @classmethod
    def start(
        cls, data_dir: Path, *, settings: Mapping[str, str] | None = None, timeout_seconds: float = 120.0
    ) -> Self:
        """Attach to the server that runs on the folder, or start one; an empty or absent folder gets a new cluster.

        Blocks for about a second the first time and a tenth of one later; after a crash as long as recovery takes.
        `settings` are PostgreSQL's own and count when the server starts, for example `{"fsync": "off"}` for a server
        that a test throws away; who attaches takes the server as it is.

        Raises:
            WardshipError: one of this package's errors; its message says what to do.
        """
        deadline = time.monotonic() + timeout_seconds
        try:
            folder = claim(data_dir)
            with folder.starting(deadline):
                place, hold = _attach(folder, deadline) or _launch(folder, settings or {}, deadline)
                return cls._provisioned(folder, place, hold)
        except OSError as error:
            raise FolderUnusableError(
                f"Make {data_dir} writable, on a local disk with 100 MB of free space: {error}."
            ) from error

    @classmethod
    def _provisioned(cls, folder: DataFolder, place: Runtime, hold: Hold) -> Self:
        server = cls(folder, place, hold)
        try:
            if not folder.provisioned.exists():
                roles.provision(place, server.binaries)
                folder.provisioned.touch(mode=0o600)
        except BaseException:
            server.stop()
            raise
        return server

    def dsn(self, *, role: str, database: str = roles.DATABASE) -> dict[str, str | int]:
        """Return the keyword arguments with which `asyncpg.connect` reaches a database as a role, without password."""
        where: dict[str, str | int] = {"host": str(self.socket_dir), "port": 5432, "user": role, "database": database}
        return where | _NOT_FROM_THE_ENVIRONMENT

    def stop(self) -> None:
        """Let go of the server; it ends when its last user has let go, and then this call returns after its end."""
        if self._hold is not None:
            self._hold.release()
            self._hold = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _attach(folder: DataFolder, deadline: float) -> tuple[Runtime, Hold] | None:
    place = runtime.recorded(folder)
    hold = control.connect(place.control) if place else None
    if place is None or hold is None:
        return None
    if not _is_ready(place, hold, deadline):
        hold.abandon()
        return None
    return place, hold


def _is_ready(place: Runtime, hold: Hold, deadline: float) -> bool:
    try:
        return hold.is_ready(place.server_socket, deadline)
    except BaseException:
        hold.abandon()
        raise


def _launch(folder: DataFolder, settings: Mapping[str, str], deadline: float) -> tuple[Runtime, Hold]:
    """Start a server on a folder that has none, once what was left of an earlier one has ended."""
    lock = folder.server_lock(deadline)
    try:
        log_start = _open_log(folder)
        account = server_account(folder.cluster)
        with runtime.created(folder, account) as (place, programs):
            command = [str(programs / "postgres"), "-D", cluster.data_argument(folder.cluster, account)]
            command += server_options(place, settings)
            cluster.prepare(folder, account, programs, lock, durable=is_durable(settings))
            hold = _supervise(folder, place, account, command, lock)
    finally:
        # The server's processes have inherited the lock: closing our end frees it only when there are none.
        os.close(lock)
    if not _is_ready(place, hold, deadline):
        hold.abandon()
        raise ServerFailedError(f"Look at {folder.log}, which ends in: {cluster.log_tail(folder, log_start)}")
    return place, hold


def _open_log(folder: DataFolder) -> int:
    """Keep the log small, and return its size, where this start's part begins."""
    with folder.log.open("ab") as log:
        if log.tell() > _LARGEST_LOG:
            log.truncate(0)
        folder.log.chmod(0o600)
        return log.seek(0, os.SEEK_END)


def _supervise(folder: DataFolder, place: Runtime, account: ServerAccount, command: list[str], lock: int) -> Hold:
    """Start the supervisor and return our hold, which is taken before it runs: it never sees itself without a user."""
    with control.listen(place.control) as listener:
        hold = control.connect(place.control)
        if hold is None:
            raise FolderUnusableError(f"Allow Unix sockets in {place.root}: the server can't be reached otherwise.")
        plan: Plan = {
            "command": command,
            "cluster": str(folder.cluster),
            "environment": cluster.ENVIRONMENT,
            "identity": cluster.identity(account),
            "lock": lock,
            "listener": listener.fileno(),
            "runtime": str(place.root),
            "record": str(folder.record),
            "has_death_signal": _HAS_DEATH_SIGNAL,
        }
        if _run_supervisor(folder.log, plan, (lock, listener.fileno())) != 0:
            hold.abandon()
            raise ServerFailedError(f"Look at {folder.log}: {sys.executable} couldn't run the supervisor.")
        return hold


def _run_supervisor(log: Path, plan: Plan, descriptors: tuple[int, ...]) -> int:
    """Run the supervisor's first process, which leaves the second behind; return the exit status of the first."""
    with log.open("ab") as output:
        # Isolated and without site packages: nothing in the environment or the working folder can change it.
        return subprocess.run(  # noqa: S603 our own program
            [sys.executable, "-I", "-S", supervisor.__file__, json.dumps(plan)],
            env={name: value for name in ("LD_LIBRARY_PATH", "PATH") if (value := os.environ.get(name))},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=descriptors,
            start_new_session=True,
            check=False,
        ).returncode
