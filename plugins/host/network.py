"""Which addresses the host may reach on a plugin's behalf."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

from wardship.plugins.api import Rejected, TemporarilyUnavailable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = ip_network("64:ff9b::/96")
_OWN_MACHINE_AND_SITE = tuple(
    map(ip_network, ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """What may be reached besides public addresses over https.

    Attributes:
        allowed_networks: private networks in which the organisation's own servers stand; nothing by default.
        plain_http: whether ``http`` is allowed, and then only to addresses within ``allowed_networks``.
    """

    allowed_networks: tuple[Network, ...] = ()
    plain_http: bool = False

    @classmethod
    def development(cls) -> Self:
        """Return the policy for development: loopback and private addresses too, also over http; nothing link-local."""
        return cls(allowed_networks=_OWN_MACHINE_AND_SITE, plain_http=True)

    def allows(self, address: Address, *, scheme: str) -> bool:
        """Tell whether an address may be reached by a scheme."""
        listed = any(address in network for network in self.allowed_networks)
        if scheme == "http":
            return self.plain_http and listed
        return scheme == "https" and (listed or _is_public(address))

    async def resolve(self, host: str, port: int, *, scheme: str) -> tuple[str, ...]:
        """Return a host's addresses, all of them allowed: the caller connects to these, not to the name again.

        Raises:
            Rejected: one of them is not allowed, so that a name can't be bound to an inside address.
            TemporarilyUnavailable: the name does not resolve.
        """
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise TemporarilyUnavailable(f"the name {host} does not resolve") from None
        addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
        for text in addresses:
            # A scope id marks a link-local address, which is never allowed.
            if "%" in text or not self.allows(ip_address(text), scheme=scheme):
                raise Rejected(
                    f"{scheme} to {host} is not allowed: its address is not public; see the network settings"
                )
        return addresses


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if embedded is not None or address in _NAT64:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
