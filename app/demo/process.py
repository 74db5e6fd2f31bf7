"""Wardship as a process of its own on a throwaway folder, as an operator would start it."""

from __future__ import annotations

import json
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from wardship.core.errors import WardshipError

_PATIENCE_S = 90.0
_LINK = re.compile(r"^\s+(?P<role>[a-z ]+?)\s+(?P<link>http://\S+/auth/link/\S+)$")


class ServerDidNotStartError(WardshipError):
    """The demonstration's own server ended or stayed silent."""

    code = "DEMO_SERVER"


@dataclass(frozen=True, slots=True)
class ServedWardship:
    """A running server.

    Attributes:
        url: where it serves.
        links: one-time sign-in link by role.
        log: the file with everything that it logged.
    """

    url: str
    links: dict[str, str]
    log: Path


def free_port() -> int:
    """Return a port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(folder: Path, *, integrations: Path, dns_servers: Sequence[str]) -> Iterator[ServedWardship]:
    """Run `wardship serve --demo` on a data folder below the given one, and end it with the context.

    Args:
        folder: for data and log.
        integrations: a folder with the descriptions of further integrations.
        dns_servers: the resolvers that it asks, and no others.

    Raises:
        ServerDidNotStartError: with the last lines of its log.
    """
    port = free_port()
    log = folder / "server.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WARDSHIP_")}
    environment["WARDSHIP_DNS_SERVERS"] = json.dumps(list(dns_servers))
    environment |= {"WARDSHIP_DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(integrations), *filter(None, [os.environ.get("PYTHONPATH")])])
    with log.open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", "from wardship.app.cli import main; main()", "serve", "--demo", "--port", str(port)],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        yield ServedWardship(f"http://localhost:{port}", _links(process, port, log), log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _links(process: subprocess.Popen[str], port: int, log: Path) -> dict[str, str]:
    lines: queue.Queue[str] = queue.Queue()
    if process.stdout is None:
        raise ServerDidNotStartError("The server's output could not be read.")
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    links: dict[str, str] = {}
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(queue.Empty):
            if found := _LINK.match(lines.get(timeout=0.05)):
                links[found["role"]] = found["link"]
        if links and lines.empty() and _answers(port):
            return links
    tail = " / ".join(log.read_text(errors="replace").splitlines()[-5:])
    raise ServerDidNotStartError(f"The server did not start within {_PATIENCE_S:.0f} s; its log ends: {tail}")


def _read(stream: IO[str], lines: queue.Queue[str]) -> None:
    for line in stream:
        lines.put(line)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
