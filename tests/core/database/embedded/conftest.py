"""Servers of these tests' own, users of them in other processes, and a look at what runs on a folder."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wardship.core.database.embedded import ROLE_SUPERUSER, EmbeddedPostgres

PATIENCE_SECONDS = 30
FAST = {"fsync": "off", "shared_buffers": "16MB", "max_connections": "20"}

# A user in a process of its own: starts, tells, and holds on until its input ends or it is killed.
HOLDER = """
import json, sys
from pathlib import Path
from wardship.core.database.embedded import EmbeddedPostgres
server = EmbeddedPostgres.start(Path(sys.argv[1]), settings=json.loads(sys.argv[2]))
print(server.socket_dir, flush=True)
sys.stdin.read()
server.stop()
"""


class Holder:
    """A process that uses the server on a folder."""

    def __init__(self, folder: Path, settings: dict[str, str], groups: list[int] | None) -> None:
        command = [sys.executable, "-c", HOLDER, str(folder), json.dumps(settings)]
        self.process = subprocess.Popen(  # noqa: S603 - the test's own command
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, extra_groups=groups
        )
        self._socket_dir = ""

    @property
    def socket_dir(self) -> Path:
        """Where the server listens; waits until the process has it."""
        if not self._socket_dir:
            self._socket_dir = self.process.stdout.readline().strip()
            assert self._socket_dir, "the process couldn't start the server"
        return Path(self._socket_dir)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)

    def leave(self) -> None:
        """Stop in order, and wait for it."""
        self.process.communicate(timeout=PATIENCE_SECONDS)


@pytest.fixture
def holder() -> Iterator[Callable[..., Holder]]:
    """Start a process that uses the server on a folder; it is gone after the test."""
    started: list[Holder] = []

    def start(folder: Path, settings: dict[str, str] = FAST, groups: list[int] | None = None) -> Holder:
        started.append(Holder(folder, settings, groups))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.kill()
        each.process.stdin.close()
        each.process.stdout.close()


@pytest.fixture
def started() -> Iterator[Callable[..., EmbeddedPostgres]]:
    """Start a server, or attach to it, in this process; it is let go of after the test."""
    with contextlib.ExitStack() as stack:
        yield lambda folder, settings=FAST: stack.enter_context(EmbeddedPostgres.start(folder, settings=settings))


@pytest.fixture(scope="session")
def prototype(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose server has run and ended."""
    folder = tmp_path_factory.mktemp("prototype")
    EmbeddedPostgres.start(folder, settings=FAST).stop()
    return folder


@pytest.fixture
def made(prototype: Path, tmp_path: Path) -> Path:
    """A folder of the test's own, like one whose server has run and ended: copied, which is faster than `initdb`."""
    folder = tmp_path / "made"
    subprocess.run(["cp", "-a", prototype, folder], check=True)  # noqa: S603, S607 - the test's own command
    return folder


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path leaves room for a socket's name."""
    with tempfile.TemporaryDirectory(prefix="wardship-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def psql() -> Callable[..., str]:
    """Run SQL by psql and return its bare output; the error text when it fails."""

    def run(server: EmbeddedPostgres, sql: str, *, role: str = ROLE_SUPERUSER, database: str = "wardship") -> str:
        command = [server.binaries / "psql", "-XAtqw", "-h", server.socket_dir, "-U", role, "-d", database, "-c", sql]
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the test's own command
        return (result.stdout or result.stderr).strip()

    return run


@pytest.fixture
def crash(postmaster) -> Callable[[Path], None]:
    """Kill the supervisor of the server on a folder, and the server, so that neither can put anything in order."""

    def kill(folder: Path) -> None:
        server = postmaster(folder)
        os.kill(parent(server), signal.SIGSTOP)
        os.kill(server, signal.SIGKILL)
        os.kill(parent(server), signal.SIGKILL)

    return kill


@pytest.fixture
def postmaster() -> Callable[[Path], int]:
    """Return the number of the server's first process on a folder."""

    def find(folder: Path) -> int:
        parents = {process: parent(process) for process in processes_in(folder)}
        [first] = [process for process, above in parents.items() if above and above not in parents]
        return first

    return find


@pytest.fixture
def supervisor(postmaster) -> Callable[[Path], int]:
    """Return the number of the supervisor of the server on a folder."""
    return lambda folder: parent(postmaster(folder))


@pytest.fixture
def running() -> Callable[[Path], list[int]]:
    """Return the numbers of all PostgreSQL processes that work in a folder."""
    return processes_in


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Wait, within bounds, until something that other processes do has come true."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "it didn't come true in time"
            time.sleep(0.02)

    return wait


def processes_in(folder: Path) -> list[int]:
    """The processes whose working folder is the cluster (or was, where it has been removed)."""
    places = {str(folder / name) for name in ("cluster", "cluster.new")}
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and cwd(entry) in places]


def cwd(process: Path) -> str:
    try:
        return str((process / "cwd").readlink()).removesuffix(" (deleted)")
    except OSError:
        return ""


def parent(process: int) -> int:
    """The number of a process's parent; 0 when the process has ended."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
