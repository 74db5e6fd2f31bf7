"""A vendor over HTTP, in a process of its own: ``python bench/vendor_server.py PORT CONTROL_PORT``.

On the first port, with a bearer token: ``GET /v1/me``, ``DELETE /v1/token``, ``PUT``, ``GET`` and ``DELETE`` of
``/v1/subjects/{id}``; without one ``GET /v1/status``. On the second, what a measurement needs: ``GET /counts``; by POST
``/hold``, after which whoever writes waits for the answer until ``/release``; ``/down``, after which nothing listens on
the first port until ``/up``; ``/reset``.
"""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "token-for-benchmarks"  # noqa: S105 - of a server that ends with the benchmark


class State:
    """What the vendor holds, in memory.

    Attributes:
        lets_write: set while those who write are answered.
        held: how many wait for that.
        writes: how many have begun to write.
        requests: all that came.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.lets_write = threading.Event()
        self.reset()

    def reset(self) -> None:
        """Begin with nothing."""
        self.subjects: dict[str, Any] = {}
        self.held = self.writes = self.requests = 0
        self.is_revoked = False
        self.lets_write.set()

    def counts(self) -> dict[str, Any]:
        """Return what is there and what came."""
        with self.lock:
            return {
                "subjects": len(self.subjects),
                "held": self.held,
                "writes": self.writes,
                "requests": self.requests,
                "is_revoked": self.is_revoked,
            }

    def answer(self, method: str, path: str, token: str, body: bytes) -> tuple[int, Any]:
        """Return status and body for a request of the interface."""
        with self.lock:
            self.requests += 1
            self.writes += method == "PUT"
            self.held += method == "PUT"
        if method == "PUT":
            self.lets_write.wait(30)
        with self.lock:
            self.held -= method == "PUT"
            if path == "/v1/status":
                return 200, {"up": True}
            if self.is_revoked or token != f"Bearer {TOKEN}":
                return 401, {"error": "the token is not valid"}
            return self._of_token(method, path, body)

    def _of_token(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        if path == "/v1/me":
            return 200, {"ok": True}
        if path == "/v1/token":
            self.is_revoked = True
            return 204, None
        subject = path.rsplit("/", 1)[-1]
        if method == "PUT":
            self.subjects[subject] = json.loads(body)
            return 200, {"id": subject}
        if subject not in self.subjects:
            return 404, {"error": "not found"}
        if method == "DELETE":
            del self.subjects[subject]
            return 204, None
        return 200, {"id": subject, **self.subjects[subject]}


class Handler(BaseHTTPRequestHandler):
    """Reads a request and sends what is answered."""

    protocol_version = "HTTP/1.1"
    state: State

    def handle_any(self) -> None:
        """Answer one request."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send(*self.state.answer(self.command, self.path, self.headers.get("authorization", ""), body))

    do_GET = do_PUT = do_DELETE = do_POST = handle_any  # noqa: N815 - the library's names

    def send(self, status: int, content: Any) -> None:  # noqa: ANN401 - JSON
        """Send an answer."""
        data = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class Interface:
    """The server on the first port, which can be away."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.server: ThreadingHTTPServer | None = None

    def up(self) -> None:
        """Listen."""
        if self.server is None:
            self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
            threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Listen no more."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


def control(state: State, interface: Interface) -> type[Handler]:
    """Return the handler of the second port."""
    acts = {
        "/hold": state.lets_write.clear,
        "/release": state.lets_write.set,
        "/down": interface.down,
        "/up": interface.up,
        "/reset": state.reset,
    }

    class Control(Handler):
        def handle_any(self) -> None:
            if self.command == "POST":
                acts[self.path]()
            self.send(200, state.counts())

        do_GET = do_POST = handle_any  # noqa: N815 - the library's names

    return Control


def main(port: int, control_port: int) -> None:
    """Serve until the process is ended."""
    Handler.state = State()
    interface = Interface(port)
    interface.up()
    ThreadingHTTPServer(("127.0.0.1", control_port), control(Handler.state, interface)).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
