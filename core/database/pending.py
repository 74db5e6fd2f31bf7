"""Which migrations have not run, told by the names of their modules alone: a start on a current database loads none."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence

from wardship.core.database.engine import Transaction


async def pending_migrations(transaction: Transaction, apps: Sequence[tuple[str, str]]) -> list[str]:
    """Return the identifiers of the migrations that have not run on this database, in order.

    Args:
        transaction: of any role.
        apps: pairs of Piccolo application name and the package that holds its migrations, in order.
    """
    done: set[tuple[str, str]] = set()
    if await transaction.fetchval("select to_regclass('migration')") is not None:
        rows = await transaction.fetch("select app_name, name from migration")
        done = {(row["app_name"], row["name"]) for row in rows}
    return [name for app, package in apps for name in _identifiers(app, package) if (app, name) not in done]


def _identifiers(app: str, package: str) -> Iterator[str]:
    """Yield `core-0001-directory` for the module `m0001_directory`, and so on; a test holds that modules agree."""
    parent = importlib.import_module(package)
    for name in sorted(module.name for module in pkgutil.iter_modules(parent.__path__)):
        yield f"{app.removeprefix('wardship_')}-{name[1:].replace('_', '-')}"
