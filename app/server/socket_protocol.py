"""uvicorn's WebSocket protocol, whose connections have their places among all others until they are really closed."""

from __future__ import annotations

import asyncio
from asyncio.transports import BaseTransport
from math import inf
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame

from wardship.app.server.connections import Connections
from wardship.core.http.vouching import VOUCH


class BoundedSocketProtocol(WebSocketsSansIOProtocol):
    """One WebSocket; what it may ask for is bounded by who serves it."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, VOUCH: self._vouch}, _loop)
        self._all = Connections.of(server_state, self.loop)
        self._since = self.loop.time()
        self._is_known = False
        self._unread_since: float | None = None
        self.conn.max_message_size = self._all.limits.stranger_message_bytes

    def connection_made(self, transport: BaseTransport) -> None:
        """Take the place that the handshake had."""
        super().connection_made(transport)
        self._all.enter(self, self.client[0] if self.client else "")

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave nothing behind."""
        self._all.leave(self)
        super().connection_lost(exc)
        self.app_state = {}

    def pause_writing(self) -> None:
        """Read nothing more of a client that reads nothing, since each ping is answered; a stranger is cut off."""
        super().pause_writing()
        if self._is_known:
            self._unread_since = self.loop.time()
            self.transport.pause_reading()
        else:
            self.cut()

    def resume_writing(self) -> None:
        """Read on."""
        super().resume_writing()
        self._unread_since = None
        if not self.read_paused:
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Read, and no more while nothing is read."""
        super().data_received(data)
        if self._unread_since is not None:  # the queue of messages may have begun to read again
            self.transport.pause_reading()

    def handle_cont(self, event: Frame) -> None:
        """Cut off a client whose message comes in ever more parts, which cost memory even when they are empty."""
        if len(self.frames) < self._all.limits.fragments:
            super().handle_cont(event)
        else:
            self.cut()

    @property
    def worth(self) -> float:
        """See ``Connection``."""
        return inf if self._is_known and not self.close_sent else self._since

    def check(self, now: float) -> None:
        """See ``Connection``: for all but what is not read, who serves the socket looks at its client."""
        limits, waiting = self._all.limits, self.transport.get_write_buffer_size()
        if self._unread_since is not None and now - self._unread_since > limits.answer_s + waiting / limits.answer_rate:
            self.cut()

    def cut(self) -> None:
        """See ``Connection``."""
        self.transport.abort()

    def _vouch(self) -> None:
        self._is_known = True
        self.conn.max_message_size = self.config.ws_max_size
        self._all.vouch(self)
