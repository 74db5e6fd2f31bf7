"""GraphQL over WebSocket by graphql-transport-ws, free of any web framework.

A socket has one reader, one keeper that looks every now and then whether the client still answers and may still be
here, and a task for each operation. Nothing is queued: a task sends its message under the socket's lock and waits until
it was taken, so that a slow reader holds up its own subscriptions alone, until it is dropped.
"""

from __future__ import annotations

import asyncio
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
from wardship.graphql.engine.places import Groups
from wardship.graphql.engine.planning.plans import error_entry
from wardship.graphql.engine.transports.socket_messages import (
    SUBPROTOCOL,
    CloseCode,
    ClosingError,
    Message,
    encode_message,
    parsed,
)
from wardship.graphql.engine.transports.socket_places import SocketLimits, SocketPlaces

_UNAUTHORISED: Final = 401
_ROUNDS_UNANSWERED: Final = 2
_OWN_TASKS: Final = 2
_JUST_NOW_S: Final = 1.0


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
        groups: where the client stands when the process has too many sockets, such as organisation and account.
    """

    request: object
    credential: Hashable
    check: Callable[[], Awaitable[object]]
    groups: Groups = ()


Authenticate: TypeAlias = Callable[[Any, Mapping[str, Any]], Awaitable[AuthenticatedSocket]]
"""Takes the socket's ``connection`` and the payload of `connection_init`; raises ``RequestRefusedError`` to refuse."""


Networks: TypeAlias = Callable[[Any], Groups]
"""Takes the socket's ``connection``; tells where a client stands that has shown no credential yet."""


def _no_networks(connection: object) -> Groups:
    del connection
    return ()


class GraphQLOverWebSocket:
    """Serves a handler over WebSocket.

    Args:
        handler: what executes.
        authenticate: tells who connects.
        limits: what a socket may ask for.
        networks: tells clients apart before they are authenticated.

    Attributes:
        places: the sockets that are open.
    """

    def __init__(
        self,
        handler: GraphQLHandler,
        authenticate: Authenticate,
        limits: SocketLimits | None = None,
        networks: Networks = _no_networks,
    ) -> None:
        self.handler = handler
        self.authenticate = authenticate
        self.limits = limits or SocketLimits()
        self.networks = networks
        self.places = SocketPlaces()

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
        self._answered = asyncio.Event()
        self._heard_at = 0.0
        self._proof: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve until the client goes, or something closes the socket.

        Raises:
            ClosingError: what closes it.
        """
        self._server.places.enter(self, self._server.networks(self._socket.connection), self._limits)
        self._start(self._read())
        self._start(self._keep())
        try:
            await self._ended
        finally:
            self._server.places.leave(self)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def end(self, error: Exception) -> None:
        """Have the socket closed; its place is free at once."""
        self._server.places.leave(self)
        if not self._ended.done():
            self._ended.set_exception(error)

    async def proven_alive(self) -> None:
        """Ask the client for an answer, unless it was just heard; return when it came, or else the socket was ended."""
        if asyncio.get_running_loop().time() - self._heard_at < _JUST_NOW_S:
            return
        if self._proof is None:
            self._proof = self._start(self._prove_alive())
        await asyncio.wait([self._proof])

    async def _prove_alive(self) -> None:
        self._answered.clear()
        asking = self._start(self._send(encode_message("ping")))
        try:
            async with asyncio.timeout(self._limits.answer_s):
                await self._answered.wait()
        except TimeoutError:
            raise _unanswered() from None
        finally:
            asking.cancel()
            self._proof = None

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
            self.end(error)

    async def _read(self) -> None:
        while (text := await self._socket.receive()) is not None:
            self._unanswered = 0
            self._heard_at = asyncio.get_running_loop().time()
            self._answered.set()
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
                raise _unanswered()
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
        await self._server.places.admit(self, authenticated.groups, authenticated.credential, self._limits)
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


def _unanswered() -> ClosingError:
    return ClosingError(CloseCode.UNANSWERED, "The client doesn't answer pings.")
