"""uvicorn's HTTP protocol with bounds: how long a request's head and body may be, and how long a client may take."""

from __future__ import annotations

import asyncio
from enum import IntEnum
from http import HTTPStatus
from math import inf
from typing import Any, Final, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from wardship.app.server.connections import Connections
from wardship.core.http.vouching import VOUCH

_SLICE: Final = 8_192
"""Bytes that the parser gets at once, so that it is stopped soon after the bound."""

_SENTENCES: Final = {
    HTTPStatus.REQUEST_TIMEOUT: "The request did not come in time: send it faster.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is too long: send what it holds as the body.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The headers are too long, or too many: send fewer.",
}


class _Phase(IntEnum):
    """What is waited for: the client's head, its body, or our answer."""

    HEAD = 0
    BODY = 1
    ANSWER = 2


class _RefusedError(Exception):
    """Stops the parser."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """One HTTP connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, VOUCH: self._vouch}, _loop)
        self._all = Connections.of(server_state, self.loop)
        self._limits = self._all.limits
        self._phase = _Phase.HEAD
        self._has_begun = self._is_known = False
        self._since = self.loop.time()
        self._idle_bytes = 0
        self._body_bytes = 0
        self._refusal: HTTPStatus | None = None
        self._lingering: int | None = None
        self._unread_since: float | None = None
        self._unread_bytes, self._read_until = 0, self._since

    # What the server calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a place."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._all.enter(self, self.client[0] if self.client else "")

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave nothing behind."""
        self._all.leave(self)
        super().connection_lost(exc)
        self.app_state = {}

    def data_received(self, data: bytes) -> None:
        """Read on, unless the request was refused."""
        if self._lingering is not None:
            self._discard(len(data))
        elif len(data) <= _SLICE:
            self._read(data)
        else:
            for start in range(0, len(data), _SLICE):
                self._read(data[start : start + _SLICE])
                if self.transport.is_closing() or self._lingering is not None or self.transport.get_protocol() != self:
                    break

    def pause_writing(self) -> None:
        """Count what its client does not read, and since when."""
        super().pause_writing()
        self._unread_since, self._unread_bytes = self.loop.time(), self.transport.get_write_buffer_size()
        if not self._is_known:
            self._all.hold(self, self._unread_bytes)

    def resume_writing(self) -> None:
        """Count nothing more: it was read."""
        super().resume_writing()
        self._unread_since, self._read_until = None, self.loop.time()
        if not self._is_known:
            self._all.let_go(self)

    def _read(self, data: bytes) -> None:
        self._idle_bytes += len(data)
        super().data_received(data)
        if self._idle_bytes > self._limits.head_bytes and self._phase != _Phase.ANSWER:
            self._refuse(self._too_long())

    def handle_websocket_upgrade(self) -> None:
        """Give the place to the socket's protocol."""
        self._all.leave(self)
        super().handle_websocket_upgrade()
        self.app_state = {}

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Begin to count."""
        super().on_message_begin()
        if self._phase != _Phase.HEAD:  # what came before in these bytes was of another request
            self._phase, self._idle_bytes = _Phase.HEAD, 0
        self._has_begun, self._since = True, self.loop.time()

    def on_headers_complete(self) -> None:
        """Refuse a head that is too long before anything is done for it."""
        limits = self._limits
        if self._idle_bytes + 2 * _SLICE > limits.head_bytes:
            length = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            if length > limits.head_bytes:
                self._stop(self._too_long())
        if len(self.headers) > limits.headers:
            self._stop(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        super().on_headers_complete()
        if len(self.pipeline) > limits.pipelined:
            self._stop(HTTPStatus.TOO_MANY_REQUESTS)
        self._phase, self._idle_bytes, self._body_bytes, self._since = _Phase.BODY, 0, 0, self.loop.time()

    def on_body(self, body: bytes) -> None:
        """Count."""
        self._idle_bytes = 0
        self._body_bytes += len(body)
        if not self._is_known:
            self._all.hold(self, len(body))
        if self._body_bytes > self._limits.unread_bytes and self.cycle.response_complete:
            self._stop(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for nothing more of the client."""
        super().on_message_complete()
        if not self._is_known:
            self._all.let_go(self)
        self._phase = _Phase.ANSWER
        if self.cycle is None or self.cycle.response_complete:
            self._await_request()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of the one that is answered."""
        super().on_response_complete()
        if self._phase == _Phase.ANSWER:
            self._await_request()

    def send_400_response(self, msg: str) -> None:
        """Refuse what can't be read, or what was found to be too much while it was read."""
        if self._refusal is None:
            super().send_400_response(msg)
        else:
            self._refuse(self._refusal)

    # What all connections are asked.

    @property
    def worth(self) -> float:
        """See ``Connection``."""
        if self._unread_since is not None:
            return self._unread_since
        return inf if self._is_answering() else self._since

    def check(self, now: float) -> None:
        """See ``Connection``."""
        limits, took = self._limits, now - self._since
        if self._lingering is not None:
            if took > limits.linger_s:
                self.cut()
        elif self._is_unread_too_long(now):
            self.cut()
        elif self._phase == _Phase.BODY:
            if self.flow.read_paused:  # by us: what was read has not been used yet
                self._since, self._body_bytes = now, 0
            elif took > limits.body_s + self._body_bytes / limits.body_rate:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self._phase == _Phase.HEAD and not self._is_answering() and took > self._head_s:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def cut(self) -> None:
        """See ``Connection``."""
        self.transport.abort()

    def _vouch(self) -> None:
        if not self._is_known:
            self._is_known = True
            self._all.vouch(self)

    def _is_answering(self) -> bool:
        """Return whether an application works on a request that has come, or a part of its answer was sent."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return False
        return self._phase != _Phase.BODY or cycle.response_started or bool(self.pipeline)

    def _is_unread_too_long(self, now: float) -> bool:
        """Return whether the client reads too slowly what was written, be it the rest before the end."""
        if self._unread_since is not None:
            since, waiting = self._unread_since, self._unread_bytes
        elif self.transport.is_closing():
            since, waiting = max(self._since, self._read_until), self.transport.get_write_buffer_size()
        else:
            return False
        return now - since > self._limits.answer_s + waiting / self._limits.answer_rate

    @property
    def _head_s(self) -> float:
        return self._limits.head_s if self._has_begun else self._limits.first_byte_s

    def _await_request(self) -> None:
        self._phase, self._has_begun, self._idle_bytes, self._since = _Phase.HEAD, False, 0, self.loop.time()

    def _too_long(self) -> HTTPStatus:
        is_address = len(self.url) > self._limits.head_bytes // 2 if self._has_begun else False
        return HTTPStatus.REQUEST_URI_TOO_LONG if is_address else HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE

    def _stop(self, status: HTTPStatus) -> None:
        """Stop the parser, which makes uvicorn call ``send_400_response``."""
        self._refusal = status
        raise _RefusedError

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why and close, once the client has had time to read it; only close where an answer is on its way."""
        if self.transport.is_closing() or self._lingering is not None:
            return
        self._unset_keepalive_if_required()
        is_answered = self._phase == _Phase.BODY and self.cycle.response_complete
        if is_answered or self._is_answering() or not self._has_begun:
            self.cut()
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(_refusal(status))
        self._lingering, self._since = 0, self.loop.time()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _discard(self, length: int) -> None:
        self._lingering = (self._lingering or 0) + length
        if self._lingering > self._limits.linger_bytes:
            self.cut()


def _refusal(status: HTTPStatus) -> bytes:
    text = _SENTENCES[status].encode("ascii")
    lines = [
        b"content-type: text/plain; charset=utf-8",
        b"content-length: %d" % len(text),
        b"connection: close",
        b"",
        text,
    ]
    return STATUS_LINE[status] + b"\r\n".join(lines)
