"""Connects to the addresses that were checked, so that a second look-up can't lead elsewhere."""

from __future__ import annotations

import ssl
from functools import cache

import httpx2

from wardship.plugins.host.network import NetworkPolicy


@cache
def _verified_tls() -> ssl.SSLContext:
    # Reading the certificate store takes longer than a request: once per process.
    return httpx2.create_ssl_context()


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
        port = request.url.port or (443 if scheme == "https" else 80)
        addresses = await self._policy.resolve(host, port, scheme=scheme)
        pool = self._pools.setdefault(host, httpx2.AsyncHTTPTransport(verify=_verified_tls(), trust_env=False))
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
