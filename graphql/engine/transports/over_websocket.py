"""GraphQL over WebSocket by graphql-transport-ws, free of any web framework.

A socket has one reader, one keeper that looks every now and then whether the client still answers and may still be
here, and a task for each operation. Nothing is queued: a task sends its message under the socket's lock and waits until
it was taken, so that a slow reader holds up its own subscriptions alone, until it is dropped.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import orjson

from wardship.graphql.engine.errors import RequestRefusedError
from wardship.graphql.engine.execution.answers import Answer
from wardship.graphql.engine.execution.handler import GraphQLHandler
from wardship.graphql.engine.execution.masking import logger
from wardship.graphql.engine.operations import ExecutionRequest
from wardship.graphql.engine.planning.plans import error_entry
from wardship.graphql.engine.transports.socket_messages import (
    SUBPROTOCOL,
    CloseCode,
    ClosingError,
    Message,
    encode_message,
    parsed,
)

_UNAUTHORISED: Final = 401
_ROUNDS_UNANSWERED: Final = 2
_OWN_TASKS: Final = 2


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


class Socket(Protocol):
    """An accepted WebSocket.

    Attributes:
        connection: the host's own object, such as the framework's.
        subprotocols: what the client offers.
    """

    connection: Any
    subprotocols: list[str]

    async def accept(self, subprotocol: str | None) -> None:
        """Accept the handshake."""
        ...

    async def receive(self) -> str | bytes | None:
        """Return the next message; None when the client has gone."""
        ...

    async def send(self, text: str) -> None:
        """Send a message; waits while the client doesn't read."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Close."""
        ...


@dataclass(frozen=True, slots=True)
class AuthenticatedSocket:
    """A client that may ask.

    Attributes:
        request: what the context hook gets for every operation of the socket.
        credential: sockets of equal ones are counted together.
        check: raises ``RequestRefusedError`` once the credential doesn't hold any more.
    """

    request: object
    credential: Hashable
    check: Callable[[], Awaitable[object]]


Authenticate: TypeAlias = Callable[[Any, Mapping[str, Any]], Awaitable[AuthenticatedSocket]]
"""Takes the socket's ``connection`` and the payload of `connection_init`; raises ``RequestRefusedError`` to refuse."""


class GraphQLOverWebSocket:
    """Serves a handler over WebSocket.

    Args:
        handler: what executes.
        authenticate: tells who connects.
        limits: what a socket may ask for.
    """

    def __init__(self, handler: GraphQLHandler, authenticate: Authenticate, limits: SocketLimits | None = None) -> None:
        self.handler = handler
        self.authenticate = authenticate
        self.limits = limits or SocketLimits()
        self.credentials: Counter[Hashable] = Counter()

    async def serve(self, socket: Socket) -> None:
        """Serve a socket from its handshake to its end."""
        metrics = self.handler.metrics
        metrics.sockets += 1
        try:
            await self._served(socket)
        except ClosingError as closing:
            await self._close(socket, closing)
        except Exception:  # whatever it was, the client is told that it was ours
            logger.exception("a socket ended by a fault")
            await self._close(socket, ClosingError(CloseCode.INTERNAL, "Something went wrong on our side."))
        finally:
            metrics.sockets -= 1

    async def _served(self, socket: Socket) -> None:
        is_spoken = SUBPROTOCOL in socket.subprotocols
        await socket.accept(SUBPROTOCOL if is_spoken else None)
        if not is_spoken:
            raise ClosingError(CloseCode.SUBPROTOCOL, "Subprotocol not acceptable")
        if self.handler.metrics.sockets > self.limits.sockets:
            raise ClosingError(CloseCode.TOO_MANY_SOCKETS, "Too many sockets are open: try again later.")
        await _Connection(self, socket).run()

    async def _close(self, socket: Socket, closing: ClosingError) -> None:
        self.handler.metrics.dropped[str(closing.code.value)] += 1
        with suppress(TimeoutError):  # a reader that takes nothing gets no reason: the connection is cut
            async with asyncio.timeout(self.limits.close_s):
                await socket.close(closing.code, closing.reason)


class _Connection:
    """One socket while it is open."""

    def __init__(self, server: GraphQLOverWebSocket, socket: Socket) -> None:
        self._server = server
        self._limits = server.limits
        self._socket = socket
        self._is_initialised = False
        self._authenticated: AuthenticatedSocket | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sending = asyncio.Lock()
        self._unanswered = 0

    async def run(self) -> None:
        """Serve until the client goes, or something closes the socket.

        Raises:
            ClosingError: what closes it.
        """
        self._start(self._read())
        self._start(self._keep())
        try:
            await self._ended
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._release()

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Let what goes wrong in one task end the socket."""
        try:
            await work
        except Exception as error:  # raised again by `run`
            if not self._ended.done():
                self._ended.set_exception(error)

    def _release(self) -> None:
        if self._authenticated is not None:
            credentials = self._server.credentials
            credentials[self._authenticated.credential] -= 1
            if credentials[self._authenticated.credential] <= 0:
                del credentials[self._authenticated.credential]

    async def _read(self) -> None:
        while (text := await self._socket.receive()) is not None:
            self._unanswered = 0
            await self._handle(parsed(text, self._limits.message_bytes))
        if not self._ended.done():
            self._ended.set_result(None)

    async def _keep(self) -> None:
        await asyncio.sleep(self._limits.init_s)
        if not self._is_initialised:
            raise ClosingError(CloseCode.INIT_TIMEOUT, "Connection initialisation timeout")
        while True:
            await asyncio.sleep(self._limits.check_s)
            if self._unanswered >= _ROUNDS_UNANSWERED:
                raise ClosingError(CloseCode.UNANSWERED, "The client doesn't answer pings.")
            await self._check()
            self._unanswered += 1
            await self._send(encode_message("ping"))

    async def _handle(self, message: Message) -> None:
        match message.type:
            case "connection_init":
                await self._init(message.payload)
            case "ping":
                await self._send(
                    encode_message("pong", payload=orjson.dumps(message.payload) if message.payload else None)
                )
            case "subscribe":
                await self._subscribe(message.id, message.asked)
            case "complete":
                task = self._operations.pop(message.id, None)
                if task is not None:
                    task.cancel()
                    await asyncio.wait([task])
            case _:  # a pong is an answer, whatever it holds
                pass

    async def _init(self, payload: Mapping[str, Any]) -> None:
        if self._is_initialised:
            raise ClosingError(CloseCode.TOO_MANY_INITS, "Too many initialisation requests")
        self._is_initialised = True
        try:
            authenticated = await self._server.authenticate(self._socket.connection, payload)
        except RequestRefusedError as error:
            code = CloseCode.UNAUTHORIZED if error.status == _UNAUTHORISED else CloseCode.FORBIDDEN
            raise ClosingError(code, error.message) from error
        if self._server.credentials[authenticated.credential] >= self._limits.per_credential:
            most = self._limits.per_credential
            raise ClosingError(CloseCode.TOO_MANY_SOCKETS, f"More than {most} sockets are open: close some.")
        self._server.credentials[authenticated.credential] += 1
        self._authenticated = authenticated
        await self._send(encode_message("connection_ack"))

    async def _subscribe(self, identifier: str, asked: ExecutionRequest) -> None:
        if self._authenticated is None:
            raise ClosingError(CloseCode.UNAUTHORIZED, "Unauthorized")
        if identifier in self._operations:
            raise ClosingError(CloseCode.SUBSCRIBER_EXISTS, f"Subscriber for {identifier} already exists")
        if self._is_full():
            await self._refuse(identifier)
        else:
            self._operations[identifier] = self._start(self._operate(identifier, asked, self._authenticated.request))

    def _is_full(self) -> bool:
        """Whether no operation may begin; those that are over and still have something to say count too, if many."""
        most = self._limits.operations
        return len(self._operations) >= most or len(self._tasks) >= 2 * most + _OWN_TASKS

    async def _refuse(self, identifier: str) -> None:
        self._server.handler.metrics.refused["OPERATION_LIMIT"] += 1
        message = f"More than {self._limits.operations} operations run on this socket: complete some."
        await self._send(encode_message("error", identifier, orjson.dumps([error_entry(message, "OPERATION_LIMIT")])))

    async def _operate(self, identifier: str, asked: ExecutionRequest, request: object) -> None:
        result = await self._server.handler.subscribe(asked, request)
        if isinstance(result, Answer):
            if result.is_executed:
                await self._send(encode_message("next", identifier, result.body))
                await self._complete(identifier)
                return
            self._forget(identifier)
            await self._send(encode_message("error", identifier, orjson.dumps(orjson.loads(result.body)["errors"])))
        else:
            async with aclosing(result):
                async for body in result:
                    await self._send(encode_message("next", identifier, body))
            await self._complete(identifier)
        # The operation may have been refused because the credential doesn't hold any more.
        await self._check()

    async def _complete(self, identifier: str) -> None:
        self._forget(identifier)
        await self._send(encode_message("complete", identifier))

    def _forget(self, identifier: str) -> None:
        """Let the client use the id again, which it may as soon as it hears that the operation is over."""
        if self._operations.get(identifier) is asyncio.current_task():
            del self._operations[identifier]

    async def _check(self) -> None:
        """Close the socket of a credential that doesn't hold any more; clients may try again, with what holds now."""
        if self._authenticated is not None:
            try:
                await self._authenticated.check()
            except RequestRefusedError as error:
                raise ClosingError(CloseCode.FORBIDDEN, error.message) from error

    async def _send(self, text: str) -> None:
        async with self._sending:
            try:
                async with asyncio.timeout(self._limits.send_s):
                    await self._socket.send(text)
            except TimeoutError:
                reason = f"A message was not taken within {self._limits.send_s:g} s: read faster."
                raise ClosingError(CloseCode.SLOW_READER, reason) from None
