"""Serves a remote vendor on loopback, for the demonstration and for the tests: its document, and its endpoint."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import httpx2

from wardship.app.demo.letters import Answer, Letters

_DOCUMENT: Final = "/wardship.json"
_ENDPOINT: Final = "/wardship"
_PATIENCE_S: Final = 20.0


@dataclass
class LettersServer:
    """A running vendor.

    Attributes:
        vendor: what it does.
        url: where it is, without a slash at the end.
    """

    vendor: Letters = field(default_factory=Letters)
    url: str = ""

    @property
    def document_url(self) -> str:
        """Where its document is."""
        return self.url + _DOCUMENT

    def tell_of_what_is_done(self) -> list[int]:
        """Do what was begun, tell Wardship by calls of its own, and return what they were answered."""
        return [_post(*call) for call in self.vendor.finish()]


def _post(url: str, headers: dict[str, str], body: bytes) -> int:
    with httpx2.Client(timeout=_PATIENCE_S, trust_env=False) as client:
        return client.post(url, content=body, headers=headers).status_code


@contextmanager
def letters_server() -> Iterator[LettersServer]:
    """Serve a vendor for as long as the context lasts."""
    running = LettersServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_there = self.path == _DOCUMENT
            document = running.vendor.document(running.url + _ENDPOINT)
            self._answer(Answer(200, document) if is_there else Answer(404, {"detail": "nothing is here"}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            self._answer(running.vendor.take({name.lower(): value for name, value in self.headers.items()}, body))

        def _answer(self, answer: Answer) -> None:
            content = b"" if answer.body is None else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            if content:
                self.send_header("content-type", "application/json")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_request(self, code: int | str = "", size: int | str = "") -> None:
            """Log nothing: what is asked holds who is meant."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
