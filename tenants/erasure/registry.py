"""What the registry of personal data says of a table: whose rows it holds, and its columns."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from piccolo.columns import Column

from wardship.core.database.personal_data import TableEntry
from wardship.core.database.tables import TenantRows

_SUBJECTS: Final = {
    "member": "{subject} = $2",
    "account": "{subject} = $1",
    "request": "{subject} in (select id from data_request where organisation_id = $1 and member_id = $2)",
}


def subject_condition(entry: TableEntry) -> str:
    """Return the SQL that finds the person's rows: with $1 organisation and $2 member, or $1 account."""
    where = _SUBJECTS[entry.subject_kind].format(subject=entry.subject)
    return f"organisation_id = $1 and {where}" if issubclass(entry.table, TenantRows) else where


def select_sql(entry: TableEntry, selected: Collection[str], condition: str = "", *, of: str | None = None) -> str:
    """Return the statement that reads columns of a table.

    Args:
        entry: the table.
        selected: names of columns, or expressions of our own.
        condition: what else a row has to fulfil, beginning with ``and`` or ``order by``.
        of: which rows; those of the person when None.
    """
    where = subject_condition(entry) if of is None else of
    return f"select {', '.join(selected)} from {entry.name} where {where} {condition}"  # noqa: S608 - names of our own


def columns(entry: TableEntry) -> dict[str, Column]:
    """Return a table's columns by name."""
    return {column._meta.name: column for column in entry.table._meta.columns}


def is_nullable(column: Column) -> bool:
    """Return whether a column may be null."""
    return column._meta.null
