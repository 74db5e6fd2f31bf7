"""Places of sockets: those of clients that have shown no credential yet are apart, so that they keep nobody out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Hashable
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from wardship.graphql.engine.places import Groups, Places
from wardship.graphql.engine.transports.socket_messages import CloseCode, ClosingError


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """The bounds of sockets; numbers are inclusive, times in seconds.

    Attributes:
        sockets: open at once in this process, of clients that have shown a credential.
        strangers: open at once in this process, of clients that have not shown one yet; beyond, the network that has
            most loses its oldest.
        per_credential: open at once in this process for one credential.
        operations: running at once on one socket.
        message_bytes: the longest message from a client, in UTF-8.
        init_s: until `connection_init` has come.
        check_s: between two checks of an open socket: does the client still answer, does its credential still hold.
        answer_s: until a socket has to show that its client is there, when another one of its credential wants a place.
        send_s: until a message has been taken; a reader that is slower is dropped.
        close_s: for the close frame of a socket that is dropped.
    """

    sockets: int = 2_000
    strangers: int = 500
    per_credential: int = 10
    operations: int = 20
    message_bytes: int = 262_144
    init_s: float = 5.0
    check_s: float = 25.0
    answer_s: float = 3.0
    send_s: float = 10.0
    close_s: float = 5.0


class PlacedSocket(Hashable, Protocol):
    """A socket as far as its place goes."""

    def end(self, error: Exception) -> None:
        """Have the socket closed; its place is free at once."""
        ...

    def proven_alive(self) -> Awaitable[object]:
        """Ask the client for an answer; done when it came, or else the socket was ended."""
        ...


class SocketPlaces:
    """Gives places to sockets."""

    def __init__(self) -> None:
        self._strangers: Places[PlacedSocket] = Places(0, worth=self._age)
        self._known: Places[PlacedSocket] = Places(0)
        self._of_credential: dict[Hashable, set[PlacedSocket]] = {}
        self._seats: dict[PlacedSocket, _Seat] = {}
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._seats)

    def of(self, credential: Hashable) -> int:
        """Return how many sockets of a credential are open."""
        return len(self._of_credential.get(credential, ()))

    def enter(self, socket: PlacedSocket, networks: Groups, limits: SocketLimits) -> None:
        """Give a place to a socket whose client has shown no credential yet, if need be that of another such."""
        self._seats[socket] = _Seat(next(self._numbers), networks)
        self._strangers.most = limits.strangers
        lost = self._strangers.take(networks, socket)
        if lost is not None:
            lost.end(_too_many("Too many sockets wait to be initialised: try again later."))

    async def admit(self, socket: PlacedSocket, groups: Groups, credential: Hashable, limits: SocketLimits) -> None:
        """Give a socket that has entered a place among those with a credential.

        When the credential has as many as it may, each of them must show that its client is still there.

        Args:
            socket: the socket.
            groups: where its client stands, such as organisation, account and credential.
            credential: sockets of equal ones are counted together.
            limits: the bounds.

        Raises:
            ClosingError: the credential has as many sockets as it may, or the process has and its group has most.
        """
        if self.of(credential) >= limits.per_credential:
            await asyncio.gather(*(one.proven_alive() for one in self._of_credential[credential]))
        if self.of(credential) >= limits.per_credential:
            raise _too_many(f"More than {limits.per_credential} sockets are open: close some.")
        seat = self._seats.get(socket)
        if seat is None:
            raise _too_many("Too many sockets are open: try again later.")
        self._strangers.leave(seat.groups, socket)
        self._seats[socket] = _Seat(seat.number, groups, credential)
        self._of_credential.setdefault(credential, set()).add(socket)
        self._known.most = limits.sockets
        lost = self._known.take(groups, socket)
        if lost is not None:
            lost.end(_too_many("Too many sockets are open: try again later."))
        if lost is socket:
            raise _too_many("Too many sockets are open: try again later.")

    def leave(self, socket: PlacedSocket) -> None:
        """Take back the place of a socket, if it has one; nothing is kept of it."""
        seat = self._seats.pop(socket, None)
        if seat is None:
            return
        self._strangers.leave(seat.groups, socket)
        self._known.leave(seat.groups, socket)
        alike = self._of_credential.get(seat.credential)
        if alike is not None:
            alike.discard(socket)
            if not alike:
                del self._of_credential[seat.credential]

    def _age(self, socket: PlacedSocket) -> float:
        return self._seats[socket].number


@dataclass(frozen=True, slots=True)
class _Seat:
    """Where a socket stands."""

    number: int
    groups: Groups
    credential: Hashable = None


def _too_many(reason: str) -> ClosingError:
    return ClosingError(CloseCode.TOO_MANY_SOCKETS, reason)
