"""Who has shown no credential takes places from others of the kind, never from who has; nobody is kept out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.server.wire import GET, Server, Wire

BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(strangers=20, known=10)
    yield server
    server.close()


def open_ones(wires: list[Wire]) -> int:
    return sum(not wire.is_closed for wire in wires)


def crowd(count: int, networks: int = 1) -> list[str]:
    return [f"2001:db8:{number % networks:x}::{number:x}" for number in range(count)]


@pytest.mark.parametrize("networks", [1, 7, 2_000])
def test_two_thousand_connections_without_a_word_keep_nobody_out(server: Server, networks: int):
    wires = server.connect_all(crowd(2_000, networks))
    mia = server.connect()
    server.run()
    assert (mia.is_closed, open_ones(wires), len(server.all)) == (False, 19, 20)
    mia.send(GET)
    server.run()
    assert mia.statuses == [200]


def test_the_network_that_has_most_loses_its_oldest(server: Server):
    mia = server.connect("198.51.100.1")
    server.run(0.1)
    wires = server.connect_all(crowd(100))
    server.run()
    assert not mia.is_closed, "though she came first"
    assert [wire.is_closed for wire in wires] == [True] * 81 + [False] * 19


def test_half_a_head_or_body_is_no_better_than_no_word(server: Server):
    wires = server.connect_all(crowd(100, 100))
    for number, wire in enumerate(wires):
        wire.send([b"", b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nbo"][number % 3])
    mia = server.connect()
    mia.send(GET)
    server.run()
    assert (mia.statuses, len(server.all)) == ([200], 20)


def test_connection_that_is_answered_is_the_last_to_go(server: Server):
    server.never_answers = True
    answered = server.connect("2001:db8::a")
    answered.send(GET)
    server.run(1.0)
    server.connect_all(crowd(100))
    server.run()
    assert not answered.is_closed


def test_connection_that_has_shown_a_credential_is_not_counted_among_strangers(server: Server):
    server.is_known = True
    wires = server.connect_all(crowd(5))
    for wire in wires:
        wire.send(GET)
    server.run()
    assert (server.all.strangers, len(server.all)) == (0, 5)
    server.connect_all(crowd(300))
    server.run()
    assert open_ones(wires) == 5
    assert (server.all.strangers, len(server.all)) == (20, 25)


def test_those_that_have_shown_a_credential_are_bounded_too_and_idle_ones_go_first(server: Server):
    server.is_known = True
    wires = server.connect_all(crowd(30))
    for wire in wires:
        wire.send(GET)
        server.run(0.01)
    assert [wire.is_closed for wire in wires] == [True] * 20 + [False] * 10
    mia = server.connect("198.51.100.1")
    mia.send(GET)
    server.run()
    assert mia.statuses == [200]


def test_unfinished_bodies_of_strangers_are_bounded_together_and_the_longest_goes(server: Server):
    mia, known = server.connect("198.51.100.1"), server.connect("198.51.100.2")
    mia.send(BODY + b"x" * 1_000)
    server.is_known = True
    known.send(BODY + b"x" * 500_000)
    server.run()
    server.is_known = False
    wires = server.connect_all(crowd(10, 10))
    most = server.limits.strangers_bytes // 5
    for wire in wires:
        wire.send(BODY).send_on(b"x", length=most)
        server.run()
    assert server.all._held_bytes <= server.limits.strangers_bytes
    assert (mia.is_closed, known.is_closed) == (False, False)
    assert 4 <= open_ones(wires) <= 6
    for wire in [*wires, mia]:
        wire.close()
    server.run()
    assert (server.all._held_bytes, server.all._held) == (0, {})


def test_body_that_is_whole_is_held_no_longer(server: Server):
    wire = server.connect()
    wire.send(b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500)
    assert server.all._held_bytes == 500
    wire.send(b"x" * 500)
    assert server.all._held_bytes == 0


def test_when_all_have_gone_nothing_is_left(server: Server):
    wires = server.connect_all(crowd(50, 10))
    for wire in wires[::2]:
        wire.send(GET)
    server.run(30.0)
    assert open_ones(wires) == 0
    assert (len(server.all), server.all._strangers._all.groups, server.all._known._all.groups) == (0, {}, {})
    assert server.loop.timers == []
    assert not server.state.connections
