"""How long a head and a body may be, how long a client may take, and that what is refused costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.app.server.wire import GET, Server, Wire

MIB = 1024 * 1024
HEAD = 32_768
BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
Make = Callable[..., Server]


@pytest.fixture
def make() -> Iterator[Make]:
    servers: list[Server] = []

    def made(**limits: Any) -> Server:
        servers.append(Server(**limits))
        return servers[-1]

    yield made
    for server in servers:
        server.close()


@pytest.fixture
def server(make: Make) -> Server:
    return make()


def is_gone(server: Server, wire: Wire) -> bool:
    """The connection is closed, and nothing is kept of it."""
    server.run()
    return wire.is_closed and len(server.all) == 0 and server.loop.timers == []


# --- how long


@pytest.mark.parametrize(
    ("begin", "piece", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ", b"x", 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"x", 431),
        (b"GET /", b"x", 414),
        (b"GET /?", b"x", 414),
        (b"GET / HTTP/1.1\r\n", b"X: y\r\n", 431),
        (b"GET / HTTP/1.1\r\nX: ", b"y\r\n z", 400),
        (CHUNKED + b"1\r\nx\r\n0\r\nX-Trailer: ", b"x", 431),
        (CHUNKED + b"1;", b"x", 431),
    ],
    ids=["value", "name", "path", "query", "many lines", "folded", "trailer", "chunk extension"],
)
def test_head_of_64_mib_is_refused_soon_after_the_bound(server: Server, begin: bytes, piece: bytes, status: int):
    wire = server.connect().send(begin).send_on(piece)
    assert wire.statuses == [status]
    assert wire.taken <= HEAD + 65_536 + server.limits.linger_bytes + 65_536
    assert server.read in ([], [-1])
    server.run(server.limits.linger_s + 1.5)
    assert is_gone(server, wire)


@pytest.mark.parametrize("at_once", [1_000, 8_192, 65_536, 262_144])
def test_head_is_refused_from_its_bound_on_however_it_comes(server: Server, at_once: int):
    def head(length: int) -> bytes:
        start = b"GET / HTTP/1.1\r\nX: "
        return start + b"y" * (length - len(start) - 4) + b"\r\n\r\n"

    fitting, long = server.connect(), server.connect()
    fitting.send(head(HEAD), at_once=at_once)
    long.send(head(HEAD + 100), at_once=at_once)
    server.run()
    assert (fitting.statuses, long.statuses) == ([200], [431])


def test_head_that_is_refused_never_reaches_the_application(server: Server):
    server.connect().send(b"POST / HTTP/1.1\r\nContent-Length: 4\r\nX: " + b"y" * 40_000 + b"\r\n\r\nbody")
    server.connect().send(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 101 + b"\r\n")
    server.run()
    assert server.asked == []


def test_a_hundred_headers_are_taken_and_one_more_is_refused(server: Server):
    wires = [server.connect().send(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * count + b"\r\n") for count in (100, 101)]
    server.run()
    assert [wire.statuses for wire in wires] == [[200], [431]]


def test_long_body_is_no_long_head(server: Server):
    wire = server.connect()
    wire.send(BODY % (4 * MIB) + b"x" * (4 * MIB), at_once=262_144)
    server.run()
    wire.send(GET)
    server.run()
    assert (wire.statuses, server.read) == ([200, 200], [4 * MIB, 0])


def test_body_in_small_chunks_is_taken(server: Server):
    wire = server.connect()
    wire.send(CHUNKED + b"1\r\nx\r\n" * 40_000 + b"0\r\nX-Trailer: short\r\n\r\n")
    server.run()
    assert (wire.statuses, server.read) == ([200], [40_000])


def test_body_without_end_is_cut_off_soon_after_it_was_answered(server: Server):
    server.answers_at_once = True
    wire = server.connect()
    wire.send(CHUNKED)
    server.run()
    assert wire.statuses == [200]
    wire.send(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
    assert not wire.is_closed, "who sends what was under way already is read on"
    wire.send_on(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
    assert wire.taken < server.limits.unread_bytes + 200_000
    assert wire.statuses == [200], "nobody is answered twice"
    assert is_gone(server, wire)


# --- how slow


def test_connection_without_a_word_is_closed(server: Server):
    wire = server.connect()
    server.run(server.limits.first_byte_s - 0.5)
    assert not wire.is_closed
    server.run(2.0)
    assert wire.written == b""
    assert is_gone(server, wire)


def test_blank_lines_are_no_word(server: Server):
    wire = server.connect()
    for _ in range(12):
        wire.send(b"\r\n")
        server.run(1.0)
    assert is_gone(server, wire)


def test_head_that_trickles_in_is_refused(server: Server):
    wire = server.connect()
    wire.send(b"GET / HTTP/1.1\r\n")
    for number in range(12):
        wire.send(b"X-%d: y\r\n" % number)
        server.run(1.0)
    assert wire.statuses == [408]
    assert server.asked == []
    server.run(4.0)
    assert is_gone(server, wire)


def test_second_head_that_trickles_in_is_refused_too(server: Server):
    wire = server.connect()
    wire.send(GET)
    server.run(2.0)
    for _ in range(12):
        wire.send(b"G" if not wire.protocol._has_begun else b"E")
        server.run(1.0)
        if wire.is_closed or wire.is_eof:
            break
    assert wire.statuses[0] == 200
    assert wire.statuses[1:] in ([408], [400])


def test_connection_that_was_answered_is_closed_after_its_keep_alive(server: Server):
    wire = server.connect()
    wire.send(GET)
    server.run(server.limits.keep_alive_s - 0.5)
    assert not wire.is_closed
    server.run(1.0)
    assert wire.statuses == [200]
    assert is_gone(server, wire)


def test_body_that_never_comes_is_refused_and_the_application_hears_of_it(server: Server):
    wire = server.connect()
    wire.send(BODY % 100)
    server.run(server.limits.body_s + 2.0)
    assert (wire.statuses, server.read) == ([408], [-1])
    server.run(4.0)
    assert is_gone(server, wire)


def test_body_below_the_rate_is_refused_and_one_above_it_is_taken(server: Server):
    slow, steady = server.connect(), server.connect()
    rate = int(server.limits.body_rate)
    for wire in (slow, steady):
        wire.send(BODY % (30 * rate))
    for _ in range(30):
        slow.send(b"x" * (rate // 4))
        steady.send(b"x" * rate)
        server.run(1.0)
    assert (slow.statuses, steady.statuses) == ([408], [200])
    assert sorted(server.read) == [-1, 30 * rate]


def test_client_that_the_application_keeps_waiting_is_not_slow(server: Server):
    server.never_answers = True
    wire = server.connect()
    wire.send(BODY % (2 * MIB) + b"x" * 200_000)
    assert wire.is_paused
    server.run(60.0)
    assert (wire.is_closed, wire.written) == (False, b"")


def test_answer_that_takes_long_is_waited_for(server: Server):
    server.never_answers = True
    wire = server.connect()
    wire.send(GET)
    server.run(60.0)
    assert (wire.is_closed, wire.written) == (False, b"")


def test_refused_client_that_sends_on_is_cut_off(server: Server):
    wire = server.connect()
    wire.send(b"GET /" + b"x" * 40_000)
    assert (wire.statuses, wire.is_closed) == ([414], False), "it gets to read why"
    wire.send_on(b"x")
    assert wire.taken < 40_000 + server.limits.linger_bytes + 100_000
    assert is_gone(server, wire)


# --- what else a connection may do


def test_only_so_many_requests_are_sent_ahead(server: Server):
    server.never_answers = True
    few, many = server.connect(), server.connect()
    few.send(GET * 17)
    many.send(GET * 1_000)
    server.run()
    assert (few.is_closed, many.is_closed, many.written) == (False, True, b"")


def test_requests_that_are_sent_ahead_are_answered_in_turn(server: Server):
    wire = server.connect()
    wire.send(GET * 10)
    server.run()
    assert wire.statuses == [200] * 10


def test_second_request_that_is_too_long_does_not_spoil_the_answer_to_the_first(server: Server):
    server.never_answers = True
    wire = server.connect()
    wire.send(GET + b"GET /" + b"x" * 100_000)
    server.run()
    assert (wire.is_cut, wire.written) == (True, b""), "two answers would be mixed up"


def test_http_1_0_is_answered_and_closed(server: Server):
    wire = server.connect()
    wire.send(b"GET / HTTP/1.0\r\n\r\n")
    server.run()
    assert wire.statuses == [200]
    assert is_gone(server, wire)


@pytest.mark.parametrize("upgrade", [b"h2c", b"TLS/1.0"])
def test_upgrade_to_what_is_not_spoken_is_answered_and_closed(server: Server, upgrade: bytes):
    wire = server.connect()
    wire.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: " + upgrade + b"\r\n\r\n")
    server.run(server.limits.keep_alive_s + server.limits.first_byte_s + 2.0)
    assert wire.statuses == [200]
    assert is_gone(server, wire)


def test_upgrade_that_is_never_finished_is_refused(server: Server):
    wire = server.connect()
    wire.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
    server.run(server.limits.head_s + 2.0)
    assert wire.statuses == [408]


def test_garbage_is_refused_as_before(server: Server):
    wire = server.connect()
    wire.send(b"\x16\x03\x01 no request")
    server.run()
    assert wire.statuses == [400]
    assert is_gone(server, wire)


def test_client_that_goes_at_any_moment_leaves_nothing(server: Server):
    request = BODY % 4 + b"body"
    for length in range(len(request) + 1):
        wire = server.connect()
        wire.send(request[:length])
        server.run()
        wire.close()
        server.run()
        assert (len(server.all), server.loop.timers) == (0, [])
