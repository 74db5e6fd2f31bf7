"""A real Litestar server on loopback."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from litestar import Litestar

from tests.graphql.engine.socket_place import Place
from wardship.graphql.engine import graphql_route

STARTS_WITHIN = 10.0


@contextmanager
def served(app: Litestar) -> Iterator[str]:
    """Serve an application in a thread; give its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while not server.started:
            assert thread.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(STARTS_WITHIN)


@pytest.fixture
def serve() -> Iterator[Callable[[Litestar], str]]:
    """Return a function that serves an application until the end of the test."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(served(app))


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    place = Place()
    app = Litestar([graphql_route(place.handler, sockets=place.server)])
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="websockets-sansio", http="httptools"
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve())
    while not server.started:
        assert not running.done()
        await asyncio.sleep(0.005)
    place.port = server.servers[0].sockets[0].getsockname()[1]
    yield place
    server.should_exit = True
    await running
    assert (place.board.watches, place.metrics.subscriptions, place.metrics.sockets) == ([], 0, 0)
    assert (len(place.server.places), place.server.places._of_credential) == (0, {})
