"""What a WebSocket may ask for, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """The bounds of sockets; numbers are inclusive, times in seconds.

    Attributes:
        sockets: open at once in this process.
        per_credential: open at once in this process for one credential.
        operations: running at once on one socket.
        message_bytes: the longest message from a client, in UTF-8.
        init_s: until `connection_init` has come.
        check_s: between two checks of an open socket: does the client still answer, does its credential still hold.
        send_s: until a message has been taken; a reader that is slower is dropped.
        close_s: for the close frame of a socket that is dropped.
    """

    sockets: int = 2_000
    per_credential: int = 10
    operations: int = 20
    message_bytes: int = 262_144
    init_s: float = 5.0
    check_s: float = 25.0
    send_s: float = 10.0
    close_s: float = 5.0
