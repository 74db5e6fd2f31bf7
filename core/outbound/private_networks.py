"""Private networks in which an operator lets servers be reached, as the settings name them."""

from __future__ import annotations

from ipaddress import IPv6Network, ip_network
from typing import Final

from wardship.core.outbound.addresses import METADATA, Network

_PRIVATE: Final = (
    *map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")),
    *map(ip_network, ("127.0.0.0/8", "::1/128", "fc00::/7")),
)


def parse_private_network(text: str) -> Network:
    """Return a network that is written as ``10.20.0.0/16``, ``fd12:3456::/48`` or a single address.

    Raises:
        ValueError: it is none, reaches beyond what is private, or is where machines get their own credentials.
    """
    try:
        network = ip_network(text.strip())
    except ValueError:
        raise ValueError(
            f'must hold networks such as "10.20.0.0/16" or "fd12:3456::/48", without bits beside them; {text!r} is none'
        ) from None
    if not any(_is_within(network, private) for private in _PRIVATE):
        raise ValueError(f"must hold private networks, which {network} is not: public addresses need no setting")
    if any(_is_within(network, metadata) for metadata in METADATA):
        raise ValueError(f"must not hold {network}, at which machines get their own credentials")
    return network


def _is_within(network: Network, other: Network) -> bool:
    if isinstance(network, IPv6Network) or isinstance(other, IPv6Network):
        return isinstance(network, IPv6Network) and isinstance(other, IPv6Network) and network.subnet_of(other)
    return network.subnet_of(other)
