"""What the registry of personal data says of tables: all of them, whose rows they hold, and their columns."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Final

from piccolo.columns import Column

from wardship.core.database.personal_data import TableEntry, entries
from wardship.core.database.tables import TenantRows

_PACKAGES: Final = ("wardship.core", "wardship.tenants")
_SUBJECTS: Final = {
    "member": "{subject} = $2",
    "account": "{subject} = $1",
    "request": "{subject} in (select id from data_request where organisation_id = $1 and member_id = $2)",
}


@cache
def everything_held() -> tuple[TableEntry, ...]:
    """Return the registry's entries, ordered by name, after importing each module that declares tables.

    An erasure must not overlook a table because nothing else has used it yet.
    """
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if module.name.endswith(".tables"):
                importlib.import_module(module.name)
    return tuple(entries())


def subject_condition(entry: TableEntry) -> str:
    """Return the SQL that finds the person's rows: with $1 organisation and $2 member, or $1 account."""
    where = _SUBJECTS[entry.subject_kind].format(subject=entry.subject)
    return f"organisation_id = $1 and {where}" if issubclass(entry.table, TenantRows) else where


def table_name(entry: TableEntry) -> str:
    """Return a table's name."""
    return entry.table._meta.tablename


def columns(entry: TableEntry) -> dict[str, Column]:
    """Return a table's columns by name."""
    return {column._meta.name: column for column in entry.table._meta.columns}


def is_nullable(column: Column) -> bool:
    """Return whether a column may be null."""
    return column._meta.null
