"""The hold that a process has on a running server: a connection that its supervisor counts."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from pathlib import Path

from wardship.core.database.embedded.folder import StartTimeoutError
from wardship.core.database.embedded.supervisor import READY

_RELEASE_SECONDS = 90.0


class Hold:
    """One use of a server; the server runs while there is any."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._process = os.getpid()

    def is_ready(self, server: Path, deadline: float) -> bool:
        """Wait until the server accepts connections at its socket; false when it ended instead.

        A server that has crashed but whose end the supervisor has yet to notice is told apart by trying: the supervisor
        speaks again once it has started again.

        Raises:
            StartTimeoutError: neither had happened at `deadline` (of the monotonic clock).
        """
        while self._hears(deadline):
            if _answers(server):
                return True
        return False

    def _hears(self, deadline: float) -> bool:
        self._connection.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            return self._connection.recv(len(READY), socket.MSG_WAITALL) == READY
        except TimeoutError:
            raise StartTimeoutError(
                "Wait until PostgreSQL has recovered, or allow it more time, and try again."
            ) from None
        except OSError:
            return False

    def release(self) -> None:
        """Let go; who lets go last returns when the server has ended."""
        # A forked child shares its parent's connection: it may close its own end but not speak for the parent.
        if self._process == os.getpid():
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_WR)
                self._connection.settimeout(_RELEASE_SECONDS)
                while self._connection.recv(len(READY)):
                    pass
        self._connection.close()

    def abandon(self) -> None:
        """Let go without waiting for what becomes of the server."""
        self._connection.close()


def listen(path: Path) -> socket.socket:
    """Open the control socket that the supervisor inherits."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(128)
    return listener


def _answers(server: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(server)) == 0


def connect(path: Path) -> Hold | None:
    """Take hold of the server behind a control socket, or return nothing when there is none."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        return None
    return Hold(connection)
