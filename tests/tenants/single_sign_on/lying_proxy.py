"""A proxy on loopback between this deployment and a provider, which changes what passes, so that honest ones mislead.

It can sign nothing: what it changes is what the provider is asked, and the provider then signs what does not fit.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode, urlsplit


@dataclass(frozen=True)
class Passing:
    """A request on its way to the provider."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def with_query(self, **values: str) -> Passing:
        """Return it with other values of parameters that its address has."""
        parts = urlsplit(self.target)
        query = [(name, values.get(name, value)) for name, value in parse_qsl(parts.query)]
        return replace(self, target=parts._replace(query=urlencode(query)).geturl())

    def with_client(self, client_id: str, secret: str) -> Passing:
        """Return it as another client would send it, by whatever way the secret is shown."""
        headers, given = dict(self.headers), dict(parse_qsl(self.body.decode()))
        if "authorization" in headers:
            both = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
        others = {"client_id": client_id, "client_secret": secret}
        body = urlencode({name: others.get(name, value) for name, value in given.items()}).encode()
        return replace(self, headers=headers, body=body)


Lie: TypeAlias = Callable[[Passing], Passing]


def honest(passing: Passing) -> Passing:
    """Change nothing."""
    return passing


def another_nonce(passing: Passing) -> Passing:
    """Ask for a sign-in with a nonce that nobody has made here."""
    return passing.with_query(nonce="a-nonce-of-somebody-else")


def another_client(client_id: str, secret: str) -> Lie:
    """Return what asks, and fetches, for another client of the provider."""

    def change(passing: Passing) -> Passing:
        if "code_verifier" in parse_qsl_names(passing.body):
            return passing.with_client(client_id, secret)
        return passing.with_query(client_id=client_id)

    return change


def parse_qsl_names(body: bytes) -> set[str]:
    return {name for name, _ in parse_qsl(body.decode("latin-1"))}


@dataclass
class LyingProxy:
    """Hands requests on, changed, and keeps what the provider has signed.

    Attributes:
        upstream: the provider's own port.
        lie: what it makes of a request.
        signed: the claims of the last ID token that passed.
    """

    upstream: int
    lie: Lie
    port: int = 0
    signed: dict[str, Any] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand one request on, and its answer back."""
        try:
            answer = await self._handed_on(self.lie(await _read(reader)))
            if found := re.search(rb'"id_token":\s*"[^".]+\.([^".]+)\.', answer):
                payload = found[1] + b"=" * (-len(found[1]) % 4)
                self.signed = json.loads(base64.urlsafe_b64decode(payload))
            writer.write(answer)
            await writer.drain()
        finally:
            writer.close()

    async def _handed_on(self, passing: Passing) -> bytes:
        reader, writer = await asyncio.open_connection("localhost", self.upstream)
        sent = passing.headers | {"connection": "close", "content-length": str(len(passing.body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        writer.write(f"{passing.method} {passing.target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + passing.body)
        try:
            return await reader.read()
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Passing:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    method, target, _ = first.split(" ")
    return Passing(method, target, headers, await reader.readexactly(int(headers.get("content-length", 0))))


@asynccontextmanager
async def lying_proxy(upstream: int, lie: Lie) -> AsyncIterator[LyingProxy]:
    """Stand before the provider at a port of loopback until the context ends."""
    proxy = LyingProxy(upstream, lie)
    server = await asyncio.start_server(proxy.serve, "localhost", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await server.wait_closed()
