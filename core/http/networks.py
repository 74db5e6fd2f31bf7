"""The networks that a client's address belongs to: what those are counted by who have shown no credential.

One customer has an IPv4 address, or an IPv6 /64 with more addresses than can be counted; who asks for it gets a /56 or
/48, which is 256 or 65,536 of those. So a limit counts by the narrow network, and a wider one by the wide.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

_PREFIXES: Final = {4: (24, 32), 6: (48, 64)}


class Networks(NamedTuple):
    """The networks of an address, as text.

    Attributes:
        wide: an IPv4 /24, or an IPv6 /48.
        narrow: one IPv4 address (/32), or an IPv6 /64.
    """

    wide: str
    narrow: str


UNKNOWN: Final = Networks("unknown", "unknown")
"""Of whatever is no address: all such are one client, so that nobody escapes a limit by what can't be read."""


def networks_of(address: str) -> Networks:
    """Return the networks of an address as a server or a proxy tells it; ``UNKNOWN`` where it tells none.

    An IPv4 address in IPv6 form (``::ffff:192.0.2.1``, RFC 4291, section 2.5.5.2) is the IPv4 address; a zone
    (``fe80::1%eth0``) is left out.
    """
    found = _address(address)
    if found is None:
        return UNKNOWN
    return Networks(*(str(ip_network((found, prefix), strict=False)) for prefix in _PREFIXES[found.version]))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
