"""Wardship as it is measured: the application of `wardship serve` in a process of its own, with worker or without."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from bench import nothing
from bench.place import ROOT, Place
from bench.ports import free_port, require_only_listener
from bench.processes import Running, answers, running
from wardship.app.application import application, create_app
from wardship.app.commands.serve import SERVER_OPTIONS
from wardship.app.deployment import DatabasePlace, make_services, migrate_database
from wardship.app.deployment import running as services_running
from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE
from wardship.core.settings import load_settings
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services

APPLICATION_NAME = "wardship"


@contextmanager
def serving(place: Place, *, with_worker: bool = False, **settings: str) -> Iterator[Running]:
    """Run the server until the context ends; with the worker it knows the integration that does nothing too."""
    port = free_port()
    command = [sys.executable, "-m", "bench.ours", str(port), *(["worker"] if with_worker else [])]
    environment = place.environment(WARDSHIP_PUBLIC_URL=f"http://localhost:{port}", **settings)
    ready = answers("/health/ready")
    log = place.folder / "wardship.log"
    with running(command, port, environment=environment, log=log, ready=ready, folder=ROOT) as server:
        require_only_listener(port, server.pid)
        yield server


def database_place(place: Place) -> DatabasePlace:
    """Return where the deployment's database is."""
    return DatabasePlace({"dsn": place.address(ROLE_SERVE)}, {"dsn": place.address(ROLE_OWNER)}, is_embedded=False)


async def migrate(place: Place) -> None:
    """Bring the empty database forward."""
    await migrate_database(database_place(place))


@asynccontextmanager
async def services_here(place: Place, *, registry: Registry | None = None) -> AsyncIterator[Services]:
    """Yield the deployment's services inside this process."""
    services = make_services(place.settings(), database_place(place), registry=registry)
    async with services_running(services, database_place(place)):
        yield services


def with_nothing() -> Registry:
    """Return the integrations of the deployment, with the one that does nothing."""
    registry = Registry.load()
    registry.register(nothing, nothing.KEY)
    return registry


def main(port: int, *others: str) -> None:
    """Serve, with the worker where that is named; uvicorn is started with the options of `wardship serve`."""
    if others:
        app = application(make_services(load_settings(), registry=with_nothing()))
    else:
        app = create_app(with_worker=False)
    uvicorn.run(app, host="127.0.0.1", port=port, **SERVER_OPTIONS)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
