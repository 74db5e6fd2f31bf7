"""Attacks on `wardship serve`, bounded and on loopback: nobody with a credential is kept out, each is cut off soon."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack

import httpx2
import pytest

from tests.app.conftest import Deployed
from tests.app.programs import PROGRAM, Process, Programs, until
from tests.app.test_serving import values
from tests.sockets import opened

CROWD = 2_000
OPEN_FILES = 1_024
SOCKETS = 20
VIEWER = {"query": "{ viewer { __typename } }"}


@pytest.fixture(scope="module")
def narrow(shared: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server that may open as few files as operating systems allow unless told otherwise."""
    programs = Programs(tmp_path_factory.mktemp("programs"))
    command = ("sh", "-c", f'ulimit -n {OPEN_FILES}; exec "{PROGRAM}" serve --port {{port}}')
    yield programs.start(*command, env={**shared.env, "WARDSHIP_SOCKETS": str(SOCKETS)}).ready()
    programs.end()


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process have as many connections as the attack needs."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], min(before[1], 2 * CROWD + 500)), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize(
    "words", [b"", b"GET / HT", b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"]
)
def test_two_thousand_connections_without_a_credential_keep_nobody_out(narrow: Process, shared: Deployed, words: bytes):
    with ExitStack() as stack:
        for _ in range(CROWD):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", narrow.port), timeout=30))
            with contextlib.suppress(ConnectionError):
                one.sendall(words)
        with httpx2.Client(base_url=f"http://127.0.0.1:{narrow.port}", timeout=30) as mia:
            answer = mia.post("/graphql", json=VIEWER, headers=shared.headers())
        assert (answer.status_code, "errors" in answer.json()) == (200, False)


@pytest.mark.anyio
async def test_sockets_without_a_credential_keep_nobody_out(narrow: Process, shared: Deployed):
    """More than the process may have at once, none of which says who it is."""
    async with AsyncExitStack() as stack:
        for _ in range(2 * SOCKETS):
            await stack.enter_async_context(opened(narrow.port))
        async with opened(narrow.port) as mia:
            await mia.acknowledged(**shared.headers())
            await mia.subscribe(**VIEWER)
            assert (await mia.receive())["type"] == "next"
    await asyncio.to_thread(until, lambda: values(narrow)["wardship_graphql_sockets", ()] == 0)


@pytest.mark.parametrize(
    ("begin", "piece", "status"),
    [
        (b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nX-Long: ", b"x", b"431"),
        (b"GET /graphql?query=", b"x", b"414"),
        (b"GET /graphql HTTP/1.1\r\n", b"X-One: of many\r\n", b"431"),
    ],
    ids=["header", "address", "many headers"],
)
def test_head_of_64_mib_is_cut_off_after_a_fraction(narrow: Process, begin: bytes, piece: bytes, status: bytes):
    """What the operating system holds for either side is some MiB; the server reads no more than two."""
    part, sent, said = piece * (65_536 // len(piece)), 0, b""
    with socket.create_connection(("127.0.0.1", narrow.port), timeout=30) as client:
        client.sendall(begin)
        with contextlib.suppress(ConnectionError):
            while sent < 64 * 1024 * 1024 and not said:
                sent += client.send(part)
                client.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    said = client.recv(1_000)
                client.settimeout(30)
    assert sent < 32 * 1024 * 1024
    assert not said or said.startswith(b"HTTP/1.1 " + status)
