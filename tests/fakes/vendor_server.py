"""A strict vendor: counts what each idempotency key brought about, refuses what it does not know, fails when told to.

Runs as a process of its own, so that it outlives a worker that is killed: ``python vendor_server.py`` prints its port
on the first line and serves until its standard input closes or it is terminated.

Under ``/v1`` (bearer token, but for ``GET /v1/status``):
``GET /v1/me``; ``PUT``, ``GET`` and ``DELETE /v1/subjects/{id}``; ``GET /v1/subjects``;
``DELETE /v1/token``. Under ``/control`` (no token): ``GET counts``; ``POST behaviour`` with a list of what to do to the
next calls, each ``{"status", "retry_after", "delay_s", "truncate", "redirect", "after_effect"}``; ``POST reset``.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "vendor-token-for-tests"
FIELDS = {"first_name", "last_name", "email", "phone"}
_SUBJECT = re.compile(r"^/v1/subjects/([A-Za-z0-9-]{8,64})$")


class State:
    """Everything the vendor knows, in memory."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        self.subjects: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, tuple[int, Any]] = {}
        self.calls: Counter[str] = Counter()
        self.effects: Counter[str] = Counter()
        self.effects_by_subject: Counter[str] = Counter()
        self.refused: list[str] = []
        self.behaviour: list[dict[str, Any]] = []
        self.is_revoked = False

    def counts(self) -> dict[str, Any]:
        return {
            "calls": self.calls,
            "effects": self.effects,
            "effects_by_subject": self.effects_by_subject,
            "subjects": self.subjects,
            "refused": self.refused,
            "is_revoked": self.is_revoked,
        }


class RefusalError(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State

    def handle_any(self) -> None:
        announced = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(announced)
        if len(body) < announced:  # the caller died in the middle of it: nothing was asked
            self.close_connection = True
            return
        try:
            answer = self.control(body) if self.path.startswith("/control/") else self.vendor(body)
        except RefusalError as refusal:
            with self.state.lock:
                self.state.refused.append(f"{self.command} {refusal.status} {refusal}")
            answer = refusal.status, {"error": str(refusal)}
        if answer is not None:
            self.answer(*answer)

    def control(self, body: bytes) -> tuple[int, Any]:
        with self.state.lock:
            if self.command == "GET" and self.path == "/control/counts":
                return 200, self.state.counts()
            if self.path == "/control/reset":
                self.state.reset()
            elif self.path == "/control/behaviour":
                self.state.behaviour = json.loads(body)
            else:
                raise RefusalError(404, "no such control")
        return 204, None

    def vendor(self, body: bytes) -> tuple[int, Any] | None:
        with self.state.lock:
            told = self.state.behaviour.pop(0) if self.state.behaviour else {}
        time.sleep(told.get("delay_s", 0))
        answer = self.serve(body) if not told or told.get("after_effect") else None
        if told.get("truncate"):
            self.answer(200, {"cut": "x" * 100}, promised=5000)
            self.close_connection = True
            return None
        if "redirect" in told:
            self.answer(307, None, location=told["redirect"])
            return None
        if "status" in told:
            self.answer(told["status"], {"error": "told to"}, **{"retry-after": str(told.get("retry_after", ""))})
            return None
        return answer or self.serve(body)

    def serve(self, body: bytes) -> tuple[int, Any]:
        if (self.command, self.path) == ("GET", "/v1/status"):
            return 200, {"up": True}
        with self.state.lock:
            if self.headers.get("authorization") != f"Bearer {TOKEN}" or self.state.is_revoked:
                raise RefusalError(401, "the token is not valid")
            if self.command == "GET":
                return self.read()
            key = self.headers.get("idempotency-key")
            if not key or not self.headers.get("webhook-id"):
                raise RefusalError(400, "idempotency-key and webhook-id are required")
            key = f"{key} {self.command} {self.path}"
            self.state.calls[key] += 1
            if key not in self.state.answers:
                answer = self.write(body)
                self.state.effects[key] += 1
                self.state.effects_by_subject[f"{self.command} {self.path.rsplit('/', 1)[-1]}"] += 1
                self.state.answers[key] = answer
            return self.state.answers[key]

    def read(self) -> tuple[int, Any]:
        if self.path == "/v1/me":
            return 200, {"ok": True}
        if self.path == "/v1/subjects":
            return 200, sorted(self.state.subjects)
        found = _SUBJECT.match(self.path)
        if not found or found[1] not in self.state.subjects:
            raise RefusalError(404, "not found")
        return 200, self.state.subjects[found[1]]

    def write(self, body: bytes) -> tuple[int, Any]:
        if self.command == "DELETE" and self.path == "/v1/token":
            self.state.is_revoked = True
            return 204, None
        found = _SUBJECT.match(self.path)
        if not found:
            raise RefusalError(404, "not found")
        if self.command == "DELETE":
            return (204, None) if self.state.subjects.pop(found[1], None) is not None else (404, {"error": "not found"})
        self.state.subjects[found[1]] = self.fields(body)
        return 200, {"id": found[1]}

    def fields(self, body: bytes) -> dict[str, Any]:
        try:
            fields = json.loads(body)
        except ValueError:
            raise RefusalError(400, "the body is not JSON") from None
        if not isinstance(fields, dict) or not fields:
            raise RefusalError(422, "an object of fields is required")
        if unknown := fields.keys() - FIELDS:
            raise RefusalError(422, f"unknown fields: {sorted(unknown)}")
        if wrong := [name for name, value in fields.items() if not isinstance(value, str)]:
            raise RefusalError(422, f"not text: {sorted(wrong)}")
        return fields

    def answer(self, status: int, value: Any, *, promised: int | None = None, **headers: str) -> None:
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            if text:
                self.send_header(name, text)
        if status != 204:
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(promised or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


for method in ("GET", "PUT", "POST", "DELETE"):
    setattr(Handler, f"do_{method}", Handler.handle_any)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


def main() -> None:
    Handler.state = State()
    server = Server(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
