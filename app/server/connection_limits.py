"""The bounds of connections."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from typing import Final

_OPEN_FILES: Final = 65_536
_OTHERS: Final = 256
"""Open files that are no connection of a client: the database's, integrations', logs."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What a connection may take; bytes and numbers are inclusive, times in seconds.

    Attributes:
        head_bytes: of a request's line and headers; also of whatever else is sent without bringing the request on, such
            as trailers.
        headers: lines of them.
        first_byte_s: until a new connection, or one that was answered, sends something of a request.
        head_s: from the first byte of a request to the end of its headers.
        body_s: for a body, besides the time that its length allows.
        body_rate: bytes a second that a body must bring at least.
        answer_s: that what was written of an answer waits for its client, besides the time that its length allows.
        answer_rate: bytes a second that a client must read at least.
        unread_bytes: of a body that are read after the answer was given.
        pipelined: requests that are sent before the one ahead was answered.
        keep_alive_s: that an answered connection stays open without a word.
        linger_s: that a refused one is read on, so that its client gets to read why.
        linger_bytes: that are read then.
        strangers: connections at once in this process that have shown no credential; beyond, the network that has most
            loses its oldest.
        known: connections at once that have shown one, likewise.
        strangers_bytes: of unfinished bodies and unread answers of all connections that have shown none; beyond, the
            longest is cut off.
        stranger_message_bytes: of a message over a WebSocket that has shown none.
        fragments: of a message over a WebSocket.
    """

    head_bytes: int = 32_768
    headers: int = 100
    first_byte_s: float = 10.0
    head_s: float = 10.0
    body_s: float = 10.0
    body_rate: float = 4_096.0
    answer_s: float = 30.0
    answer_rate: float = 16_384.0
    unread_bytes: int = 2_097_152
    pipelined: int = 16
    keep_alive_s: int = 5
    linger_s: float = 2.0
    linger_bytes: int = 1_048_576
    strangers: int = 1_000
    known: int = 8_000
    strangers_bytes: int = 33_554_432
    stranger_message_bytes: int = 16_384
    fragments: int = 1_024

    @classmethod
    def of_this_process(cls) -> ConnectionLimits:
        """Return the limits that leave enough open files for all else, allowed as many as this process may have."""
        allowed = _allow_open_files() - _OTHERS
        strangers = min(cls().strangers, allowed // 4)
        return cls(strangers=max(1, strangers), known=max(1, allowed - strangers))


def _allow_open_files() -> int:
    """Raise the bound of open files as far as this process may; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return _OPEN_FILES if soft == resource.RLIM_INFINITY else min(soft, _OPEN_FILES)
