"""What `docs/deployment.md` says of the limits at the door is what they are."""

from __future__ import annotations

import resource

import pytest

from tests.app.programs import ROOT
from wardship.app.commands.serve import SERVER_OPTIONS
from wardship.app.server.connection_limits import ConnectionLimits
from wardship.graphql.engine import Limits, SocketLimits
from wardship.graphql.engine.execution.compile_limiter import WAITING, WAITING_EACH, WAITING_WITHOUT_CREDENTIAL

CONNECTIONS, SOCKETS, REQUESTS = ConnectionLimits(), SocketLimits(), Limits()
KIB, MIB = 1024, 1024 * 1024


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("deployment", f"| {CONNECTIONS.head_bytes // KIB} KiB, {CONNECTIONS.headers} headers |"),
        ("deployment", f"| until a connection sends something | {CONNECTIONS.first_byte_s:g} s |"),
        ("deployment", f"to the end of the headers | {CONNECTIONS.head_s:g} s |"),
        ("deployment", f"{CONNECTIONS.body_s:g} s and what its length needs at {CONNECTIONS.body_rate / KIB:g} KiB"),
        ("deployment", f"| {CONNECTIONS.unread_bytes // MIB} MiB are read on |"),
        ("deployment", f"| requests sent ahead of an answer | {CONNECTIONS.pipelined} |"),
        ("deployment", f"| {CONNECTIONS.keep_alive_s} s without a word |"),
        ("deployment", f"{REQUESTS.send_seconds:g} s and what its length needs at {REQUESTS.send_rate / KIB:g} KiB"),
        (
            "deployment",
            f"{CONNECTIONS.answer_s:g} s and what its length needs at {CONNECTIONS.answer_rate / KIB:g} KiB",
        ),
        ("deployment", f"| {CONNECTIONS.strangers:,}, or a quarter of the open files |"),
        ("deployment", f"| {CONNECTIONS.strangers_bytes // MIB} MiB together |"),
        ("deployment", f"({REQUESTS.request_bytes // KIB} KiB; {CONNECTIONS.stranger_message_bytes // KIB} KiB before"),
        ("deployment", f"| {SOCKETS.strangers}, for {SOCKETS.init_s:g} s each |"),
        ("deployment", f"answer a ping within {SOCKETS.answer_s:g} s"),
        ("subscriptions", f"answer a ping within {SOCKETS.answer_s:g} seconds"),
        ("graphql-engine", f"When more than {WAITING} wait ({WAITING_WITHOUT_CREDENTIAL} without a credential)"),
        ("graphql-engine", f"{WAITING_EACH} requests of each wait"),
        ("graphql-engine", f"| `without_credential` | {REQUESTS.without_credential} |"),
    ],
)
def test_page_tells_the_limit(page: str, words: str):
    assert words in (ROOT / "docs" / f"{page}.md").read_text()


def test_server_is_started_with_what_the_page_tells():
    assert SERVER_OPTIONS["timeout_keep_alive"] == CONNECTIONS.keep_alive_s
    assert SERVER_OPTIONS["ws_max_size"] == REQUESTS.request_bytes
    assert SERVER_OPTIONS["ws_per_message_deflate"] is False


@pytest.mark.parametrize(
    ("soft", "hard", "allowed", "strangers"),
    [
        (1_024, 1_024, 1_024, 192),
        (1_024, 65_536, 65_536, 1_000),
        (20_000, 20_000, 20_000, 1_000),
        (1_024, resource.RLIM_INFINITY, 65_536, 1_000),
        (10**9, 10**9, 65_536, 1_000),
    ],
)
def test_connections_leave_open_files_for_all_else(monkeypatch, soft: int, hard: int, allowed: int, strangers: int):
    state = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: state[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: state.append(limits))
    limits = ConnectionLimits.of_this_process()
    assert (limits.strangers, limits.strangers + limits.known) == (strangers, allowed - 256)
    assert state[-1][0] >= allowed
