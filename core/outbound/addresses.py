"""Which addresses are public: global unicast, less what IANA keeps for special purposes, by a table of our own."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_MULTICAST: Final = ip_network("224.0.0.0/4")
"""IPv4's (RFC 5771), which is in no registry of special purposes."""
_GLOBAL_UNICAST: Final = ip_network("2000::/3")
"""All that is assigned of IPv6 (RFC 3587): neither what is site-local (``fec0::/10``) nor multicast, nor the rest."""

METADATA: Final = tuple(
    map(
        ip_network,
        ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16"),
    )
)
"""Where machines in clouds get their own credentials: link-local, and what Amazon (IPv6), Google (IPv6), Alibaba and
Azure put among private and public addresses. No server of anybody's stands there."""


def _read_table() -> Iterator[Network]:
    for line in files("wardship.plugins.host").joinpath("special_addresses.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield ip_network(line.split()[0])


SPECIAL: Final = tuple(_read_table())
"""The rows of IANA's two registries."""


def is_public(address: Address) -> bool:
    """Tell whether an address is a server's on the internet, and leads nowhere else.

    Addresses that hold an IPv4 address are not: IPv4-mapped, 6to4, Teredo and translated ones have rows of their own.
    """
    if isinstance(address, IPv6Address):
        is_unicast = address in _GLOBAL_UNICAST and address.scope_id is None
    else:
        is_unicast = address not in _MULTICAST
    return is_unicast and not any(address in network for network in (*SPECIAL, *METADATA))


def is_metadata(address: Address) -> bool:
    """Tell whether an address is one at which a machine gets its own credentials: nobody may be led there."""
    return any(address in network for network in METADATA)
