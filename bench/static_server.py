"""One server for the published builds of all consoles: files in gzip, as each is served, and canned answers beside."""

from __future__ import annotations

import gzip
import json
import mimetypes
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

_SHORTEST = 1024


@dataclass(frozen=True, slots=True)
class Build:
    """A console as it is published.

    Attributes:
        folder: its files.
        base: the path that they are below.
        page: the file that any other path below ``base`` is answered with.
        start: the path that a person opens to sign in.
        answers: what its API says to somebody who is not signed in, by path; whatever else it asks is not found.
    """

    folder: Path
    base: str
    page: str
    start: str
    answers: Mapping[str, tuple[HTTPStatus, Any]] = field(default_factory=dict)


@contextmanager
def serving_build(build: Build) -> Iterator[str]:
    """Serve a build on the loopback until the context ends; yields the origin."""
    handler = type("_Handler", (_Files,), {"build": build})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    """Says nothing of a browser that is closed while it still asks."""

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the types of the base class
        """Print what went wrong, unless the other side is gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Files(BaseHTTPRequestHandler):
    """GET of a file, or what the API answers."""

    build: ClassVar[Build]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in self.build.answers:
            status, said = self.build.answers[path]
            self._answer(status, "application/json", json.dumps(said).encode())
        elif found := _found(self.build, path):
            self._answer(HTTPStatus.OK, mimetypes.guess_type(found.name)[0] or "text/html", found.read_bytes(), found)
        else:
            self._answer(HTTPStatus.NOT_FOUND, "application/json", b"{}")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""

    def _answer(self, status: HTTPStatus, kind: str, body: bytes, file: Path | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        if file is not None and len(body) >= _SHORTEST and not kind.startswith(("image/png", "font/")):
            body = _compressed(file)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # a page that was measured is closed while it still loads
            self.wfile.write(body)


def _found(build: Build, path: str) -> Path | None:
    if not path.startswith(build.base):
        return None
    file = build.folder / path.removeprefix(build.base).lstrip("/")
    if file.is_file() and file.resolve().is_relative_to(build.folder.resolve()):
        return file
    return None if file.suffix else build.folder / build.page


@cache
def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)
