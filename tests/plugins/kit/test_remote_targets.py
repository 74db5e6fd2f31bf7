"""The document of a remote integration as the kit reads it, and the vendor's own calls as the kit takes them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.plugins.host.remote.declared import DOCUMENT, changed
from wardship.plugins.api import OutcomeStatus, new_webhook_secret, sign_webhook
from wardship.plugins.host.remote import LARGEST_DOCUMENT
from wardship.plugins.kit import KitSetupError, RemoteTarget, Status, check_conformance
from wardship.plugins.kit.remote.callbacks import Callbacks
from wardship.plugins.kit.target import find_target

SECRET = new_webhook_secret()
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
JSON = {"content-type": "application/json"}


@contextmanager
def answering(status: int, headers: dict[str, str], body: bytes) -> Iterator[str]:
    """Answer every look with the same, and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/wardship.json"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (404, JSON, "answers 404"),
        (301, {**JSON, "location": "/elsewhere"}, "answers 301"),
        (200, {"content-type": "text/html"}, "with text/html"),
        (200, {}, "with no content type"),
    ],
)
def test_what_is_no_document_is_told_and_not_followed(status, headers, said):
    with answering(status, headers, json.dumps(DOCUMENT).encode()) as url, pytest.raises(KitSetupError, match=said):
        find_target(RemoteTarget(url, SECRET))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "it is no JSON"),
        (changed("manifest.key", ...), "manifest.key: Field required"),
        (changed("endpoint", "ftp://letters.example/"), "endpoint: "),
        (b" " * (LARGEST_DOCUMENT + 1), "more than 262144 bytes"),
    ],
)
def test_a_document_that_declares_nothing_fails_to_load_and_is_judged_no_further(body, said):
    with answering(200, JSON, body) as url:
        report = check_conformance(RemoteTarget(url, SECRET), {})
    assert report.of(Status.FAILED) == ("loads",)
    assert said in report.verdict("loads").why[0]
    assert report.level is None


def test_without_settings_the_declaration_alone_is_judged():
    with answering(200, JSON, json.dumps(DOCUMENT).encode()) as url:
        report = check_conformance(RemoteTarget(url, SECRET))
    assert {"loads", "document-stands", "present-contract"} <= set(report.of(Status.PASSED))
    assert "signature-is-checked" in report.of(Status.NOT_RUN)
    assert report.level is None


def test_the_signing_secret_is_taken_from_the_environment_and_printed_nowhere(monkeypatch):
    monkeypatch.setenv("WEBHOOK_SIGNING_SECRET", SECRET)
    with answering(200, JSON, json.dumps(DOCUMENT).encode()) as url:
        found = find_target(url)
    assert (found.key, found.remote.signing_secret) == ("letters", SECRET)
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("url", "is_near"),
    [
        ("http://127.0.0.1:8787/x", True),
        ("http://localhost:8787/x", True),
        ("http://[::1]:8787/x", True),
        ("https://acme.example/x", False),
        ("https://192.168.1.7/x", False),
        ("https://localhost.acme.example/x", False),
    ],
)
def test_own_calls_are_awaited_of_a_server_on_this_machine_alone(url, is_near):
    assert RemoteTarget(url, SECRET).is_near is is_near


OUTCOME = json.dumps(
    {"type": "outcome", "data": {"obligation_id": "o-1", "outcome": {"status": "completed", "records_affected": 2}}}
).encode()


def test_a_call_that_is_signed_says_how_an_obligation_ended_once():
    callbacks = Callbacks(SECRET, lambda: NOW)
    with callbacks.listening():
        url = callbacks.address("i-1")
        answer = httpx2.post(url, content=OUTCOME, headers=sign_webhook("m-1", NOW, OUTCOME, SECRET))
    assert (answer.status_code, callbacks.believed, callbacks.refused) == (200, 1, [])
    assert callbacks.outcome_of("o-2") is None
    told = callbacks.outcome_of("o-1")
    assert (told.status, told.records_affected) == (OutcomeStatus.COMPLETED, 2)
    assert callbacks.outcome_of("o-1") is None


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (OUTCOME, {}),
        (OUTCOME, sign_webhook("m-1", NOW, OUTCOME, new_webhook_secret())),
        (OUTCOME, sign_webhook("m-1", NOW - timedelta(minutes=6), OUTCOME, SECRET)),
        (b"{}", sign_webhook("m-1", NOW, b"{}", SECRET)),
        (b"", sign_webhook("m-1", NOW, b"", SECRET)),
    ],
    ids=["unsigned", "by somebody else", "long ago", "nothing that there is", "empty"],
)
def test_a_call_that_is_not_believed_says_nothing(body, headers):
    callbacks = Callbacks(SECRET, lambda: NOW)
    with callbacks.listening():
        answer = httpx2.post(callbacks.address("i-1"), content=body, headers=headers)
    assert (answer.status_code, callbacks.believed, len(callbacks.refused)) == (401, 0, 1)
    assert callbacks.outcome_of("o-1") is None


def test_a_call_that_is_too_large_is_not_read():
    callbacks = Callbacks(SECRET, lambda: NOW)
    with callbacks.listening():
        parts = urlsplit(callbacks.address("i-1"))
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
            connection.sendall(f"POST {parts.path} HTTP/1.1\r\nhost: x\r\ncontent-length: {10**12}\r\n\r\n".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
    assert (callbacks.believed, callbacks.refused) == (0, [])
