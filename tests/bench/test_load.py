"""The load counts right answers and stops at the first wrong one."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from bench.load import Latency, Request, WrongAnswerError, get, parse_metrics, post, send_for, send_once, send_until

pytestmark = pytest.mark.anyio


def answer(body: bytes, *, status: bytes = b"200 OK", extra: bytes = b"") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n" + extra + b"\r\n" + body


@asynccontextmanager
async def serving(*answers: bytes, piece: int = 1_000_000):
    """A server that gives these answers one after the other, then the last one again and again, in pieces."""
    bodies: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(int(x[15:]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length:"))
            bodies.append(await reader.readexactly(length))
            text = answers[min(len(bodies), len(answers)) - 1]
            for start in range(0, len(text), piece):
                writer.write(text[start : start + piece])
                await writer.drain()

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(quietly, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], bodies


def same_as(expected: bytes):
    def check(body: bytes) -> None:
        if body != expected:
            raise WrongAnswerError(repr(body))

    return check


async def test_one_answer_in_pieces_is_put_together():
    async with serving(answer(b'{"data": 1}'), piece=3) as (port, bodies):
        assert await send_once(port, post(port, "/graphql", b"{}", {"X-One": "1"})) == b'{"data": 1}'
        assert bodies == [b"{}"]


async def test_every_answer_counts_once():
    async with serving(answer(b"yes")) as (port, bodies):
        message = post(port, "/graphql", b"{}", {})
        done = await send_for(port, Request(message, same_as(b"yes")), seconds=0.1, connections=3)
        assert done.requests == len(bodies) > 3
        assert 0.1 <= done.seconds < 5
        assert 0 < done.latency.p50_ms <= done.latency.p99_ms < 5000


def test_latency_is_that_of_half_and_of_99_in_a_hundred():
    assert Latency.of([n / 1000 for n in range(100, 0, -1)]) == Latency(51.0, 100.0)
    assert Latency.of([0.002]) == Latency(2.0, 2.0)


def test_get_has_no_body():
    assert get(8000, "/metrics") == b"GET /metrics HTTP/1.1\r\nHost: localhost:8000\r\n\r\n"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (answer(b"no"), "no"),
        (answer(b"yes", status=b"500 Oops"), "500 Oops"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "Content-Length"),
    ],
)
async def test_wrong_answer_ends_the_round(wrong, words):
    async with serving(answer(b"yes"), answer(b"yes"), wrong) as (port, bodies):
        message = post(port, "/graphql", b"{}", {})
        with pytest.raises(WrongAnswerError, match=words):
            await send_for(port, Request(message, same_as(b"yes")), seconds=5, connections=1)
        assert len(bodies) == 3


METRICS = """# HELP wardship_graphql_plans Plans.
# TYPE wardship_graphql_plans gauge
wardship_graphql_plans 1000.0
wardship_graphql_refused_total{code="COST_LIMIT"} 3.0
wardship_graphql_plan_bytes 1.5e+06
"""


def test_samples_without_labels_are_read_by_name():
    assert parse_metrics(METRICS) == {"wardship_graphql_plans": 1000.0, "wardship_graphql_plan_bytes": 1_500_000.0}


async def test_answer_that_comes_too_late_counts_as_refused_and_the_load_goes_on():
    over = asyncio.Event()

    def last(body: bytes) -> None:
        assert body == b"yes"
        over.set()

    async with serving(answer(b"no", status=b"503 Service Unavailable"), answer(b"yes")) as (port, _):
        load = await send_until(port, Request(post(port, "/", b"{}", {}), last), over, within_s=5.0)
    assert (load.requests, load.refused) == (1, 1)
