"""DNS resolvers as the settings name them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

_PORT: Final = 53
_HIGHEST_PORT: Final = 65_535
_VALIDATING: Final = "validating@"


@dataclass(frozen=True, slots=True)
class DnsServer:
    """One resolver.

    Attributes:
        address: of IPv4 or IPv6.
        port: where it listens.
        is_validating: whether it checks signatures (DNSSEC) and the way to it can't be tampered with, so that what it
            says to be signed is believed without a second one.
    """

    address: str
    port: int = _PORT
    is_validating: bool = False

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        shown = host if self.port == _PORT else f"{host}:{self.port}"
        return _VALIDATING + shown if self.is_validating else shown


def parse_dns_server(text: str) -> DnsServer:
    """Return a resolver that is written as ``192.0.2.1``, ``192.0.2.1:5353`` or ``[2001:db8::1]:53``.

    ``validating@`` may stand before it.

    Raises:
        ValueError: it is written otherwise; the message says how it is.
    """
    place = text.strip()
    is_validating = place.startswith(_VALIDATING)
    host, port = _split(place.removeprefix(_VALIDATING))
    if not is_address(host) or not (port.isascii() and port.isdigit()) or not 0 < int(port) <= _HIGHEST_PORT:
        raise ValueError(
            'must hold addresses such as "192.0.2.1", "192.0.2.1:5353" or "[2001:db8::1]:53", with "validating@" before'
            f" one that checks signatures; {text!r} is none"
        )
    return DnsServer(str(ipaddress.ip_address(host)), int(port), is_validating)


def is_address(text: str) -> bool:
    """Return whether a text is an address of IPv4 or IPv6."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _split(place: str) -> tuple[str, str]:
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        return host, rest.removeprefix(":") if rest else str(_PORT)
    if place.count(":") == 1:
        host, _, port = place.partition(":")
        return host, port
    return place, str(_PORT)
