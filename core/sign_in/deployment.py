"""What sign-in needs of a deployment, and what it notes of a client."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from wardship.core.clock import Clock
from wardship.core.database.database import Database
from wardship.core.keys import KeyRing
from wardship.core.settings import Settings

_LONGEST_USER_AGENT = 200


class Deployment(Protocol):
    """The parts of a deployment that sign-in uses; ``wardship.tenants.services.Services`` is one."""

    @property
    def settings(self) -> Settings:
        """What the operator set."""
        ...

    @property
    def database(self) -> Database:
        """The pool, under the serving role."""
        ...

    @property
    def clock(self) -> Clock:
        """The present moment."""
        ...

    @property
    def keys(self) -> KeyRing:
        """Encryption and keyed hashes."""
        ...


@dataclass(frozen=True, slots=True)
class Client:
    """The device at the other end.

    Attributes:
        address: its IP address, as the server sees it; empty when unknown.
        user_agent: what it calls itself.
    """

    address: str
    user_agent: str = ""

    @property
    def counted_network(self) -> str:
        """Return what attempts are counted by: one IPv4 address, or the /64 that one IPv6 customer has."""
        return self._network(32, 64)

    @property
    def shown_network(self) -> str:
        """Return what a session remembers: enough for its owner to recognise it, too little to find a household."""
        return self._network(24, 48)

    @property
    def shown_user_agent(self) -> str:
        """Return what a session remembers of the user agent."""
        return "".join(letter for letter in self.user_agent if letter.isprintable())[:_LONGEST_USER_AGENT]

    def _network(self, version_4: int, version_6: int) -> str:
        try:
            address = ipaddress.ip_address(self.address.partition("%")[0])
        except ValueError:
            return ""
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        prefix = version_4 if address.version == 4 else version_6  # noqa: PLR2004 - the protocol's number
        return str(ipaddress.ip_network((address, prefix), strict=False))


@dataclass(frozen=True, slots=True)
class Call:
    """One call of sign-in's deeds: the deployment, the device that asks, and the moment, which stays the same.

    Attributes:
        deployment: settings, database, clock, keys.
        client: the device that asks.
        now: the moment of the call.
    """

    deployment: Deployment
    client: Client
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "now", self.deployment.clock.now())

    @property
    def settings(self) -> Settings:
        """Return what the operator set."""
        return self.deployment.settings

    @property
    def database(self) -> Database:
        """Return the pool, under the serving role."""
        return self.deployment.database

    @property
    def keys(self) -> KeyRing:
        """Return the deployment's keys."""
        return self.deployment.keys

    @property
    def network(self) -> str:
        """Return what attempts are counted by."""
        return self.client.counted_network
