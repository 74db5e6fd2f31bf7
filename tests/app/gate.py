"""A vendor behind a gate: what reads passes, what writes is held until the gate opens, as if the vendor were slow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from wardship.app.demo.radicale_server import RadicaleServer, radicale_server


class Gate:
    """Forwards to a server, except what is held.

    Attributes:
        held: writes that wait at the gate, or were dropped there when it opened.
    """

    def __init__(self, vendor: RadicaleServer) -> None:
        self.vendor = vendor
        self.held = 0
        self._is_open = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def open(self) -> None:
        """Let everything pass from now on; what waited is dropped unanswered and never reaches the vendor."""
        self._is_open.set()

    def passes(self, method: str) -> bool:
        """Return whether a request may pass, after holding it as long as the gate is closed to it."""
        if method != "PUT" or self._is_open.is_set():
            return True
        self.held += 1
        self._is_open.wait()
        return False

    @contextmanager
    def serving(self) -> Iterator[Gate]:
        """Serve for as long as the context lasts."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._is_open.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def _handler(gate: Gate) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            self.close_connection = True
            if gate.passes(self.command):
                self._forward(body)

        def _forward(self, body: bytes) -> None:
            kept = {name: self.headers[name] for name in self.headers if name.lower() in _FORWARDED}
            status, answer = gate.vendor.request(self.command, self.path, body, kept)
            self.send_response(status)
            self.send_header("Content-Type", "application/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class names it
            del format, arguments

    return Handler


_FORWARDED = {"depth", "content-type", "if-none-match", "if-match"}


@contextmanager
def vendor_behind_gate(folder: Path) -> Iterator[tuple[RadicaleServer, Gate]]:
    """Start a CardDAV server and a gate before it."""
    with radicale_server(folder) as vendor, Gate(vendor).serving() as gate:
        yield vendor, gate
