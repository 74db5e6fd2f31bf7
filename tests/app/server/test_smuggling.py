"""What two servers could read as different requests is refused, and nothing of it is taken for a request of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.server.wire import GET, Server

POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.mark.parametrize(
    "sent",
    [
        POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 0\r\nContent-Length: 36\r\n\r\n",
        POST + b"Content-Length: 0, 0\r\n\r\n",
        POST + b"Content-Length: +5\r\n\r\nhello",
        POST + b"Content-Length: -5\r\n\r\nhello",
        POST + b"Content-Length: 0x5\r\n\r\nhello",
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        POST + b"X: a\rContent-Length: 36\r\n\r\n",
        POST + b"X: a\x00b\r\n\r\n",
        b"POST / HTTP/1.1\nHost: localhost\nContent-Length: 0\n\n",
        CHUNKED + b"0\n\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"0x0\r\n\r\n",
        CHUNKED + b"F" * 18 + b"\r\n",
        CHUNKED + b"5\r\nhelloX\r\n0\r\n\r\n",
    ],
)
def test_request_that_can_be_read_in_two_ways_is_refused_with_all_that_follows(server: Server, sent: bytes):
    wire = server.connect().send(sent + GET)
    server.run()
    assert wire.statuses == [400]
    assert wire.is_closed
    assert [scope["method"] for scope in server.asked] in ([], ["POST"]), "what follows is no request"
    assert server.read in ([], [-1])
