"""Run migrations forward, each in one transaction with its own record.

Migrations are Piccolo's: modules with an ``ID`` and an async ``forwards`` that returns a ``MigrationManager``. Piccolo's
runner commits a migration before it records it, so that a crash between the two makes the next run fail; this one
does both in one transaction, under an advisory lock, and never prints.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

from wardship.core.database.engine import Engine, Transaction

_LOCK = 0x57415244  # "WARD": an arbitrary key, held while migrating


def sql_migration(migration_id: str, app_name: str, description: str, sql: str) -> MigrationManager:
    """Return a migration that runs a script of SQL statements as the owning role."""
    manager = MigrationManager(migration_id=migration_id, app_name=app_name, description=description)

    async def run() -> None:
        transaction = Migration._meta.db.current_transaction.get()  # noqa: SLF001 - set by `migrate`
        await transaction.execute(sql)

    manager.add_raw(run)
    return manager


def _modules(package: str) -> Iterator[ModuleType]:
    parent = importlib.import_module(package)
    for name in sorted(module.name for module in pkgutil.iter_modules(parent.__path__)):
        yield importlib.import_module(f"{package}.{name}")


async def _apply(transaction: Transaction, module: ModuleType, app_name: str) -> bool:
    await transaction.execute("select pg_advisory_xact_lock($1)", _LOCK)
    await Migration.create_table(if_not_exists=True)
    if await Migration.exists().where((Migration.name == module.ID) & (Migration.app_name == app_name)):
        return False
    manager = await module.forwards()
    for step in manager.raw:
        await step()
    await Migration.insert(Migration(name=module.ID, app_name=app_name))
    return True


async def migrate(connection: Mapping[str, Any], apps: Sequence[tuple[str, str]]) -> list[str]:
    """Bring a database forward and return the identifiers of the migrations that ran.

    Args:
        connection: asyncpg connect arguments of the owning role.
        apps: pairs of Piccolo application name and the package that holds its migrations, in order.
    """
    engine = Engine(config=dict(connection))
    Migration._meta.db = engine  # noqa: SLF001 - Piccolo's own way to set a table's engine
    ran: list[str] = []
    await engine.start_connection_pool(min_size=1, max_size=1)
    try:
        for app_name, package in apps:
            for module in _modules(package):
                async with engine.transaction() as transaction:
                    if await _apply(transaction, module, app_name):
                        ran.append(module.ID)
    finally:
        await engine.close_connection_pool()
    return ran
