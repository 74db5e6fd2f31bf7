"""The connections of a server: whose place goes to whom when there are too many, and who is too slow.

One timer looks at all of them every second, so that a request sets none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Final, Protocol
from weakref import WeakKeyDictionary

from uvicorn.server import ServerState

from wardship.app.server.connection_limits import ConnectionLimits
from wardship.core.http.networks import Networks, networks_of
from wardship.graphql.engine import Places

_LOOKS_EVERY_S: Final = 1.0


class Connection(Hashable, Protocol):
    """A connection as far as its place goes."""

    @property
    def worth(self) -> float:
        """What it is worth to keep: the moment since which its client owes something; more, while it is answered."""
        ...

    def check(self, now: float) -> None:
        """Close the connection when its client is too slow."""
        ...

    def cut(self) -> None:
        """Close the connection at once."""
        ...


class Connections:
    """The connections of one server.

    Args:
        limits: the bounds.
        loop: whose timers are used.
    """

    def __init__(self, limits: ConnectionLimits, loop: asyncio.AbstractEventLoop) -> None:
        self.limits = limits
        self._loop = loop
        self._strangers: Places[Connection] = Places(limits.strangers, worth=_worth)
        self._known: Places[Connection] = Places(limits.known, worth=_worth)
        self._networks: dict[Connection, Networks] = {}
        self._held: dict[Connection, int] = {}
        self._held_bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._networks)

    @property
    def strangers(self) -> int:
        """Return how many of them have shown no credential."""
        return len(self._strangers)

    @classmethod
    def of(cls, server: ServerState, loop: asyncio.AbstractEventLoop) -> Connections:
        """Return those of a server."""
        found = _OF_SERVER.get(server)
        if found is None:
            found = _OF_SERVER[server] = cls(ConnectionLimits.of_this_process(), loop)
        return found

    def serve(self, server: ServerState) -> None:
        """Be those of a server, with limits of one's own."""
        _OF_SERVER[server] = self

    def enter(self, connection: Connection, address: str) -> None:
        """Give a new connection its place, if need be that of another that has shown no credential either."""
        networks = self._networks[connection] = networks_of(address)
        self._cut(self._strangers.take(networks, connection))
        if self._timer is None:
            self._timer = self._loop.call_later(_LOOKS_EVERY_S, self._look)

    def vouch(self, connection: Connection) -> None:
        """Count a connection among those that have shown a credential."""
        networks = self._networks.get(connection)
        self.let_go(connection)
        if networks is not None and self._strangers.leave(networks, connection):
            self._cut(self._known.take(networks, connection))

    def hold(self, connection: Connection, length: int) -> None:
        """Count bytes of a stranger whose request isn't whole yet; of too many, cut off whose are most."""
        self._held[connection] = self._held.get(connection, 0) + length
        self._held_bytes += length
        if self._held_bytes > self.limits.strangers_bytes:
            self._cut(max(self._held, key=self._held.__getitem__))

    def let_go(self, connection: Connection) -> None:
        """Count nothing more as kept for a connection."""
        self._held_bytes -= self._held.pop(connection, 0)

    def leave(self, connection: Connection) -> None:
        """Take back the place of a connection, if it has one; nothing is kept of it."""
        self.let_go(connection)
        networks = self._networks.pop(connection, None)
        if networks is not None and not self._strangers.leave(networks, connection):
            self._known.leave(networks, connection)
        if not self._networks and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _cut(self, lost: Connection | None) -> None:
        if lost is not None:
            self.leave(lost)
            lost.cut()

    def _look(self) -> None:
        self._timer = self._loop.call_later(_LOOKS_EVERY_S, self._look)
        now = self._loop.time()
        for connection in list(self._networks):
            connection.check(now)


_OF_SERVER: WeakKeyDictionary[ServerState, Connections] = WeakKeyDictionary()


def _worth(connection: Connection) -> float:
    return connection.worth
