"""Takes the vendor's own calls, as the host does: verified by the signing secret, read, and kept by obligation."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from wardship.plugins.api import InboundCall, Outcome, Rejected
from wardship.plugins.host.remote.incoming import read_call

_LARGEST_CALL: Final = 1_000_000
_OK, _REFUSED, _TOO_LARGE = 200, 401, 413


class Callbacks:
    """Listens on this machine.

    Attributes:
        refused: why calls were not believed, in order.
        believed: how many were.
    """

    def __init__(self, signing_secret: str, now: Callable[[], datetime]) -> None:
        self.refused: list[str] = []
        self.believed = 0
        self._secret, self._now = signing_secret, now
        self._outcomes: dict[str, Outcome] = {}
        self._lock = threading.Lock()
        self._port = 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen until the context ends."""
        server = _Server(self)
        self._port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def address(self, installation_id: str) -> str:
        """Return where the vendor calls for an installation."""
        return f"http://127.0.0.1:{self._port}/integrations/{installation_id}/inbound"

    def take(self, call: InboundCall) -> int:
        """Take one call, and return the status that answers it."""
        try:
            received = read_call(call, (self._secret,), self._now())
        except Rejected as error:
            with self._lock:
                self.refused.append(error.message)
            return _REFUSED
        with self._lock:
            self.believed += 1
            self._outcomes.update({each.obligation_id: each.outcome for each in received.outcomes})
        return _OK

    def outcome_of(self, obligation_id: str) -> Outcome | None:
        """Return what was told of an obligation since it was last asked for."""
        with self._lock:
            return self._outcomes.pop(obligation_id, None)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, callbacks: Callbacks) -> None:
        super().__init__(("127.0.0.1", 0), partial(_Handler, callbacks))

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of callers that hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(
        self, callbacks: Callbacks, connection: socket.socket, caller: tuple[str, int], server: ThreadingHTTPServer
    ) -> None:
        self._callbacks = callbacks
        super().__init__(connection, caller, server)

    def do_POST(self) -> None:
        """Answer one call."""
        length = self.headers.get("content-length") or "0"
        if not length.isdecimal() or int(length) > _LARGEST_CALL:
            self.close_connection = True
            self._answer(_TOO_LARGE)
            return
        body = self.rfile.read(int(length))
        headers = tuple((name.lower(), value) for name, value in self.headers.items())
        self._answer(self._callbacks.take(InboundCall(headers=headers, body=body)))

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object, **__: object) -> None:
        """Say nothing."""
