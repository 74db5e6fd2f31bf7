"""Run migrations forward, each in one transaction with its own record.

Migrations are Piccolo's: modules with an ``ID`` and an async ``forwards`` that returns a ``MigrationManager``. Its own
runner commits a migration before it records it, so that a crash between the two makes the next run fail; this one
does both in one transaction, under an advisory lock, and never prints.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from wardship.core.database.engine import Engine, Transaction
from wardship.core.database.locale import check_locale

_migrating: ContextVar[Transaction] = ContextVar("wardship_migrating")
_LOCK = 0x57415244  # "WARD": an arbitrary key, held while migrating


# Piccolo's own table of migrations, column by column, so that its command line can read it.
_RECORD = """
create table if not exists migration (
    id serial primary key,
    name varchar(200) not null default '',
    app_name varchar(200) not null default '',
    ran_on timestamp not null default current_timestamp
)
"""


def sql_migration(migration_id: str, app_name: str, description: str, sql: str) -> MigrationManager:
    """Return a migration that runs a script of SQL statements as the owning role."""
    manager = MigrationManager(migration_id=migration_id, app_name=app_name, description=description)

    async def run() -> None:
        await _migrating.get().execute(sql)

    manager.add_raw(run)
    return manager


def _modules(package: str) -> Iterator[ModuleType]:
    parent = importlib.import_module(package)
    for name in sorted(module.name for module in pkgutil.iter_modules(parent.__path__)):
        yield importlib.import_module(f"{package}.{name}")


async def _apply(transaction: Transaction, module: ModuleType, app_name: str) -> bool:
    await transaction.execute("select pg_advisory_xact_lock($1)", _LOCK)
    await transaction.execute(_RECORD)
    recorded = "select exists (select from migration where name = $1 and app_name = $2)"
    if await transaction.fetchval(recorded, module.ID, app_name):
        return False
    manager = await module.forwards()
    token = _migrating.set(transaction)
    try:
        for step in manager.raw:
            await step()
    finally:
        _migrating.reset(token)
    await transaction.execute("insert into migration (name, app_name) values ($1, $2)", module.ID, app_name)
    return True


async def migrate(connection: Mapping[str, Any], apps: Sequence[tuple[str, str]]) -> list[str]:
    """Bring a database forward and return the identifiers of the migrations that ran.

    Args:
        connection: asyncpg connect arguments of the owning role.
        apps: pairs of Piccolo application name and the package that holds its migrations, in order.

    Raises:
        UnfitDatabaseError: the database reads letters otherwise than Wardship; nothing ran.
    """
    engine = Engine(config=dict(connection))
    ran: list[str] = []
    await engine.start_connection_pool(min_size=1, max_size=1)
    try:
        async with engine.transaction() as transaction:
            await check_locale(transaction)
        for app_name, package in apps:
            for module in _modules(package):
                async with engine.transaction() as transaction:
                    if await _apply(transaction, module, app_name):
                        ran.append(module.ID)
    finally:
        await engine.close_connection_pool()
    return ran
