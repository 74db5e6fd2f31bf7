"""A server of sockets in the test's own loop, and how to look at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from litestar import WebSocket
from websockets.asyncio.client import connect

from tests.graphql.engine.ticker import Board, board_of_request, schema
from tests.sockets import PATIENCE_S, SUBPROTOCOL, Client
from wardship.graphql.engine import (
    AuthenticatedSocket,
    GraphQLHandler,
    GraphQLOverWebSocket,
    RequestRefusedError,
    SocketLimits,
)

WATCH = {"query": "subscription { countChanged { value } }"}


class Place:
    """A server with a board, in this test's own loop."""

    def __init__(self) -> None:
        self.board = Board()
        self.is_revoked = False
        self.handler = GraphQLHandler(schema, context=board_of_request)
        self.server = GraphQLOverWebSocket(self.handler, self.authenticate, SocketLimits())
        self.port = 0

    @property
    def metrics(self):
        return self.handler.metrics

    def limit(self, **changes: Any) -> None:
        self.server.limits = replace(self.server.limits, **changes)

    async def authenticate(
        self, connection: WebSocket[Any, Any, Any], payload: Mapping[str, Any]
    ) -> AuthenticatedSocket:
        del connection
        if payload.get("as") == "nobody":
            raise RequestRefusedError("Sign in.", http_status=401)
        if payload.get("as") == "unlucky":
            raise RuntimeError("the secret")
        if payload.get("as") == "stranger":
            raise RequestRefusedError("You may not be here.")

        async def check() -> None:
            if self.is_revoked:
                raise RequestRefusedError("You have signed out.", http_status=401)

        who = payload.get("as", "somebody")
        return AuthenticatedSocket(self.board, who, check, (payload.get("of", "everybody"), who))

    @asynccontextmanager
    async def open(self, *subprotocols: str, init: dict[str, Any] | None = None) -> AsyncIterator[Client]:
        """A socket; with ``init`` one that has been acknowledged."""
        offered: Any = subprotocols or (SUBPROTOCOL,)
        async with connect(f"ws://127.0.0.1:{self.port}/graphql", subprotocols=offered) as connection:
            client = Client(connection)
            if init is not None:
                await client.send(type="connection_init", payload=init)
                assert await client.receive() == {"type": "connection_ack"}
            yield client


async def until(condition) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - a condition has no event of its own
            await asyncio.sleep(0.005)
