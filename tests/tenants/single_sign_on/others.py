"""Two providers of other hands on loopback, and a person who signs in at them through their own pages."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import httpx

from tools.prepare.node_packages import node

FOLDER = Path(__file__).parent / "provider"
_STARTS_WITHIN_S = 30
_MOST_STEPS = 12


@dataclass
class BackChannel:
    """Takes the logouts that a provider sends, for a test to hand on."""

    port: int = 0
    tokens: list[str] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self) -> str:
        """Return the logout that comes next."""
        async with asyncio.timeout(_STARTS_WITHIN_S):
            await self.came.wait()
        self.came.clear()
        return self.tokens[-1]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = int(re.search(r"(?i)content-length: (\d+)", head)[1])
        body = (await reader.readexactly(length)).decode()
        self.tokens.append(body.partition("logout_token=")[2])
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        self.came.set()


@asynccontextmanager
async def back_channel() -> AsyncIterator[BackChannel]:
    """Listen for logouts until the context ends."""
    channel = BackChannel()
    server = await asyncio.start_server(channel.serve, "127.0.0.1", 0)
    channel.port = server.sockets[0].getsockname()[1]
    try:
        yield channel
    finally:
        server.close()
        await server.wait_closed()


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def node_provider(port: int, *clients: dict[str, object], issuer: str = "") -> AsyncIterator[str]:
    """Serve npm's `oidc-provider`, and yield its issuer; one is given where a proxy stands before it."""
    issuer = issuer or f"http://127.0.0.1:{port}"
    asked = json.dumps({"port": port, "issuer": issuer, "clients": clients})
    process = await asyncio.create_subprocess_exec(
        node(), "provider.mjs", asked, cwd=FOLDER, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(_STARTS_WITHIN_S):
            while b"listening" not in await process.stdout.readline():
                assert process.returncode is None, "the provider ended"
        yield issuer
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def mock_provider(port: int | None = None, *options: str) -> AsyncIterator[str]:
    """Serve PyPI's `oidc-provider-mock`, and yield its issuer; in a process of its own, since it warns of itself."""
    port = port or free_port()
    command = (sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *options)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    issuer = f"http://localhost:{port}"
    try:
        async with asyncio.timeout(_STARTS_WITHIN_S), httpx.AsyncClient() as http:
            while not await _answers(http, issuer):
                assert process.returncode is None, "the provider ended"
        yield issuer
    finally:
        process.kill()
        await process.wait()


async def _answers(http: httpx.AsyncClient, issuer: str) -> bool:
    try:
        return (await http.get(f"{issuer}/.well-known/openid-configuration")).is_success
    except httpx.TransportError:
        return False


@dataclass
class Visitor:
    """A person with a browser of the provider's: signs in, agrees, signs out, by pressing what the pages show."""

    name: str
    http: httpx.AsyncClient

    async def sign_in(self, url: str, back_to: str) -> str:
        """Go to a provider's address, and return the address with which it leads back."""
        return await self._press(await self.http.get(url), back_to)

    async def sign_out(self, url: str, back_to: str) -> str:
        """Go to a provider's sign-out, say yes, and return where it leads back to."""
        return await self._press(await self.http.get(url), back_to)

    async def _press(self, response: httpx.Response, back_to: str) -> str:
        for _ in range(_MOST_STEPS):
            if response.is_redirect:
                where = urljoin(str(response.url), response.headers["location"])
                if where.startswith(back_to):
                    return where
                response = await self.http.get(where)
            else:
                assert response.status_code == 200, response.text
                response = await self._submit(response)
        raise AssertionError(f"the provider leads nowhere: {response.url}")

    async def _submit(self, page: httpx.Response) -> httpx.Response:
        action = re.search(r'<form[^>]*action="([^"]*)"', page.text)
        where = urljoin(str(page.url), action[1].replace("&amp;", "&")) if action else str(page.url)
        form = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
        typed = {"login": self.name, "password": "any", "sub": self.name, "logout": "yes"}
        return await self.http.post(where, data={**typed, **form})


@asynccontextmanager
async def visiting(name: str) -> AsyncIterator[Visitor]:
    """Open a browser for the provider's pages."""
    async with httpx.AsyncClient() as http:
        yield Visitor(name, http)
