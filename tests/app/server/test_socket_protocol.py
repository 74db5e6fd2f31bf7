"""WebSockets have their places among all connections until they are closed, and take little before a credential."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.server.wire import GET, Server, Wire

HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
TEXT, MORE = 0x01, 0x00
LAST = 0x80


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(strangers=20, known=10)
    yield server
    server.close()


def opened(server: Server, address: str = "203.0.113.7") -> Wire:
    wire = server.connect(address).send(HANDSHAKE)
    server.run()
    assert wire.statuses == [101]
    return wire


def frame(kind: int, length: int = 0) -> bytes:
    """A frame of a client, masked with zeros."""
    return bytes([kind, 0x80 | 127]) + length.to_bytes(8, "big") + b"\0\0\0\0" + b"x" * length


def test_handshake_keeps_its_place_until_the_socket_is_closed(server: Server):
    wire = opened(server)
    assert (len(server.all), server.all.strangers) == (1, 1)
    wire.close()
    server.run()
    assert len(server.all) == 0
    assert not server.state.connections


def test_sockets_without_a_credential_give_way_to_whoever_comes(server: Server):
    wires = [opened(server, f"2001:db8::{number:x}") for number in range(50)]
    assert [wire.is_cut for wire in wires] == [True] * 30 + [False] * 20
    mia = server.connect("198.51.100.1").send(GET)
    server.run()
    assert mia.statuses == [200]


def test_socket_that_has_shown_a_credential_stays(server: Server):
    server.is_known = True
    mia = opened(server)
    server.is_known = False
    server.connect_all(f"2001:db8::{number:x}" for number in range(50))
    server.run()
    assert not mia.is_closed


def test_long_message_is_taken_from_who_has_shown_a_credential_only(server: Server):
    stranger = opened(server)
    server.is_known = True
    mia = opened(server)
    for wire in (stranger, mia):
        wire.send(frame(TEXT | LAST, server.limits.stranger_message_bytes))
        server.run()
        wire.send(frame(TEXT | LAST, server.limits.stranger_message_bytes + 1))
        server.run()
    assert (stranger.is_closed, mia.is_closed) == (True, False)
    assert server.messages == [16_384, 16_384, 16_385]


def test_message_in_ever_more_parts_is_cut_off(server: Server):
    server.is_known = True
    few, many = opened(server), opened(server)
    few.send(frame(TEXT) + frame(MORE) * 1_000 + frame(MORE | LAST, 1))
    many.send(frame(TEXT)).send_on(frame(MORE), length=1024 * 1024)
    server.run()
    assert (few.is_closed, many.is_cut) == (False, True)
    assert server.messages == [1]
