"""Notices connections that a connector opens beside the host's HTTP client, and hooks that reach outside."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from wardship.plugins.kit.wire import IN_HOST_CLIENT

Notice = Callable[[str], None]

CALLING: Final[ContextVar[Notice | None]] = ContextVar("calling", default=None)
"""What is told of the connections of the plugin's code that runs here; it is copied into what this code starts."""

_REACHING: Final = frozenset({"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"})
_lock = threading.Lock()
_state = {"is_listening": False}


def listen() -> None:
    """Hear of connections from now on; the interpreter lets nobody stop listening again, so this is done once."""
    with _lock:
        if not _state["is_listening"]:
            sys.addaudithook(_heard)
            _state["is_listening"] = True


@contextmanager
def noticing(notice: Notice) -> Iterator[None]:
    """Tell of what the code within reaches for."""
    listen()
    mark = CALLING.set(notice)
    try:
        yield
    finally:
        CALLING.reset(mark)


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _REACHING:
        return
    notice = CALLING.get()
    if notice is None or IN_HOST_CLIENT.get():
        return
    notice(_place(event, arguments))


def _place(event: str, arguments: tuple[object, ...]) -> str:
    """Return what was reached for: host and port, or the name of a program."""
    if event == "socket.connect":
        address = arguments[1]
        return ":".join(map(str, address[:2])) if isinstance(address, tuple) else str(address)
    return f"{event} {arguments[0]}"
