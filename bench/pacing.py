"""A neighbour's load: it sends ever new requests at a bounded rate while somebody else is measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from bench.load import WrongAnswerError, length_of

_CONNECTIONS = 8


@dataclass(slots=True)
class Neighbour:
    """Who sends: some connections, one request after the other on each.

    Attributes:
        every_s: seconds from one request to the next at least; those for which there was no time are not made up for.
        sent: requests answered so far.
    """

    port: int
    messages: Iterator[bytes]
    every_s: float
    sent: int = 0
    _due: float = 0.0

    async def send(self) -> None:
        """Send on one connection until there are no more messages.

        Raises:
            WrongAnswerError: an answer is not 200, or has errors.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for message in self.messages:
                await self._turn()
                writer.write(message)
                await _require_answer(reader)
                self.sent += 1
        finally:
            writer.close()

    async def _turn(self) -> None:
        now = time.perf_counter()
        at = max(now, self._due)
        self._due = at + self.every_s
        await asyncio.sleep(at - now)


@asynccontextmanager
async def neighbour(port: int, messages: Iterator[bytes], *, per_second: float) -> AsyncIterator[Neighbour]:
    """Send at most so many requests per second while the context is open.

    Raises:
        WrongAnswerError: an answer is not 200, or has errors.
    """
    sender = Neighbour(port, messages, 1 / per_second)
    sending = asyncio.gather(*(sender.send() for _ in range(_CONNECTIONS)))
    try:
        yield sender
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending


async def send_all(port: int, messages: Iterator[bytes]) -> int:
    """Send every request as soon as there is a connection for it; return how many there were.

    Raises:
        WrongAnswerError: an answer is not 200, or has errors.
    """
    sender = Neighbour(port, messages, 0.0)
    await asyncio.gather(*(sender.send() for _ in range(_CONNECTIONS)))
    return sender.sent


async def _require_answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(length_of(head[:-4]))
    if b'"errors":[{' in body[:2000]:
        raise WrongAnswerError(f"The neighbour's request was refused: {body[:500]!r}")
