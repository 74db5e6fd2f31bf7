"""Starts a Radicale server on loopback, for the demonstration and for the tests."""

from __future__ import annotations

import base64
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from wardship.app.demo.process import free_port
from wardship.core.errors import WardshipError

USERNAME: Final = "wardship"
PASSWORD: Final = "an app password of the demonstration"  # noqa: S105 - of a server that lives for minutes on loopback
_PATIENCE_S: Final = 20.0
_POLL_S: Final = 0.02
_CREATED: Final = 201
_OWN: Final = ".Radicale"  # begins the names of the server's caches, locks and half-written files
_KINDS: Final = {
    "addressbook": '<c:addressbook xmlns:c="urn:ietf:params:xml:ns:carddav"/>',
    "calendar": '<c:calendar xmlns:c="urn:ietf:params:xml:ns:caldav"/>',
}
# The server ends with the process that started it, even when that is killed: its standard input closes then.
_PROGRAM: Final = """\
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
from radicale.__main__ import run
run()
"""
_CONFIGURATION: Final = """\
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = warning
"""


class RadicaleNotStartedError(WardshipError):
    """The server is not installed, or did not come up; then the message holds the end of what it wrote."""

    code = "DEMO_RADICALE_NOT_STARTED"


@dataclass(frozen=True, slots=True)
class RadicaleServer:
    """A running server.

    Attributes:
        port: on 127.0.0.1.
        folder: holds its configuration, log and data; every resource is a file below ``collections``.
    """

    port: int
    folder: Path
    username: str = USERNAME
    password: str = PASSWORD

    @property
    def url(self) -> str:
        """Address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def create(self, kind: Literal["addressbook", "calendar"], name: str) -> str:
        """Create a collection and return its address."""
        body = (
            '<?xml version="1.0"?><d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype><d:collection/>'
            f"{_KINDS[kind]}</d:resourcetype></d:prop></d:set></d:mkcol>"
        )
        path = f"/{self.username}/{name}/"
        status, _ = self.request("MKCOL", path, body.encode(), {"content-type": "application/xml"})
        if status != _CREATED:
            raise RadicaleNotStartedError(f"creating the {kind} {name} was answered with HTTP {status}")
        return self.url + path

    def resources(self) -> dict[str, str]:
        """Return the content of every resource of every collection by file name, as it lies on the disk."""
        root = self.folder / "collections" / "collection-root"
        found: dict[str, str] = {}
        for folder, inside, names in os.walk(root):  # unlike rglob, bears that the server removes what was just seen
            inside[:] = [name for name in inside if not name.startswith(_OWN)]
            for name in names:
                if not name.startswith(_OWN):
                    with suppress(FileNotFoundError):
                        found[name] = Path(folder, name).read_text()
        return found

    def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Send one request as the account of the server; return status and body."""
        token = base64.b64encode(f"{self.username}:{self.password}".encode()).decode("ascii")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
        try:
            connection.request(method, path, body, {"authorization": f"Basic {token}", **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


@contextmanager
def radicale_server(folder: Path) -> Iterator[RadicaleServer]:
    """Run a server whose files lie in a folder, until the context ends.

    Raises:
        RadicaleNotStartedError: it is not installed, being a development dependency, or did not answer in time.
    """
    if find_spec("radicale") is None:
        raise RadicaleNotStartedError(
            "Radicale, the demonstration's third party, is not installed: install it, or use `make demo` in a checkout."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "users").write_text(f"{USERNAME}:{PASSWORD}\n")
    port = free_port()
    (folder / "config").write_text(_CONFIGURATION.format(port=port, folder=folder))
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-c", _PROGRAM, "--config", str(folder / "config")]
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.PIPE)  # noqa: S603 - our own
        try:
            server = RadicaleServer(port, folder)
            _wait_until_it_answers(server, process)
            yield server
        finally:
            process.terminate()
            process.communicate(timeout=_PATIENCE_S)


def _wait_until_it_answers(server: RadicaleServer, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + _PATIENCE_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            server.request("GET", "/.web/")
        except OSError:
            time.sleep(_POLL_S)
        else:
            return
    tail = (server.folder / "log").read_text(errors="replace")[-1000:]
    raise RadicaleNotStartedError(f"Radicale did not start. It wrote: {tail}")
