"""The application as `make run` starts it, in a process of its own."""

import contextlib
import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("wardship")
STOPS_WITHIN_S = 20


@dataclass
class Running:
    """The application, and the sign-in links that it printed, by role."""

    origin: str
    links: dict[str, str]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def printed_links(output: Iterator[str]) -> dict[str, str]:
    """Read what the server prints until it says that it serves."""
    links = {}
    for line in output:
        found = re.search(r"^\s*(?P<role>[a-z ]+?):?\s+(?P<link>http\S+/auth/link/\S+)", line)
        if found:
            links[found["role"]] = found["link"]
        if "Ctrl-C" in line:
            return links
    pytest.fail("the server ended before it served")


def await_listening(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)  # a real process starts: there is nothing else to wait for
    pytest.fail("the server said that it serves, and does not listen")


def demonstration_folder(common: Path) -> Path:
    """A data folder with the demonstration, loaded once for all processes of a run: that takes longer than a copy."""
    folder = common / "demonstration"
    with (common / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_suffix(".new")
            with serving(unfinished):
                pass
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="module")
def demonstration_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of the file's own, with the demonstration in it."""
    base = tmp_path_factory.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    own = tmp_path_factory.mktemp("data") / "data"
    # With owners and times: the cluster belongs to an account of its own where the tests run as root.
    subprocess.run(["cp", "-a", demonstration_folder(common), own], check=True)  # noqa: S603, S607 - every system's own
    return own


@pytest.fixture(scope="module")
def running(demonstration_data: Path) -> Iterator[Running]:
    with serving(demonstration_data) as running:
        yield running


@contextlib.contextmanager
def serving(data: Path, **settings: str) -> Iterator[Running]:
    """Start the application with its demonstration data, and with what else is set."""
    port = free_port()
    others = {name: value for name, value in os.environ.items() if not name.startswith("WARDSHIP_")}
    server = subprocess.Popen(  # noqa: S603 - our own program
        [PROGRAM, "serve", "--demo", "--port", str(port)],
        cwd=ROOT,
        env={**others, "WARDSHIP_DATA_DIR": str(data), **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            links = printed_links(server.stdout)
            await_listening(port)
            yield Running(f"http://localhost:{port}", links)
        finally:
            stop(server)


def stop(server: subprocess.Popen[str]) -> None:
    """End the server as Ctrl-C does; one that does not end is a fault, and must not hold up all tests after it."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        pytest.fail(f"the server did not end within {STOPS_WITHIN_S} s")
