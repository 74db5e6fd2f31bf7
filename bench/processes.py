"""Starts the servers that are measured, and ends exactly those."""

from __future__ import annotations

import http.client
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_START_S = 60.0
_END_S = 15.0


class NotStartedError(RuntimeError):
    """A server ended, or did not answer in time; the message has the end of what it printed."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers.

    Attributes:
        pid: its process.
        port: where it listens, on 127.0.0.1.
        started_s: seconds from its start until it first answered.
    """

    pid: int
    port: int
    started_s: float


@contextmanager
def running(  # noqa: PLR0913 - what a process needs, by keyword
    command: Sequence[str | Path],
    port: int,
    *,
    environment: Mapping[str, str],
    log: Path,
    ready: Callable[[int], bool],
    folder: Path,
) -> Iterator[Running]:
    """Run a server in a folder until the context ends, with exactly this environment.

    Raises:
        NotStartedError: it is not ready within a minute.
    """
    begun = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _await(process, port, ready, log)
            yield Running(process.pid, port, time.perf_counter() - begun)
        finally:
            _end(process)


def answers(path: str) -> Callable[[int], bool]:
    """Return a check whether GET of a path is answered with 200."""

    def check(port: int) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    return check


def posts(
    path: str, body: str, headers: Mapping[str, str], status: http.HTTPStatus = http.HTTPStatus.OK
) -> Callable[[int], bool]:
    """Return a check whether POST of JSON to a path is answered with a status."""

    def check(port: int) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
            return connection.getresponse().status == status
        except OSError:
            return False
        finally:
            connection.close()

    return check


def _await(process: subprocess.Popen[bytes], port: int, ready: Callable[[int], bool], log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while not ready(port):
        if process.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise NotStartedError(f"{process.args!r} is not ready on port {port}; it printed:\n{tail}")
        time.sleep(0.005)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_END_S)
