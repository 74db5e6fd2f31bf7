"""The authorization server on a port of loopback, for clients that others have written."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from tests.tenants.vendor_access.desk import Desk
from tools.prepare.node_packages import node

FOLDER = Path(__file__).parent / "node"
_STARTS_WITHIN_S = 30


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_ready.set()


@asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[str]:
    """Serve the desk's application where the deployment says that it is, and yield that address."""
    port = int(desk.origin.rsplit(":", 1)[1])
    configuration = uvicorn.Config(desk.app, host="127.0.0.1", port=port, log_config=None, lifespan="off", ws="none")
    server = _Server(configuration)
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(_STARTS_WITHIN_S):
        await server.is_ready.wait()
    try:
        yield desk.origin
    finally:
        server.should_exit = True
        await running


@dataclass
class NodeClients:
    """The clients of npm in a process of their own."""

    process: asyncio.subprocess.Process
    client: str

    async def __call__(self, act: str, **values: Any) -> dict[str, Any]:
        """Let the client act, and return what it answers."""
        asked = {"client": self.client, "act": act} | values
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        async with asyncio.timeout(_STARTS_WITHIN_S):
            return json.loads(await self.process.stdout.readline())


@asynccontextmanager
async def node_clients(desk: Desk, redirect_uri: str, client: str) -> AsyncIterator[NodeClients]:
    """Start the clients of npm for the desk's own client."""
    assert (FOLDER / "node_modules").is_dir(), f"run `make test` once, or `npm ci` in {FOLDER.name}"
    told = {
        "issuer": desk.origin,
        "clientId": str(desk.client.id),
        "secret": desk.secret,
        "redirectUri": redirect_uri,
    }
    process = await asyncio.create_subprocess_exec(
        node(),
        "clients.mjs",
        json.dumps(told),
        cwd=FOLDER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield NodeClients(process, client)
    finally:
        process.kill()
        await process.wait()
