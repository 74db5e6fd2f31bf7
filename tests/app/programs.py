"""Wardship as its user runs it: the installed command, in processes of its own, on folders and ports of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx2

from wardship.core.database.embedded import ROLE_SUPERUSER, EmbeddedPostgres

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("wardship")
PATIENCE_S = 90.0  # bounds a wait on a machine that is busy with other things; nothing waits that long in fact
ENDS_WITHIN_S = 30.0  # twice what calls under way get
_POLL_S = 0.02
CREATE_POST = """
    mutation($input: CreatePostInput!) { createPost(input: $input) { post { id } errors { code message } } }
"""


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a deployment whose data lies in a folder, and that has no other settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WARDSHIP_", "LITESTAR_"))}
    named = {f"WARDSHIP_{name}": value for name, value in settings.items()}
    return {**kept, "WARDSHIP_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1", "COLUMNS": "120", **named}


def run(*arguments: str, env: Mapping[str, str], text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of Wardship to its end."""
    return subprocess.run(  # noqa: S603 - our own program
        [PROGRAM, *arguments], env=env, input=text, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )


def until(look: Callable[[], T | None], *, patience_s: float = PATIENCE_S) -> T:
    """Return what ``look`` finds, asking until it finds something: for what other processes do, hence by the clock."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(_POLL_S)
    raise AssertionError("it did not come true in time")


def free_port() -> int:
    """Return a port on loopback that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Process:
    """A long-running command, with what it writes kept in files."""

    def __init__(self, folder: Path, command: list[str | Path], env: Mapping[str, str]) -> None:
        self.port = free_port()
        number = sum(1 for _ in folder.glob("*.err"))
        self.output, self.log = folder / f"{number}.out", folder / f"{number}.err"
        filled = [str(part).replace("{port}", str(self.port)) for part in command]
        with self.output.open("wb") as out, self.log.open("wb") as err:
            self.popen = subprocess.Popen(filled, env=env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=err)  # noqa: S603 - our own program
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    @property
    def said(self) -> str:
        return self.output.read_text() + self.log.read_text()

    def ready(self) -> Process:
        """Wait until it serves."""
        until(self._is_ready)
        return self

    def says(self, words: str) -> Process:
        """Wait until it has written something."""
        until(lambda: self._lives() and words in self.said)
        return self

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end and return the exit status."""
        self.client.close()
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        return self.popen.wait(ENDS_WITHIN_S)

    def _lives(self) -> bool:
        assert self.popen.poll() is None, self.said
        return True

    def _is_ready(self) -> bool:
        with contextlib.suppress(httpx2.TransportError):
            return self._lives() and self.client.get("/health/ready").status_code == 200
        return False


class Programs:
    """Starts long-running commands that are gone after the test, whatever happens in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[Process] = []

    def start(self, *command: str | Path, env: Mapping[str, str]) -> Process:
        """Start a command; ``{port}`` in it is replaced by a free port."""
        self._started.append(Process(self._folder, [*command], env))
        return self._started[-1]

    def serve(self, *options: str, env: Mapping[str, str]) -> Process:
        """Start `wardship serve` on a free port, without waiting for it."""
        return self.start(PROGRAM, "serve", "--port", "{port}", *options, env=env)

    def end(self) -> None:
        """End all that still run."""
        for process in self._started:
            with contextlib.suppress(ProcessLookupError):
                process.end(signal.SIGKILL)


def postgres_processes(data_dir: Path) -> dict[int, int]:
    """Return the PostgreSQL processes that work in a data folder: process to its parent."""
    cluster = str(data_dir / "postgres" / "cluster")
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if str((entry / "cwd").readlink()) == cluster:
                    found[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    return found


def postmaster(data_dir: Path) -> int:
    """Return PostgreSQL's first process."""
    found = postgres_processes(data_dir)
    [first] = [process for process, parent in found.items() if parent not in found]
    return first


def supervisor(data_dir: Path) -> int:
    """Return the process that watches over PostgreSQL."""
    return postgres_processes(data_dir)[postmaster(data_dir)]


def rows(data_dir: Path, sql: str, *arguments: object) -> list[Any]:
    """Run a statement past row-level security, on the embedded server of a data folder, started if it doesn't run."""

    async def ask(server: EmbeddedPostgres) -> list[Any]:
        connection = await asyncpg.connect(**server.dsn(role=ROLE_SUPERUSER))
        try:
            found: list[Any] = await connection.fetch(sql, *arguments)
            return found
        finally:
            await connection.close()

    with EmbeddedPostgres.start(data_dir / "postgres") as server:
        return asyncio.run(ask(server))


def lines_of(text: str) -> Iterator[str]:
    """Yield lines that hold something."""
    return (line for line in text.splitlines() if line.strip())
