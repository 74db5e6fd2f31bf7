"""Everything a process needs of its deployment: settings, keys, database, integrations; opened and closed in order."""

from __future__ import annotations

import importlib
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from wardship.app.nouns import domain_nouns
from wardship.core import migrations as core_migrations
from wardship.core.clock import Clock, SystemClock
from wardship.core.database.database import Database
from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE, EmbeddedPostgres
from wardship.core.database.engine import DATABASE_FAULTS
from wardship.core.database.locale import check_locale
from wardship.core.database.pending import pending_migrations
from wardship.core.database.pooler import UnfitPoolerError, pooler_fault
from wardship.core.database.scope import Scope
from wardship.core.database.soundness import check_soundness
from wardship.core.errors import WardshipError
from wardship.core.keys import load_key_ring
from wardship.core.outbound.network import NetworkPolicy
from wardship.core.settings import Settings
from wardship.plugins.host.call import DispatchLimits
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants import migrations as tenant_migrations
from wardship.tenants.access import Services
from wardship.tenants.installations.paces import PlaceBreakers, PlacePaces

MIGRATIONS: Final = tuple((package.APP_NAME, package.__name__) for package in (core_migrations, tenant_migrations))
"""Pairs of Piccolo application name and the package that holds its migrations, in the order in which they run."""


class OwnerUrlMissingError(WardshipError):
    """The database is an outside one and the owning role's address isn't set."""

    code = "OWNER_URL_MISSING"


class MigrationsPendingError(WardshipError):
    """The database is older than the program."""

    code = "MIGRATIONS_PENDING"


class DatabaseRefusedError(WardshipError):
    """The database can't be reached, or refuses what is asked of it."""

    code = "DATABASE_REFUSED"


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
        DatabaseRefusedError: the database can't be reached, or the role may not do this.
        UnfitDatabaseError: its encoding or locale would leave people in texts that an erasure rewrites.
        UnfitPoolerError: a pooler before it does not keep a session together.
    """
    if place.owner is None:
        raise OwnerUrlMissingError("Set WARDSHIP_DATABASE_OWNER_URL to the address that the owning role uses.")
    if not place.is_embedded:
        await _check_pooler(place.owner, "WARDSHIP_DATABASE_OWNER_URL")
    # Loaded here, with the part of Piccolo that it rests on: a start on a database that is up to date does without.
    migrations = importlib.import_module("wardship.core.database.migrations")
    with explained("WARDSHIP_DATABASE_OWNER_URL"):
        ran: list[str] = await migrations.migrate(place.owner, MIGRATIONS)
    return ran


def make_services(
    settings: Settings,
    place: DatabasePlace | None = None,
    *,
    clock: Clock | None = None,
    registry: Registry | None = None,
) -> Services:
    """Return the deployment's services; the pool is still closed (see ``running``).

    Nothing is started, opened or written by this. ``place`` may be unknown until ``running`` is given it.
    """
    chosen, found = clock or SystemClock(), registry or Registry.load()
    network = NetworkPolicy.of_deployment(settings.private_networks, development=settings.development)
    keys = load_key_ring(settings)
    nouns = domain_nouns()
    database = Database(place.serve if place else None, tables=nouns.tables, maximum=settings.database_connections)
    dispatcher = Dispatcher(
        found,
        chosen,
        DispatchLimits(
            network=network,
            paces=PlacePaces(database),
            breakers=PlaceBreakers(database),
            shows_tracebacks=settings.development,
        ),
        digest=keys.keyed_digest("exchange"),
        digests_before=keys.earlier_digests("exchange"),
    )
    return Services(settings, database, chosen, keys, found, dispatcher, nouns)


@asynccontextmanager
async def running(services: Services, place: DatabasePlace) -> AsyncIterator[Services]:
    """Open the pool for as long as the context lasts, on a migrated database that isolates its tenants.

    Raises:
        DatabaseRefusedError: the database can't be reached.
        MigrationsPendingError: an outside database is older than the program.
        UnsoundDatabaseError: row-level security is missing somewhere, or the serving role could bypass it.
        UnfitDatabaseError: its encoding or locale would leave people in texts that an erasure rewrites.
        UnfitPoolerError: a pooler before it does not keep a session together.
        SettingsError: the key file can't be used.
    """
    services.keys.require()
    if not place.is_embedded:
        await _check_pooler(place.serve, "WARDSHIP_DATABASE_URL")
    async with connected(services, place):
        if place.is_embedded:
            await _bring_forward(services, place)
        async with services.database.transaction(Scope(read_only=True)) as transaction:
            await check_locale(transaction)
            if pending := await pending_migrations(transaction, MIGRATIONS):
                raise MigrationsPendingError(f"Run `wardship migrate` first: {len(pending)} migrations have not run.")
            await check_soundness(transaction)
        yield services


async def _bring_forward(services: Services, place: DatabasePlace) -> None:
    """Run the migrations of a database that is ours, if any has not run."""
    async with services.database.transaction(Scope(read_only=True)) as transaction:
        pending = await pending_migrations(transaction, MIGRATIONS)
    if pending:
        await migrate_database(place)


@asynccontextmanager
async def connected(services: Services, place: DatabasePlace) -> AsyncIterator[None]:
    """Open the pool for as long as the context lasts, whatever the state of the database.

    Raises:
        DatabaseRefusedError: the database can't be reached.
    """
    with explained("WARDSHIP_DATABASE_URL"):
        await services.database.open(place.serve)
    try:
        yield
    finally:
        services.dispatcher.close()
        await services.database.close()


async def _check_pooler(connection: Mapping[str, Any], setting: str) -> None:
    with explained(setting):
        fault = await pooler_fault(connection)
    if fault is not None:
        raise UnfitPoolerError(f"Look at {setting}: {fault}.")


@contextmanager
def explained(setting: str) -> Iterator[None]:
    """Say which setting leads to a database that is away or refuses us; PostgreSQL's words hold no password."""
    try:
        yield
    except DATABASE_FAULTS as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        others = ", ".join(sorted(name for name in os.environ if name.startswith("PG")))
        added = f" ({others} of the environment count for what it leaves out)" if others else ""
        raise DatabaseRefusedError(f"Look at the database and at {setting}{added}: {reason}.") from error
