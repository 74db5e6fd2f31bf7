"""Hears what a connector prints, and what it logs beside the host's log: the host's redaction cuts neither."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import BinaryIO, Final, TextIO, cast

from wardship.plugins.kit.seen import Seen

SPEAKING: Final[ContextVar[Seen | None]] = ContextVar("speaking", default=None)
"""The call whose connector runs here, copied into what this code starts; None where the host's own code does."""

_STREAMS: Final = ("stdout", "stderr")
_LOWEST: Final = 1


@contextmanager
def speaking(seen: Seen | None) -> Iterator[None]:
    """Lay what is printed and logged within to a call; to nobody where that is None."""
    mark = SPEAKING.set(seen)
    try:
        yield
    finally:
        SPEAKING.reset(mark)


@contextmanager
def hearing() -> Iterator[None]:
    """Hear what connectors print and log until the context ends, whichever level this process logs from."""
    with ExitStack() as stack:
        for name in _STREAMS:
            stack.enter_context(_hearing_stream(name))
        stack.enter_context(_hearing_records())
        yield


@contextmanager
def _hearing_stream(name: str) -> Iterator[None]:
    stream = getattr(sys, name)
    if stream is None:  # a process without a terminal may have none
        yield
        return
    heard = cast("TextIO", _HeardStream(stream))
    setattr(sys, name, heard)
    try:
        yield
    finally:
        if getattr(sys, name) is heard:
            setattr(sys, name, stream)


class _HeardStream:
    """A stream that tells what connectors write to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text."""
        _hear(text)
        return self._stream.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write lines."""
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> BinaryIO:
        """The stream below, of bytes."""
        return cast("BinaryIO", _HeardBuffer(self._stream.buffer))

    def __getattr__(self, name: str) -> object:
        """Return what else the stream has."""
        found: object = getattr(self._stream, name)
        return found


class _HeardBuffer:
    """A stream of bytes that tells what connectors write to it."""

    def __init__(self, buffer: BinaryIO) -> None:
        self._buffer = buffer

    def write(self, content: bytes) -> int:
        """Write bytes."""
        _hear(bytes(content).decode("utf-8", "replace"))
        return self._buffer.write(content)

    def __getattr__(self, name: str) -> object:
        """Return what else the stream has."""
        found: object = getattr(self._buffer, name)
        return found


def _hear(text: str) -> None:
    if (seen := SPEAKING.get()) is not None:
        seen.printed.append(text)


@contextmanager
def _hearing_records() -> Iterator[None]:
    """Have a record made of whatever is logged; what would not have been written stays unwritten."""
    root, make = logging.getLogger(), logging.getLogRecordFactory()
    level, disabled, handlers = root.level, root.manager.disable, [*root.handlers]
    is_written = _from(max(level, disabled + 1))
    logging.setLogRecordFactory(_heard_by(make))
    logging.disable(logging.NOTSET)
    root.setLevel(_LOWEST)
    for handler in handlers:
        handler.addFilter(is_written)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(is_written)
        root.setLevel(level)
        logging.disable(disabled)
        logging.setLogRecordFactory(make)


def _heard_by(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def record(*arguments: object, **more: object) -> logging.LogRecord:
        made = make(*arguments, **more)
        if (seen := SPEAKING.get()) is not None:
            seen.logged.append(made)
        return made

    return record


def _from(level: int) -> Callable[[logging.LogRecord], bool]:
    return lambda record: record.levelno >= level
