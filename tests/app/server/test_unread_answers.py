"""Answers that a client does not read: nobody holds memory and a place by them, and who reads slowly gets all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.server.test_socket_protocol import LAST, frame, opened
from tests.app.server.wire import GET, Server, Wire

MIB = 1024 * 1024
PING = 0x09


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def unread(server: Server, address: str = "203.0.113.7", requests: int = 1) -> Wire:
    """A client that asks and reads nothing."""
    wire = server.connect(address)
    wire.reads = False
    wire.send(GET * requests)
    server.run()
    return wire


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("requests", [1, 12])
def test_client_that_reads_nothing_of_a_long_answer_is_cut_off(server: Server, *, is_known: bool, requests: int):
    server.is_known, server.answer, server.parts = is_known, b"x" * MIB, 3
    wire = unread(server, requests=requests)
    assert wire.unread < 2 * MIB, "the rest waits for the client"
    server.run(server.limits.answer_s + wire.unread / server.limits.answer_rate + 2.0)
    assert wire.is_cut
    assert (len(server.all), server.loop.timers) == (0, [])


def test_client_that_reads_nothing_of_a_short_answer_is_cut_off_after_the_end(server: Server):
    server.answer = b"x" * 60_000
    wire = unread(server)
    server.run(server.limits.keep_alive_s + server.limits.answer_s + 60_000 / server.limits.answer_rate + 3.0)
    assert wire.is_cut
    assert (len(server.all), server.loop.timers) == (0, [])


def test_client_that_reads_slowly_gets_all(server: Server):
    server.answer, server.parts = b"x" * MIB, 3
    wire = unread(server)
    for _ in range(600):
        wire.take(2 * int(server.limits.answer_rate))
        server.run(1.0)
    assert not wire.is_cut
    assert wire.written.count(b"x") == 3 * MIB


def test_strangers_together_hold_no_more_of_answers_than_of_bodies(server: Server):
    server.answer, server.parts = b"x" * MIB, 3
    wires = [unread(server, f"2001:db8:{number:x}::1") for number in range(100)]
    held = sum(wire.unread for wire in wires)
    assert held <= server.limits.strangers_bytes
    assert sum(wire.is_cut for wire in wires) >= 100 - server.limits.strangers_bytes // MIB
    server.is_known = True
    mia = unread(server, "198.51.100.1")
    assert not mia.is_cut, "who has shown a credential is none of them"


def test_client_whose_answer_waits_gives_way_before_one_that_is_answered(server: Server):
    server.answer = b"x" * MIB
    idle = unread(server)
    assert idle.protocol.worth < float("inf")


def test_stranger_that_sends_pings_and_reads_no_pong_is_cut_off(server: Server):
    wire = opened(server)
    wire.reads = False
    wire.send_on(frame(PING | LAST, 100), length=8 * MIB)
    server.run()
    assert wire.is_cut
    assert wire.taken < MIB
    assert len(server.all) == 0


def test_member_that_sends_pings_and_reads_no_pong_is_read_no_further_and_cut_off(server: Server):
    server.is_known = True
    wire = opened(server)
    wire.reads = False
    sent = 0
    while not wire.is_paused and sent < 8 * MIB:
        wire.send(frame(PING | LAST, 100))
        sent += 114
    assert wire.is_paused
    assert wire.unread < 2 * 65_536
    wire.take(MIB)
    assert not wire.is_paused, "it goes on when the client reads"
    while not wire.is_paused:
        wire.send(frame(PING | LAST, 100))
    server.run(server.limits.answer_s + 65_536 / server.limits.answer_rate + 3.0)
    assert wire.is_cut
