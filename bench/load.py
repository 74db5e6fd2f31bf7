"""Load over HTTP/1.1: a few connections, each sending the next request as soon as the last is answered."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

_LATE_S = 15.0
_OK = b"HTTP/1.1 200"
_TOO_LATE = b"HTTP/1.1 503"
_SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*) (\S+)$")


class WrongAnswerError(RuntimeError):
    """A server answered something else than it should."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, ready to be sent again and again.

    Attributes:
        message: its bytes, headers included.
        check: raises ``WrongAnswerError`` for a body that is not the right one.
        bears: the beginning of an answer that is counted as refused and else ends the load.
    """

    message: bytes
    check: Callable[[bytes], None]
    bears: bytes = _OK


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from sending a request to having its whole answer: of half of them, and of 99 in a hundred."""

    p50_ms: float
    p99_ms: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latency:
        """Return the latency of some requests, at least one."""
        ordered = sorted(seconds)
        return cls(*(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.99)))


@dataclass(frozen=True, slots=True)
class Load:
    """What was done: requests answered rightly, the seconds that it took, and how many were answered too late."""

    requests: int
    seconds: float
    latency: Latency
    refused: int = 0


def post(port: int, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return the bytes of a POST of JSON."""
    lines = [f"POST {path} HTTP/1.1", f"Host: localhost:{port}", "Content-Type: application/json"]
    lines += ["Accept: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get(port: int, path: str) -> bytes:
    """Return the bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()


async def send_once(port: int, message: bytes) -> bytes:
    """Return the body of the answer to one request."""
    bodies: list[bytes] = []
    await _run(port, Request(message, bodies.append), connections=1, is_over=lambda done: done == 1)
    return bodies[0]


def parse_metrics(text: str) -> dict[str, float]:
    """Return the samples without labels in a Prometheus text."""
    found = (_SAMPLE.match(line) for line in text.splitlines())
    return {match[1]: float(match[2]) for match in found if match}


async def read_metrics(port: int) -> Mapping[str, float]:
    """Return what a server counts now."""
    return parse_metrics((await send_once(port, get(port, "/metrics"))).decode())


async def send_for(port: int, request: Request, *, seconds: float, connections: int) -> Load:
    """Send a request over and over for some seconds, and wait for the last answers.

    Raises:
        WrongAnswerError: an answer is not the right one.
        TimeoutError: answers are missing long after the end.
    """
    begun = time.perf_counter()
    ends = begun + seconds
    round_ = await _run(
        port,
        request,
        connections=connections,
        is_over=lambda _: time.perf_counter() >= ends,
        within_s=seconds + _LATE_S,
    )
    return Load(round_.done, time.perf_counter() - begun, Latency.of(round_.taken))


async def send_until(port: int, request: Request, over: asyncio.Event, *, within_s: float) -> Load:
    """Send a request over and over on one connection until told that it is over, and wait for the last answer.

    One that waits so long that it is answered with 503 counts as refused.

    Raises:
        WrongAnswerError: an answer is not the right one.
        TimeoutError: it is not over in time.
    """
    begun = time.perf_counter()
    patient = replace(request, bears=_TOO_LATE)
    round_ = await _run(port, patient, connections=1, is_over=lambda _: over.is_set(), within_s=within_s)
    return Load(round_.done, time.perf_counter() - begun, Latency.of(round_.taken), round_.refused)


async def _run(
    port: int, request: Request, *, connections: int, is_over: Callable[[int], bool], within_s: float = _LATE_S
) -> _Round:
    loop = asyncio.get_running_loop()
    round_ = _Round(request, is_over)
    made = [_Connection(round_, loop.create_future()) for _ in range(connections)]
    for each in made:
        await loop.create_connection(lambda each=each: each, "127.0.0.1", port)  # type: ignore[misc]  # bound at once
    async with asyncio.timeout(within_s):
        await asyncio.gather(*(each.ended for each in made))
    return round_


@dataclass(slots=True)
class _Round:
    request: Request
    is_over: Callable[[int], bool]
    done: int = 0
    refused: int = 0
    taken: list[float] = field(default_factory=list)


class _Connection(asyncio.Protocol):
    """One connection: sends, collects the answer, checks it, sends again."""

    def __init__(self, round_: _Round, ended: asyncio.Future[None]) -> None:
        self._round = round_
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._body_at = 0
        self._wanted = 0
        self._sent_at = 0.0
        self._is_refused = False
        self.ended = ended

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_connection gives
        self._transport = transport
        self._send(transport)

    def data_received(self, data: bytes) -> None:
        """Collect; when the answer is whole, check it and go on."""
        self._buffer += data
        try:
            if self._is_whole():
                self._answered()
        except WrongAnswerError as error:
            self._end(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note an answer that will never come."""
        if not self.ended.done():
            self.ended.set_exception(exc or WrongAnswerError("The server closed the connection."))

    def _is_whole(self) -> bool:
        if not self._wanted:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._body_at = end + 4
            head = bytes(self._buffer[:end])
            self._is_refused = not head.startswith(_OK) and head.startswith(self._round.request.bears)
            self._wanted = self._body_at + length_of(head, (_OK, self._round.request.bears))
        return len(self._buffer) >= self._wanted

    def _answered(self) -> None:
        body = bytes(self._buffer[self._body_at : self._wanted])
        self._buffer.clear()
        self._wanted = 0
        self._round.taken.append(time.perf_counter() - self._sent_at)
        if self._is_refused:
            self._round.refused += 1
        else:
            self._round.request.check(body)
            self._round.done += 1
        if self._round.is_over(self._round.done):
            self._end(None)
        elif self._transport is not None:
            self._send(self._transport)

    def _send(self, transport: asyncio.Transport) -> None:
        self._sent_at = time.perf_counter()
        transport.write(self._round.request.message)

    def _end(self, error: WrongAnswerError | None) -> None:
        if self.ended.done():  # nobody waits any more
            pass
        elif error is not None:
            self.ended.set_exception(error)
        else:
            self.ended.set_result(None)
        if self._transport is not None:
            self._transport.close()


def length_of(head: bytes, accepted: tuple[bytes, ...] = (_OK,)) -> int:
    """Return how long the body after this head is.

    Raises:
        WrongAnswerError: the status is none of those accepted, or the length is not said.
    """
    status, *lines = head.split(b"\r\n")
    if not status.startswith(accepted):
        raise WrongAnswerError(f"The server answered {status.decode('latin-1')}.")
    for line in lines:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise WrongAnswerError("The server sent an answer without Content-Length, which this client does not read.")
