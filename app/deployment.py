"""Everything a process needs of its deployment: settings, keys, database, integrations; opened and closed in order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from wardship.app.migrations import MIGRATIONS
from wardship.core.clock import Clock, SystemClock
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE, EmbeddedPostgres
from wardship.core.database.migrations import migrate, pending_migrations
from wardship.core.database.scope import Scope
from wardship.core.database.soundness import check_soundness
from wardship.core.errors import WardshipError
from wardship.core.keys import load_key_ring
from wardship.core.settings import Settings
from wardship.plugins.host import Dispatcher, DispatchLimits, NetworkPolicy, Registry
from wardship.tenants.services import Services


class OwnerUrlMissingError(WardshipError):
    """The database is an outside one and the owning role's address isn't set."""

    code = "OWNER_URL_MISSING"


class MigrationsPendingError(WardshipError):
    """The database is older than the program."""

    code = "MIGRATIONS_PENDING"


@dataclass(frozen=True, slots=True)
class DatabasePlace:
    """Where the database is.

    Attributes:
        serve: asyncpg connect arguments of the serving role.
        owner: those of the owning role; None when the operator has not given them.
        is_embedded: whether the server was started by us, so that it is also ours to migrate.
    """

    serve: Mapping[str, Any]
    owner: Mapping[str, Any] | None
    is_embedded: bool


@contextmanager
def database_place(settings: Settings) -> Iterator[DatabasePlace]:
    """Start or find the embedded server, or point at the outside one, for as long as the context lasts.

    Blocks while the embedded server starts: about a second the first time, a tenth of one later.
    """
    if settings.database_url is not None:
        owner = {"dsn": settings.database_owner_url} if settings.database_owner_url else None
        yield DatabasePlace({"dsn": settings.database_url}, owner, is_embedded=False)
        return
    with EmbeddedPostgres.start(settings.data_dir / "postgres") as server:
        yield DatabasePlace(server.dsn(role=ROLE_SERVE), server.dsn(role=ROLE_OWNER), is_embedded=True)


async def migrate_database(place: DatabasePlace) -> list[str]:
    """Bring the database forward and return the identifiers of the migrations that ran.

    Raises:
        OwnerUrlMissingError: the owning role's address isn't known.
    """
    if place.owner is None:
        raise OwnerUrlMissingError("Set WARDSHIP_DATABASE_OWNER_URL to the address that the owning role uses.")
    return await migrate(place.owner, MIGRATIONS)


def make_services(
    settings: Settings, place: DatabasePlace, *, clock: Clock | None = None, registry: Registry | None = None
) -> Services:
    """Return the deployment's services; the pool is still closed (see ``running``)."""
    chosen, found = clock or SystemClock(), registry or Registry.load()
    network = NetworkPolicy.development() if settings.development else NetworkPolicy()
    dispatcher = Dispatcher(found, chosen, DispatchLimits(network=network))
    database = Database(place.serve, maximum=settings.database_connections)
    return Services(settings, database, chosen, load_key_ring(settings), found, dispatcher)


@asynccontextmanager
async def running(services: Services, place: DatabasePlace) -> AsyncIterator[Services]:
    """Open the pool for as long as the context lasts, on a migrated database that isolates its tenants.

    Raises:
        MigrationsPendingError: an outside database is older than the program.
        UnsoundDatabaseError: row-level security is missing somewhere, or the serving role could bypass it.
    """
    if place.is_embedded:
        await migrate_database(place)
    await services.database.open()
    try:
        async with services.database.transaction(Scope(read_only=True)) as transaction:
            if pending := await pending_migrations(transaction, MIGRATIONS):
                raise MigrationsPendingError(f"Run `wardship migrate` first: {len(pending)} migrations have not run.")
            await check_soundness(transaction)
        yield services
    finally:
        services.dispatcher.close()
        await services.database.close()
