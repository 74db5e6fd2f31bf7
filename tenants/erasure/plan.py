"""Turn the registry of personal data into the statements of an erasure: one for each table and kind of treatment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from wardship.core.database.personal_data import Erasure, RowErasure, TableEntry
from wardship.core.database.tables import TenantRows
from wardship.core.errors import WardshipError
from wardship.tenants.erasure.registry import columns, is_nullable, subject_condition
from wardship.tenants.limitations.limits import Limits, is_keepable

_EMPTY = {
    "TEXT": "''",
    "VARCHAR": "''",
    "JSONB": "'{}'",
    "BYTEA": "''",
    "TEXT[]": "'{}'",
    "UUID[]": "'{}'",
    "INTEGER": "0",
    "BIGINT": "0",
    "BOOLEAN": "false",
}
_ADDRESS = "user.contact.email"


class UnplannableError(WardshipError):
    """The registry asks for something that no statement can do: a fault of the table's declaration."""

    code = "ERASURE_UNPLANNABLE"


NOTHING_KEPT: Final = Limits()


class Treatment(StrEnum):
    """What one statement does to a table."""

    DELETE = "deleted"
    BLANK = "emptied"
    REWRITE = "rewritten"


@dataclass(frozen=True, slots=True)
class ErasureStatement:
    """One statement of an erasure.

    Attributes:
        table: its name.
        treatment: what is done.
        categories: of the columns treated, sorted.
        sql: takes, in a tenant's table, $1 organisation, $2 member, and $3 pseudonym; in the directory, $1 account and
            $2 its addresses.
        count_sql: counts the rows of the person, with $1 and $2 alike.
    """

    table: str
    treatment: Treatment
    categories: tuple[str, ...]
    sql: str
    count_sql: str
    uses_pseudonym: bool = False


def tenant_statements(held: Sequence[TableEntry], limits: Limits = NOTHING_KEPT) -> list[ErasureStatement]:
    """Return the statements that erase a member from one organisation; texts of everybody are rewritten before.

    Args:
        held: what every table holds.
        limits: what stays: columns and rows are left as they are, but those of the member's own row, which is emptied
            whatever is kept of it (see ``remainders``). Where rows are deleted, a column that stays keeps them whole.

    Raises:
        UnplannableError: a declaration can't be carried out.
    """
    found = [entry for entry in held if issubclass(entry.table, TenantRows)]
    return [statement for entry in found for statement in _own_rows(entry, limits)]


def account_statements(held: Sequence[TableEntry]) -> list[ErasureStatement]:
    """Return the statements that erase an account from the directory, credentials and mail included.

    Args:
        held: what every table holds.

    Raises:
        UnplannableError: a declaration can't be carried out.
    """
    found = [entry for entry in held if not issubclass(entry.table, TenantRows)]
    return [statement for entry in found for statement in _own_rows(entry)]


def kept_columns(entry: TableEntry, limits: Limits) -> frozenset[str]:
    """Return the columns of a table that an erasure leaves as they are."""
    if entry.subject == "id":
        return frozenset()
    return frozenset(
        name
        for name, held in entry.personal.items()
        if is_keepable(held) and limits.column(entry, name, held) is not None
    )


def _own_rows(entry: TableEntry, limits: Limits = NOTHING_KEPT) -> Iterator[ErasureStatement]:
    kept = kept_columns(entry, limits)
    treated = {
        name: held
        for name, held in entry.personal.items()
        if held.retained is None and (held.erasure is not Erasure.MODIFY or entry.rows is RowErasure.DELETE)
    }
    if entry.subject is None:
        if treated:
            raise UnplannableError(f"{entry.name}: {sorted(treated)} belong to nobody, so they can only be modified.")
        return
    if entry.rows is RowErasure.DELETE and kept:
        return
    treated = {name: held for name, held in treated.items() if name not in kept}
    where = _where(entry) + but_items(entry, limits)
    categories = tuple(sorted({held.category for held in treated.values()}))
    count = f"select count(*) from {entry.name} where {where}"
    if entry.rows is RowErasure.DELETE:
        sql = f"delete from {entry.name} where {where}"
        yield ErasureStatement(entry.name, Treatment.DELETE, categories, sql, count)
    elif treated:
        placed = ", ".join(f"{name} = {emptied(entry, name, held.erasure)}" for name, held in treated.items())
        sql = f"update {entry.name} set {placed} where {where}"
        yield ErasureStatement(entry.name, Treatment.BLANK, categories, sql, count, uses_pseudonym="$3" in sql)


def _where(entry: TableEntry) -> str:
    where = subject_condition(entry)
    if issubclass(entry.table, TenantRows):
        return where
    addresses = [name for name, held in entry.personal.items() if held.category == _ADDRESS]
    return " or ".join([where, *(f"{name} = any($2::text[])" for name in addresses)])


def but_items(entry: TableEntry, limits: Limits) -> str:
    """Return the SQL that leaves out the rows that stay; their ids are UUIDs."""
    items = sorted(map(str, limits.items(entry.name)))
    return f" and {entry.name}.id <> all ('{{{','.join(items)}}}'::uuid[])" if items else ""


def emptied(entry: TableEntry, name: str, erasure: Erasure) -> str:
    """Return the SQL of what stands in a column after an erasure; ``$3`` is the person's pseudonym.

    Raises:
        UnplannableError: the column can hold nothing that says nothing.
    """
    if erasure is Erasure.DECORRELATE and _kind(entry, name) == "TEXT":
        return "$3"
    if is_nullable(columns(entry)[name]):
        return "null"
    empty = _EMPTY.get(_kind(entry, name))
    if empty is None or erasure is Erasure.DECORRELATE:
        raise UnplannableError(f"{entry.name}.{name}: a {_kind(entry, name)} that may not be null can't be emptied.")
    return empty


def _kind(entry: TableEntry, name: str) -> str:
    return str(columns(entry)[name].column_type).upper()
