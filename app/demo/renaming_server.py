"""A third party that calls things by names of its own, and can be told to answer a look-up as overloaded servers do.

It stands in front of a Radicale server. What is put under a new name is stored under another, and the answer, 201, says
which (``Location``); under the name that was asked for there is nothing, as public reports tell of large providers.
"""

from __future__ import annotations

import http.client
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from wardship.app.demo.process import free_port
from wardship.app.demo.radicale_server import RadicaleServer

_PATIENCE_S: Final = 20.0
_LOOKING: Final = frozenset({"GET", "HEAD", "REPORT", "PROPFIND"})
_METHODS: Final = ("GET", "HEAD", "PUT", "DELETE", "REPORT", "PROPFIND", "OPTIONS")
_OF_THE_HOP: Final = frozenset({"host", "connection", "content-length", "transfer-encoding", "keep-alive"})
_OWN: Final = "own-"


@dataclass(slots=True)
class RenamingServer:
    """A running server.

    Attributes:
        port: on 127.0.0.1.
        behind: where everything is stored in the end.
        renamed: the folders in which things get names of the server's own.
        answers: to a look-up of something deleted whose name has a text in it, the status that it is answered with.
        deleted: the paths of what was deleted.
    """

    port: int
    behind: RadicaleServer
    renamed: set[str] = field(default_factory=set)
    answers: dict[str, int] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def create_addressbook(self, name: str, *, is_renamed: bool) -> str:
        """Create an address book, in which things get other names or not, and return its address on this server."""
        path = self.behind.create("addressbook", name).removeprefix(self.behind.url)
        if is_renamed:
            self.renamed.add(path.rstrip("/"))
        return f"http://127.0.0.1:{self.port}{path}"

    def answer_to(self, method: str, path: str, body: bytes) -> int | None:
        """Return the status that a request is answered with at once; None where it is passed on."""
        if method == "DELETE":
            self.deleted.add(path)
        asked = path + body.decode("utf-8", "replace") if method in _LOOKING else ""
        faults = [text for text in self.answers if text in asked and any(text in gone for gone in self.deleted)]
        return self.answers[faults[0]] if faults else None

    def own_path(self, path: str) -> str:
        """Return where something that is put under a path is stored."""
        folder, _, name = path.rpartition("/")
        is_kept = folder not in self.renamed or name.startswith(_OWN)
        return path if is_kept else f"{folder}/{_OWN}{secrets.token_hex(8)}.vcf"


@contextmanager
def renaming_server(behind: RadicaleServer) -> Iterator[RenamingServer]:
    """Run a server in front of another until the context ends."""
    server = RenamingServer(free_port(), behind)
    handler = type("_Handler", (_Handler,), {"server_of": server})
    with ThreadingHTTPServer(("127.0.0.1", server.port), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, name="renaming-server", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One request: answered at once, or passed on, under another name where something new is put."""

    server_of: RenamingServer

    def answer(self) -> None:
        """Answer a request of any method."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        server = self.server_of
        status = server.answer_to(self.command, self.path, body)
        if status is not None:
            self._send(status, self._words(status), b"")
            return
        path = server.own_path(self.path) if self.command == "PUT" else self.path
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OF_THE_HOP}
        connection = http.client.HTTPConnection("127.0.0.1", server.behind.port, timeout=_PATIENCE_S)
        try:
            connection.request(self.command, path, body or None, headers)
            response = connection.getresponse()
            passed = {name: value for name, value in response.getheaders() if name.lower() not in _OF_THE_HOP}
            if path != self.path and response.status == HTTPStatus.CREATED:
                passed["Location"] = path
            self._send(response.status, passed, response.read())
        finally:
            connection.close()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Write nothing: paths name people."""

    def _words(self, status: int) -> dict[str, str]:
        if status == HTTPStatus.FOUND:
            return {"Location": f"{self.path.rpartition('/')[0]}/elsewhere"}
        return {"Retry-After": "1"} if status == HTTPStatus.TOO_MANY_REQUESTS else {}

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


for _method in _METHODS:
    setattr(_Handler, f"do_{_method}", _Handler.answer)
