"""Which addresses the deployment itself may reach, and connections that lead nowhere else."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Final, Self

import httpx2

from wardship.core.outbound.addresses import Address, Network, is_metadata, is_public
from wardship.core.outbound.private_networks import parse_private_network
from wardship.plugins.api import Rejected, TemporarilyUnavailable

DEFAULT_PORTS: Final = {"https": 443, "http": 80}
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

    @classmethod
    def of_deployment(cls, private_networks: Iterable[str], *, development: bool) -> Self:
        """Return the policy of a deployment, by its settings: in named private networks too, over https alone."""
        named = tuple(map(parse_private_network, private_networks))
        policy = cls.development() if development else cls()
        return cls(allowed_networks=(*policy.allowed_networks, *named), plain_http=policy.plain_http)

    def allows(self, address: Address, *, scheme: str) -> bool:
        """Tell whether an address may be reached by a scheme."""
        if is_metadata(address):
            return False
        listed = any(address in network for network in self.allowed_networks)
        if scheme == "http":
            return self.plain_http and listed
        return scheme == "https" and (listed or is_public(address))

    async def resolve(self, host: str, port: int, *, scheme: str) -> tuple[str, ...]:
        """Return a host's addresses, all of them allowed: the caller connects to these, not to the name again.

        Raises:
            Rejected: one of them is not allowed, so that a name can't be bound to an inside address.
            TemporarilyUnavailable: the name does not resolve.
        """
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # a label that no name can have is refused by the codec
            raise TemporarilyUnavailable(f"the name {host} does not resolve") from None
        addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
        for text in addresses:
            # A scope id marks a link-local address, which is never allowed.
            if "%" in text or not self.allows(ip_address(text), scheme=scheme):
                raise Rejected(
                    f"{scheme} to {host} is not allowed: its address is not public; an operator may name"
                    " its network in WARDSHIP_PRIVATE_NETWORKS"
                )
        return addresses


class PinnedTransport(httpx2.AsyncBaseTransport):
    """Resolves a name once under the network policy, then connects to the address with the name for TLS.

    A connection pool per name, because a pool is keyed by address and two names may share one.
    """

    def __init__(self, policy: NetworkPolicy) -> None:
        self._policy = policy
        self._pools: dict[str, httpx2.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request to the first address that accepts a connection."""
        host, scheme = request.url.raw_host.decode("ascii"), request.url.scheme
        if not host or scheme not in DEFAULT_PORTS:
            raise Rejected("only https addresses with a host can be reached")
        port = request.url.port or DEFAULT_PORTS[scheme]
        addresses = await self._policy.resolve(host, port, scheme=scheme)
        pool = self._pools.setdefault(host, httpx2.AsyncHTTPTransport(verify=verified_tls(), trust_env=False))
        for address in addresses[:-1]:
            try:
                return await pool.handle_async_request(_pinned(request, address, host))
            except httpx2.ConnectError:
                continue
        return await pool.handle_async_request(_pinned(request, addresses[-1], host))

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.aclose()


def _pinned(request: httpx2.Request, address: str, host: str) -> httpx2.Request:
    # The Host header was set from the name when the request was made, and is kept.
    return httpx2.Request(
        method=request.method,
        url=request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host},
    )


@cache
def verified_tls() -> ssl.SSLContext:
    """Return the context by which servers are verified."""
    # Reading the certificate store takes longer than a request: once per process.
    return httpx2.create_ssl_context()
